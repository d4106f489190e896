//! Buckets that encrypt new objects with S3's own keys, and not with keys of KMS.

use super::buckets;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::s3::{BucketList, Encryption};

pub(super) const CHECK: Check = Check {
    id: "s3-bucket-encryption-type",
    title: "S3 bucket does not use SSE-KMS by default",
    category: Category::DataEncryption,
    severity: Severity::Informational,
    why: "S3 encrypts all new objects since January 2023, by default with S3 managed keys (SSE-S3). With a \
          KMS key (SSE-KMS), readers also need permission for the key. CloudTrail records each use of the \
          key, and one change of its policy revokes all access. The cost is justified for sensitive data \
          only. The check needs one request per bucket, so it is not enabled by default.",
    fix: &[
        "Skip buckets that receive S3 server access logs, or access logs of Application or Classic Load \
         Balancers. These require SSE-S3.",
        "Choose a KMS key of the bucket's Region. Set `KMS_KEY_ARN` to its ARN.",
        "Allow the readers `kms:Decrypt` and the writers `kms:GenerateDataKey` on the key. Without this, \
         they get the error AccessDenied.",
        "Run the command. It also enables an S3 Bucket Key, which reduces KMS cost. The console has the \
         same setting: S3, Properties, Default encryption.",
        "If existing objects must use the key too, copy each of them onto itself. The setting applies to \
         new objects only.",
    ],
    example: FailedResource::example("eu-west-1", "arn:aws:s3:::amzn-s3-demo-bucket", ""),
    by_default: false,
    remediation: |failed| {
        let kms = r#"s3api put-bucket-encryption --server-side-encryption-configuration '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"'"$KMS_KEY_ARN"'"},"BucketKeyEnabled":true}]}'"#;
        remediation::bucket(kms, failed)
    },
    controls: &[],
    prowler: Counterparts::per_resource(&[same("s3_bucket_kms_encryption")]),
    parameters: Parameters::None,
    needs: &[BucketList::SPEC, Encryption::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    buckets::evaluate(facts, "how objects are encrypted", |bucket| {
        let problem = "encrypts new objects with S3 managed keys (SSE-S3)";
        Ok(match facts.of::<Encryption>(&bucket.name)? {
            Encryption::Kms => None,
            Encryption::S3 => Some(buckets::violation(&CHECK, bucket, problem, context)),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::model::Reading;
    use crate::services::s3::samples::bucket_with;

    fn evaluated(encryption: Reading<Encryption>) -> RuleResult {
        evaluate_account(&CHECK, &bucket_with::<Encryption>(encryption)).unwrap()
    }

    #[test]
    fn keys_of_kms_pass_and_those_of_s3_are_good_to_know() {
        let kms = evaluated(Reading::known(Encryption::Kms));
        assert_eq!((kms.resources_evaluated, kms.violations), (1, vec![]));
        let own = evaluated(Reading::known(Encryption::S3));
        assert_eq!(own.violations[0].severity, Severity::Informational);
        assert_eq!(
            own.violations[0].message,
            "Bucket logs encrypts new objects with S3 managed keys (SSE-S3)"
        );
    }

    #[test]
    fn a_setting_that_could_not_be_read_is_a_gap() {
        let result = evaluated(missing("s3:GetEncryptionConfiguration"));
        assert_eq!(result.gaps, [denied("s3:GetEncryptionConfiguration")]);
        assert_eq!(result.resources_evaluated, 0);
    }
}
