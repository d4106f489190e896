//! A token bucket. Pure: the time is an input.

use std::time::Duration;

use tokio::time::Instant;

/// The longest time that one token may take to arrive, which keeps the arithmetic of times in range.
const SLOWEST_PERIOD: Duration = Duration::from_secs(86_400);

/// A token bucket, stored as the time at which it will be full.
#[derive(Debug)]
pub(super) struct Bucket {
    /// How long one token takes to arrive.
    period: Duration,
    /// Tokens in a full bucket.
    burst: u32,
    /// When the bucket will be full.
    full_at: Instant,
}

impl Bucket {
    /// A full bucket. `refill` is in tokens per second, `burst` at least 1.
    pub(super) fn full(refill: f64, burst: u32, now: Instant) -> Self {
        let period = Duration::try_from_secs_f64(1.0 / refill).unwrap_or(SLOWEST_PERIOD);
        Self {
            period: period.clamp(Duration::from_nanos(1), SLOWEST_PERIOD),
            burst,
            full_at: now,
        }
    }

    /// An empty bucket.
    pub(super) fn empty(refill: f64, burst: u32, now: Instant) -> Self {
        let mut bucket = Self::full(refill, burst, now);
        bucket.full_at = now + bucket.period * burst;
        bucket
    }

    /// Tokens in a full bucket.
    pub(super) fn burst(&self) -> u32 {
        self.burst
    }

    /// How long it takes until the bucket contains so many tokens. Zero if it does already.
    pub(super) fn time_until(&self, tokens: u32, now: Instant) -> Duration {
        let until_full = self.full_at.saturating_duration_since(now);
        let may_be_missing = self.burst.saturating_sub(tokens);
        until_full.saturating_sub(self.period * may_be_missing)
    }

    /// Takes a token that is there.
    pub(super) fn take(&mut self, now: Instant) {
        self.full_at = self.full_at.max(now) + self.period;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_contains_its_burst_and_fills_up_at_its_rate() {
        let start = Instant::now();
        let mut bucket = Bucket::full(10.0, 3, start);
        for tokens in 1..=3 {
            assert_eq!(bucket.time_until(tokens, start), Duration::ZERO);
        }
        for _ in 0..3 {
            assert_eq!(bucket.time_until(1, start), Duration::ZERO);
            bucket.take(start);
        }
        let millis = Duration::from_millis;
        assert_eq!(bucket.time_until(1, start), millis(100));
        assert_eq!(bucket.time_until(3, start), millis(300));
        let later = start + millis(250);
        assert_eq!(bucket.time_until(2, later), Duration::ZERO);
        assert_eq!(bucket.time_until(3, later), millis(50));
        // It never contains more than its burst.
        let much_later = start + Duration::from_secs(60);
        for _ in 0..3 {
            bucket.take(much_later);
        }
        assert_eq!(bucket.time_until(1, much_later), millis(100));
    }

    #[test]
    fn the_slowest_rates_keep_the_arithmetic_in_range() {
        let now = Instant::now();
        for refill in [0.0, 1e-300, f64::INFINITY, f64::NAN] {
            let mut bucket = Bucket::empty(refill, 5_500, now);
            bucket.take(now);
            assert!(bucket.time_until(1, now) <= SLOWEST_PERIOD * 2, "{refill}");
        }
    }
}
