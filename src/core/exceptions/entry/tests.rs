//! Every way to match, and the edges of time.

use std::collections::BTreeMap;

use super::*;
use crate::model::{Region, Severity, TargetOutcome, Verdict};
use crate::testing::{BUCKETS, USERS, VOLUMES, account, id, region, violation};

const VOLUME: &str = "arn:aws:ec2:eu-west-1:111100000001:volume/vol-1";

fn target(check: &str, scope: TargetScope) -> TargetVerdict {
    TargetVerdict {
        check_id: check.into(),
        scope,
        outcome: TargetOutcome::Evaluated(Verdict::default()),
    }
}

fn entry(change: impl FnOnce(&mut Exception)) -> ExceptionEntry {
    let mut exception = Exception::default();
    change(&mut exception);
    ExceptionEntry::of_findings(exception, "x".into()).unwrap()
}

/// Whether an exception matches a volume in eu-west-1 of account 1, which lies in Work/Prod.
fn matches(change: impl FnOnce(&mut Exception)) -> bool {
    let entry = entry(change);
    let mut account = account(1, "prod-web", "Work/Prod");
    account.tags = BTreeMap::from([("env".into(), "production".into())]);
    let mut volume = violation(VOLUME, Severity::High);
    volume.part = "tcp 443 from 0.0.0.0/0".into();
    let target = target(VOLUMES, region("eu-west-1"));
    entry.concerns(&account) && entry.matches_finding(&target, &volume)
}

#[test]
fn every_field_that_is_set_has_to_match() {
    type ExceptionChange = fn(&mut Exception);
    let both: [(ExceptionChange, ExceptionChange); 9] = [
        (
            |e| e.checks = vec![VOLUMES.into()],
            |e| e.checks = vec![BUCKETS.into()],
        ),
        (
            |e| e.accounts.ids = vec![id(1)],
            |e| e.accounts.ids = vec![id(2)],
        ),
        (
            |e| e.accounts.ous = vec!["Work".into()],
            |e| e.accounts.ous = vec!["Prod".into()],
        ),
        (
            |e| e.accounts.ous = vec!["ou-a1b2-prod".into()],
            |e| e.accounts.ous = vec!["ou-a1b2-test".into()],
        ),
        (
            |e| e.accounts.names = vec!["prod-*".into()],
            |e| e.accounts.names = vec!["test-*".into()],
        ),
        (
            |e| drop(e.accounts.tags.insert("env".into(), "prod*".into())),
            |e| drop(e.accounts.tags.insert("env".into(), "prod".into())),
        ),
        (
            |e| e.regions = vec!["eu-*".into()],
            |e| e.regions = vec!["global".into()],
        ),
        (
            |e| e.resources = vec!["*/vol-?".into()],
            |e| e.resources = vec!["vol-1".into()],
        ),
        (
            |e| e.parts = vec!["tcp 443 from *".into()],
            |e| e.parts = vec!["tcp 22 from *".into()],
        ),
    ];
    assert!(matches(|_| ()));
    assert!(matches(|e| both
        .iter()
        .take(8)
        .for_each(|(fits, _)| fits(e))));
    for (number, (fits, does_not)) in both.iter().enumerate() {
        assert!(matches(fits), "{number}");
        assert!(!matches(does_not), "{number}");
        // Not another way to name accounts: one of these is enough.
        let other = both[if number == 0 { 6 } else { 0 }].0;
        assert!(
            !matches(|e| {
                other(e);
                does_not(e);
            }),
            "{number}"
        );
    }
}

#[test]
fn one_of_several_values_is_enough() {
    assert!(matches(|e| e.checks = vec![BUCKETS.into(), VOLUMES.into()]));
    assert!(matches(|e| e.resources = vec!["a".into(), VOLUME.into()]));
    assert!(matches(|e| {
        e.accounts.ids = vec![id(2)];
        e.accounts.names = vec!["prod-*".into()];
    }));
}

#[test]
fn a_buckets_own_region_counts_and_not_where_it_was_listed() {
    let target = target(BUCKETS, TargetScope::Global);
    let mut bucket = violation("arn:aws:s3:::b", Severity::High);
    bucket.region = Some(Region::new("eu-west-1"));
    assert!(entry(|e| e.regions = vec!["eu-west-1".into()]).matches_finding(&target, &bucket));
    assert!(!entry(|e| e.regions = vec!["global".into()]).matches_finding(&target, &bucket));
}

#[test]
fn it_applies_to_the_end_of_its_last_day_and_is_announced_two_weeks_ahead() {
    let state = |expires: &str, today: &str| {
        let entry = entry(|e| e.expires = Some(expires.parse().unwrap()));
        entry.state(today.parse().unwrap())
    };
    use ExceptionState::{Active, Expired, Expiring};
    assert_eq!(state("2027-01-31", "2027-01-31"), Expiring);
    assert_eq!(state("2027-01-31", "2027-02-01"), Expired);
    assert_eq!(state("2027-01-31", "2027-01-17"), Expiring);
    assert_eq!(state("2027-01-31", "2027-01-16"), Active);
    // A leap day is a day like any other.
    assert_eq!(state("2028-02-29", "2028-02-29"), Expiring);
    assert_eq!(state("2028-02-29", "2028-03-01"), Expired);
    assert_eq!(state("2028-02-28", "2028-02-29"), Expired);
    assert_eq!(state("2027-01-31", "9999-12-31"), Expired);
    assert_eq!(state("9999-12-31", "9999-12-30"), Expiring);
    let forever = entry(|e| e.checks = vec![USERS.into()]);
    assert_eq!(forever.state("9999-12-31".parse().unwrap()), Active);
}

fn gap_entry(change: impl FnOnce(&mut ExpectedGap)) -> ExceptionEntry {
    let mut gap = ExpectedGap::default();
    change(&mut gap);
    ExceptionEntry::of_gaps(gap, "x".into())
}

/// Whether the gap of a denied `ec2:DescribeVolumes` is expected in a scope.
fn expects(change: impl FnOnce(&mut ExpectedGap), scope: &str) -> bool {
    let gap = Gap::new("ec2:DescribeVolumes", Cause::DeniedByScp);
    gap_entry(change).matches_gap(&gap, &TargetScope::from(scope))
}

#[test]
fn a_gap_has_to_match_in_everything_too() {
    let here = "eu-west-1";
    assert!(expects(|_| (), here) && expects(|_| (), "global"));
    assert!(expects(|g| g.regions.push("eu-*".into()), here));
    assert!(!expects(|g| g.regions.push("eu-*".into()), "us-east-1"));
    assert!(!expects(|g| g.regions.push("eu-*".into()), "global"));
    assert!(expects(|g| g.regions.push("global".into()), "global"));
    assert!(expects(|g| g.actions.push("ec2:*".into()), here));
    assert!(!expects(|g| g.actions.push("EC2:*".into()), here));
    assert!(!expects(|g| g.actions.push("s3:*".into()), here));
    assert!(expects(|g| g.causes.push(Cause::DeniedByScp), here));
    assert!(!expects(|g| g.causes.push(Cause::Throttled), here));
    let several = |g: &mut ExpectedGap| {
        g.regions.push("eu-*".into());
        g.actions.push("s3:*".into());
    };
    assert!(!expects(several, here));
}

#[test]
fn that_there_was_no_time_is_expected_only_by_name() {
    let gap = Gap::new("ec2:DescribeVolumes", Cause::DeadlineExceeded);
    assert!(!gap_entry(|_| ()).matches_gap(&gap, &TargetScope::Global));
    let named = gap_entry(|g| g.causes.push(Cause::DeadlineExceeded));
    assert!(named.matches_gap(&gap, &TargetScope::Global));
}

#[test]
fn neither_kind_matches_the_others_things() {
    let gap = Gap::new("ec2:DescribeVolumes", Cause::DeniedByScp);
    assert!(!entry(|_| ()).matches_gap(&gap, &TargetScope::Global));
    let target = target(VOLUMES, region("eu-west-1"));
    let volume = violation(VOLUME, Severity::High);
    assert!(!gap_entry(|_| ()).matches_finding(&target, &volume));
}

#[test]
fn its_matches_have_a_description() {
    let one = entry(|e| {
        e.checks = vec![BUCKETS.into()];
        e.accounts.ids = vec![id(1)];
        e.accounts.tags.insert("env".into(), "dev".into());
        e.resources = vec!["arn:aws:s3:::web".into()];
    });
    let description = "account with id 111100000001 or tag env=dev; check s3-bucket-public; \
                 resource arn:aws:s3:::web";
    assert_eq!(one.description, description);
    assert_eq!(gap_entry(|_| ()).description, "everything");
}
