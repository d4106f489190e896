//! What checks of passwords and access keys share: how old they are, and where that was read.

use jiff::Timestamp;

use super::words;
use crate::model::{AccessKey, UserSource};

/// Whole days from one time to another; what is in the future is no day old.
pub(super) fn days(from: Timestamp, now: Timestamp) -> u64 {
    let hours = now.duration_since(from).as_hours().max(0);
    hours.unsigned_abs() / 24
}

/// Which of a user's two access keys it is: part of a finding's identity.
pub(super) fn part(key: &AccessKey) -> String {
    format!("access key {}", key.place)
}

/// Where the users were read. It matters, for IAM makes a new credential report only when the last one
/// is more than four hours old: a device registered since then is not in it.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html>
pub(super) fn note(source: &UserSource) -> String {
    match source {
        UserSource::CredentialReport {
            generated,
            age_minutes,
        } => format!(
            "IAM credential report of {generated}, {} old",
            words::count(age_minutes.unsigned_abs(), "minute")
        ),
        UserSource::PerUserCalls { because } => format!(
            "read with calls per user, because the credential report could not be had: {because}"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{NOW, denied};

    #[test]
    fn days_are_whole_ones() {
        let now: Timestamp = NOW.parse().unwrap();
        let of = |from: &str| days(from.parse().unwrap(), now);
        assert_eq!(of(NOW), 0);
        assert_eq!(of("2026-11-14T03:00:01Z"), 0);
        assert_eq!(of("2026-11-14T03:00:00Z"), 1);
        assert_eq!(of("2026-08-17T02:59:59Z"), 90);
        assert_eq!(of("2027-01-01T00:00:00Z"), 0);
    }

    #[test]
    fn the_note_says_where_the_users_were_read() {
        let report = |age_minutes| UserSource::CredentialReport {
            generated: "2026-11-22T10:00:00Z".parse().unwrap(),
            age_minutes,
        };
        assert_eq!(
            note(&report(35)),
            "IAM credential report of 2026-11-22T10:00:00Z, 35 minutes old"
        );
        assert!(note(&report(1)).ends_with("1 minute old"));
        let because = denied("iam:GenerateCredentialReport");
        assert_eq!(
            note(&UserSource::PerUserCalls { because }),
            "read with calls per user, because the credential report could not be had: \
             iam:GenerateCredentialReport: denied by a service control policy"
        );
    }
}
