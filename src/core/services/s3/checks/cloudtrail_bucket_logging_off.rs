//! Buckets without server access logging that trails deliver to, whichever accounts of the organization own trail and
//! bucket.

use super::log_bucket::{BucketState, LogBucketCheck, LogBuckets, LogDestinations};
use super::{buckets, trail_buckets};
use crate::checks::{
    Category, Check, Counterparts, FailedResource, OrganizationRule, Parameters, Rule, covers, part,
};
use crate::facts::{Fact, Facts};
use crate::model::Severity;
use crate::services::cloudtrail::Trails;
use crate::services::s3::{BucketList, BucketLogging};

pub(super) const CHECK: Check = Check {
    id: "cloudtrail-bucket-logging-off",
    title: "S3 bucket with CloudTrail logs keeps no access logs",
    category: Category::Logging,
    severity: Severity::Low,
    why: "Access logs show who read, changed or deleted the logs of CloudTrail. Attackers who remove their traces \
          leave new ones there. The bucket is often in an account of its own, so the check relates the trails and \
          buckets of all accounts. It needs one request per bucket, so it is not enabled by default.",
    fix: &[
        "If a trail records data events of the bucket in another bucket, suppress the finding with an exception.",
        "Choose another bucket in the same account and Region. Set `LOG_BUCKET` to its name.",
        "Allow the principal `logging.s3.amazonaws.com` the action `s3:PutObject` in that bucket's policy.",
        "Run the command. The console has the same setting: S3, Properties, Server access logging.",
    ],
    example: FailedResource::example("eu-west-1", "arn:aws:s3:::amzn-s3-demo-logging-bucket", ""),
    by_default: false,
    remediation: buckets::log_access,
    controls: &[covers("cis-7.0", "4.4"), covers("cis-5.0", "3.4")],
    prowler: Counterparts::per_resource(&[part(
        "cloudtrail_logs_s3_bucket_access_logging_enabled",
    )
    .not_compared("Prowler's verdict is about the trail and this one about its bucket")]),
    parameters: Parameters::None,
    needs: &[BucketList::SPEC, BucketLogging::SPEC, Trails::SPEC],
    rule: Rule::Organization(OrganizationRule::of::<LogBuckets<UnloggedTrailBuckets>>()),
};

/// The buckets without access logs among those that trails deliver to.
#[derive(Debug, Default)]
struct UnloggedTrailBuckets;

impl LogBucketCheck for UnloggedTrailBuckets {
    const CHECK: &'static Check = &CHECK;
    const LOGS: &'static str = "CloudTrail logs";
    const PROBLEM: &'static str = "has server access logging off";
    const MAY_BE_ANY: bool = false;

    fn destinations(facts: &Facts<'_>) -> LogDestinations {
        trail_buckets::destinations(facts)
    }

    fn state(facts: &Facts<'_>, bucket: &str) -> BucketState {
        match facts.of::<BucketLogging>(bucket) {
            Ok(Some(_)) => BucketState::Good,
            Ok(None) => BucketState::Broken,
            Err(gap) => BucketState::Unknown(vec![gap]),
        }
    }
}

#[cfg(test)]
mod tests;
