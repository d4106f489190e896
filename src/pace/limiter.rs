//! One token bucket that slows down when AWS says so.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

use super::Rate;

/// How often a throttled limiter halves its rate at most: to a 64th.
const SLOWEST: u32 = 6;

/// How many requests in a row have to succeed before a slowed limiter doubles its rate again.
const STREAK: u32 = 10;

type Bucket<C> = RateLimiter<NotKeyed, InMemoryState, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// A token bucket for one API in one account and Region.
///
/// On a throttling answer its rate halves and its stored tokens are gone, since AWS's own bucket is
/// empty then, whoever emptied it. After a streak of successes the rate doubles again, up to its own.
pub struct Limiter<C: Clock = MonotonicClock> {
    clock: C,
    /// Tokens in a second at full rate.
    refill: f64,
    /// Tokens that the bucket holds at full rate.
    burst: NonZeroU32,
    state: Mutex<State<C>>,
}

/// A token, as of one change of the limiter's rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn(u64);

struct State<C: Clock> {
    bucket: Arc<Bucket<C>>,
    /// How many times the rate has changed.
    changes: u64,
    /// The rate is halved so many times.
    slowed: u32,
    /// Successes in a row since the last change.
    streak: u32,
}

impl Limiter {
    /// A limiter at a share of a published rate.
    pub fn new(rate: &Rate, share: f64) -> Self {
        Self::with_clock(rate, share, MonotonicClock)
    }
}

impl<C: Clock + Clone> Limiter<C> {
    fn with_clock(rate: &Rate, share: f64, clock: C) -> Self {
        let refill = f64::from(rate.refill_per_second) * share;
        // Rounded down, but a bucket has to hold one token to let anything through.
        let burst = NonZeroU32::new((f64::from(rate.burst) * share) as u32);
        let burst = burst.unwrap_or(NonZeroU32::MIN);
        Self {
            refill,
            burst,
            state: Mutex::new(State {
                bucket: Arc::new(bucket(refill, burst, clock.clone())),
                changes: 0,
                slowed: 0,
                streak: 0,
            }),
            clock,
        }
    }

    /// Takes a token, or says how long it takes until there may be one.
    ///
    /// # Errors
    /// The time to wait before asking again.
    pub fn take(&self) -> Result<Turn, Duration> {
        let (bucket, turn) = {
            let state = self.lock();
            (state.bucket.clone(), Turn(state.changes))
        };
        let now = self.clock.now();
        bucket.check().map(|()| turn).map_err(|not_yet| {
            // Never zero, so that waiting always makes progress.
            not_yet.wait_time_from(now).max(Duration::from_millis(1))
        })
    }

    /// AWS throttled the request that was sent in this turn. Of many that were in flight together,
    /// only the first counts: they all met the same empty bucket.
    pub fn throttled(&self, turn: Turn) {
        let mut state = self.lock();
        if turn.0 != state.changes {
            return;
        }
        state.streak = 0;
        state.slowed = (state.slowed + 1).min(SLOWEST);
        self.rebuild(&mut state);
    }

    /// AWS answered a request.
    pub fn succeeded(&self) {
        let mut state = self.lock();
        if state.slowed == 0 {
            return;
        }
        state.streak += 1;
        if state.streak >= STREAK {
            state.streak = 0;
            state.slowed -= 1;
            self.rebuild(&mut state);
        }
    }

    /// How many times the rate is halved at the moment.
    pub fn slowed(&self) -> u32 {
        self.lock().slowed
    }

    fn rebuild(&self, state: &mut State<C>) {
        let refill = self.refill / f64::from(1_u32 << state.slowed);
        let burst = if state.slowed == 0 {
            self.burst
        } else {
            NonZeroU32::MIN
        };
        state.changes += 1;
        state.bucket = Arc::new(bucket(refill, burst, self.clock.clone()));
        // The new bucket starts full; AWS's is empty, or filling up again.
        let _ = state.bucket.check_n(burst);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C: Clock> std::fmt::Debug for Limiter<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Limiter")
            .field("refill", &self.refill)
            .field("burst", &self.burst)
            .finish_non_exhaustive()
    }
}

fn bucket<C: Clock>(refill: f64, burst: NonZeroU32, clock: C) -> Bucket<C> {
    let period = Duration::from_secs_f64(1.0 / refill).max(Duration::from_nanos(1));
    let quota = Quota::with_period(period).unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN));
    RateLimiter::direct_with_clock(quota.allow_burst(burst), clock)
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;
    use governor::nanos::Nanos;

    use super::*;

    const RATE: Rate = Rate {
        burst: 20,
        refill_per_second: 10,
        source: "https://example.com",
    };

    fn limiter(share: f64) -> Limiter<FakeRelativeClock> {
        Limiter::with_clock(&RATE, share, FakeRelativeClock::default())
    }

    /// How many tokens can be had in so many seconds.
    fn tokens_in(limiter: &Limiter<FakeRelativeClock>, seconds: u64) -> u32 {
        let end = limiter.clock.now() + Nanos::from(Duration::from_secs(seconds));
        let mut taken = 0;
        while limiter.clock.now() < end {
            match limiter.take() {
                Ok(_) => taken += 1,
                Err(wait) => limiter.clock.advance(wait),
            }
        }
        taken
    }

    #[test]
    fn half_the_share_gives_half_the_burst_and_half_the_rate() {
        let limiter = limiter(0.5);
        let taken = tokens_in(&limiter, 10);
        assert!((10 + 49..=10 + 51).contains(&taken), "{taken}");
    }

    #[test]
    fn throttling_empties_the_bucket_and_halves_the_rate() {
        let limiter = limiter(1.0);
        let turn = limiter.take().unwrap();
        limiter.throttled(turn);
        assert!(limiter.take().is_err());
        let taken = tokens_in(&limiter, 10);
        assert!((48..=51).contains(&taken), "{taken}");
    }

    #[test]
    fn requests_that_were_in_flight_together_slow_down_once() {
        let limiter = limiter(1.0);
        let turns: Vec<_> = (0..16).map(|_| limiter.take().unwrap()).collect();
        for turn in turns {
            limiter.throttled(turn);
        }
        assert_eq!(limiter.slowed(), 1);
    }

    #[test]
    fn it_slows_down_to_a_sixty_fourth_and_recovers_by_successes() {
        let limiter = limiter(1.0);
        for _ in 0..100 {
            limiter.clock.advance(Duration::from_secs(10));
            let turn = limiter.take().unwrap();
            limiter.throttled(turn);
        }
        assert_eq!(limiter.slowed(), SLOWEST);
        for _ in 0..STREAK * SLOWEST {
            limiter.succeeded();
        }
        assert_eq!(limiter.slowed(), 0);
        let taken = tokens_in(&limiter, 10);
        assert!(
            (99..=101).contains(&taken),
            "an empty bucket at full rate: {taken}"
        );
    }

    #[test]
    fn the_smallest_share_still_lets_something_through() {
        let limiter = limiter(0.01);
        assert!(limiter.take().is_ok());
        let wait = limiter.take().unwrap_err();
        assert_eq!(wait.as_secs(), 10);
    }
}
