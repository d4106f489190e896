//! The rate-limited, deadline-aware retry loop around every AWS request.

mod attempt;

use std::error::Error;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use orgscan_core::api::Api;
use orgscan_core::model::Cause;
use orgscan_core::settings::Config;
use tokio::time::Instant;

use super::clock::SystemClock;
use super::in_flight::{InFlight, TooLate, Urgency};
use super::limiter::Limiter;
use super::registry::{Limiters, RateScope, Registry};
use super::{ApiStats, Deadline, Stats};
use crate::{AwsError, Failure, signed_by};
use attempt::Attempt;

/// The longest first pause after a failed attempt; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// Attempts for a request whose answers are malformed, at most: what garbles one answer (a proxy) mostly
/// garbles the next one too.
const MALFORMED_ATTEMPTS: u32 = 3;

/// Attempts for the first request to a service, at most, where no connection can be made: a wrong host or a
/// missing network shows within a second, and a connection that failed by chance has two more.
const FIRST_CONTACT_ATTEMPTS: u32 = 3;

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// A session that ends sooner than this while its request waits for a permit is renewed first.
const USABLE: Duration = Duration::from_secs(5);

/// How the rate of requests is limited.
#[derive(Clone, Copy, Debug)]
pub struct RateLimitSettings {
    /// The share of AWS's published rates that is used.
    pub api_share: f64,
    /// The part of that share that this process has for the central account's own services: 1, or less
    /// where others work on the run beside it.
    pub central_share: f64,
    /// Requests in flight at the same time, over all accounts.
    pub requests_in_flight: usize,
    /// Attempts for one request, the first included.
    pub attempts: u32,
    /// How long one attempt may take.
    pub attempt_timeout: Duration,
}

impl RateLimitSettings {
    /// The rate limits that a configuration sets.
    pub fn of(config: &Config) -> Self {
        Self {
            api_share: config.api_share.0,
            central_share: 1.0,
            requests_in_flight: config.concurrency.requests,
            attempts: config.timeouts.attempts,
            attempt_timeout: Duration::from_secs(config.timeouts.request_seconds),
        }
    }
}

/// What all requests of a process share: the settings, the limiters, the permits of the requests in flight,
/// and the count.
#[derive(Debug)]
pub struct RateLimits {
    settings: RateLimitSettings,
    limiters: Arc<Registry>,
    in_flight: InFlight,
    /// What the requests came to.
    pub stats: Arc<Stats>,
}

impl RateLimits {
    /// The rate limits of one run.
    pub fn new(settings: RateLimitSettings) -> Arc<Self> {
        Arc::new(Self {
            settings,
            limiters: Arc::default(),
            in_flight: InFlight::new(settings.requests_in_flight, SystemClock),
            stats: Arc::default(),
        })
    }

    /// An API caller for the requests of one account to one Region. All callers of the same account and Region
    /// share their limiters, no matter who signs the requests.
    pub fn api_caller(self: &Arc<Self>, scope: &RateScope, deadline: Deadline) -> ApiCaller {
        ApiCaller {
            rate_limits: self.clone(),
            limiters: self.limiters.limiters(scope),
            deadline,
            attempt_timeout: self.settings.attempt_timeout,
            urgency: Urgency::Ordinary,
            is_first_contact: false,
            signer: None,
            requests: AtomicU64::new(0),
            throttled: AtomicU64::new(0),
        }
    }

    /// The share of an API's published rate that this process may use.
    fn share_of(&self, api: &Api) -> f64 {
        let RateLimitSettings {
            api_share,
            central_share,
            ..
        } = self.settings;
        match api.is_central() {
            true => api_share * central_share,
            false => api_share,
        }
    }
}

/// Sends the requests of one account to one Region.
#[derive(Debug)]
pub struct ApiCaller {
    rate_limits: Arc<RateLimits>,
    limiters: Arc<Limiters>,
    deadline: Deadline,
    attempt_timeout: Duration,
    urgency: Urgency,
    is_first_contact: bool,
    /// The session that requests are signed for; none for the caller's own.
    signer: Option<SharedCredentialsProvider>,
    requests: AtomicU64,
    throttled: AtomicU64,
}

impl ApiCaller {
    /// The same API caller with more (or less) time for an attempt: files take longer than questions.
    #[must_use]
    pub fn with_attempt_timeout(self, attempt_timeout: Duration) -> Self {
        Self {
            attempt_timeout,
            ..self
        }
    }

    /// The same API caller for requests of a session.
    #[must_use]
    pub fn signed_by(self, signer: &Option<SharedCredentialsProvider>) -> Self {
        Self {
            signer: signer.clone(),
            ..self
        }
    }

    /// The same API caller for requests that others wait for, or that have to be on time while others hang: a
    /// small part of the requests in flight is reserved for them.
    #[must_use]
    pub fn urgent(self) -> Self {
        Self {
            urgency: Urgency::Urgent,
            ..self
        }
    }

    /// The same API caller for the first requests of a run to a service, which nothing is lost with: it gives up soon
    /// where no connection can be made.
    #[must_use]
    pub fn first_contact(self) -> Self {
        Self {
            is_first_contact: true,
            ..self
        }
    }

    /// Sends a request, again and again until it succeeds, fails for good, or time runs out. Each
    /// attempt draws from the API's limiter.
    ///
    /// # Errors
    /// The last attempt's failure, or [`Cause::DeadlineExceeded`].
    pub async fn call<T, E, F, Fut>(&self, api: &'static Api, attempt: F) -> Result<T, Failure>
    where
        E: ProvideErrorMetadata + Error + 'static,
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, AwsError<E>>>,
    {
        let limiter = self.limiters.of(api, self.rate_limits.share_of(api));
        let (mut tried, mut malformed) = (0, 0);
        loop {
            let failure = match self.once(api, &limiter, &attempt).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            tried += 1;
            malformed += u32::from(failure.cause == Cause::Malformed);
            let is_unreachable = self.is_first_contact && failure.cause == Cause::Network;
            if !failure.cause.is_transient()
                || tried >= self.rate_limits.settings.attempts
                || malformed >= MALFORMED_ATTEMPTS
                || (is_unreachable && tried >= FIRST_CONTACT_ATTEMPTS)
            {
                return Err(failure);
            }
            let pause = longest_pause_after(tried).mul_f64(fastrand::f64());
            if self.deadline.sleep(pause).await.is_err() {
                return Err(out_of_time(api, &failure.detail));
            }
        }
    }

    /// Requests sent, retries included.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// How many of them AWS throttled.
    pub fn throttled(&self) -> u64 {
        self.throttled.load(Ordering::Relaxed)
    }

    /// Waits, unless the deadline comes first: for a report that AWS is preparing, say.
    ///
    /// # Errors
    /// [`Cause::DeadlineExceeded`].
    pub async fn pause(&self, api: &'static Api, time: Duration) -> Result<(), Failure> {
        let slept = self.deadline.sleep(time).await;
        slept.map_err(|_| out_of_time(api, ""))
    }

    /// Waits until a request may be sent, and sends it. The session is renewed before the request has a
    /// permit, so that a renewal never waits for permits that wait for it.
    async fn once<T, E, F, Fut>(
        &self,
        api: &'static Api,
        limiter: &Limiter,
        send: &F,
    ) -> Result<T, Failure>
    where
        E: ProvideErrorMetadata + Error + 'static,
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, AwsError<E>>>,
    {
        let RateLimits { in_flight, .. } = &*self.rate_limits;
        let mut spent = ApiStats::default();
        loop {
            if self.deadline.is_over() {
                return Err(out_of_time(api, ""));
            }
            let credentials = self.credentials(api).await?;
            let until = Instant::now();
            let entry = in_flight.enter(limiter, self.urgency, self.deadline, &mut spent);
            let entry = entry.await.map_err(|late| too_late(api, late))?;
            if has_run_out(credentials.as_ref(), until.elapsed()) {
                continue;
            }
            let attempted = self.attempt(api, credentials, send, &mut spent).await;
            self.record(api, &spent);
            match &attempted.outcome {
                Err(failure) if failure.cause == Cause::Throttled => {
                    limiter.throttled(entry.token, in_flight.now());
                }
                _ if attempted.status.is_some_and(|status| status < 500) => {
                    limiter.succeeded(in_flight.now());
                }
                _ => {}
            }
            return attempted.outcome;
        }
    }

    /// The session's credentials, renewed if they end soon; none for the caller's own.
    async fn credentials(&self, api: &'static Api) -> Result<Option<Credentials>, Failure> {
        let Some(signer) = &self.signer else {
            return Ok(None);
        };
        let credentials = signer.provide_credentials().await;
        credentials
            .map(Some)
            .map_err(|error| Failure::of_credentials(api.action, &error))
    }

    async fn attempt<T, E, F, Fut>(
        &self,
        api: &'static Api,
        credentials: Option<Credentials>,
        send: &F,
        spent: &mut ApiStats,
    ) -> Attempt<T>
    where
        E: ProvideErrorMetadata + Error + 'static,
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, AwsError<E>>>,
    {
        let timeout = self.attempt_timeout;
        let allowed = self
            .deadline
            .remaining()
            .map_or(timeout, |remaining| remaining.min(timeout));
        let started = Instant::now();
        // On the heap, and made no sooner than it is sent: the SDK's futures take 10 KiB and more, and
        // tens of thousands of requests wait for a permit.
        let request = Box::pin(send());
        let signed = async {
            match credentials {
                Some(credentials) => signed_by(credentials, request).await,
                None => request.await,
            }
        };
        let attempted = match tokio::time::timeout(allowed, signed).await {
            Ok(answer) => Attempt::of(api, answer),
            Err(_) if allowed < timeout => Attempt::without_answer(out_of_time(api, "")),
            Err(_) => {
                let detail = format!("no answer within {} s", timeout.as_secs());
                Attempt::without_answer(Failure::new(api.action, Cause::TimedOut, detail))
            }
        };
        spent.waited_for_aws = started.elapsed();
        spent.requests = 1;
        match attempted
            .outcome
            .as_ref()
            .err()
            .map(|failure| failure.cause)
        {
            None => {}
            Some(Cause::Throttled) => spent.throttled = 1,
            Some(_) if attempted.is_expected() => {}
            Some(_) => spent.failed = 1,
        }
        attempted
    }

    fn record(&self, api: &'static Api, spent: &ApiStats) {
        self.requests.fetch_add(spent.requests, Ordering::Relaxed);
        self.throttled.fetch_add(spent.throttled, Ordering::Relaxed);
        self.rate_limits.stats.record(api, spent);
    }
}

/// Whether credentials that could be used have run out while their request waited so long.
fn has_run_out(credentials: Option<&Credentials>, waited: Duration) -> bool {
    let expiry = credentials.and_then(Credentials::expiry);
    expiry.is_some_and(|expiry| {
        let needed = SystemTime::now() + USABLE;
        expiry < needed && expiry + waited >= needed
    })
}

/// The longest pause after so many attempts. It is taken with full jitter, a random part of it, so that
/// requests that failed together do not come back together.
///
/// Source: <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>
fn longest_pause_after(tried: u32) -> Duration {
    FIRST_PAUSE
        .saturating_mul(2_u32.saturating_pow(tried.saturating_sub(1)))
        .min(LONGEST_PAUSE)
}

fn out_of_time(api: &Api, last: &str) -> Failure {
    Failure::new(api.action, Cause::DeadlineExceeded, last)
}

fn too_late(api: &Api, late: TooLate) -> Failure {
    let what = match late {
        TooLate::Token => "the limiter's turn comes too late",
        TooLate::Permit => "too many other requests are in flight",
    };
    out_of_time(api, what)
}

#[cfg(test)]
mod tests;
