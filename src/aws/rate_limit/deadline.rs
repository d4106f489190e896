//! The time by which work has to end.

use std::time::Duration;

use orgscan_core::settings::Config;
use tokio::time::Instant;

use super::clock::Clock;

/// The time by which work has to end, if there is one.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// No deadline.
    pub fn never() -> Self {
        Self(None)
    }

    /// When a run of this configuration that begins now has to be over.
    pub fn of(config: &Config) -> Self {
        let seconds = config.timeouts.run_seconds;
        seconds.map_or_else(Self::never, |seconds| {
            Self::after(Duration::from_secs(seconds))
        })
    }

    /// So long from now.
    pub fn after(time: Duration) -> Self {
        Self(Instant::now().checked_add(time))
    }

    /// The earlier of two.
    #[must_use]
    pub fn or_earlier(self, other: Self) -> Self {
        match (self.0, other.0) {
            (Some(a), Some(b)) => Self(Some(a.min(b))),
            (one, other) => Self(one.or(other)),
        }
    }

    /// The same deadline, so much earlier. One that would lie before the beginning of the clock is over.
    #[must_use]
    pub fn earlier_by(self, time: Duration) -> Self {
        let earlier = |at: Instant| at.checked_sub(time).unwrap_or_else(Instant::now);
        Self(self.0.map(earlier))
    }

    /// Time left: zero once it has passed, none without a deadline.
    pub fn remaining(self) -> Option<Duration> {
        self.0
            .map(|at| at.saturating_duration_since(Instant::now()))
    }

    /// Whether it has passed.
    pub fn is_over(self) -> bool {
        self.remaining()
            .is_some_and(|remaining| remaining.is_zero())
    }

    /// Sleeps, unless the deadline comes before the end of it.
    ///
    /// # Errors
    /// At once and without sleeping, when the deadline comes first.
    pub async fn sleep(self, time: Duration) -> Result<(), DeadlineFirst> {
        if self.remaining().is_some_and(|remaining| remaining < time) {
            return Err(DeadlineFirst);
        }
        tokio::time::sleep(time).await;
        Ok(())
    }

    /// Waits for something, until the deadline at the latest.
    ///
    /// # Errors
    /// At the deadline.
    pub(super) async fn cut<T>(
        self,
        clock: &impl Clock,
        wait: impl Future<Output = T>,
    ) -> Result<T, DeadlineFirst> {
        let Some(at) = self.0 else {
            return Ok(wait.await);
        };
        tokio::select! {
            biased;
            result = wait => Ok(result),
            () = clock.sleep_until(at) => Err(DeadlineFirst),
        }
    }

    /// Whether it comes before a time.
    pub(super) fn is_before(self, time: Instant) -> bool {
        self.0.is_some_and(|at| at < time)
    }
}

#[cfg(test)]
impl Deadline {
    pub(super) fn at(time: Instant) -> Self {
        Self(Some(time))
    }
}

/// The deadline comes before the end of a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeadlineFirst;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_wait_beyond_the_deadline_is_not_started() {
        let deadline = Deadline::after(Duration::from_secs(600));
        let hour = Duration::from_secs(3_600);
        assert_eq!(deadline.sleep(hour).await, Err(DeadlineFirst));
        assert_eq!(deadline.sleep(Duration::from_millis(1)).await, Ok(()));
        assert!(!deadline.is_over());
        assert!(deadline.earlier_by(Duration::from_secs(600)).is_over());
        // Not the later time, where the earlier one lies before the beginning of the clock.
        assert!(deadline.earlier_by(Duration::MAX).is_over());
        assert!(!Deadline::never().earlier_by(Duration::MAX).is_over());
        assert!(!Deadline::never().is_over());
        let over = Deadline::after(Duration::ZERO);
        assert!(deadline.or_earlier(over).is_over() && over.or_earlier(deadline).is_over());
        assert!(!Deadline::never().or_earlier(deadline).is_over());
    }
}
