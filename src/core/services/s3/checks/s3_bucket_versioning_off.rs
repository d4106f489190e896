//! Buckets that keep no old versions of objects.

use super::buckets;
use crate::checks::{Category, Check, Context, Counterparts, Parameters, Rule, remediation, same};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::s3::{BucketList, Versioning, VersioningState};

pub(super) const CHECK: Check = Check {
    id: "s3-bucket-versioning-off",
    title: "S3 bucket keeps no versions of objects",
    category: Category::DataProtection,
    severity: Severity::Low,
    why: "Without versioning an object that is overwritten or deleted is gone, whether by a slip, by a program \
          or by somebody with stolen keys. What can be made again does not need it, and versions cost what \
          they take. It takes a request for every bucket, so this check waits to be named.",
    fix: "`aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled`; in the \
          console, S3, the bucket, Properties, Bucket Versioning, Edit. Have a life cycle delete old versions \
          after a while, or they pile up: `aws s3api put-bucket-lifecycle-configuration --bucket BUCKET \
          --lifecycle-configuration file://life-cycle.json`.",
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
            VersioningState::Suspended => {
                "keeps no new versions of objects: versioning is suspended"
            }
            VersioningState::Never => "keeps no versions of objects",
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
        assert_eq!((result.examined, result.violations), (1, vec![]));
    }

    #[test]
    fn versions_that_are_not_kept_or_no_more_fail() {
        for (state, problem) in [
            (VersioningState::Never, "Bucket logs keeps no versions"),
            (
                VersioningState::Suspended,
                "Bucket logs keeps no new versions",
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
        assert_eq!(result.examined, 0);
    }
}
