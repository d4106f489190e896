use super::*;
use crate::checks::samples::{denied, judge_account, missing};
use crate::facts::FactStore;
use crate::model::{Cause, Items, Reading, Region};
use crate::services::s3::{BucketBlock, BucketGrants, BucketPolicyStatus, PublicAccessBlock};

/// A bucket, and the facts about it.
#[derive(Clone)]
struct Sample {
    name: &'static str,
    region: Reading<Region>,
    block: Reading<PublicAccessBlock>,
    policy: bool,
    grants: Items<AclGrant>,
}

fn bucket(name: &'static str, policy: bool, grants: &[(AclGroup, AclPermission)]) -> Sample {
    let grants = grants
        .iter()
        .map(|&(group, permission)| AclGrant { group, permission });
    Sample {
        name,
        region: Reading::known(Region::new("eu-west-1")),
        block: Reading::known(PublicAccessBlock::default()),
        policy,
        grants: grants.collect::<Vec<_>>().into(),
    }
}

fn facts(block: Reading<PublicAccessBlock>, samples: Vec<Sample>) -> FactStore {
    let mut facts = FactStore::default().with::<AccountBlock>(block);
    let mut list = BucketList::default();
    for sample in samples {
        let name = sample.name.to_owned();
        facts.put_of::<BucketBlock>(&name, sample.block);
        facts.put_of::<BucketPolicyStatus>(&name, Reading::known(sample.policy));
        facts.put_of::<BucketGrants>(&name, Reading::known(sample.grants));
        let region = sample.region;
        list.buckets.known.push(Bucket { name, region });
    }
    facts.with::<BucketList>(Reading::known(list))
}

fn judged(block: Reading<PublicAccessBlock>, samples: Vec<Sample>) -> Judgement {
    judge_account(&CHECK, &facts(block, samples)).unwrap()
}

fn open() -> Reading<PublicAccessBlock> {
    Reading::known(PublicAccessBlock::default())
}

fn settled() -> Reading<PublicAccessBlock> {
    Reading::known(PublicAccessBlock {
        ignore_public_acls: true,
        restrict_public_buckets: true,
        ..PublicAccessBlock::default()
    })
}

#[test]
fn a_private_bucket_passes() {
    let judgement = judged(open(), vec![bucket("logs", false, &[])]);
    assert_eq!(
        judgement,
        Judgement {
            examined: 1,
            ..Judgement::default()
        }
    );
}

#[test]
fn a_violation_says_by_which_way_and_to_whom() {
    use AclGroup::{AllUsers, AuthenticatedUsers};
    use AclPermission::{Read, ReadAcp, WriteAcp};
    let judgement = judged(
        open(),
        vec![
            bucket("site", true, &[]),
            bucket(
                "drop",
                true,
                &[
                    (AuthenticatedUsers, WriteAcp),
                    (AllUsers, ReadAcp),
                    (AllUsers, Read),
                    (AllUsers, Read),
                ],
            ),
        ],
    );
    let [site, drop] = judgement.violations.as_slice() else {
        panic!("{judgement:?}")
    };
    assert_eq!(site.resource, "arn:aws:s3:::site");
    assert_eq!(site.region, Some(Region::new("eu-west-1")));
    assert_eq!(site.severity, Severity::High);
    assert_eq!(
        site.message,
        "Bucket site is public by its bucket policy, to anyone whom its conditions let in (S3 judges the \
         policy to be public)"
    );
    assert_eq!(drop.severity, Severity::Critical);
    assert!(
        drop.message.ends_with(
            "; and by its ACL, to anyone on the internet (READ, READ_ACP) and anyone with an AWS \
             account (WRITE_ACP)"
        ),
        "{}",
        drop.message
    );
}

#[test]
fn a_public_that_may_write_is_critical() {
    use AclPermission::{FullControl, Read, ReadAcp, Write, WriteAcp};
    for (permission, severity) in [
        (Read, Severity::High),
        (ReadAcp, Severity::High),
        (Write, Severity::Critical),
        (WriteAcp, Severity::Critical),
        (FullControl, Severity::Critical),
    ] {
        for group in [AclGroup::AllUsers, AclGroup::AuthenticatedUsers] {
            let judgement = judged(open(), vec![bucket("drop", false, &[(group, permission)])]);
            assert_eq!(judgement.violations[0].severity, severity, "{permission:?}");
        }
    }
}

#[test]
fn an_ignored_acl_does_not_make_it_worse() {
    let block = PublicAccessBlock {
        ignore_public_acls: true,
        ..PublicAccessBlock::default()
    };
    let acl = [(AclGroup::AllUsers, AclPermission::Write)];
    let judgement = judged(Reading::known(block), vec![bucket("site", true, &acl)]);
    assert_eq!(judgement.violations[0].severity, Severity::High);
    assert!(!judgement.violations[0].message.contains("ACL"));
}

#[test]
fn an_account_that_blocks_all_passes_without_a_look_at_its_buckets() {
    let unasked = Sample {
        region: missing("s3:GetBucketLocation"),
        block: Reading::default(),
        ..bucket("logs", true, &[])
    };
    let judgement = judged(settled(), vec![unasked.clone(), unasked.clone()]);
    assert_eq!(judgement.examined, 2);
    assert_eq!((judgement.violations, judgement.gaps), (vec![], vec![]));
    let judgement = judged(open(), vec![unasked]);
    assert_eq!(judgement.examined, 0);
    assert_eq!(judgement.gaps[0].cause, Cause::NotCollected);
    assert_eq!(judgement.gaps[1], denied("s3:GetBucketLocation"));
}

#[test]
fn a_gap_about_one_bucket_leaves_the_others_judged() {
    let hidden = Sample {
        block: missing("s3:GetBucketPublicAccessBlock"),
        ..bucket("hidden", false, &[])
    };
    let judgement = judged(open(), vec![bucket("site", true, &[]), hidden]);
    assert_eq!(judgement.examined, 1);
    assert_eq!(judgement.violations.len(), 1);
    assert_eq!(judgement.gaps, [denied("s3:GetBucketPublicAccessBlock")]);
    assert_eq!(judgement.notes, ["not known whether public: hidden"]);
}

#[test]
fn a_bucket_in_no_known_region_is_a_gap_and_still_a_violation_where_that_is_certain() {
    let lost = Sample {
        region: missing("s3:GetBucketLocation"),
        ..bucket("lost", true, &[])
    };
    let judgement = judged(open(), vec![lost]);
    assert_eq!(judgement.examined, 0);
    assert_eq!(judgement.gaps, [denied("s3:GetBucketLocation")]);
    assert_eq!(judgement.violations[0].region, None);
}

#[test]
fn without_the_accounts_block_a_public_bucket_is_unknown() {
    let block = || missing("s3:GetAccountPublicAccessBlock");
    let judgement = judged(block(), vec![bucket("site", true, &[])]);
    assert!(judgement.violations.is_empty());
    assert_eq!(judgement.gaps, [denied("s3:GetAccountPublicAccessBlock")]);
    assert_eq!(judged(block(), vec![]), Judgement::default());
}

#[test]
fn buckets_outside_the_scan_are_noted() {
    let mut facts = facts(open(), vec![]);
    facts.put::<BucketList>(Reading::known(BucketList {
        outside_regions: 3,
        ..BucketList::default()
    }));
    let judgement = judge_account(&CHECK, &facts).unwrap();
    assert_eq!(
        judgement.notes,
        ["3 buckets in Regions that are not selected, left out"]
    );
    facts.put::<BucketList>(missing("s3:ListAllMyBuckets"));
    assert_eq!(
        judge_account(&CHECK, &facts).unwrap_err(),
        denied("s3:ListAllMyBuckets")
    );
}

#[test]
fn what_could_not_be_read_hides_no_finding() {
    let gap = |action: &str| denied(action).of("logs");
    let mut public = bucket("logs", false, &[(AclGroup::AllUsers, AclPermission::Read)]);
    public.grants.gaps.push(gap("s3:GetBucketAcl"));
    let mut facts = facts(open(), vec![public]);
    let mut list = facts.get::<BucketList>().unwrap().clone();
    list.buckets.gaps.push(denied("s3:ListAllMyBuckets"));
    facts.put::<BucketList>(Reading::known(list));
    let judgement = judge_account(&CHECK, &facts).unwrap();
    assert_eq!(judgement.violations.len(), 1);
    let gaps = [denied("s3:ListAllMyBuckets"), gap("s3:GetBucketAcl")];
    assert_eq!(judgement.gaps, gaps);
}
