//! Accounts with distributions and buckets, in one organization.

use super::super::samples::distribution;
use super::*;
use crate::checks::samples::{denied, evaluate_organization, missing};
use crate::facts::FactStore;
use crate::model::{Reading, Region, Verdict};
use crate::services::cloudfront::{Origin, OriginBucket, OriginKind};
use crate::services::s3::Bucket;

const LOCATION: &str = "s3:GetBucketLocation";

fn origin(bucket: &str) -> Origin {
    Origin {
        id: bucket.to_owned(),
        domain: format!("{bucket}.s3.eu-west-1.amazonaws.com"),
        kind: OriginKind::Bucket {
            has_access_control: true,
            has_identity: false,
        },
    }
}

/// An account with these buckets, and a distribution that gets content from others, which exist or not.
fn account(own: &[&str], origins: &[(&str, Reading<bool>)]) -> FactStore {
    let own = own.iter().map(|name| Bucket {
        name: (*name).to_owned(),
        region: Reading::known(Region::new("eu-west-1")),
    });
    let own = BucketList {
        buckets: own.collect::<Vec<_>>().into(),
        elsewhere: Vec::new(),
    };
    let one = Distribution {
        origins: origins.iter().map(|(name, _)| origin(name)).collect(),
        ..distribution("E1")
    };
    let distributions = match origins.is_empty() {
        true => vec![],
        false => vec![one],
    };
    let buckets = origins.iter().map(|(name, exists)| OriginBucket {
        name: (*name).to_owned(),
        exists: exists.clone(),
    });
    FactStore::default()
        .with::<BucketList>(Reading::known(own))
        .with::<Distributions>(Reading::known(distributions.into()))
        .with::<OriginBuckets>(Reading::known(buckets.collect()))
}

fn first(accounts: &[&FactStore]) -> Verdict {
    evaluate_organization(&CHECK, accounts).remove(0)
}

fn yes() -> Reading<bool> {
    Reading::known(true)
}

fn no() -> Reading<bool> {
    Reading::known(false)
}

#[test]
fn a_bucket_that_does_not_exist_fails_whatever_the_others_are() {
    let one = account(&["media"], &[("media", yes()), ("gone", no())]);
    let verdict = first(&[&one]);
    assert_eq!(
        (verdict.resources_evaluated, &verdict.gaps[..]),
        (1, &[][..])
    );
    assert_eq!(
        verdict.violations[0].resource,
        "arn:aws:cloudfront::111122223333:distribution/E1"
    );
    assert_eq!(
        verdict.violations[0].message,
        "Distribution E1 gets content from a bucket that does not exist: gone"
    );
}

#[test]
fn buckets_that_exist_and_other_origins_pass() {
    let one = account(&["media"], &[("media", yes()), ("theirs", yes())]);
    let verdict = first(&[&one]);
    assert_eq!(
        (verdict.resources_evaluated, verdict.violations),
        (1, vec![])
    );
    let one = account(&[], &[]);
    let one = one.with::<Distributions>(Reading::known(vec![distribution("E2")].into()));
    let verdict = first(&[&one]);
    assert_eq!(
        (verdict.resources_evaluated, verdict.violations),
        (1, vec![])
    );
}

#[test]
fn a_denied_bucket_passes_if_another_account_has_it() {
    let one = account(&[], &[("media", missing(LOCATION))]);
    let elsewhere = BucketList {
        elsewhere: vec!["media".to_owned()],
        ..BucketList::default()
    };
    let elsewhere = account(&[], &[]).with::<BucketList>(Reading::known(elsewhere));
    for other in [account(&["media"], &[]), elsewhere] {
        let verdict = first(&[&one, &other]);
        assert_eq!(
            (verdict.resources_evaluated, verdict.violations),
            (1, vec![])
        );
        assert_eq!(verdict.gaps, []);
    }
}

#[test]
fn a_denied_bucket_that_no_account_has_is_a_gap_beside_findings() {
    let one = account(&[], &[("theirs", missing(LOCATION))]);
    let verdict = first(&[&one, &account(&["media"], &[])]);
    assert_eq!(
        (verdict.resources_evaluated, verdict.violations),
        (0, vec![])
    );
    let gap = Gap {
        detail: "a distribution gets content from this bucket, which no scanned account has"
            .to_owned(),
        ..denied(LOCATION).of("theirs")
    };
    assert_eq!(verdict.gaps, [gap]);
    let one = account(&[], &[("theirs", missing(LOCATION)), ("gone", no())]);
    let verdict = first(&[&one]);
    assert_eq!((verdict.violations.len(), verdict.gaps.len()), (1, 1));
}

#[test]
fn a_disabled_distribution_is_not_evaluated() {
    let off = Distribution {
        is_enabled: false,
        origins: vec![origin("gone")],
        ..distribution("E1")
    };
    let one = account(&[], &[]).with::<Distributions>(Reading::known(vec![off].into()));
    let verdict = first(&[&one]);
    assert_eq!(
        (verdict.resources_evaluated, verdict.violations),
        (0, vec![])
    );
}

#[test]
fn what_could_not_be_read_is_a_gap() {
    let action = "cloudfront:ListDistributions";
    let one = account(&["media"], &[]).with::<Distributions>(missing(action));
    assert_eq!(first(&[&one]).gaps, [denied(action)]);
    let one = account(&[], &[("media", yes())]).with::<OriginBuckets>(missing(action));
    assert_eq!(first(&[&one]).gaps[0].resource, "media");
}
