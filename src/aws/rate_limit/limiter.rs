//! One token bucket that slows down when AWS throttles, and the line of the requests that wait for it.
//!
//! A request waits in three steps: in line, for the time at which a token is due, and for a permit among
//! the requests in flight. Then it takes the token and is sent at once. Only the first in line waits for
//! a permit, and no token leaves the bucket before. So no more tokens are ever taken at once than the
//! bucket contains, however long the permits take, no request holds a permit while it waits for a token,
//! and permits go to the limiters in turn.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::middleware::StateInformationMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use orgscan_core::api::Rate;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::Deadline;
use super::clock::Clock;
use super::deadline::DeadlineFirst;

/// How often a throttled limiter halves its rate at most: to a 64th.
const SLOWEST: u32 = 6;

/// How many requests in a row have to succeed before a slowed limiter doubles its rate again.
const STREAK: u32 = 10;

/// The longest time that one token may take to arrive, which keeps the arithmetic of times in range.
const SLOWEST_PERIOD: Duration = Duration::from_secs(86_400);

type TokenBucket = RateLimiter<NotKeyed, InMemoryState, BucketTime, StateInformationMiddleware>;

/// A token bucket for one API in one account and Region.
///
/// On a throttling answer its rate halves and its stored tokens are gone, because AWS's own bucket is
/// empty then, whatever emptied it. After a streak of successes the rate doubles again, up to its own.
#[derive(Debug)]
pub struct Limiter {
    /// Tokens in a second at full rate.
    refill: f64,
    /// Tokens in a full bucket at full rate.
    burst: NonZeroU32,
    state: Mutex<LimiterState>,
    /// First come, first served: only the first in line watches the bucket, so that a token wakes one
    /// request and not all.
    line: tokio::sync::Mutex<()>,
    /// Wakes the first in line before its time.
    changed: Notify,
}

/// A token, as of one change of the limiter's rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateToken(u64);

#[derive(Debug)]
struct LimiterState {
    bucket: TokenBucket,
    time: BucketTime,
    /// There is no token before.
    due: Instant,
    /// How many times the rate has changed.
    changes: u64,
    /// The rate is halved so many times.
    slowed: u32,
    /// Successes in a row since the last change.
    streak: u32,
}

/// The bucket's time. It is an input, so that what belongs together happens at one time.
#[derive(Clone, Debug)]
struct BucketTime {
    start: Instant,
    /// Since the start, in nanoseconds.
    elapsed: Arc<AtomicU64>,
}

impl BucketTime {
    fn new(start: Instant) -> Self {
        let elapsed = Arc::default();
        Self { start, elapsed }
    }

    fn set(&self, now: Instant) {
        let elapsed = now.saturating_duration_since(self.start).as_nanos();
        let elapsed = u64::try_from(elapsed).unwrap_or(u64::MAX);
        self.elapsed.fetch_max(elapsed, Ordering::Relaxed);
    }
}

impl governor::clock::Clock for BucketTime {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.elapsed.load(Ordering::Relaxed).into()
    }
}

/// The first in a limiter's line, which alone may take tokens. Dropped, the next one is first.
#[derive(Debug)]
pub(super) struct FirstInLine<'a> {
    limiter: &'a Limiter,
    _guard: tokio::sync::MutexGuard<'a, ()>,
}

impl Limiter {
    /// A limiter at a share of a published rate, with a full bucket.
    pub(super) fn new(rate: &Rate, share: f64, now: Instant) -> Self {
        let refill = f64::from(rate.refill_per_second) * share;
        // Rounded down, but a bucket has to contain one token to let anything through.
        let burst = NonZeroU32::new((f64::from(rate.burst) * share) as u32);
        let burst = burst.unwrap_or(NonZeroU32::MIN);
        let time = BucketTime::new(now);
        Self {
            refill,
            burst,
            state: Mutex::new(LimiterState {
                bucket: full_bucket(refill, burst, time.clone()),
                time,
                due: now,
                changes: 0,
                slowed: 0,
                streak: 0,
            }),
            line: tokio::sync::Mutex::default(),
            changed: Notify::new(),
        }
    }

    /// Waits in line.
    ///
    /// # Errors
    /// At the deadline.
    pub(super) async fn line(
        &self,
        clock: &impl Clock,
        deadline: Deadline,
    ) -> Result<FirstInLine<'_>, DeadlineFirst> {
        let guard = match self.line.try_lock() {
            Ok(guard) => guard,
            Err(_) => deadline.cut(clock, self.line.lock()).await?,
        };
        Ok(FirstInLine {
            limiter: self,
            _guard: guard,
        })
    }

    /// AWS throttled the request that was sent with this token. Of many that were in flight together,
    /// only the first counts: they all met the same empty bucket.
    pub(super) fn throttled(&self, token: RateToken, now: Instant) {
        let mut state = self.lock();
        if token.0 != state.changes {
            return;
        }
        state.streak = 0;
        state.slowed = (state.slowed + 1).min(SLOWEST);
        self.rebuild(&mut state, now);
    }

    /// AWS answered a request, and did not throttle it.
    pub(super) fn succeeded(&self, now: Instant) {
        let mut state = self.lock();
        if state.slowed == 0 {
            return;
        }
        state.streak += 1;
        if state.streak >= STREAK {
            state.streak = 0;
            state.slowed -= 1;
            self.rebuild(&mut state, now);
        }
    }

    /// How many times the rate is halved at the moment.
    pub fn slowed(&self) -> u32 {
        self.lock().slowed
    }

    /// A new bucket begins empty, since AWS's is empty, or filling up again.
    fn rebuild(&self, state: &mut LimiterState, now: Instant) {
        let refill = self.refill / f64::from(1_u32 << state.slowed);
        let burst = match state.slowed {
            0 => self.burst,
            _ => NonZeroU32::MIN,
        };
        state.changes += 1;
        state.time.set(now);
        state.bucket = full_bucket(refill, burst, state.time.clone());
        // All at once: it is as many as the bucket contains.
        let _ = state.bucket.check_n(burst);
        state.due = now;
        state.take(now);
        self.changed.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, LimiterState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FirstInLine<'_> {
    /// Waits until a token is due.
    ///
    /// # Errors
    /// As soon as it is clear that the deadline comes first.
    pub(super) async fn wait(
        &self,
        clock: &impl Clock,
        deadline: Deadline,
    ) -> Result<(), DeadlineFirst> {
        loop {
            let due = self.limiter.lock().due;
            if due <= clock.now() {
                return Ok(());
            }
            if deadline.is_before(due) {
                return Err(DeadlineFirst);
            }
            tokio::select! {
                biased;
                () = clock.sleep_until(due) => {}
                () = self.limiter.changed.notified() => {}
            }
        }
    }

    /// Takes the token that was due, to send the request now. None where the rate has changed meanwhile,
    /// and the token is gone.
    pub(super) fn take(&self, now: Instant) -> Option<RateToken> {
        self.limiter.lock().take(now)
    }
}

impl LimiterState {
    /// Takes a token; none if there is none. Notes when the next one is due.
    fn take(&mut self, now: Instant) -> Option<RateToken> {
        self.time.set(now);
        let taken = self.bucket.check();
        let is_empty = taken
            .as_ref()
            .map_or(true, |left| left.remaining_burst_capacity() == 0);
        // A bucket that is empty at this time answers with the time of its next token, and stays as it is.
        if is_empty && let Err(not_yet) = self.bucket.check() {
            let time = governor::clock::Clock::now(&self.time);
            self.due = now + not_yet.wait_time_from(time);
        }
        taken.ok().map(|_| RateToken(self.changes))
    }
}

fn full_bucket(refill: f64, burst: NonZeroU32, time: BucketTime) -> TokenBucket {
    let period = Duration::try_from_secs_f64(1.0 / refill).unwrap_or(SLOWEST_PERIOD);
    let period = period.clamp(Duration::from_nanos(1), SLOWEST_PERIOD);
    let quota = Quota::with_period(period).unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN));
    RateLimiter::direct_with_clock(quota.allow_burst(burst), time).with_middleware()
}

#[cfg(test)]
impl RateToken {
    /// Before the first change of the rate.
    pub(super) fn first() -> Self {
        Self(0)
    }
}

#[cfg(test)]
mod tests;
