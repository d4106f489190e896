use super::*;
use crate::checks::samples::{denied, evaluate_organization, missing};
use crate::facts::FactStore;
use crate::model::{Items, Reading, Verdict};
use crate::services::cloudtrail::samples::{owning, trail};
use crate::services::cloudtrail::{Trail, TrailStatus};
use crate::services::s3::samples::{FULL_BLOCK, buckets};
use crate::services::s3::{BucketBlock, BucketGrants, BucketPolicyStatus, PublicAccessBlock};

/// An account with these buckets, each public or not.
fn account(own: &[(&str, bool)]) -> FactStore {
    let names: Vec<&str> = own.iter().map(|(name, _)| *name).collect();
    let mut facts = buckets(&names)
        .with::<AccountBlock>(Reading::known(PublicAccessBlock::default()))
        .with::<Trails>(Reading::known(Default::default()));
    for (name, is_public) in own {
        let block = if *is_public {
            PublicAccessBlock::default()
        } else {
            FULL_BLOCK
        };
        facts.put_of::<BucketBlock>(name, Reading::known(block));
        facts.put_of::<BucketPolicyStatus>(name, Reading::known(*is_public));
        facts.put_of::<BucketGrants>(name, Reading::known(Items::default()));
    }
    facts
}

/// An account with a trail that delivers to the bucket `trail-logs`, and without buckets.
fn sender(trail: Trail) -> FactStore {
    owning(&[trail])
        .with::<AccountBlock>(Reading::known(PublicAccessBlock::default()))
        .with::<BucketList>(Reading::known(BucketList::default()))
}

fn counts(verdict: &Verdict) -> (u64, usize, usize) {
    (
        verdict.resources_evaluated,
        verdict.violations.len(),
        verdict.gaps.len(),
    )
}

#[test]
fn a_public_bucket_of_another_account_is_found_there_even_if_its_trail_is_stopped() {
    let archive = account(&[("trail-logs", true), ("website", true), ("vault", false)]);
    let stopped = Trail {
        status: Reading::known(TrailStatus::default()),
        ..trail("old")
    };
    let central = Trail {
        is_organization: true,
        ..trail("central")
    };
    for (trail, senders) in [(stopped, "1 account"), (central, "the organization")] {
        let verdicts = evaluate_organization(&CHECK, &[&sender(trail), &archive]);
        let found: Vec<_> = verdicts.iter().map(counts).collect();
        assert_eq!(found, [(0, 0, 0), (1, 1, 0)]);
        assert_eq!(
            verdicts[1].violations[0].message,
            format!("Bucket trail-logs is public and receives CloudTrail logs of {senders}")
        );
    }
}

#[test]
fn a_bucket_that_is_not_public_passes() {
    let archive = account(&[("trail-logs", false), ("website", true)]);
    let verdicts = evaluate_organization(&CHECK, &[&sender(trail("all")), &archive]);
    assert_eq!(counts(&verdicts[1]), (1, 0, 0));
}

#[test]
fn a_bucket_outside_the_organization_is_unknown_where_the_trail_is() {
    let verdicts = evaluate_organization(&CHECK, &[&sender(trail("all")), &account(&[])]);
    assert_eq!(verdicts[0].gaps[0].resource, "trail-logs");
    assert_eq!(counts(&verdicts[1]), (0, 0, 0));
}

#[test]
fn each_public_bucket_may_have_the_logs_of_an_account_that_was_not_reached() {
    let missed = FactStore::all_missing(denied("sts:AssumeRole"));
    let others = account(&[("website", true), ("vault", false)]);
    let unlisted = account(&[]).with::<Trails>(missing("cloudtrail:ListTrails"));
    let verdicts = evaluate_organization(&CHECK, &[&missed, &others, &unlisted]);
    assert_eq!(verdicts[0].gaps, [denied("sts:AssumeRole")]);
    assert_eq!(counts(&verdicts[1]), (0, 0, 1));
    let gap = &verdicts[1].gaps[0];
    assert_eq!(gap.resource, "website");
    assert!(
        gap.detail
            .contains("CloudTrail logs that could not be read, of 2 accounts")
    );
    assert_eq!(verdicts[2].gaps, [denied("cloudtrail:ListTrails")]);
}
