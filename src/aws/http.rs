//! The one HTTP client, with the one connection pool that all accounts share.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_http_client::pool::{BuildError, Client, ConnectionPool};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::dns::{
    DnsFuture, ResolveDns, ResolveDnsError, SharedDnsResolver,
};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::checked;
use super::connections::{Connections, Counter, IdleSleep};
use super::fips::{NoFipsEndpoint, ordinary_host};
use super::route::{DirectHosts, RoutedClient};

/// How long a connection may take to be made. Waiting for room counts too, so this is well above the
/// time of a request.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How many sockets the client may hold.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// Connections open at the same time, busy or idle, to all hosts. Beyond them the oldest idle one is
    /// closed for each new one. Hosts are shared: EC2's, S3's and IAM's serve every account, so a few
    /// hundred of these sockets carry an organization.
    pub open_at_most: usize,
    /// How long an idle connection is kept.
    pub idle_timeout: Duration,
    /// Another way to look up hosts, for tests.
    pub resolver: Option<SharedDnsResolver>,
    /// The certificate authorities that are trusted: the system's by default.
    pub trust: TlsContext,
    /// Hosts that are never asked through a proxy.
    pub direct: DirectHosts,
}

impl HttpSettings {
    /// Settings for so many requests in flight and sockets in all. Each request may be about to open a
    /// connection at the same moment, so that many are kept back.
    pub fn for_requests(in_flight: usize, sockets: usize) -> Self {
        Self {
            open_at_most: sockets.saturating_sub(in_flight).max(1),
            idle_timeout: Duration::from_secs(2),
            resolver: None,
            trust: TlsContext::default(),
            direct: DirectHosts::default(),
        }
    }
}

/// Looks up hosts once there is room for one more connection, which makes this the gate that every
/// new connection passes.
#[derive(Clone, Debug)]
struct Gate {
    open_at_most: usize,
    connections: Arc<Connections>,
    resolver: Option<SharedDnsResolver>,
}

impl Gate {
    async fn look_up(&self, host: &str) -> Result<Vec<IpAddr>, ResolveDnsError> {
        self.connections.room(self.open_at_most).await;
        let found = resolve(self.resolver.as_ref(), host).await;
        let Some(ordinary) = found.is_err().then(|| ordinary_host(host)).flatten() else {
            return found;
        };
        match resolve(self.resolver.as_ref(), &ordinary).await {
            Ok(_) => Err(ResolveDnsError::new(NoFipsEndpoint::new(host))),
            Err(_) => found,
        }
    }
}

/// The addresses of a host, by this resolver or else the system's.
pub(crate) async fn resolve(
    resolver: Option<&SharedDnsResolver>,
    host: &str,
) -> Result<Vec<IpAddr>, ResolveDnsError> {
    if let Some(resolver) = resolver {
        return resolver.resolve_dns(host).await;
    }
    let found = tokio::net::lookup_host((host, 0)).await;
    let found = found.map_err(ResolveDnsError::new)?;
    Ok(found.map(|address| address.ip()).collect())
}

impl ResolveDns for Gate {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        DnsFuture::new(self.look_up(name))
    }
}

/// Builds the client, which checks every answer. Clones share its pools.
///
/// # Errors
/// When a pool cannot be set up, which needs settings that contradict each other.
pub fn http_client(
    settings: &HttpSettings,
) -> Result<(SharedHttpClient, Arc<Connections>), BuildError> {
    let connections = Arc::new(Connections::default());
    let gate = Gate {
        open_at_most: settings.open_at_most,
        connections: connections.clone(),
        resolver: settings.resolver.clone(),
    };
    let client = |proxies: ProxyConfig| {
        let builder = aws_smithy_http_client::pool::Builder::default()
            .idle_timeout(settings.idle_timeout)
            .sleep_impl(IdleSleep(connections.clone()))
            .proxy_config(proxies)
            .event_listener(Counter(connections.clone()))
            .dns_resolver(gate.clone())
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(settings.trust.clone());
        let pool: ConnectionPool = builder.build_https()?;
        match Client::new(&pool) {
            Ok(client) => Ok::<_, BuildError>(SharedHttpClient::new(client)),
            Err(_) => unreachable!("a pool without explicit partitions has the anonymous one"),
        }
    };
    let proxied = client(ProxyConfig::from_env())?;
    let direct = client(ProxyConfig::disabled())?;
    let routed = RoutedClient::new(proxied, direct, settings.direct.clone());
    Ok((checked(routed), connections))
}

#[cfg(test)]
mod tests;
