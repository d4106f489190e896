//! The time of day, as an input.
//!
//! What is dated ahead of the clock came from a machine whose clock was wrong, or from an event with a
//! wrong time. It is refused, or named and left out: everything after it would look older, and be taken
//! for what was known before.

use jiff::{SignedDuration, Timestamp};

/// How far ahead of the clock a time may be: clocks differ a little, and schedules begin early.
pub const TOLERANCE: SignedDuration = SignedDuration::from_mins(10);

/// Where the time of day comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// This machine.
    #[default]
    System,
    /// It stands still.
    Fixed(Timestamp),
}

/// A time that is ahead of the clock.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{what} is {time}, more than {} minutes ahead of this machine's clock ({now}); correct the clock or \
     the time",
    TOLERANCE.as_mins()
)]
pub struct FutureTimestamp {
    /// What has the time, as the beginning of a sentence.
    pub what: String,
    /// The time.
    pub time: Timestamp,
    /// The clock.
    pub now: Timestamp,
}

impl Clock {
    /// The time.
    pub fn now(self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Fixed(time) => time,
        }
    }

    /// The latest time that is not ahead.
    pub fn latest(self) -> Timestamp {
        self.now().checked_add(TOLERANCE).unwrap_or(Timestamp::MAX)
    }

    /// Whether a time is ahead.
    pub fn is_ahead(self, time: Timestamp) -> bool {
        time > self.latest()
    }

    /// Refuses a time that is ahead.
    ///
    /// # Errors
    /// [`FutureTimestamp`]
    pub fn refuse_ahead(
        self,
        what: impl Into<String>,
        time: Timestamp,
    ) -> Result<(), FutureTimestamp> {
        match self.is_ahead(time) {
            false => Ok(()),
            true => Err(FutureTimestamp {
                what: what.into(),
                time,
                now: self.now(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_minutes_ahead_are_not_refused_and_more_are() {
        let now: Timestamp = "2026-11-22T06:00:00Z".parse().unwrap();
        let clock = Clock::Fixed(now);
        let refused = |time: Timestamp| clock.refuse_ahead("the start", time);
        assert_eq!(refused(Timestamp::MIN), Ok(()));
        assert_eq!(refused(now + TOLERANCE), Ok(()));
        let late = now + TOLERANCE + SignedDuration::from_nanos(1);
        let error = refused(late).unwrap_err().to_string();
        for part in [
            "the start is 2026-11-22T06:10:00",
            "10 minutes",
            "2026-11-22T06:00:00Z",
        ] {
            assert!(error.contains(part), "{error}");
        }
        assert_eq!(
            Clock::Fixed(Timestamp::MAX).refuse_ahead("", Timestamp::MAX),
            Ok(())
        );
    }
}
