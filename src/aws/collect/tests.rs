//! What is read of an account and of a Region, what is not asked, and what is left where answers lack something.

mod ec2;
mod fixtures;
mod iam;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::test_util::infallible_client_fn;
use aws_smithy_runtime_api::client::http::HttpClient;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use orgscan_core::checks::{Context, Rule};
use orgscan_core::facts::{FactSpec, Facts};
use orgscan_core::model::Verdict;
use orgscan_core::services::{by_id, needs_of};

use super::*;
use crate::assume::Sessions;
use crate::rate_limit::{Deadline, RateLimitSettings, RateLimits};
use crate::{AwsContext, Caller, checked};

const ACCOUNT: &str = "111122223333";
const NOW: &str = "2026-11-15T03:00:00Z";

pub(super) fn rate_limits() -> Arc<RateLimits> {
    RateLimits::new(RateLimitSettings {
        api_share: 1.0,
        central_share: 1.0,
        requests_in_flight: 8,
        attempts: 1,
        attempt_timeout: Duration::from_secs(300),
    })
}

/// A session whose requests this client answers.
pub(super) fn session(client: impl HttpClient + 'static, rate_limits: &Arc<RateLimits>) -> Session {
    let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(checked(client))
        .region(aws_config::Region::from_static("us-east-1"))
        .retry_config(RetryConfig::disabled())
        .build();
    let caller = Caller {
        account: ACCOUNT.parse().unwrap(),
        arn: format!("arn:aws:iam::{ACCOUNT}:user/test").into(),
        partition: "aws".to_owned(),
    };
    let home = Region::new("us-east-1");
    let aws = AwsContext::new(config, None, caller, home, Arc::default());
    Sessions::own(&aws, rate_limits, Deadline::never())
}

/// An account's answers, by what is asked: `DescribeVolumes`, `ListMFADevices ann`.
#[derive(Clone, Default)]
struct FakeAccount {
    answers: BTreeMap<String, (u16, String)>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl FakeAccount {
    fn with(mut self, asked: &str, body: &str) -> Self {
        self.answers
            .insert(asked.to_owned(), (200, body.to_owned()));
        self
    }

    fn refusing(mut self, asked: &str, status: u16, code: &str) -> Self {
        let body = format!(
            "<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"
        );
        self.answers.insert(asked.to_owned(), (status, body));
        self
    }

    /// How often something was asked whose name begins so.
    fn count(&self, asked: &str) -> usize {
        let all = self.asked.lock().unwrap();
        all.iter().filter(|one| one.starts_with(asked)).count()
    }

    fn session(&self) -> Session {
        let (answers, asked) = (self.answers.clone(), self.asked.clone());
        let client = infallible_client_fn(move |request: http::Request<SdkBody>| {
            let what = question(&request);
            let answer = answers.get(&what);
            asked.lock().unwrap().push(what.clone());
            let (status, body) = answer.unwrap_or_else(|| panic!("{what} is not answered"));
            let response = http::Response::builder().status(*status);
            response.body(SdkBody::from(body.as_str())).unwrap()
        });
        session(client, &rate_limits())
    }

    /// What the checks find.
    async fn verdicts<const N: usize>(&self, checks: [&str; N]) -> [Verdict; N] {
        let session = self.session();
        let checks = checks.map(|id| by_id(id).unwrap());
        let needs = needs_of(&checks);
        let filter = RegionFilter::default();
        let scope = AccountScope::new(&session, "aws", &filter, &needs);
        scope.begin(None).await;
        let facts = scope.finish().await;
        let account = ACCOUNT.parse().unwrap();
        let context = Context {
            account: &account,
            partition: "aws",
            now: NOW.parse().unwrap(),
            is_central: false,
            sensitive_ports: &[],
            monitoring: &orgscan_core::model::Monitoring::default(),
        };
        checks.map(|check| {
            let Rule::Account(rule) = check.rule else {
                panic!("{} is not about an account", check.id)
            };
            rule(&Facts::new(&facts, check.needs), &context).into()
        })
    }

    /// What a check needs of a Region.
    async fn region(&self, check: &str) -> FactStore {
        let needs = needs_of(&[by_id(check).unwrap()]);
        RegionScope::collect(&self.session(), &Region::new("us-east-1"), &needs).await
    }
}

/// What is asked, in a few words.
fn question(request: &http::Request<SdkBody>) -> String {
    let body = request.body().bytes().unwrap_or_default();
    let text = String::from_utf8_lossy(body).into_owned();
    let value = |name: &str| {
        let mut pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.to_owned())
    };
    let parts = [value("Action"), value("UserName")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The facts that have a collector of their own.
fn collected() -> Vec<&'static FactSpec> {
    let region = RegionScope::collectors().into_iter().map(|one| one.spec);
    let account = AccountScope::collectors().into_iter().map(|one| one.spec);
    let organization = OrganizationScope::collectors().into_iter();
    let buckets = super::s3::of_a_bucket().into_iter().map(|one| one.spec);
    let all = region.chain(account).chain(buckets);
    all.chain(organization.map(|one| one.spec)).collect()
}

/// The verdict's gaps, by resource.
fn gaps(verdict: &Verdict) -> Vec<(&str, Cause)> {
    let gaps = verdict.gaps.iter();
    gaps.map(|gap| (gap.resource.as_str(), gap.cause)).collect()
}
