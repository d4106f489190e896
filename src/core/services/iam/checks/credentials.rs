//! What checks of passwords and access keys share: how old they are, and where that was read.

use jiff::Timestamp;

use crate::checks::format;
use crate::model::{Cause, Gap};
use crate::services::iam::{AccessKey, GET_CREDENTIAL_REPORT, User, UserSource};

/// Minutes of a day.
const DAY: u64 = 24 * 60;

/// Whole days from one time to another; what is in the future is no day old.
pub(super) fn days(from: Timestamp, now: Timestamp) -> u64 {
    let hours = now.duration_since(from).as_hours().max(0);
    hours.unsigned_abs() / 24
}

/// Which of a user's two access keys it is: part of a finding's identity.
pub(super) fn part(key: &AccessKey) -> String {
    format!("access key {}", key.slot)
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
            added,
        } => {
            let minutes = age_minutes.unsigned_abs();
            let age = match minutes {
                0..120 => format::count(minutes, "minute"),
                120.. => format::count(minutes / 60, "hour"),
            };
            let stale = match minutes > DAY {
                true => ", more than a day: changes since then are not in it",
                false => "",
            };
            let added = match added {
                0 => String::new(),
                added => format!(
                    "; {} missing from it read with calls per user",
                    format::count(*added, "user")
                ),
            };
            format!("IAM credential report of {generated}, {age} old{stale}{added}")
        }
        UserSource::PerUserCalls { because } => format!(
            "read with calls per user because the credential report was not available: {because}"
        ),
    }
}

/// Why nobody knows when a user's key was used: only the credential report tells.
pub(super) fn not_read(user: &User, source: &UserSource) -> Gap {
    let gap = match source {
        UserSource::PerUserCalls { because } => because.clone(),
        UserSource::CredentialReport { .. } => Gap {
            detail: "the credential report has no row for the user".to_owned(),
            ..Gap::new(GET_CREDENTIAL_REPORT.action, Cause::Malformed)
        },
    };
    gap.of(&user.name)
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
    fn the_note_names_the_source_of_the_users() {
        let report = |age_minutes| UserSource::CredentialReport {
            generated: "2026-11-22T10:00:00Z".parse().unwrap(),
            age_minutes,
            added: 0,
        };
        assert_eq!(
            note(&report(35)),
            "IAM credential report of 2026-11-22T10:00:00Z, 35 minutes old"
        );
        for (minutes, end) in [
            (1, ", 1 minute old"),
            (119, ", 119 minutes old"),
            (120, ", 2 hours old"),
            (1_440, ", 24 hours old"),
            (
                1_441,
                ", 24 hours old, more than a day: changes since then are not in it",
            ),
            (
                9_000,
                ", 150 hours old, more than a day: changes since then are not in it",
            ),
        ] {
            assert!(note(&report(minutes)).ends_with(end), "{minutes}");
        }
        let completed = UserSource::CredentialReport {
            generated: "2026-11-22T10:00:00Z".parse().unwrap(),
            age_minutes: 5,
            added: 2,
        };
        let end = "5 minutes old; 2 users missing from it read with calls per user";
        assert!(note(&completed).ends_with(end));
        let because = denied("iam:GenerateCredentialReport");
        assert_eq!(
            note(&UserSource::PerUserCalls { because }),
            "read with calls per user because the credential report was not available: \
             iam:GenerateCredentialReport: denied by a service control policy"
        );
    }
}
