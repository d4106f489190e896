//! How long AWS takes to answer.

use std::collections::HashMap;
use std::time::Duration;

use super::call::Call;
use super::rng::SeededRng;

/// How far the 99th percentile lies from the median, in standard deviations.
const P99: f64 = 2.326_347_874;

/// The longest time, whatever is drawn.
const LONGEST: Duration = Duration::from_secs(300);

/// A lognormal distribution of times, which has the long tail that services have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latency {
    /// Half of the times are below.
    pub median: Duration,
    /// One in a hundred is above.
    pub p99: Duration,
}

impl Latency {
    /// What calls within a Region commonly take.
    pub const AWS: Self = Self {
        median: Duration::from_millis(40),
        p99: Duration::from_millis(250),
    };

    /// What IAM takes to make a credential report.
    pub const CREDENTIAL_REPORT: Self = Self {
        median: Duration::from_millis(1_500),
        p99: Duration::from_millis(6_000),
    };

    /// The time that belongs to a draw.
    pub(super) fn draw(&self, draw: SeededRng) -> Duration {
        let median = self.median.as_secs_f64();
        if median <= 0.0 {
            return Duration::ZERO;
        }
        let deviation = (self.p99.as_secs_f64() / median).max(1.0).ln() / P99;
        let seconds = median * (deviation * normal(draw)).exp();
        Duration::from_secs_f64(seconds.min(LONGEST.as_secs_f64()))
    }
}

/// A draw from the normal distribution (Box-Muller).
fn normal(draw: SeededRng) -> f64 {
    let radius = (-2.0 * (1.0 - draw.with_number(1).unit()).ln()).sqrt();
    radius * (std::f64::consts::TAU * draw.with_number(2).unit()).cos()
}

/// What all that is drawn about a request depends on: the seed, who asks where for what, and how
/// often that has failed before.
#[derive(Debug)]
pub(super) struct Draws {
    seed: u64,
    /// Only of requests that have failed: it is those that are asked again.
    failures: HashMap<u64, u32>,
}

impl Draws {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            seed,
            failures: HashMap::new(),
        }
    }

    /// The request, as a number.
    pub(super) fn request(&self, call: &Call, account: &str) -> u64 {
        let mut draw = SeededRng::new(self.seed)
            .with(account)
            .with(&call.region)
            .with(&call.service)
            .with(&call.operation);
        for (name, value) in &call.parameters {
            draw = draw.with(name).with(value);
        }
        draw.with(call.page_token.as_deref().unwrap_or_default())
            .bits()
    }

    /// The draw for a request that is asked now.
    pub(super) fn draw(&self, request: u64) -> SeededRng {
        let failures = self.failures.get(&request).copied().unwrap_or_default();
        SeededRng::new(request).with_number(u64::from(failures))
    }

    /// Notes that a request has failed, so that the next draw for it is another.
    pub(super) fn failed(&mut self, request: u64) {
        *self.failures.entry(request).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_median_and_the_tail_that_were_asked_for() {
        let mut times: Vec<_> = (0..20_000)
            .map(|n| Latency::AWS.draw(SeededRng::new(n)).as_secs_f64() * 1_000.0)
            .collect();
        times.sort_by(f64::total_cmp);
        let (median, p99) = (times[10_000], times[19_800]);
        assert!((38.0..42.0).contains(&median), "{median}");
        assert!((225.0..275.0).contains(&p99), "{p99}");
        let none = Latency {
            median: Duration::ZERO,
            p99: Duration::ZERO,
        };
        assert_eq!(none.draw(SeededRng::new(1)), Duration::ZERO);
    }

    #[test]
    fn the_same_request_draws_the_same_until_it_has_failed() {
        let call = |value: &str| {
            let mut call = Call {
                operation: "ListBuckets".into(),
                ..Call::default()
            };
            call.parameters.insert("prefix".into(), value.into());
            call
        };
        let mut draws = Draws::new(42);
        let request = draws.request(&call("a"), "111122223333");
        assert_eq!(request, draws.request(&call("a"), "111122223333"));
        assert_ne!(request, draws.request(&call("b"), "111122223333"));
        assert_ne!(request, draws.request(&call("a"), "444455556666"));
        let first = draws.draw(request).bits();
        assert_eq!(draws.draw(request).bits(), first);
        draws.failed(request);
        assert_ne!(draws.draw(request).bits(), first);
    }
}
