use super::*;
use crate::checks::samples::{denied, evaluate_organization, missing};
use crate::facts::FactStore;
use crate::model::{Cause, Reading, Region, Verdict};
use crate::services::cloudtrail::samples::{owning, trail};
use crate::services::cloudtrail::{Trail, TrailList};
use crate::services::s3::samples::buckets;

/// An account with these buckets, each with access logs or not, and trails that deliver to some.
fn account(own: &[(&str, bool)], delivers_to: &[&str]) -> FactStore {
    let names: Vec<&str> = own.iter().map(|(name, _)| *name).collect();
    let trails = delivers_to.iter().map(|bucket| Trail {
        bucket: (*bucket).into(),
        ..trail("all")
    });
    let list = TrailList {
        own: trails.collect::<Vec<_>>().into(),
        ..TrailList::default()
    };
    let mut facts = buckets(&names).with::<Trails>(Reading::known(list));
    for (name, has_logs) in own {
        let logs = has_logs.then(|| "access-logs".to_owned());
        facts.put_of::<BucketLogging>(name, Reading::known(logs));
    }
    facts
}

/// What was examined, found and not known.
fn counts(verdict: &Verdict) -> (u64, usize, usize) {
    (
        verdict.resources_evaluated,
        verdict.violations.len(),
        verdict.gaps.len(),
    )
}

#[test]
fn a_bucket_of_another_account_is_found_there() {
    let archive = account(&[("trail-logs", false), ("website", false)], &[]);
    let (one, two) = (
        account(&[("other", false)], &["trail-logs"]),
        account(&[], &["trail-logs"]),
    );
    let verdicts = evaluate_organization(&CHECK, &[&one, &archive, &two]);
    let found: Vec<_> = verdicts.iter().map(counts).collect();
    assert_eq!(found, [(0, 0, 0), (1, 1, 0), (0, 0, 0)]);
    let violation = &verdicts[1].violations[0];
    assert_eq!(violation.resource, "arn:aws:s3:::trail-logs");
    assert_eq!(violation.region, Some(Region::new("eu-west-1")));
    assert_eq!(
        violation.message,
        "Bucket trail-logs has server access logging off and receives CloudTrail logs of 2 accounts"
    );
}

#[test]
fn the_bucket_of_an_organization_s_trail_has_logs_of_all() {
    let central = Trail {
        is_organization: true,
        ..trail("central")
    };
    let archive = account(&[("trail-logs", false)], &[]);
    let owner = owning(&[central]).with::<BucketList>(Reading::known(BucketList::default()));
    let verdicts = evaluate_organization(&CHECK, &[&owner, &archive]);
    assert_eq!(
        verdicts[1].violations[0].message,
        "Bucket trail-logs has server access logging off and receives CloudTrail logs of the organization"
    );
}

#[test]
fn a_bucket_with_access_logs_passes() {
    let archive = account(&[("trail-logs", true), ("website", false)], &["trail-logs"]);
    assert_eq!(
        counts(&evaluate_organization(&CHECK, &[&archive])[0]),
        (1, 0, 0)
    );
}

#[test]
fn a_bucket_outside_the_organization_is_unknown_where_the_trail_is() {
    let outside = account(&[("website", false)], &["somebody-elses"]);
    let other = account(&[("data", false)], &[]);
    let verdicts = evaluate_organization(&CHECK, &[&outside, &other]);
    assert_eq!(counts(&verdicts[0]), (0, 0, 1));
    let gap = &verdicts[0].gaps[0];
    assert_eq!(
        (gap.cause, &*gap.resource),
        (Cause::OwnedByOtherAccount, "somebody-elses")
    );
    assert_eq!(
        gap.detail,
        "CloudTrail logs go to this bucket, which is in no scanned account and Region"
    );
    assert_eq!(counts(&verdicts[1]), (0, 0, 0));
}

#[test]
fn an_account_that_was_not_reached_is_unknown_and_no_other_for_it() {
    let missed = FactStore::all_missing(denied("sts:AssumeRole"));
    let archive = account(&[("trail-logs", false), ("website", false)], &[]);
    let sender = account(&[], &["trail-logs"]);
    let verdicts = evaluate_organization(&CHECK, &[&missed, &archive, &sender]);
    assert_eq!(verdicts[0].gaps, [denied("sts:AssumeRole")]);
    assert_eq!(counts(&verdicts[1]), (1, 1, 0));
    assert_eq!(counts(&verdicts[2]), (0, 0, 0));
    // The bucket may be in the account that was not reached.
    let sender = account(&[], &["hidden"]);
    let verdicts = evaluate_organization(&CHECK, &[&missed, &sender]);
    assert_eq!(verdicts[1].gaps[0].resource, "hidden");
}

#[test]
fn a_setting_that_could_not_be_read_matters_for_trail_buckets_alone() {
    let mut archive = account(&[("trail-logs", true), ("website", true)], &["trail-logs"]);
    for name in ["trail-logs", "website"] {
        archive.put_of::<BucketLogging>(name, missing("s3:GetBucketLogging"));
    }
    let verdict = &evaluate_organization(&CHECK, &[&archive])[0];
    assert_eq!(verdict.gaps, [denied("s3:GetBucketLogging")]);
    assert_eq!(verdict.resources_evaluated, 0);
}

#[test]
fn a_trail_that_could_not_be_described_is_a_gap() {
    let gap = denied("cloudtrail:DescribeTrails").of("hidden");
    let mut list = TrailList::default();
    list.own.gaps.push(gap.clone());
    let facts = account(&[("website", false)], &[]).with::<Trails>(Reading::known(list));
    assert_eq!(evaluate_organization(&CHECK, &[&facts])[0].gaps, [gap]);
}
