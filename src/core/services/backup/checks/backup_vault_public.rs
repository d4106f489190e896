//! Backup vaults that anyone can use.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::backup::{GET_BACKUP_VAULT_ACCESS_POLICY, VaultPolicies};
use crate::services::resource_policy;

pub(super) const CHECK: Check = Check {
    id: "backup-vault-public",
    title: "Backup vault grants public access",
    category: Category::ExposureRisks,
    severity: Severity::High,
    why: "Anyone with an AWS account can use a public vault as its policy allows: copy backups into it, or \
          delete them. The check needs one request for each vault, so it is not enabled by default.",
    fix: &[
        "Run the command. It shows the policy of the vault.",
        "Name accounts in `Principal`, or add a condition on `aws:PrincipalOrgID`. In the console: AWS \
         Backup, Vaults, Access policy. With the CLI: `aws backup put-backup-vault-access-policy`.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:backup:eu-west-1:111122223333:backup-vault:orders",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        let show = "backup get-backup-vault-access-policy";
        remediation::regional(
            show,
            failed,
            ("backup-vault-name", resource_policy::full_name(failed)),
        )
    },
    controls: &[covers("cis-7.0", "2.21")],
    prowler: Counterparts::none("Prowler has no check of the policies of backup vaults"),
    parameters: Parameters::None,
    needs: &[VaultPolicies::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let policies = facts.get::<VaultPolicies>()?;
    let noun = ("Vault", &GET_BACKUP_VAULT_ACCESS_POLICY);
    Ok(resource_policy::evaluate(&CHECK, noun, policies, context))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::resource_policy::samples::assert_decides;

    #[test]
    fn a_vault_for_an_organization_is_not_public() {
        let not_public = [
            r#""Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}"#,
        ];
        assert_decides::<VaultPolicies>(&CHECK, "Vault", &not_public);
    }
}
