//! One pool for all accounts: shared hosts reuse connections, and hosts that differ per account, as
//! S3 Control's do, leave no idle sockets behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns, SharedDnsResolver};
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use futures::stream::{self, StreamExt};
use orgscan_aws::assume::Sessions;
use orgscan_aws::collect::{AccountScope, account_regions};
use orgscan_aws::rate_limit::{Deadline, RateLimitSettings, RateLimits};
use orgscan_aws::{
    AwsContext, CONNECT_TIMEOUT, Caller, HttpSettings, S3ControlEndpoint, http_client,
};
use orgscan_core::model::{Arn, Region};
use orgscan_core::services::s3::{AccountBlock, BucketList, PublicAccessBlock};
use orgscan_core::services::{by_id, needs_of};
use orgscan_core::settings::{Config, RegionFilter};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

const ACCOUNTS: u64 = 300;

/// Requests to the host that all accounts share: each account's Regions and its buckets.
const SHARED_REQUESTS: usize = 2 * ACCOUNTS as usize;

/// Requests in flight at the same time.
const IN_FLIGHT: usize = 40;

/// Connections open at the same time, without those that are being opened.
const OPEN_AT_MOST: usize = 30;

const BLOCK: &str = "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>\
    <IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy>\
    <RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>";
const BUCKETS: &str = "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>";
const REGIONS: &str = "<DescribeRegionsResponse><regionInfo><item><regionName>eu-west-1</regionName>\
    <optInStatus>opt-in-not-required</optInStatus></item></regionInfo></DescribeRegionsResponse>";

/// Every host is this machine.
#[derive(Debug)]
struct Loopback;

impl ResolveDns for Loopback {
    fn resolve_dns<'a>(&'a self, _: &'a str) -> DnsFuture<'a> {
        DnsFuture::ready(Ok(vec![[127, 0, 0, 1].into()]))
    }
}

/// What the server has seen of connections.
#[derive(Debug, Default)]
struct ConnectionCounts {
    open: AtomicUsize,
    /// Those that the client asked to be closed after an answer.
    closed: AtomicUsize,
}

/// Answers every request and keeps connections open as long as the client wants.
async fn serve(listener: TcpListener, seen: Arc<ConnectionCounts>) {
    while let Ok((stream, _)) = listener.accept().await {
        let seen = seen.clone();
        tokio::spawn(async move {
            seen.open.fetch_add(1, Ordering::SeqCst);
            let _ = converse(stream, &seen.closed).await;
            seen.open.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

async fn converse(stream: TcpStream, closed: &AtomicUsize) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut first = String::new();
        if stream.read_line(&mut first).await? == 0 {
            return Ok(());
        }
        let mut length = 0;
        let mut close = false;
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).await?;
            let line = line.trim().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            close |= line == "connection: close";
        }
        let mut body = vec![0; length];
        tokio::io::AsyncReadExt::read_exact(&mut stream, &mut body).await?;
        let answer = if first.contains("publicAccessBlock") {
            BLOCK
        } else if first.starts_with("GET") {
            BUCKETS
        } else {
            REGIONS
        };
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n",
            answer.len()
        );
        stream.write_all((head + answer).as_bytes()).await?;
        if close {
            closed.fetch_add(1, Ordering::SeqCst);
            return Ok(());
        }
    }
}

fn aws(port: u16, account: u64) -> impl Fn(&SharedParts) -> AwsContext {
    move |shared| {
        let caller = Caller {
            account: format!("{account:012}").parse().unwrap(),
            arn: Arn::default(),
            partition: "aws".to_owned(),
        };
        let s3_control = format!("http://{{account}}.s3-control.test:{port}");
        AwsContext::new(
            shared.config.clone(),
            Some(S3ControlEndpoint(s3_control)),
            caller,
            Region::new("us-east-1"),
            shared.connections.clone(),
        )
    }
}

struct SharedParts {
    config: SdkConfig,
    connections: Arc<orgscan_aws::Connections>,
}

fn shared(port: u16) -> SharedParts {
    let settings = HttpSettings {
        open_at_most: OPEN_AT_MOST,
        resolver: Some(SharedDnsResolver::new(Loopback)),
        ..HttpSettings::for_requests(IN_FLIGHT, OPEN_AT_MOST + IN_FLIGHT)
    };
    let (http, connections) = http_client(&settings).unwrap();
    let credentials = Credentials::new("id", "secret", None, None, "test");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(format!("http://shared.test:{port}"))
        .http_client(http)
        .region(aws_config::Region::from_static("us-east-1"))
        .retry_config(RetryConfig::disabled())
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .build(),
        )
        .build();
    SharedParts {
        config,
        connections,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn three_hundred_accounts_share_a_few_connections() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::new(ConnectionCounts::default());
    tokio::spawn(serve(listener, seen.clone()));

    let shared = shared(port);
    let mut config = Config::default();
    config.concurrency.requests = IN_FLIGHT;
    let rate_limits = RateLimits::new(RateLimitSettings::of(&config));
    stream::iter(1..=ACCOUNTS)
        .for_each_concurrent(IN_FLIGHT, |account| {
            let aws = aws(port, account)(&shared);
            let session = Sessions::own(&aws, &rate_limits, Deadline::never());
            let needs = needs_of(&[by_id("s3-bucket-public").unwrap()]);
            async move {
                assert_eq!(account_regions(&session).await.unwrap().enabled.len(), 1);
                let filter = RegionFilter::default();
                let account = AccountScope::new(&session, "aws", &filter, &needs);
                account.begin(None).await;
                let facts = account.finish().await;
                let block = facts.get::<AccountBlock>().unwrap();
                assert!(PublicAccessBlock::settles(*block));
                assert!(facts.get::<BucketList>().unwrap().buckets.is_empty());
            }
        })
        .await;

    let connections = &shared.connections;
    assert_eq!(rate_limits.stats.total().requests, 3 * ACCOUNTS);
    assert!(
        connections.peak() <= OPEN_AT_MOST + IN_FLIGHT,
        "the gate holds: {connections:?}"
    );
    // How many more are opened than used depends on the machine: a request that waits for a dial takes
    // a connection that falls idle meanwhile, and the gate closes idle ones.
    let own_hosts = ACCOUNTS as usize;
    let to_the_shared_host = connections.opened() - own_hosts;
    assert!(
        to_the_shared_host < SHARED_REQUESTS / 2,
        "most requests to the shared host reuse a connection: {connections:?}"
    );
    let closed = seen.closed.load(Ordering::SeqCst);
    assert_eq!(closed, own_hosts, "those of own hosts never idle");
    let patience = Instant::now() + Duration::from_secs(300);
    while connections.open().max(seen.open.load(Ordering::SeqCst)) > OPEN_AT_MOST {
        assert!(Instant::now() < patience, "they stay open: {connections:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
