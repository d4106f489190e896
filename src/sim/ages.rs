//! Times that are ages: in answers about passwords and keys a recording has them counted back from one
//! day, and they are given out counted back from today. Otherwise every key would be old one day.

use std::ops::Range;

use jiff::civil::Date;

/// The day that a recording's times are counted back from.
pub const DAY: Date = jiff::civil::date(2026, 1, 15);

/// The length of `2026-01-15T09:00:00`.
const LENGTH: usize = 19;

/// Whether the times in an answer are ages. Others stand for whatever day, or are the same every day.
pub fn has_ages(service: &str, operation: &str) -> bool {
    const OPERATIONS: &[&str] = &[
        "GetCredentialReport",
        "GetLoginProfile",
        "ListAccessKeys",
        "ListUsers",
    ];
    service == "iam" && OPERATIONS.contains(&operation)
}

/// Where the times are in a text, without their zones, and how many days before [`DAY`].
pub(super) fn ages(text: &str) -> Vec<(Range<usize>, i64)> {
    let found = text.match_indices('T').filter_map(|(middle, _)| {
        let start = middle.checked_sub(10)?;
        let range = start..start + LENGTH;
        let date: Date = text.get(start..middle)?.parse().ok()?;
        let clock = text.get(middle + 1..range.end)?;
        clock.parse::<jiff::civil::Time>().ok()?;
        let days = (DAY - date).get_days();
        Some((range, i64::from(days)))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_with_their_ages() {
        let text = "ann,2026-01-14T09:00:00+00:00,TRUE,2026-01-15T09:00:00Z";
        let found = ages(text);
        let found: Vec<_> = found
            .into_iter()
            .map(|(at, age)| (&text[at], age))
            .collect();
        assert_eq!(
            found,
            [("2026-01-14T09:00:00", 1), ("2026-01-15T09:00:00", 0)]
        );
        assert_eq!(ages("N/A,no_information,T,é2026-01-1T09:00:00"), []);
    }

    #[test]
    fn ages_are_in_what_is_about_passwords_and_keys() {
        assert!(has_ages("iam", "GetCredentialReport"));
        assert!(!has_ages("iam", "ListServerCertificates"));
        assert!(!has_ages("ec2", "DescribeVolumes"));
    }
}
