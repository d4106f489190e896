//! Buckets whose versions can be deleted without a second factor.

use super::buckets;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::s3::{BucketList, Versioning};

pub(super) const CHECK: Check = Check {
    id: "s3-bucket-mfa-delete-off",
    title: "S3 MFA delete is off",
    category: Category::DataProtection,
    severity: Severity::Low,
    why: "With MFA delete, a second factor is required to delete an object version or to change versioning. \
          Leaked access keys alone cannot destroy data. Only the root user can enable it, and it excludes \
          lifecycle configurations. Use it for the few buckets whose loss would be severe. Object Lock, or \
          copies in another account, suit most other buckets; then suppress this finding with an exception. \
          The check needs one request per bucket, so it is not enabled by default.",
    fix: &[
        "Run the command. It shows the present versioning status.",
        "For MFA delete, create a temporary access key of the root user. The console cannot enable MFA \
         delete.",
        "With this key, run `aws s3api put-bucket-versioning` with the options `--versioning-configuration \
         Status=Enabled,MFADelete=Enabled` and `--mfa`. The value of `--mfa` is the device's serial number, \
         a space and the present code.",
        "Delete the root access key.",
        "Alternatively, enable Object Lock: S3, Properties, Object Lock. It protects objects only with a \
         retention period, and it cannot be disabled again.",
        "Do not set a default retention period on a bucket that receives access logs.",
    ],
    example: FailedResource::example("eu-west-1", "arn:aws:s3:::amzn-s3-demo-bucket", ""),
    by_default: false,
    // Only root can switch it on, and Object Lock is for good: this shows what there is.
    remediation: |failed| remediation::bucket("s3api get-bucket-versioning", failed),
    controls: &[covers("cis-7.0", "3.1.2"), covers("cis-5.0", "2.1.2")],
    prowler: Counterparts::per_resource(&[same("s3_bucket_no_mfa_delete")]),
    parameters: Parameters::None,
    needs: &[BucketList::SPEC, Versioning::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    buckets::evaluate(facts, "whether MFA delete is on", |bucket| {
        let versioning = facts.of::<Versioning>(&bucket.name)?;
        let problem = "has MFA delete off";
        Ok((!versioning.mfa_delete).then(|| buckets::violation(&CHECK, bucket, problem, context)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::model::Reading;
    use crate::services::s3::VersioningState;
    use crate::services::s3::samples::bucket_with;

    fn evaluated(versioning: Reading<Versioning>) -> RuleResult {
        evaluate_account(&CHECK, &bucket_with::<Versioning>(versioning)).unwrap()
    }

    #[test]
    fn mfa_delete_passes_and_versioning_alone_does_not() {
        for (mfa_delete, found) in [(true, 0), (false, 1)] {
            let result = evaluated(Reading::known(Versioning {
                state: VersioningState::Enabled,
                mfa_delete,
            }));
            assert_eq!(
                (result.resources_evaluated, result.violations.len()),
                (1, found)
            );
        }
        let never = evaluated(Reading::known(Versioning::default()));
        assert_eq!(
            never.violations[0].message,
            "Bucket logs has MFA delete off"
        );
    }

    #[test]
    fn a_setting_that_could_not_be_read_is_a_gap() {
        let result = evaluated(missing("s3:GetBucketVersioning"));
        assert_eq!(result.gaps, [denied("s3:GetBucketVersioning")]);
        assert_eq!(result.resources_evaluated, 0);
    }
}
