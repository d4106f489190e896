//! Buckets that encrypt new objects with S3's own keys, and not with keys of KMS.

use super::buckets;
use crate::checks::{Category, Check, Context, Counterparts, Parameters, Rule, remediation, same};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::s3::{BucketList, Encryption};

pub(super) const CHECK: Check = Check {
    id: "s3-bucket-encryption-type",
    title: "S3 bucket does not encrypt with a key of KMS",
    category: Category::DataEncryption,
    severity: Severity::Informational,
    why: "All new objects in S3 are encrypted since January 2023, with S3's own keys unless the bucket says \
          otherwise; so nothing lies open. A key of KMS adds that whoever reads needs the key too, that its \
          use is on record in CloudTrail, and that one change of its policy shuts everybody out. That is worth \
          its price for sensitive data only. It takes a request for every bucket, so this check waits to be \
          named.",
    fix: "`aws s3api put-bucket-encryption --bucket BUCKET --server-side-encryption-configuration '{\"Rules\": \
          [{\"ApplyServerSideEncryptionByDefault\": {\"SSEAlgorithm\": \"aws:kms\", \"KMSMasterKeyID\": \
          \"KEY_ARN\"}, \"BucketKeyEnabled\": true}]}'`; in the console, S3, the bucket, Properties, Default \
          encryption, Edit. The bucket key keeps KMS's price low. Objects that are there stay as they are \
          until they are copied onto themselves, and their readers need kms:Decrypt on the key. Leave buckets \
          out that AWS delivers logs to: server access logs and those of load balancers need S3's own keys.",
    by_default: false,
    remediation: |failed| {
        let kms = "s3api put-bucket-encryption --server-side-encryption-configuration \
                   '{\"Rules\":[{\"ApplyServerSideEncryptionByDefault\":{\"SSEAlgorithm\":\"aws:kms\",\"KMSMasterKeyID\":\"KEY_ARN\"},\
                   \"BucketKeyEnabled\":true}]}'";
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
        let problem = "encrypts new objects with S3's own keys (SSE-S3)";
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
        assert_eq!((kms.examined, kms.violations), (1, vec![]));
        let own = evaluated(Reading::known(Encryption::S3));
        assert_eq!(own.violations[0].severity, Severity::Informational);
        assert_eq!(
            own.violations[0].message,
            "Bucket logs encrypts new objects with S3's own keys (SSE-S3)"
        );
    }

    #[test]
    fn a_setting_that_could_not_be_read_is_a_gap() {
        let result = evaluated(missing("s3:GetEncryptionConfiguration"));
        assert_eq!(result.gaps, [denied("s3:GetEncryptionConfiguration")]);
        assert_eq!(result.examined, 0);
    }
}
