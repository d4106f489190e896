//! Buckets that keep no access logs.

use std::collections::BTreeSet;

use super::buckets;
use crate::checks::{
    Category, Check, Context, Counterparts, Parameters, Rule, covers, remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::s3::{BucketList, BucketLogging};

pub(super) const CHECK: Check = Check {
    id: "s3-bucket-logging-off",
    title: "S3 bucket keeps no access logs",
    category: Category::Logging,
    severity: Severity::Low,
    why: "When data has leaked, access logs tell what was read, by whom and from where; CloudTrail does not \
          record reads of objects unless data events are switched on. For a bucket that other buckets' logs go \
          to the finding is informational: AWS advises against logs of the log bucket in itself. It takes a \
          request for every bucket, so this check waits to be named.",
    fix: "`aws s3api put-bucket-logging --bucket BUCKET --bucket-logging-status \
          '{\"LoggingEnabled\": {\"TargetBucket\": \"LOG_BUCKET\", \"TargetPrefix\": \"BUCKET/\"}}'`; in the \
          console, S3, the bucket, Properties, Server access logging, Edit. The log bucket is one of the same \
          account and Region, and its policy lets logging.s3.amazonaws.com put objects. Where CloudTrail \
          records data events of all buckets, accept the finding.",
    by_default: false,
    remediation: |failed| {
        // With account, Region and bucket in the keys, so that one bucket serves many.
        let log = "s3api put-bucket-logging --bucket-logging-status \
                   '{\"LoggingEnabled\":{\"TargetBucket\":\"LOG_BUCKET\",\"TargetPrefix\":\"\",\
                   \"TargetObjectKeyFormat\":{\"PartitionedPrefix\":{\"PartitionDateSource\":\"EventTime\"}}}}'";
        remediation::bucket(log, failed)
    },
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
            false => violation("keeps no access logs"),
            true => violation("keeps no access logs; it has those of other buckets")
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
        assert_eq!(result.examined, 3);
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
                    "Bucket logs keeps no access logs; it has those of other buckets"
                ),
                (Severity::Low, "Bucket forgotten keeps no access logs"),
            ]
        );
    }

    #[test]
    fn a_setting_that_could_not_be_read_is_a_gap() {
        let facts = bucket_with::<BucketLogging>(missing("s3:GetBucketLogging"));
        let result = evaluate_account(&CHECK, &facts).unwrap();
        assert_eq!(result.gaps, [denied("s3:GetBucketLogging")]);
        assert_eq!(result.examined, 0);
    }
}
