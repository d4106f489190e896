//! Vaults of S3 Glacier that anyone can use.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::glacier::{GET_VAULT_ACCESS_POLICY, VaultPolicies};
use crate::services::resource_policy;

pub(super) const CHECK: Check = Check {
    id: "glacier-vault-public",
    title: "Glacier vault grants public access",
    category: Category::ExposureRisks,
    severity: Severity::Critical,
    why: "Anyone can use a public vault as its policy allows, which may include retrieving or deleting \
          archives. The check covers vaults of the Glacier API. Objects in the Glacier storage classes of S3 \
          belong to buckets. The check needs one request for each vault, so it is not enabled by default.",
    fix: &[
        "Run the command. It shows the policy of the vault.",
        "Name accounts in `Principal`, or add a condition on `aws:PrincipalOrgID`. In the console: S3 \
         Glacier, the vault, Permissions. With the CLI: `aws glacier set-vault-access-policy`.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:glacier:eu-west-1:111122223333:vaults/orders",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        let show = "glacier get-vault-access-policy --account-id -";
        remediation::regional(show, failed, ("vault-name", failed.name()))
    },
    controls: &[covers("cis-7.0", "2.21")],
    prowler: Counterparts::per_resource(&[same("glacier_vaults_policy_public_access")]),
    parameters: Parameters::None,
    needs: &[VaultPolicies::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let policies = facts.get::<VaultPolicies>()?;
    let noun = ("Vault", &GET_VAULT_ACCESS_POLICY);
    Ok(resource_policy::evaluate(&CHECK, noun, policies, context))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::resource_policy::samples::assert_decides;

    #[test]
    fn a_vault_for_one_account_is_not_public() {
        let not_public = [r#""Principal": {"AWS": "arn:aws:iam::444455556666:root"}"#];
        assert_decides::<VaultPolicies>(&CHECK, "Vault", &not_public);
    }
}
