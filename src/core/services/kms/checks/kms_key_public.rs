//! Keys that anyone can use.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::kms::{GET_KEY_POLICY, KeyPolicies};
use crate::services::resource_policy;

pub(super) const CHECK: Check = Check {
    id: "kms-key-public",
    title: "KMS key grants public access",
    category: Category::ExposureRisks,
    severity: Severity::Critical,
    why: "Anyone with an AWS account can use a public key as its policy allows, which may include decrypting \
          data and changing the policy. A condition on `kms:CallerAccount` makes it private. The check \
          evaluates enabled customer managed keys. It needs two requests for each key, so it is not enabled \
          by default.",
    fix: &[
        "Run the command. It shows the policy of the key.",
        "Name accounts in `Principal`, or add a condition on `kms:CallerAccount` or `aws:PrincipalOrgID`. In \
         the console: KMS, Customer managed keys, Key policy. With the CLI: `aws kms put-key-policy`.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        let show = "kms get-key-policy --policy-name default --output text";
        remediation::regional(show, failed, ("key-id", failed.name()))
    },
    controls: &[covers("cis-7.0", "2.21"), covers("aws-fsbp", "KMS.5")],
    prowler: Counterparts::per_resource(&[same("kms_key_not_publicly_accessible")]),
    parameters: Parameters::None,
    needs: &[KeyPolicies::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let policies = facts.get::<KeyPolicies>()?;
    let noun = ("Key", &GET_KEY_POLICY);
    Ok(resource_policy::evaluate(&CHECK, noun, policies, context))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::resource_policy::samples::assert_decides;

    #[test]
    fn a_key_for_callers_of_one_account_is_not_public() {
        let not_public = [
            r#""Principal": {"AWS": "*"}, "Condition": {"StringEquals": {"kms:CallerAccount": "111122223333"}}"#,
            r#""Principal": {"AWS": "arn:aws:iam::444455556666:root"}"#,
        ];
        assert_decides::<KeyPolicies>(&CHECK, "Key", &not_public);
    }
}
