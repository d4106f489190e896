use super::*;
use crate::checks::samples::{denied, evaluate_organization, missing};
use crate::facts::FactStore;
use crate::model::{Gap, Items, Reading, Region, Verdict};
use crate::services::ec2::FlowLog;
use crate::services::s3::samples::{FULL_BLOCK, buckets};
use crate::services::s3::{BucketBlock, BucketGrants, BucketPolicyStatus, PublicAccessBlock};

fn log(bucket: Option<&str>) -> FlowLog {
    FlowLog {
        resource: "vpc-1".into(),
        accepted_only: false,
        fails: false,
        bucket: Reading::known(bucket.map(str::to_owned)),
    }
}

/// An account with these buckets, each public or not, whose flow logs go to some.
fn account(own: &[(&str, bool)], logs_to: &[&str]) -> FactStore {
    let names: Vec<&str> = own.iter().map(|(name, _)| *name).collect();
    let logs: Items<FlowLog> = logs_to
        .iter()
        .map(|bucket| log(Some(bucket)))
        .collect::<Vec<_>>()
        .into();
    let mut facts = buckets(&names)
        .with::<AccountBlock>(Reading::known(PublicAccessBlock::default()))
        .with::<FlowLogs>(Reading::known(logs));
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

fn evaluated(accounts: &[&FactStore]) -> Vec<Verdict> {
    evaluate_organization(&CHECK, accounts)
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
fn a_bucket_is_found_whichever_account_owns_it_and_logs_there() {
    let central = account(
        &[("flow-logs", true), ("website", true), ("vault", false)],
        &[],
    );
    let (one, two) = (account(&[], &["flow-logs"]), account(&[], &["flow-logs"]));
    let verdicts = evaluated(&[&one, &central, &two]);
    assert_eq!(
        verdicts.iter().map(counts).collect::<Vec<_>>(),
        [(0, 0, 0), (1, 1, 0), (0, 0, 0)]
    );
    let violation = &verdicts[1].violations[0];
    assert_eq!(violation.resource, "arn:aws:s3:::flow-logs");
    assert_eq!(violation.region, Some(Region::new("eu-west-1")));
    assert_eq!(
        violation.message,
        "Bucket flow-logs is public and receives VPC flow logs of 2 accounts"
    );
}

#[test]
fn a_bucket_that_is_not_public_passes_and_one_without_logs_is_not_its_business() {
    let own = account(&[("flow-logs", false), ("website", true)], &["flow-logs"]);
    assert_eq!(counts(&evaluated(&[&own])[0]), (1, 0, 0));
    let elsewhere = account(&[], &[]).with::<FlowLogs>(Reading::known(vec![log(None)].into()));
    assert_eq!(counts(&evaluated(&[&elsewhere])[0]), (0, 0, 0));
}

#[test]
fn a_bucket_in_no_account_that_was_scanned_is_unknown() {
    let outside = account(&[("vault", false)], &["somebody-elses"]);
    let verdict = &evaluated(&[&outside])[0];
    assert_eq!(counts(verdict), (0, 0, 1));
    assert_eq!(verdict.gaps[0].resource, "somebody-elses");
    // It may be in an account that was not reached.
    let missed = FactStore::all_missing(denied("sts:AssumeRole"));
    let verdicts = evaluated(&[&outside, &missed]);
    assert_eq!(counts(&verdicts[0]), (0, 0, 1));
    assert_eq!(verdicts[1].gaps, [denied("sts:AssumeRole")]);
}

#[test]
fn a_public_bucket_is_unknown_where_flow_logs_could_not_be_read() {
    let unread = account(&[], &[]).with::<FlowLogs>(missing("ec2:DescribeFlowLogs"));
    let public = account(&[("website", true), ("flow-logs", true)], &["flow-logs"]);
    let shut = account(&[("vault", false)], &[]);
    let verdicts = evaluated(&[&unread, &public, &shut]);
    assert_eq!(verdicts[0].gaps, [denied("ec2:DescribeFlowLogs")]);
    assert_eq!(counts(&verdicts[1]), (1, 1, 1));
    assert_eq!(verdicts[1].gaps[0].resource, "website");
    assert!(
        verdicts[1].gaps[0].detail.contains("1 account"),
        "{:?}",
        verdicts[1].gaps
    );
    assert_eq!(counts(&verdicts[2]), (0, 0, 0));
}

#[test]
fn a_bucket_that_may_be_public_is_unknown_only_where_logs_go_there() {
    let mut own = account(&[("flow-logs", false), ("other", false)], &["flow-logs"]);
    for name in ["flow-logs", "other"] {
        own.put_of::<BucketBlock>(name, missing("s3:GetBucketPublicAccessBlock"));
    }
    let verdict = &evaluated(&[&own])[0];
    assert_eq!(verdict.gaps, [denied("s3:GetBucketPublicAccessBlock")]);
    assert_eq!(verdict.resources_evaluated, 0);
}

#[test]
fn a_destination_that_could_not_be_read_is_a_gap() {
    let lacks = Gap::lacks("ec2:DescribeFlowLogs", "vpc-1", "logDestination");
    let unread = FlowLog {
        bucket: Reading::missing(lacks.clone()),
        ..log(None)
    };
    let facts =
        account(&[("website", true)], &[]).with::<FlowLogs>(Reading::known(vec![unread].into()));
    let verdict = &evaluated(&[&facts])[0];
    // The bucket may be the one.
    assert_eq!(verdict.gaps.len(), 2);
    assert!(verdict.gaps.contains(&lacks));
}
