//! Public buckets that VPC flow logs go to, whichever accounts of the organization log there and own the bucket.

use super::bucket_exposure::exposure;
use super::log_bucket::{BucketState, LogBucketCheck, LogBuckets, LogDestinations};
use crate::checks::{
    Category, Check, Counterparts, FailedResource, OrganizationRule, Parameters, Rule, remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{Items, Severity};
use crate::services::ec2::{FlowLog, FlowLogs};
use crate::services::s3::{AccountBlock, BucketAccess, BucketList};

pub(super) const CHECK: Check = Check {
    id: "vpc-flow-log-bucket-public",
    title: "S3 bucket with VPC flow logs is public",
    category: Category::Logging,
    severity: Severity::Critical,
    why: "Flow logs contain the addresses and ports of all connections: a map of the network. They also \
          show what its defenders can see. One bucket often collects the logs of the whole organization. \
          Strangers can read that map in a public bucket, and replace it if they can write.",
    fix: &[
        "Run the command. It blocks public access to the bucket. The console has the same setting: S3, \
         Permissions, Block public access (bucket settings).",
        "Check that flow logs still arrive. Delivery needs no public access, only a bucket policy for \
         `delivery.logs.amazonaws.com`.",
        "Find out in CloudTrail or in the access logs who read the bucket.",
    ],
    example: FailedResource::example("eu-west-1", "arn:aws:s3:::amzn-s3-demo-logging-bucket", ""),
    by_default: false,
    remediation: |failed| {
        let block = format!("s3api put-public-access-block {}", remediation::BLOCK_ALL);
        remediation::bucket(&block, failed)
    },
    controls: &[],
    prowler: Counterparts::none(
        "Prowler evaluates the public access of each bucket alone and does not relate it to flow logs",
    ),
    parameters: Parameters::None,
    needs: &[
        AccountBlock::SPEC,
        BucketList::SPEC,
        BucketAccess::SPEC,
        FlowLogs::SPEC,
    ],
    rule: Rule::Organization(OrganizationRule::of::<LogBuckets<FlowLogBuckets>>()),
};

/// The buckets that VPC flow logs go to.
#[derive(Debug, Default)]
struct FlowLogBuckets;

impl LogBucketCheck for FlowLogBuckets {
    const CHECK: &'static Check = &CHECK;
    const LOGS: &'static str = "VPC flow logs";
    const PROBLEM: &'static str = "is public";
    const MAY_BE_ANY: bool = true;

    fn destinations(facts: &Facts<'_>) -> LogDestinations {
        let mut destinations = LogDestinations::default();
        for (_, logs) in facts.in_regions::<FlowLogs>() {
            match logs {
                Ok(logs) => add(logs, &mut destinations),
                Err(gap) => destinations.gaps.push(gap),
            }
        }
        destinations
    }

    fn state(facts: &Facts<'_>, bucket: &str) -> BucketState {
        exposure(facts, bucket).into()
    }
}

/// Adds the buckets that the flow logs of a Region go to.
fn add(logs: &Items<FlowLog>, destinations: &mut LogDestinations) {
    destinations.gaps.extend(logs.gaps.iter().cloned());
    for log in logs {
        match log.bucket.get() {
            Ok(bucket) => destinations.buckets.extend(bucket.clone()),
            Err(gap) => destinations.gaps.push(gap),
        }
    }
}

#[cfg(test)]
mod tests;
