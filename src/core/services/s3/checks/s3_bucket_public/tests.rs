use super::*;
use crate::checks::samples::{denied, evaluate_account, missing};
use crate::facts::FactStore;
use crate::model::{Cause, Items, Reading, Region};
use crate::services::s3::{BucketBlock, BucketGrants, BucketPolicyStatus, PublicAccessBlock};

/// A bucket, and the facts about it.
#[derive(Clone)]
struct BucketSample {
    name: &'static str,
    region: Reading<Region>,
    block: Reading<PublicAccessBlock>,
    policy: bool,
    grants: Items<AclGrant>,
}

fn bucket(name: &'static str, policy: bool, grants: &[(AclGroup, AclPermission)]) -> BucketSample {
    let grants = grants
        .iter()
        .map(|&(group, permission)| AclGrant { group, permission });
    BucketSample {
        name,
        region: Reading::known(Region::new("eu-west-1")),
        block: Reading::known(PublicAccessBlock::default()),
        policy,
        grants: grants.collect::<Vec<_>>().into(),
    }
}

fn facts(block: Reading<PublicAccessBlock>, samples: Vec<BucketSample>) -> FactStore {
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

fn evaluated(block: Reading<PublicAccessBlock>, samples: Vec<BucketSample>) -> RuleResult {
    evaluate_account(&CHECK, &facts(block, samples)).unwrap()
}

fn open() -> Reading<PublicAccessBlock> {
    Reading::known(PublicAccessBlock::default())
}

fn known_block() -> Reading<PublicAccessBlock> {
    Reading::known(PublicAccessBlock {
        ignore_public_acls: true,
        restrict_public_buckets: true,
        ..PublicAccessBlock::default()
    })
}

#[test]
fn a_private_bucket_passes() {
    let result = evaluated(open(), vec![bucket("logs", false, &[])]);
    assert_eq!(
        result,
        RuleResult {
            resources_evaluated: 1,
            ..RuleResult::default()
        }
    );
}

#[test]
fn a_violation_names_the_access_path_and_the_grantee() {
    use AclGroup::{AllUsers, AuthenticatedUsers};
    use AclPermission::{Read, ReadAcp, WriteAcp};
    let result = evaluated(
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
    let [site, drop] = result.violations.as_slice() else {
        panic!("{result:?}")
    };
    assert_eq!(site.resource, "arn:aws:s3:::site");
    assert_eq!(site.region, Some(Region::new("eu-west-1")));
    assert_eq!(site.severity, Severity::High);
    assert_eq!(
        site.message,
        "Bucket site is public by its bucket policy, to anyone who meets its conditions (S3 evaluates \
         the policy as public)"
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
            let result = evaluated(open(), vec![bucket("drop", false, &[(group, permission)])]);
            assert_eq!(result.violations[0].severity, severity, "{permission:?}");
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
    let result = evaluated(Reading::known(block), vec![bucket("site", true, &acl)]);
    assert_eq!(result.violations[0].severity, Severity::High);
    assert!(!result.violations[0].message.contains("ACL"));
}

#[test]
fn an_account_that_blocks_all_passes_without_reading_its_buckets() {
    let unasked = BucketSample {
        region: missing("s3:GetBucketLocation"),
        block: Reading::default(),
        ..bucket("logs", true, &[])
    };
    let result = evaluated(known_block(), vec![unasked.clone(), unasked.clone()]);
    assert_eq!(result.resources_evaluated, 2);
    assert_eq!((result.violations, result.gaps), (vec![], vec![]));
    let result = evaluated(open(), vec![unasked]);
    assert_eq!(result.resources_evaluated, 0);
    assert_eq!(result.gaps[0].cause, Cause::NotCollected);
    assert_eq!(result.gaps[1], denied("s3:GetBucketLocation"));
}

#[test]
fn a_gap_about_one_bucket_leaves_the_others_evaluated() {
    let hidden = BucketSample {
        block: missing("s3:GetBucketPublicAccessBlock"),
        ..bucket("hidden", false, &[])
    };
    let result = evaluated(open(), vec![bucket("site", true, &[]), hidden]);
    assert_eq!(result.resources_evaluated, 1);
    assert_eq!(result.violations.len(), 1);
    assert_eq!(result.gaps, [denied("s3:GetBucketPublicAccessBlock")]);
    assert_eq!(result.notes, ["unknown whether public: hidden"]);
}

#[test]
fn a_bucket_in_no_known_region_is_a_gap_and_still_a_violation_where_that_is_certain() {
    let lost = BucketSample {
        region: missing("s3:GetBucketLocation"),
        ..bucket("lost", true, &[])
    };
    let result = evaluated(open(), vec![lost]);
    assert_eq!(result.resources_evaluated, 0);
    assert_eq!(result.gaps, [denied("s3:GetBucketLocation")]);
    assert_eq!(result.violations[0].region, None);
}

#[test]
fn without_the_accounts_block_a_public_bucket_is_unknown() {
    let block = || missing("s3:GetAccountPublicAccessBlock");
    let result = evaluated(block(), vec![bucket("site", true, &[])]);
    assert!(result.violations.is_empty());
    assert_eq!(result.gaps, [denied("s3:GetAccountPublicAccessBlock")]);
    assert_eq!(evaluated(block(), vec![]), RuleResult::default());
}

#[test]
fn buckets_outside_the_scan_are_noted() {
    let mut facts = facts(open(), vec![]);
    facts.put::<BucketList>(Reading::known(BucketList {
        elsewhere: ["a", "b", "c"].map(str::to_owned).to_vec(),
        ..BucketList::default()
    }));
    let result = evaluate_account(&CHECK, &facts).unwrap();
    assert_eq!(
        result.notes,
        ["3 buckets skipped, in Regions that are not selected"]
    );
    facts.put::<BucketList>(missing("s3:ListAllMyBuckets"));
    assert_eq!(
        evaluate_account(&CHECK, &facts).unwrap_err(),
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
    let result = evaluate_account(&CHECK, &facts).unwrap();
    assert_eq!(result.violations.len(), 1);
    let gaps = [denied("s3:ListAllMyBuckets"), gap("s3:GetBucketAcl")];
    assert_eq!(result.gaps, gaps);
}
