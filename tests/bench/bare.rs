//! The AWS SDK alone: it sends what a scan sends, and drops the answers. Its clients are made once
//! and its sessions are static, so this is the least that a request costs.

use std::time::Instant;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_types::retry::RetryConfig;
use futures::stream::{self, StreamExt};
use orgscan_core::partition::PARTITIONS;
use serde::{Deserialize, Serialize};

use crate::Outcome;
use crate::measure::used;

/// How often every account is gone through.
const ROUNDS: usize = 20;

/// Requests in flight.
const IN_FLIGHT: usize = 256;

/// What a request costs at the least.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct BareMeasurement {
    pub(crate) requests: u64,
    /// Processor time in seconds.
    pub(crate) cpu_per_request: f64,
    /// Seconds.
    pub(crate) mean_answer: f64,
}

/// One account's clients.
struct Account {
    ec2: Vec<aws_sdk_ec2::Client>,
    iam: aws_sdk_iam::Client,
    s3: aws_sdk_s3::Client,
    buckets: Vec<String>,
}

/// One request; the answer is dropped.
#[derive(Clone)]
enum Request {
    Regions(aws_sdk_ec2::Client),
    Volumes(aws_sdk_ec2::Client),
    Instances(aws_sdk_ec2::Client),
    Groups(aws_sdk_ec2::Client),
    Report(aws_sdk_iam::Client),
    Buckets(aws_sdk_s3::Client),
    Block(aws_sdk_s3::Client, String),
    Policy(aws_sdk_s3::Client, String),
    Acl(aws_sdk_s3::Client, String),
}

/// Sends, and prints what it took.
pub(crate) fn child(_: &[String]) -> Outcome<()> {
    let measured = tokio::runtime::Runtime::new()?.block_on(measure())?;
    println!("{}", serde_json::to_string(&measured)?);
    Ok(())
}

async fn measure() -> Outcome<BareMeasurement> {
    let authority = std::fs::read(crate::organization::AUTHORITY)?;
    let store = TrustStore::empty().with_pem_certificate(authority);
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(TlsContext::builder().with_trust_store(store).build()?)
        .build_https();
    let config = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .retry_config(RetryConfig::disabled())
        .load()
        .await;
    let mut requests = Vec::new();
    for account in accounts(&config).await? {
        requests.extend(account.requests());
    }
    let before = used("self")?.cpu;
    let sent = stream::iter(std::iter::repeat_n(requests, ROUNDS).flatten())
        .map(|request| tokio::spawn(timed(request)))
        .buffer_unordered(IN_FLIGHT)
        .fold((0_u64, 0.0), |(count, time), one| async move {
            (count + 1, time + one.unwrap_or_default())
        })
        .await;
    let (requests, time) = sent;
    Ok(BareMeasurement {
        requests,
        cpu_per_request: (used("self")?.cpu - before) / requests as f64,
        mean_answer: time / requests as f64,
    })
}

async fn timed(request: Request) -> f64 {
    let started_at = Instant::now();
    request.send().await;
    started_at.elapsed().as_secs_f64()
}

/// Every account of the organization that lets its role be assumed.
async fn accounts(config: &SdkConfig) -> Outcome<Vec<Account>> {
    let organizations = aws_sdk_organizations::Client::new(config);
    let sts = aws_sdk_sts::Client::new(config);
    let listed = organizations.list_accounts().max_results(20).send().await?;
    let mut accounts = Vec::new();
    for id in listed.accounts().iter().filter_map(|account| account.id()) {
        let role = format!("arn:aws:iam::{id}:role/OrgScanMember");
        let role = sts.assume_role().role_arn(role).role_session_name("bare");
        let Ok(session) = role.send().await else {
            continue;
        };
        let given = session.credentials.ok_or("no credentials")?;
        let (key, secret) = (given.access_key_id, given.secret_access_key);
        let session = Credentials::new(key, secret, Some(given.session_token), None, "bare");
        let config = config.clone().into_builder();
        let provider = SharedCredentialsProvider::new(session);
        accounts.push(Account::new(config.credentials_provider(provider).build()).await?);
    }
    Ok(accounts)
}

impl Account {
    async fn new(config: SdkConfig) -> Outcome<Self> {
        let in_region = |region: &&'static str| {
            let region = aws_config::Region::from_static(region);
            aws_sdk_ec2::Client::new(&config.clone().into_builder().region(region).build())
        };
        let s3 = aws_sdk_s3::config::Builder::from(&config).force_path_style(true);
        let s3 = aws_sdk_s3::Client::from_conf(s3.build());
        let listed = s3.list_buckets().max_buckets(1_000).send().await?;
        let names = listed.buckets().iter();
        Ok(Self {
            ec2: PARTITIONS[0]
                .default_regions
                .iter()
                .map(in_region)
                .collect(),
            iam: aws_sdk_iam::Client::new(&config),
            buckets: names.filter_map(|b| b.name.clone()).collect(),
            s3,
        })
    }

    fn requests(&self) -> Vec<Request> {
        let mut requests = vec![
            Request::Regions(self.ec2[0].clone()),
            Request::Report(self.iam.clone()),
            Request::Buckets(self.s3.clone()),
        ];
        for ec2 in &self.ec2 {
            requests.push(Request::Volumes(ec2.clone()));
            requests.push(Request::Instances(ec2.clone()));
            requests.push(Request::Groups(ec2.clone()));
        }
        for bucket in &self.buckets {
            requests.push(Request::Block(self.s3.clone(), bucket.clone()));
            requests.push(Request::Policy(self.s3.clone(), bucket.clone()));
            requests.push(Request::Acl(self.s3.clone(), bucket.clone()));
        }
        requests
    }
}

impl Request {
    async fn send(self) {
        match self {
            Self::Regions(c) => drop(c.describe_regions().all_regions(true).send().await),
            Self::Volumes(c) => drop(
                c.describe_volumes()
                    .include_managed_resources(true)
                    .max_results(500)
                    .send()
                    .await,
            ),
            Self::Instances(c) => drop(
                c.describe_instances()
                    .include_managed_resources(true)
                    .max_results(1_000)
                    .send()
                    .await,
            ),
            Self::Groups(c) => drop(c.describe_security_groups().max_results(1_000).send().await),
            Self::Report(c) => drop(c.get_credential_report().send().await),
            Self::Buckets(c) => drop(c.list_buckets().max_buckets(1_000).send().await),
            Self::Block(c, b) => drop(c.get_public_access_block().bucket(b).send().await),
            Self::Policy(c, b) => drop(c.get_bucket_policy_status().bucket(b).send().await),
            Self::Acl(c, b) => drop(c.get_bucket_acl().bucket(b).send().await),
        }
    }
}
