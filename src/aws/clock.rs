//! Whether this machine's clock agrees with AWS.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use jiff::Timestamp;

/// How far apart the clock and AWS may be. AWS refuses signatures that are older than five minutes
/// (S3: fifteen), so a larger difference fails sooner or later; and a run that is dated wrongly would
/// be compared wrongly for good.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html>
const TOLERATED: Duration = Duration::from_secs(600);

/// The clock and AWS are too far apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this machine's clock says {clock}, AWS's response {answer}: they are more than {} minutes apart",
    TOLERATED.as_secs() / 60
)]
pub(super) struct WrongClock {
    clock: Timestamp,
    answer: Timestamp,
}

/// What AWS's first answer says of the clock.
#[derive(Debug, Default)]
pub(super) struct FirstAnswer(OnceLock<Result<(), WrongClock>>);

impl FirstAnswer {
    /// Compares the date of the first answer that has one; later answers are not compared again.
    pub(super) fn check(&self, date: Option<&str>, now: SystemTime) -> Result<(), WrongClock> {
        match (self.0.get(), date.and_then(parse)) {
            (Some(known), _) => known.clone(),
            (None, None) => Ok(()),
            (None, Some(date)) => self.0.get_or_init(|| compare(date, now)).clone(),
        }
    }
}

fn parse(date: &str) -> Option<SystemTime> {
    let date = DateTime::from_str(date, Format::HttpDate).ok()?;
    SystemTime::try_from(date).ok()
}

fn compare(answer: SystemTime, clock: SystemTime) -> Result<(), WrongClock> {
    let apart = match answer.duration_since(clock) {
        Ok(ahead) => ahead,
        Err(behind) => behind.duration(),
    };
    match (Timestamp::try_from(clock), Timestamp::try_from(answer)) {
        (Ok(clock), Ok(answer)) if apart > TOLERATED => Err(WrongClock {
            clock: clock.round(jiff::Unit::Second).unwrap_or(clock),
            answer,
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Sun, 29 Nov 2026 09:00:00 GMT";

    fn clock(time: &str) -> SystemTime {
        time.parse::<Timestamp>().unwrap().into()
    }

    #[test]
    fn a_clock_more_than_ten_minutes_from_the_first_answer_is_wrong() {
        let cases = [
            ("2026-11-29T09:00:00Z", true),
            ("2026-11-29T09:10:00Z", true),
            ("2026-11-29T08:50:00Z", true),
            ("2026-11-29T09:10:01Z", false),
            ("2026-11-29T08:49:59Z", false),
            ("2099-01-01T00:00:00Z", false),
            ("1970-01-01T00:00:00Z", false),
        ];
        for (time, is_right) in cases {
            let checked = FirstAnswer::default().check(Some(DATE), clock(time));
            assert_eq!(checked.is_ok(), is_right, "{time}");
        }
        let wrong = FirstAnswer::default().check(Some(DATE), clock("2027-11-29T09:00:00.5Z"));
        assert_eq!(
            wrong.unwrap_err().to_string(),
            "this machine's clock says 2027-11-29T09:00:01Z, AWS's response 2026-11-29T09:00:00Z: \
             they are more than 10 minutes apart"
        );
    }

    #[test]
    fn an_answer_without_a_date_proves_nothing_and_the_first_with_one_counts() {
        let first = FirstAnswer::default();
        let wrong = clock("2030-01-01T00:00:00Z");
        assert_eq!(first.check(None, wrong), Ok(()));
        assert_eq!(first.check(Some("yesterday"), wrong), Ok(()));
        assert!(first.check(Some(DATE), wrong).is_err());
        assert!(first.check(None, wrong).is_err());
        // A clock that is set right later does not make what was signed and dated before right.
        assert!(
            first
                .check(Some(DATE), clock("2026-11-29T09:00:00Z"))
                .is_err()
        );
    }
}
