//! The one HTTP client, with the one connection pool that all accounts share.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_smithy_http_client::pool::{
    BuildError, Client, ConnectionEvent, ConnectionEventListener, ConnectionPool,
};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::dns::SharedDnsResolver;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

/// Sockets that the client may hold in all. A Lambda function has 1,024 file descriptors, and some
/// of them are needed for files and for the runtime itself.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const SOCKETS: usize = 1_000;

/// Hosts that all accounts share: EC2's and S3's in each of 34 Regions, and six central ones. S3
/// Control's hosts differ per account; their connections are closed after the answer.
const SHARED_HOSTS: usize = 2 * 34 + 6;

/// How many sockets the client may hold.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// Connections to one host, busy or idle. Hosts are shared: EC2's, S3's and IAM's serve every
    /// account, so a few hundred of these sockets carry an organization.
    pub connections_per_host: usize,
    /// How long an idle connection is kept.
    pub idle_timeout: Duration,
    /// Another way to look up hosts, for tests.
    pub resolver: Option<SharedDnsResolver>,
}

impl HttpSettings {
    /// Settings for so many requests in flight: even with every shared host's connections idle, the
    /// requests in flight still find a descriptor.
    pub fn for_requests(in_flight: usize) -> Self {
        Self {
            connections_per_host: (SOCKETS.saturating_sub(in_flight) / SHARED_HOSTS).max(1),
            idle_timeout: Duration::from_secs(8),
            resolver: None,
        }
    }
}

/// How many connections there are, and were.
#[derive(Debug, Default)]
pub struct Connections {
    open: AtomicUsize,
    peak: AtomicUsize,
    opened: AtomicUsize,
}

impl Connections {
    /// Connections open now, busy or idle.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// The most connections that were open at one time.
    pub fn peak(&self) -> usize {
        self.peak.load(Ordering::Relaxed)
    }

    /// All connections ever opened.
    pub fn opened(&self) -> usize {
        self.opened.load(Ordering::Relaxed)
    }
}

#[derive(Clone)]
struct Counter(Arc<Connections>);

impl ConnectionEventListener for Counter {
    fn on_event(&self, event: &ConnectionEvent<'_>) {
        match event {
            ConnectionEvent::Opened(_) => {
                let open = self.0.open.fetch_add(1, Ordering::Relaxed) + 1;
                self.0.peak.fetch_max(open, Ordering::Relaxed);
                self.0.opened.fetch_add(1, Ordering::Relaxed);
            }
            ConnectionEvent::PhysicalClose(_) => {
                self.0.open.fetch_sub(1, Ordering::Relaxed);
            }
            _ => {}
        }
    }
}

/// Builds the client. Clones share its pool.
///
/// # Errors
/// When the pool cannot be set up, which needs settings that contradict each other.
pub fn http_client(
    settings: &HttpSettings,
) -> Result<(SharedHttpClient, Arc<Connections>), BuildError> {
    let connections = Arc::new(Connections::default());
    let mut builder = aws_smithy_http_client::pool::Builder::default()
        .idle_timeout(settings.idle_timeout)
        .max_connections_per_host(settings.connections_per_host)
        .proxy_config(ProxyConfig::from_env())
        .event_listener(Counter(connections.clone()))
        .tls_provider(Provider::Rustls(CryptoMode::Ring));
    builder.set_dns_resolver(settings.resolver.clone());
    let pool: ConnectionPool = builder.build_https()?;
    match Client::new(&pool) {
        Ok(client) => Ok((SharedHttpClient::new(client), connections)),
        Err(_) => unreachable!("a pool without explicit partitions has the anonymous one"),
    }
}
