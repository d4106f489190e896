//! The paced, deadline-aware retry loop around every AWS request.

use std::collections::HashMap;
use std::error::Error;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::{Api, ApiStats, Deadline, Limiter, Stats, Turn};
use crate::aws::{AwsError, Failure, signed_by};
use crate::config::Config;
use crate::model::Cause;

/// The first pause after a failed attempt; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// How requests are paced.
#[derive(Clone, Copy, Debug)]
pub struct PaceSettings {
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

impl PaceSettings {
    /// The pace that a configuration asks for.
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

/// What all requests of a run share: the settings, the places in flight, and the count.
#[derive(Debug)]
pub struct Pacer {
    settings: PaceSettings,
    in_flight: Semaphore,
    /// What the requests came to.
    pub stats: Arc<Stats>,
}

impl Pacer {
    /// A pacer for one run.
    pub fn new(settings: PaceSettings) -> Arc<Self> {
        Arc::new(Self {
            settings,
            in_flight: Semaphore::new(settings.requests_in_flight),
            stats: Arc::default(),
        })
    }

    /// A pacer with the same settings and count, and places of its own. For requests that others wait
    /// for while they hold a place: renewing a session must not wait for the requests that need it.
    pub fn beside(&self) -> Arc<Self> {
        self.beside_with(self.settings)
    }

    /// The same, for a service of the central account whose rates all processes of a run share.
    pub fn central(&self) -> Arc<Self> {
        let settings = self.settings;
        self.beside_with(PaceSettings {
            api_share: settings.api_share * settings.central_share,
            ..settings
        })
    }

    fn beside_with(&self, settings: PaceSettings) -> Arc<Self> {
        Arc::new(Self {
            settings,
            in_flight: Semaphore::new(settings.requests_in_flight),
            stats: self.stats.clone(),
        })
    }

    /// A set of limiters for one account and Region, or for one central service.
    pub fn lane(self: &Arc<Self>, deadline: Deadline) -> Lane {
        Lane {
            pacer: self.clone(),
            deadline,
            attempt_timeout: self.settings.attempt_timeout,
            signer: None,
            limiters: Mutex::default(),
            requests: AtomicU64::new(0),
            throttled: AtomicU64::new(0),
        }
    }
}

/// The limiters of one account and Region. Every request of it goes through here.
#[derive(Debug)]
pub struct Lane {
    pacer: Arc<Pacer>,
    deadline: Deadline,
    attempt_timeout: Duration,
    /// The session that requests are signed for; none for the caller's own.
    signer: Option<SharedCredentialsProvider>,
    limiters: Mutex<HashMap<&'static str, Arc<Limiter>>>,
    requests: AtomicU64,
    throttled: AtomicU64,
}

impl Lane {
    /// The same lane with more (or less) time for an attempt: files take longer than questions.
    #[must_use]
    pub fn with_attempt_timeout(self, attempt_timeout: Duration) -> Self {
        Self {
            attempt_timeout,
            ..self
        }
    }

    /// The same lane for requests of a session.
    #[must_use]
    pub fn signed_by(self, signer: &Option<SharedCredentialsProvider>) -> Self {
        Self {
            signer: signer.clone(),
            ..self
        }
    }

    /// Sends a request, again and again until it succeeds, fails for good, or time runs out. Each
    /// attempt draws from the API's limiter.
    ///
    /// # Errors
    /// The last attempt's failure, or [`Cause::Deadline`].
    pub async fn call<T, E, F, Fut>(&self, api: &'static Api, attempt: F) -> Result<T, Failure>
    where
        E: ProvideErrorMetadata + Error + 'static,
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, AwsError<E>>>,
    {
        let limiter = self.limiter(api);
        let mut tried = 0;
        loop {
            let mut spent = ApiStats::default();
            let turn = self.wait_for_turn(api, &limiter, &mut spent).await?;
            let outcome = self.attempt(api, &attempt, &mut spent).await;
            self.record(api, &spent);
            let failure = match outcome {
                Ok(answer) => {
                    limiter.succeeded();
                    return Ok(answer);
                }
                Err(failure) => failure,
            };
            if failure.cause == Cause::Throttled {
                limiter.throttled(turn);
            }
            tried += 1;
            if !failure.is_transient() || tried >= self.pacer.settings.attempts {
                return Err(failure);
            }
            let pause = pause_after(tried);
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
    /// [`Cause::Deadline`].
    pub async fn pause(&self, api: &'static Api, time: Duration) -> Result<(), Failure> {
        let slept = self.deadline.sleep(time).await;
        slept.map_err(|_| out_of_time(api, ""))
    }

    fn limiter(&self, api: &'static Api) -> Arc<Limiter> {
        let mut limiters = self.limiters.lock().unwrap_or_else(PoisonError::into_inner);
        limiters
            .entry(api.bucket)
            .or_insert_with(|| Arc::new(Limiter::new(api.rate, self.pacer.settings.api_share)))
            .clone()
    }

    async fn wait_for_turn(
        &self,
        api: &'static Api,
        limiter: &Limiter,
        spent: &mut ApiStats,
    ) -> Result<Turn, Failure> {
        if self.deadline.is_over() {
            return Err(out_of_time(api, ""));
        }
        let begun = Instant::now();
        loop {
            match limiter.take() {
                Ok(turn) => {
                    spent.waited_for_limiter = begun.elapsed();
                    return Ok(turn);
                }
                Err(wait) if self.deadline.sleep(wait).await.is_ok() => {}
                Err(_) => return Err(out_of_time(api, "the limiter's turn comes too late")),
            }
        }
    }

    async fn attempt<T, E, F, Fut>(
        &self,
        api: &'static Api,
        send: &F,
        spent: &mut ApiStats,
    ) -> Result<T, Failure>
    where
        E: ProvideErrorMetadata + Error + 'static,
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, AwsError<E>>>,
    {
        let begun = Instant::now();
        // The semaphore is never closed, so this only ever waits.
        let _place = self.pacer.in_flight.acquire().await;
        spent.waited_for_place = begun.elapsed();
        let timeout = self.attempt_timeout;
        let allowed = self
            .deadline
            .left()
            .map_or(timeout, |left| left.min(timeout));
        let begun = Instant::now();
        // On the heap, and made no sooner than it is sent: the SDK's futures take 10 KiB and more, and
        // tens of thousands of requests wait their turn.
        let request = Box::pin(send());
        let signed = async {
            match &self.signer {
                Some(signer) => signed_by(signer, request).await,
                None => request.await,
            }
        };
        let outcome = match tokio::time::timeout(allowed, signed).await {
            Ok(answer) => answer.map_err(|error| Failure::of(api.action, &error)),
            Err(_) if allowed < timeout => Err(out_of_time(api, "")),
            Err(_) => {
                let detail = format!("no answer within {} s", timeout.as_secs());
                Err(Failure::new(api.action, Cause::TimedOut, detail))
            }
        };
        spent.waited_for_aws = begun.elapsed();
        spent.requests = 1;
        match outcome.as_ref().err().map(|failure| failure.cause) {
            None => {}
            Some(Cause::Throttled) => spent.throttled = 1,
            Some(_) => spent.failed = 1,
        }
        outcome
    }

    fn record(&self, api: &'static Api, spent: &ApiStats) {
        self.requests.fetch_add(spent.requests, Ordering::Relaxed);
        self.throttled.fetch_add(spent.throttled, Ordering::Relaxed);
        self.pacer.stats.record(api, spent);
    }
}

/// Exponential, with full jitter, so that requests that failed together do not come back together.
///
/// Source: <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>
fn pause_after(tried: u32) -> Duration {
    let longest = FIRST_PAUSE
        .saturating_mul(2_u32.saturating_pow(tried))
        .min(LONGEST_PAUSE);
    longest.mul_f64(fastrand::f64())
}

fn out_of_time(api: &Api, last: &str) -> Failure {
    Failure::new(api.action, Cause::Deadline, last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pace::api::{ASSUME_ROLE, DESCRIBE_VOLUMES};

    /// How many requests a pacer lets through at once.
    fn at_once(pacer: &Arc<Pacer>, api: &'static Api) -> usize {
        let limiter = pacer.lane(Deadline::never()).limiter(api);
        let taken = std::iter::from_fn(|| limiter.take().ok());
        taken.take(10_000).count()
    }

    #[test]
    fn children_divide_the_central_rates_and_not_those_of_the_accounts() {
        let of = |central_share| {
            Pacer::new(PaceSettings {
                central_share,
                ..PaceSettings::of(&Config::default())
            })
        };
        let (alone, child) = (of(1.0), of(0.1));
        let own = at_once(&alone, &DESCRIBE_VOLUMES);
        assert_eq!(at_once(&child, &DESCRIBE_VOLUMES), own);
        let all = at_once(&alone.central(), &ASSUME_ROLE);
        // Tokens come back while they are taken.
        let part = at_once(&child.central(), &ASSUME_ROLE);
        assert!(part * 9 <= all && part > 0, "{part} of {all}");
    }
}
