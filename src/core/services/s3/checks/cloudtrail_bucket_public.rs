//! Public buckets that trails deliver to, whichever accounts of the organization own trail and bucket.

use super::bucket_exposure::exposure;
use super::log_bucket::{BucketState, LogBucketCheck, LogBuckets, LogDestinations};
use super::trail_buckets;
use crate::checks::{
    Category, Check, Counterparts, FailedResource, OrganizationRule, Parameters, Rule, part,
    remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::Severity;
use crate::services::cloudtrail::Trails;
use crate::services::s3::{AccountBlock, BucketAccess, BucketList};

pub(super) const CHECK: Check = Check {
    id: "cloudtrail-bucket-public",
    title: "S3 bucket with CloudTrail logs is public",
    category: Category::Logging,
    severity: Severity::Critical,
    why: "The logs of CloudTrail contain every account id, user, role, key id and address, and which actions are \
          denied: a guide for attackers. The bucket is often in an account of its own, so the check relates the \
          trails and buckets of all accounts. If an account's trails cannot be read, each public bucket may be one \
          of theirs and is unknown. So the check is not enabled by default.",
    fix: &[
        "Run the command. It blocks public access to the bucket. The console has the same setting: S3, \
         Permissions, Block public access (bucket settings).",
        "Check that logs still arrive. Delivery needs no public access, only a bucket policy for \
         `cloudtrail.amazonaws.com`.",
        "Find out in CloudTrail or in the access logs who read the bucket. Treat the names in the logs as known.",
    ],
    example: FailedResource::example("eu-west-1", "arn:aws:s3:::amzn-s3-demo-logging-bucket", ""),
    by_default: false,
    remediation: |failed| {
        let block = format!("s3api put-public-access-block {}", remediation::BLOCK_ALL);
        remediation::bucket(&block, failed)
    },
    controls: &[],
    prowler: Counterparts::per_resource(&[part(
        "cloudtrail_logs_s3_bucket_is_not_publicly_accessible",
    )
    .not_compared("Prowler's verdict is about the trail and this one about its bucket")]),
    parameters: Parameters::None,
    needs: &[
        AccountBlock::SPEC,
        BucketList::SPEC,
        BucketAccess::SPEC,
        Trails::SPEC,
    ],
    rule: Rule::Organization(OrganizationRule::of::<LogBuckets<PublicTrailBuckets>>()),
};

/// The public buckets among those that trails deliver to.
#[derive(Debug, Default)]
struct PublicTrailBuckets;

impl LogBucketCheck for PublicTrailBuckets {
    const CHECK: &'static Check = &CHECK;
    const LOGS: &'static str = "CloudTrail logs";
    const PROBLEM: &'static str = "is public";
    const MAY_BE_ANY: bool = true;

    fn destinations(facts: &Facts<'_>) -> LogDestinations {
        trail_buckets::destinations(facts)
    }

    fn state(facts: &Facts<'_>, bucket: &str) -> BucketState {
        exposure(facts, bucket).into()
    }
}

#[cfg(test)]
mod tests;
