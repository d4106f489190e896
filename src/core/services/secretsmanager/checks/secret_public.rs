//! Secrets that anyone can read.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::resource_policy;
use crate::services::secretsmanager::{GET_RESOURCE_POLICY, SecretPolicies};

pub(super) const CHECK: Check = Check {
    id: "secret-public",
    title: "Secret grants public access",
    category: Category::ExposureRisks,
    severity: Severity::Critical,
    why: "Anyone with an AWS account can use a public secret as its policy allows, which may include reading \
          it. Secrets Manager can reject such policies, but only when they are added. The check needs one \
          request for each secret, so it is not enabled by default.",
    fix: &[
        "Run the command. It shows the policy of the secret.",
        "Name accounts in `Principal`, or add a condition on `aws:PrincipalOrgID`. In the console: Secrets \
         Manager, the secret, Resource permissions. With the CLI: `aws secretsmanager put-resource-policy`, \
         with the option `--block-public-policy`.",
        "Assume that the secret is known, and rotate it.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders-a1b2c3",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        let show = "secretsmanager get-resource-policy";
        remediation::regional(show, failed, ("secret-id", failed.resource))
    },
    controls: &[covers("cis-7.0", "2.21")],
    prowler: Counterparts::per_resource(&[same("secretsmanager_not_publicly_accessible")]),
    parameters: Parameters::None,
    needs: &[SecretPolicies::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let policies = facts.get::<SecretPolicies>()?;
    let noun = ("Secret", &GET_RESOURCE_POLICY);
    Ok(resource_policy::evaluate(&CHECK, noun, policies, context))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::resource_policy::samples::assert_decides;

    #[test]
    fn a_secret_is_public_unless_the_policy_names_who_reads_it() {
        let not_public = [
            r#""Principal": {"AWS": "arn:aws:iam::444455556666:root"}"#,
            r#""Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}"#,
        ];
        assert_decides::<SecretPolicies>(&CHECK, "Secret", &not_public);
    }
}
