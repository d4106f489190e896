//! Trails whose log files are not encrypted with a key of KMS.

use super::own_trails;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::cloudtrail::Trails;

pub(super) const CHECK: Check = Check {
    id: "cloudtrail-without-kms",
    title: "CloudTrail log files are not encrypted with a KMS key",
    category: Category::DataEncryption,
    severity: Severity::Low,
    why: "Without a KMS key, S3 encrypts the log files with its own keys. Everybody who can read the bucket can \
          then read the logs. With a KMS key, a reader also needs permission to decrypt, and CloudTrail records \
          each use of the key. A KMS key costs money, so the check is not enabled by default.",
    fix: &[
        "Choose a symmetric KMS key in the Region of the bucket. Set `KEY_ARN` to its ARN.",
        "Allow `cloudtrail.amazonaws.com` the action `kms:GenerateDataKey*` in the key policy. Allow the \
         readers of the logs `kms:Decrypt`.",
        "Run the command in the account that owns the trail. The console has the same setting: CloudTrail, \
         Trails, General details, Log file SSE-KMS encryption.",
        "Check that log files still arrive: `aws cloudtrail get-trail-status`.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:cloudtrail:eu-west-1:111122223333:trail/all-regions",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        let encrypt = r#"cloudtrail update-trail --kms-key-id "$KEY_ARN""#;
        remediation::regional(encrypt, failed, ("name", failed.name()))
    },
    controls: &[
        covers("cis-7.0", "4.5"),
        covers("cis-5.0", "3.5"),
        covers("aws-fsbp", "CloudTrail.2"),
    ],
    prowler: Counterparts::per_resource(&[same("cloudtrail_kms_encryption_enabled")]),
    parameters: Parameters::None,
    needs: &[Trails::SPEC],
    rule: Rule::Account(evaluate),
};

/// AWS returns the key only of a trail that has one.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html>
fn evaluate(facts: &Facts<'_>, _: &Context<'_>) -> Result<RuleResult, Gap> {
    own_trails::evaluate(facts, |trail, result| {
        let problem = "has log files that are not encrypted with a KMS key";
        let has_none = trail.kms_key.is_none();
        result.add(Ok(
            has_none.then(|| own_trails::violation(&CHECK, trail, problem))
        ));
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::services::cloudtrail::Trail;
    use crate::services::cloudtrail::samples::{owning, trail};

    #[test]
    fn a_trail_needs_a_key() {
        let without = Trail {
            kms_key: None,
            is_organization: true,
            ..trail("central")
        };
        let result = evaluate_account(&CHECK, &owning(&[without, trail("good")])).unwrap();
        assert_eq!(result.resources_evaluated, 2);
        let messages: Vec<_> = result.violations.iter().map(|one| &one.message).collect();
        assert_eq!(
            messages,
            ["Organization trail central has log files that are not encrypted with a KMS key"]
        );
    }

    #[test]
    fn trails_that_could_not_be_listed_are_a_gap() {
        let facts = FactStore::default().with::<Trails>(missing("cloudtrail:ListTrails"));
        let gap = evaluate_account(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("cloudtrail:ListTrails"));
    }
}
