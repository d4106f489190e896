//! Buckets whose versions can be deleted without a second factor.

use super::buckets;
use crate::checks::{
    Category, Check, Context, Counterparts, Parameters, Rule, covers, remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::s3::{BucketList, Versioning};

pub(super) const CHECK: Check = Check {
    id: "s3-bucket-mfa-delete-off",
    title: "S3 bucket has no MFA delete",
    category: Category::DataProtection,
    severity: Severity::Low,
    why: "With MFA delete it takes root's second factor to delete a version of an object for good, or to \
          switch versioning off: leaked keys cannot destroy what is there. It is for the few buckets whose \
          loss would end something, for only root can switch it on and it rules out life cycles; Object Lock \
          or copies in another account serve most others better, and then this finding is one to accept. It \
          takes a request for every bucket, so this check waits to be named.",
    fix: "As root, with keys that are deleted afterwards, since the console cannot do it: `aws s3api \
          put-bucket-versioning --bucket BUCKET --versioning-configuration \
          Status=Enabled,MFADelete=Enabled --mfa \"SERIAL_NUMBER CODE\"`. Object Lock protects a bucket as \
          well, in the console S3, the bucket, Properties, Object Lock; but only with a retention period, \
          never in a bucket that access logs are delivered to, and it cannot be switched off again.",
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
        let problem = "lets versions of its objects be deleted without MFA";
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
            assert_eq!((result.examined, result.violations.len()), (1, found));
        }
        let never = evaluated(Reading::known(Versioning::default()));
        assert_eq!(
            never.violations[0].message,
            "Bucket logs lets versions of its objects be deleted without MFA"
        );
    }

    #[test]
    fn a_setting_that_could_not_be_read_is_a_gap() {
        let result = evaluated(missing("s3:GetBucketVersioning"));
        assert_eq!(result.gaps, [denied("s3:GetBucketVersioning")]);
        assert_eq!(result.examined, 0);
    }
}
