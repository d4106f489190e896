//! With FIPS endpoints on, a Region without one is a cause of its own, and a network without names is not.

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::dns::{
    DnsFuture, ResolveDns, ResolveDnsError, SharedDnsResolver,
};
use aws_smithy_types::retry::RetryConfig;
use orgscan_aws::rate_limit::{Deadline, RateLimitSettings, RateLimits, RateScope};
use orgscan_aws::{Failure, HttpSettings, http_client};
use orgscan_core::model::{Cause, Region};
use orgscan_core::services::ec2::DESCRIBE_REGIONS;
use orgscan_core::settings::Config;

/// Knows no FIPS endpoints, or no names at all.
#[derive(Debug)]
struct FipsResolver {
    has_ordinary: bool,
}

impl ResolveDns for FipsResolver {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        DnsFuture::ready(match self.has_ordinary && !name.contains("fips") {
            true => Ok(vec![[127, 0, 0, 1].into()]),
            false => Err(ResolveDnsError::new(format!("{name} is not known"))),
        })
    }
}

/// How a request to EC2 fails, and after how many attempts.
async fn failure(has_ordinary: bool) -> (Failure, u64) {
    let settings = HttpSettings {
        resolver: Some(SharedDnsResolver::new(FipsResolver { has_ordinary })),
        ..HttpSettings::for_requests(1, 10)
    };
    let (http, _) = http_client(&settings).unwrap();
    let credentials = Credentials::new("id", "secret", None, None, "test");
    let sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http)
        .region(aws_config::Region::from_static("eu-west-1"))
        .retry_config(RetryConfig::disabled())
        .use_fips(true)
        .build();
    let ec2 = aws_sdk_ec2::Client::new(&sdk);
    let scope = RateScope::unknown_caller(&Region::new("eu-west-1"));
    let rate_limits = RateLimits::new(RateLimitSettings::of(&Config::default()));
    let api_caller = rate_limits
        .api_caller(&scope, Deadline::never())
        .first_contact();
    let answer = api_caller.call(&DESCRIBE_REGIONS, || ec2.describe_regions().send());
    (answer.await.unwrap_err(), api_caller.requests())
}

#[tokio::test]
async fn a_region_without_a_fips_endpoint_is_a_cause_of_its_own() {
    let (failure, attempts) = failure(true).await;
    assert_eq!(failure.cause, Cause::NoFipsEndpoint, "{failure}");
    let expected =
        "there is no FIPS endpoint (AWS has no FIPS endpoint ec2-fips.eu-west-1.amazonaws.com)";
    assert!(failure.to_string().contains(expected), "{failure}");
    assert_eq!(attempts, 1);
}

#[tokio::test]
async fn where_no_name_resolves_nothing_is_known_of_fips_endpoints() {
    let (failure, attempts) = failure(false).await;
    assert_eq!(failure.cause, Cause::Network, "{failure}");
    let expected = "no answer from https://ec2-fips.eu-west-1.amazonaws.com";
    assert!(failure.detail.contains(expected), "{failure}");
    assert_eq!(attempts, 3);
}
