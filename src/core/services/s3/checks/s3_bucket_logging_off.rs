//! Buckets without server access logging.

use std::collections::BTreeSet;

use super::buckets;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::s3::{BucketList, BucketLogging};

pub(super) const CHECK: Check = Check {
    id: "s3-bucket-logging-off",
    title: "S3 server access logging is off",
    category: Category::Logging,
    severity: Severity::Low,
    why: "After a data leak, access logs show what was read, by whom and from where. CloudTrail records \
          reads of objects only if data events are enabled. The finding is informational for a bucket that \
          stores logs of other buckets. AWS recommends not to log such a bucket to itself. The check needs \
          one request per bucket, so it is not enabled by default.",
    fix: &[
        "If CloudTrail records S3 data events of all buckets, suppress the finding with an exception.",
        "Choose a log bucket in the same account and Region. Set `LOG_BUCKET` to its name.",
        "Allow the principal `logging.s3.amazonaws.com` the action `s3:PutObject` in the log bucket's \
         policy.",
        "Run the command. The keys of the logs contain account, Region and bucket, so one log bucket serves \
         many. The console has the same setting: S3, Properties, Server access logging.",
    ],
    example: FailedResource::example("eu-west-1", "arn:aws:s3:::amzn-s3-demo-bucket", ""),
    by_default: false,
    remediation: buckets::log_access,
    controls: &[covers("aws-fsbp", "S3.9")],
    prowler: Counterparts::per_resource(&[same("s3_bucket_server_access_logging_enabled")]),
    parameters: Parameters::None,
    needs: &[BucketList::SPEC, BucketLogging::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let list = &facts.get::<BucketList>()?.buckets;
    let known = list
        .iter()
        .filter_map(|bucket| facts.of::<BucketLogging>(&bucket.name).ok());
    let log_buckets: BTreeSet<&String> = known.flatten().collect();
    buckets::evaluate(facts, "whether access is logged", |bucket| {
        let is_off = facts.of::<BucketLogging>(&bucket.name)?.is_none();
        let violation = |problem| buckets::violation(&CHECK, bucket, problem, context);
        Ok(is_off.then(|| match log_buckets.contains(&bucket.name) {
            false => violation("has server access logging off"),
            true => violation("has server access logging off; it stores the logs of other buckets")
                .with_severity(Severity::Informational),
        }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::model::Reading;
    use crate::services::s3::samples::{bucket_with, buckets};

    #[test]
    fn a_bucket_without_logs_fails_and_a_log_bucket_gets_a_note() {
        let mut facts = buckets(&["data", "logs", "forgotten"]);
        let logs = Some("logs".to_owned());
        facts.put_of::<BucketLogging>("data", Reading::known(logs));
        facts.put_of::<BucketLogging>("logs", Reading::known(None));
        facts.put_of::<BucketLogging>("forgotten", Reading::known(None));
        let result = evaluate_account(&CHECK, &facts).unwrap();
        assert_eq!(result.resources_evaluated, 3);
        let found: Vec<_> = result
            .violations
            .iter()
            .map(|one| (one.severity, one.message.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (
                    Severity::Informational,
                    "Bucket logs has server access logging off; it stores the logs of other buckets"
                ),
                (
                    Severity::Low,
                    "Bucket forgotten has server access logging off"
                ),
            ]
        );
    }

    #[test]
    fn a_setting_that_could_not_be_read_is_a_gap() {
        let facts = bucket_with::<BucketLogging>(missing("s3:GetBucketLogging"));
        let result = evaluate_account(&CHECK, &facts).unwrap();
        assert_eq!(result.gaps, [denied("s3:GetBucketLogging")]);
        assert_eq!(result.resources_evaluated, 0);
    }
}
