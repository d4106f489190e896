//! Buckets without versioning.

use super::buckets;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::s3::{BucketList, Versioning, VersioningState};

pub(super) const CHECK: Check = Check {
    id: "s3-bucket-versioning-off",
    title: "S3 bucket versioning is off",
    category: Category::DataProtection,
    severity: Severity::Low,
    why: "Without versioning, an object that is overwritten or deleted is lost. The cause may be a mistake, \
          a program or somebody with stolen keys. Data that you can recreate does not need versioning, and \
          old versions cost storage. The check needs one request per bucket, so it is not enabled by \
          default.",
    fix: &[
        "Run the command. The console has the same setting: S3, Properties, Bucket Versioning.",
        "Add a lifecycle rule that deletes noncurrent versions after some time. Otherwise they accumulate. \
         In the console: S3, Management, Lifecycle rules. With the CLI: `aws s3api \
         put-bucket-lifecycle-configuration`.",
    ],
    example: FailedResource::example("eu-west-1", "arn:aws:s3:::amzn-s3-demo-bucket", ""),
    by_default: false,
    remediation: |failed| {
        let enable = "s3api put-bucket-versioning --versioning-configuration Status=Enabled";
        remediation::bucket(enable, failed)
    },
    controls: &[],
    prowler: Counterparts::per_resource(&[same("s3_bucket_object_versioning")]),
    parameters: Parameters::None,
    needs: &[BucketList::SPEC, Versioning::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    buckets::evaluate(facts, "whether versions are kept", |bucket| {
        let problem = match facts.of::<Versioning>(&bucket.name)?.state {
            VersioningState::Enabled => return Ok(None),
            VersioningState::Suspended => "has versioning suspended",
            VersioningState::Never => "has versioning off",
        };
        Ok(Some(buckets::violation(&CHECK, bucket, problem, context)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::model::Reading;
    use crate::services::s3::samples::bucket_with;

    fn evaluated(versioning: Reading<Versioning>) -> RuleResult {
        evaluate_account(&CHECK, &bucket_with::<Versioning>(versioning)).unwrap()
    }

    fn in_state(state: VersioningState) -> RuleResult {
        evaluated(Reading::known(Versioning {
            state,
            mfa_delete: false,
        }))
    }

    #[test]
    fn versions_that_are_kept_pass() {
        let result = in_state(VersioningState::Enabled);
        assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
    }

    #[test]
    fn versions_that_are_not_kept_or_no_more_fail() {
        for (state, problem) in [
            (VersioningState::Never, "Bucket logs has versioning off"),
            (
                VersioningState::Suspended,
                "Bucket logs has versioning suspended",
            ),
        ] {
            let result = in_state(state);
            let message = &result.violations[0].message;
            assert!(message.starts_with(problem), "{message}");
        }
    }

    #[test]
    fn a_setting_that_could_not_be_read_is_a_gap() {
        let result = evaluated(missing("s3:GetBucketVersioning"));
        assert_eq!(result.gaps, [denied("s3:GetBucketVersioning")]);
        assert_eq!(result.resources_evaluated, 0);
    }
}
