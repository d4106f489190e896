//! Gaps that the configuration declares as meant to be.

use jiff::civil::Date;

use super::Settings;
use crate::config::{ExpectedGap, glob};
use crate::model::{Account, Cause, Gap, Place, TargetOutcome, Verdict};

/// The first declaration that a gap falls under, if any. `place` is where the gap was met: a gap of the
/// account as a whole is met in [`Place::Global`].
pub fn expected<'a>(
    gap: &Gap,
    account: &Account,
    place: &Place,
    gaps: &'a [ExpectedGap],
    today: Date,
) -> Option<&'a ExpectedGap> {
    gaps.iter().find(|declared| {
        declared.expires >= today
            && (declared.causes.contains(&gap.cause)
                // That there was no time says nothing about the account.
                || declared.causes.is_empty() && gap.cause != Cause::Deadline)
            && (declared.accounts.is_empty() || declared.accounts.matches(account))
            && any(&declared.regions, place.as_str())
            && any(&declared.actions, &gap.action)
    })
}

/// Whether one of the globs matches, or there are none.
fn any(globs: &[String], text: &str) -> bool {
    globs.is_empty() || globs.iter().any(|pattern| glob(pattern, text))
}

/// Until when, why and by whom a gap is expected: `expected until 2027-01-31: sandbox (platform team)`.
pub fn in_words(declared: &ExpectedGap) -> String {
    let ExpectedGap {
        expires,
        reason,
        owner,
        ..
    } = declared;
    format!("expected until {expires}: {reason} ({owner})")
}

/// Takes the expected gaps out of a verdict. Where nothing is left to say the target counts as skipped.
pub(super) fn apply(
    verdict: Verdict,
    account: &Account,
    place: &Place,
    settings: &Settings<'_>,
) -> TargetOutcome {
    let mut left = Verdict {
        gaps: Vec::new(),
        ..verdict
    };
    let mut details = Vec::new();
    for gap in verdict.gaps {
        let declared = expected(&gap, account, place, settings.expected_gaps, settings.today);
        match declared.map(in_words) {
            Some(words) => {
                // The gap leaves the verdict, so the note has to name it.
                push_new(&mut left.notes, format!("{gap}; {words}"));
                push_new(&mut details, words);
                left.expected_gaps.push(gap);
            }
            None => left.gaps.push(gap),
        }
    }
    match left.expected_gaps.first() {
        Some(gap) if left.gaps.is_empty() && left.examined == 0 && left.violations.is_empty() => {
            TargetOutcome::Skipped {
                detail: details.join("; "),
                gap: gap.clone(),
            }
        }
        _ => TargetOutcome::Judged(left),
    }
}

/// Gaps that differ in their details alone read the same.
fn push_new(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AccountState, Region};

    fn account() -> Account {
        Account {
            id: "111122223333".parse().unwrap(),
            name: "sandbox-7".into(),
            state: AccountState::Active,
            ou_ids: Vec::new(),
            ou_path: String::new(),
            tags: Default::default(),
        }
    }

    fn declared() -> ExpectedGap {
        ExpectedGap {
            accounts: Default::default(),
            regions: Vec::new(),
            actions: Vec::new(),
            causes: Vec::new(),
            reason: "sandbox".into(),
            owner: "platform team".into(),
            expires: "2027-01-31".parse().unwrap(),
        }
    }

    /// Whether the gap of a denied `ec2:DescribeVolumes` is expected in a place on a day.
    fn is_expected_on(declared: ExpectedGap, place: &str, today: &str) -> bool {
        let gap = Gap::new("ec2:DescribeVolumes", Cause::DeniedByScp);
        let place = Place::from(place.to_owned());
        let today = today.parse().unwrap();
        expected(&gap, &account(), &place, &[declared], today).is_some()
    }

    fn is_expected(change: impl FnOnce(&mut ExpectedGap), place: &str) -> bool {
        let mut declared = declared();
        change(&mut declared);
        is_expected_on(declared, place, "2026-11-22")
    }

    #[test]
    fn what_is_left_out_matches_everything() {
        assert!(is_expected(|_| (), "eu-west-1"));
        assert!(is_expected(|_| (), "global"));
    }

    #[test]
    fn that_there_was_no_time_is_expected_only_by_name() {
        let gap = Gap::new("ec2:DescribeVolumes", Cause::Deadline);
        let mut named = declared();
        named.causes.push(Cause::Deadline);
        let today = "2026-11-22".parse().unwrap();
        let place = Place::from("eu-west-1".to_owned());
        for (declared, expects) in [(declared(), false), (named, true)] {
            let found = expected(&gap, &account(), &place, &[declared], today).is_some();
            assert_eq!(found, expects);
        }
    }

    #[test]
    fn it_applies_up_to_its_last_day() {
        assert!(is_expected_on(declared(), "eu-west-1", "2027-01-31"));
        assert!(!is_expected_on(declared(), "eu-west-1", "2027-02-01"));
    }

    #[test]
    fn every_condition_has_to_hold() {
        let here = "eu-west-1";
        assert!(is_expected(
            |d| d.accounts.names.push("sandbox-*".into()),
            here
        ));
        assert!(!is_expected(
            |d| d.accounts.names.push("prod-*".into()),
            here
        ));
        assert!(is_expected(|d| d.regions.push("eu-*".into()), here));
        assert!(!is_expected(|d| d.regions.push("eu-*".into()), "us-east-1"));
        assert!(!is_expected(|d| d.regions.push("eu-*".into()), "global"));
        assert!(is_expected(|d| d.regions.push("global".into()), "global"));
        assert!(is_expected(|d| d.actions.push("ec2:*".into()), here));
        assert!(!is_expected(|d| d.actions.push("EC2:*".into()), here));
        assert!(!is_expected(|d| d.actions.push("s3:*".into()), here));
        assert!(is_expected(|d| d.causes.push(Cause::DeniedByScp), here));
        assert!(!is_expected(|d| d.causes.push(Cause::Throttled), here));
        let several = |d: &mut ExpectedGap| {
            d.regions.push("eu-*".into());
            d.actions.push("s3:*".into());
        };
        assert!(!is_expected(several, here));
    }

    #[test]
    fn the_first_declaration_wins() {
        let mut other = declared();
        other.reason = "other".into();
        let gap = Gap::new("iam:ListUsers", Cause::DeniedByScp);
        let gaps = [declared(), other];
        let today = "2026-11-22".parse().unwrap();
        let place = Place::Region(Region::new("eu-west-1"));
        let found = expected(&gap, &account(), &place, &gaps, today).unwrap();
        assert_eq!(
            in_words(found),
            "expected until 2027-01-31: sandbox (platform team)"
        );
    }
}
