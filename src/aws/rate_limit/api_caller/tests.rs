use std::sync::atomic::AtomicUsize;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future;
use aws_sdk_s3::operation::get_bucket_policy::GetBucketPolicyError;
use aws_smithy_http_client::test_util::{ReplayEvent, StaticReplayClient};
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use orgscan_core::model::Region;
use orgscan_core::services::ec2::DESCRIBE_VOLUMES;
use orgscan_core::services::organizations::LIST_ACCOUNTS;
use orgscan_core::services::s3::GET_BUCKET_POLICY;
use orgscan_core::services::sts::ASSUME_ROLE;

use super::*;
use crate::rate_limit::testing::{VirtualClock, tokens};

fn settings() -> RateLimitSettings {
    RateLimitSettings {
        api_share: 1.0,
        attempts: 2,
        ..RateLimitSettings::of(&Config::default())
    }
}

fn scope() -> RateScope {
    RateScope::unknown_caller(&Region::new("us-east-1"))
}

/// How many requests a limiter lets through at once.
fn at_once(rate_limits: &Arc<RateLimits>, api: &'static Api) -> usize {
    let api_caller = rate_limits.api_caller(&scope(), Deadline::never());
    let limiter = api_caller.limiters.of(api, rate_limits.share_of(api));
    tokens(&limiter, &VirtualClock::new())
}

#[test]
fn children_divide_the_central_rates_and_not_those_of_the_accounts() {
    let of = |central_share| {
        RateLimits::new(RateLimitSettings {
            central_share,
            ..RateLimitSettings::of(&Config::default())
        })
    };
    let (alone, child) = (of(1.0), of(0.1));
    let own = at_once(&alone, &DESCRIBE_VOLUMES);
    assert_eq!((own, at_once(&child, &DESCRIBE_VOLUMES)), (50, 50));
    let all = at_once(&alone, &ASSUME_ROLE);
    assert_eq!((all, at_once(&child, &ASSUME_ROLE)), (300, 30));
    assert_eq!(at_once(&child, &LIST_ACCOUNTS), 1);
}

#[test]
fn the_first_pause_is_200_milliseconds_at_most_and_doubles() {
    let longest: Vec<_> = (1..=9)
        .map(|tried| longest_pause_after(tried).as_millis())
        .collect();
    let doubled = [200, 400, 800, 1_600, 3_200, 6_400, 12_800, 20_000, 20_000];
    assert_eq!(longest, doubled);
    assert_eq!(longest_pause_after(u32::MAX), LONGEST_PAUSE);
}

/// A bucket whose policy S3 answers about in this way, one answer after the other.
struct BucketRequests {
    s3: aws_sdk_s3::Client,
    api_caller: ApiCaller,
}

impl BucketRequests {
    fn of(answers: Vec<(u16, &str)>) -> Self {
        let event = |(status, code): (u16, &str)| {
            let body = match code {
                "" => "{}".to_owned(),
                code => format!("<Error><Code>{code}</Code><Message>m</Message></Error>"),
            };
            let request = http::Request::builder().body(SdkBody::empty()).unwrap();
            let answer = http::Response::builder().status(status);
            ReplayEvent::new(request, answer.body(SdkBody::from(body)).unwrap())
        };
        let client = StaticReplayClient::new(answers.into_iter().map(event).collect());
        let credentials = Credentials::new("id", "secret", None, None, "test");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(client)
            .region(aws_config::Region::from_static("us-east-1"))
            .retry_config(RetryConfig::disabled())
            .build();
        let rate_limits = RateLimits::new(settings());
        Self {
            s3: crate::s3_client(&config),
            api_caller: rate_limits.api_caller(&scope(), Deadline::never()),
        }
    }

    async fn ask(&self) -> Result<(), Failure> {
        let request = self.s3.get_bucket_policy().bucket("bucket");
        let attempt = || request.clone().send();
        let answer = self.api_caller.call(&GET_BUCKET_POLICY, attempt).await;
        answer.map(drop)
    }

    /// Slowed by one throttling, and then asked as often as there are answers.
    async fn slowed_after(answers: &[(u16, &str)]) -> (u32, ApiStats) {
        let all = [&[(503, "SlowDown"), (200, "")], answers].concat();
        let asked = Self::of(all);
        asked.ask().await.unwrap();
        assert_eq!(asked.slowed(), 1);
        let mut left = answers.len();
        while left > 0 {
            let failed = asked.ask().await.err();
            // What may end better is tried a second time.
            left -= if failed.is_some_and(|failed| failed.cause.is_transient()) {
                2
            } else {
                1
            };
        }
        (asked.slowed(), asked.api_caller.rate_limits.stats.total())
    }

    fn slowed(&self) -> u32 {
        self.api_caller
            .limiters
            .of(&GET_BUCKET_POLICY, 1.0)
            .slowed()
    }
}

#[tokio::test]
async fn a_limiter_recovers_on_every_answer_that_is_not_throttling() {
    for (status, code) in [
        (404, "NoSuchBucketPolicy"),
        // What the API's row declares is expected with any status.
        (401, "NoSuchBucketPolicy"),
        (403, "AccessDenied"),
        (400, "AuthFailure"),
        (409, "OperationAborted"),
        (200, ""),
    ] {
        // Nine beside the one that ended the throttling.
        let answers = vec![(status, code); 9];
        let (slowed, stats) = BucketRequests::slowed_after(&answers).await;
        assert_eq!(slowed, 0, "{status} {code}");
        let failed = if [404, 401, 200].contains(&status) {
            0
        } else {
            9
        };
        assert_eq!((stats.failed, stats.throttled), (failed, 1), "{status}");
    }
    let (slowed, _) = BucketRequests::slowed_after(&[(404, "NoSuchBucketPolicy"); 8]).await;
    assert_eq!(slowed, 1);
}

#[tokio::test]
async fn a_limiter_does_not_recover_on_server_errors() {
    let (slowed, stats) = BucketRequests::slowed_after(&[(500, "InternalError"); 12]).await;
    assert_eq!((slowed, stats.failed), (1, 12));
}

#[tokio::test]
async fn a_limiter_does_not_recover_on_connections_that_fail() {
    let asked = BucketRequests::of(vec![(503, "SlowDown"), (200, "")]);
    asked.ask().await.unwrap();
    for _ in 0..10 {
        let broken = || async {
            let reset = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
            let error = ConnectorError::io(reset.into());
            Err::<(), AwsError<GetBucketPolicyError>>(SdkError::dispatch_failure(error))
        };
        let failure = asked.api_caller.call(&GET_BUCKET_POLICY, broken).await;
        assert_eq!(failure.unwrap_err().cause, Cause::Network);
    }
    assert_eq!(asked.slowed(), 1);
}

/// A session that is about to end, and whose renewal is a request of its own.
#[derive(Debug)]
struct ExpiringSession {
    renewal: ApiCaller,
    renewed: Arc<AtomicUsize>,
}

impl ProvideCredentials for ExpiringSession {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let sent = || async {
                tokio::task::yield_now().await;
                Ok::<_, AwsError<GetBucketPolicyError>>(())
            };
            let renewed = self.renewal.call(&ASSUME_ROLE, sent).await;
            renewed.map_err(CredentialsError::provider_error)?;
            self.renewed.fetch_add(1, Ordering::Relaxed);
            let soon = SystemTime::now() + Duration::from_secs(60);
            Ok(Credentials::new("id", "secret", None, Some(soon), "test"))
        })
    }
}

#[tokio::test]
async fn sessions_that_expire_all_at_once_are_renewed_within_the_limit() {
    for limit in [1, 2, 3] {
        let rate_limits = RateLimits::new(RateLimitSettings {
            requests_in_flight: limit,
            ..settings()
        });
        let (in_flight, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let account = |n: usize| {
            let scope = RateScope::new(&format!("{n:012}").parse().unwrap(), &Region::new("r"));
            let renewal = rate_limits
                .api_caller(&self::scope(), Deadline::never())
                .urgent();
            let renewed = Arc::<AtomicUsize>::default();
            let signer = SharedCredentialsProvider::new(ExpiringSession {
                renewal,
                renewed: renewed.clone(),
            });
            let signer = Some(signer);
            let api_caller = rate_limits
                .api_caller(&scope, Deadline::never())
                .signed_by(&signer);
            let (in_flight, most) = (&in_flight, &most);
            async move {
                let send = || async {
                    let now = in_flight.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(now, Ordering::SeqCst);
                    tokio::task::yield_now().await;
                    in_flight.fetch_sub(1, Ordering::SeqCst);
                    Ok::<_, AwsError<GetBucketPolicyError>>(())
                };
                for _ in 0..3 {
                    api_caller.call(&DESCRIBE_VOLUMES, send).await.unwrap();
                }
                assert_eq!(renewed.load(Ordering::Relaxed), 3);
            }
        };
        futures::future::join_all((0..50).map(account)).await;
        let most = most.into_inner();
        assert!(most <= limit, "{most} in flight at a limit of {limit}");
    }
}

#[tokio::test]
async fn a_session_that_cannot_be_renewed_fails_with_the_reason() {
    #[derive(Debug)]
    struct RefusedError;
    impl ProvideCredentials for RefusedError {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            let failure = Failure::new(ASSUME_ROLE.action, Cause::RoleNotAssumable, "gone");
            future::ProvideCredentials::ready(Err(CredentialsError::provider_error(failure)))
        }
    }
    let signer = Some(SharedCredentialsProvider::new(RefusedError));
    let rate_limits = RateLimits::new(settings());
    let api_caller = rate_limits
        .api_caller(&scope(), Deadline::never())
        .signed_by(&signer);
    let send = || async { Ok::<_, AwsError<GetBucketPolicyError>>(()) };
    let failure = api_caller.call(&DESCRIBE_VOLUMES, send).await.unwrap_err();
    assert_eq!(failure.action, "sts:AssumeRole");
    assert_eq!(failure.cause, Cause::RoleNotAssumable);
    assert_eq!(rate_limits.stats.total().requests, 0);
}

#[test]
fn a_session_that_runs_out_while_its_request_waits_is_renewed_once() {
    let ends_in = |seconds| {
        let expiry = SystemTime::now() + Duration::from_secs(seconds);
        Credentials::new("id", "secret", None, Some(expiry), "test")
    };
    let waited = Duration::from_secs(120);
    assert!(has_run_out(Some(&ends_in(2)), waited));
    assert!(!has_run_out(Some(&ends_in(60)), waited));
    // One that never could be used is not renewed again and again.
    assert!(!has_run_out(Some(&ends_in(2)), Duration::ZERO));
    let endless = Credentials::new("id", "secret", None, None, "test");
    assert!(!has_run_out(Some(&endless), waited));
    assert!(!has_run_out(None, waited));
}
