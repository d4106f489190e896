//! Security services that are administered from the management account.

use std::collections::BTreeSet;

use super::central::{BILLING_ONLY, central_reducer, noted};
use crate::checks::{
    Category, Check, Counterparts, FailedResource, OrganizationRule, Parameters, Rule, covers,
    part, remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::organizations::{
    DelegatedAdministrators, OrganizationProfile, TrustedServices,
};

/// Services for security, audit and identity that a delegated administrator can administer.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html>
const SERVICES: [(&str, &str); 16] = [
    ("access-analyzer.amazonaws.com", "IAM Access Analyzer"),
    ("auditmanager.amazonaws.com", "AWS Audit Manager"),
    ("backup.amazonaws.com", "AWS Backup"),
    ("cloudtrail.amazonaws.com", "AWS CloudTrail"),
    (
        "config-multiaccountsetup.amazonaws.com",
        "AWS Config rules and conformance packs",
    ),
    ("config.amazonaws.com", "AWS Config"),
    ("detective.amazonaws.com", "Amazon Detective"),
    ("fms.amazonaws.com", "AWS Firewall Manager"),
    ("guardduty.amazonaws.com", "Amazon GuardDuty"),
    ("iam.amazonaws.com", "IAM root access management"),
    ("inspector2.amazonaws.com", "Amazon Inspector"),
    ("macie.amazonaws.com", "Amazon Macie"),
    (
        "security-ir.amazonaws.com",
        "AWS Security Incident Response",
    ),
    ("securityhub.amazonaws.com", "AWS Security Hub"),
    ("securitylake.amazonaws.com", "Amazon Security Lake"),
    ("sso.amazonaws.com", "IAM Identity Center"),
];

pub(super) const CHECK: Check = Check {
    id: "organization-delegated-administrator-missing",
    title: "Security service is administered from the management account",
    category: Category::IamSecurity,
    severity: Severity::Low,
    why: "A service with trusted access that has no delegated administrator is administered from the \
          management account. No policy binds that account, and its administrators can do everything. A \
          delegated administrator is a member account for the security team, which SCPs do bind. The check \
          covers services for security, audit and identity. It reports only in the account in which orgscan \
          runs.",
    fix: &[
        "Use credentials of the management account.",
        "Set `ACCOUNT_ID` to the id of the account that the security team uses.",
        "Run the command. Some services, such as GuardDuty and Macie, have an own command or console page \
         for it. The console of each service has it under Settings or General.",
        "Move the administration of the service to that account.",
    ],
    example: FailedResource::example(
        "global",
        "arn:aws:organizations::111122223333:organization/o-exampleorgid",
        "guardduty.amazonaws.com",
    ),
    by_default: true,
    remediation: |failed| {
        let register =
            "organizations register-delegated-administrator --account-id \"$ACCOUNT_ID\"";
        remediation::aws(register, &[("service-principal", failed.part)])
    },
    controls: &[covers("cis-7.0", "2.1.6")],
    prowler: Counterparts::per_account(&[part("organizations_delegated_administrators")
        .not_compared(
            "Prowler fails each delegated administrator that its configuration does not list",
        )]),
    parameters: Parameters::None,
    needs: &[
        OrganizationProfile::SPEC,
        TrustedServices::SPEC,
        DelegatedAdministrators::SPEC,
    ],
    rule: Rule::Organization(OrganizationRule::of::<CentralAccount>()),
};

central_reducer!(CentralAccount, evaluate);

fn evaluate(facts: &Facts<'_>, organization: &OrganizationProfile) -> Result<RuleResult, Gap> {
    if !organization.has_all_features {
        return Ok(noted(BILLING_ONLY));
    }
    let trusted = facts.get::<TrustedServices>()?;
    let administrators = facts.get::<DelegatedAdministrators>()?;
    let mut unread = administrators.gaps.clone();
    let mut delegated: BTreeSet<&str> = BTreeSet::new();
    for administrator in administrators {
        match administrator.services.get() {
            Ok(services) => delegated.extend(services.iter().map(String::as_str)),
            Err(gap) => unread.push(gap.clone()),
        }
    }
    let mut result = RuleResult {
        gaps: trusted.gaps.clone(),
        ..RuleResult::default()
    };
    for (principal, name) in SERVICES {
        if !trusted.iter().any(|one| one == principal) {
            continue;
        }
        if delegated.contains(principal) {
            result.add(Ok(None));
        } else if let Some(gap) = unread.first() {
            result.add(Err(gap.clone()));
        } else {
            let message = format!("{name} has trusted access and no delegated administrator");
            let violation = CHECK.violation(organization.arn.clone(), message);
            result.add(Ok(Some(violation.with_part(principal))));
        }
    }
    result.gaps.dedup();
    if result.resources_evaluated == 0 && result.gaps.is_empty() {
        result
            .notes
            .push("no security service has trusted access".to_owned());
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_organization, missing};
    use crate::facts::FactStore;
    use crate::model::{Items, Reading, Verdict};
    use crate::services::organizations::DelegatedAdministrator;
    use crate::services::organizations::samples::{ARN, central, without_features};
    use crate::testing::id;

    const GUARDDUTY: &str = "guardduty.amazonaws.com";
    const MACIE: &str = "macie.amazonaws.com";

    fn verdict(facts: &FactStore) -> Verdict {
        evaluate_organization(&CHECK, &[facts]).remove(0)
    }

    fn trusting(services: &[&str]) -> FactStore {
        let services: Vec<String> = services.iter().map(|one| (*one).to_owned()).collect();
        central().with::<TrustedServices>(Reading::known(Items::from(services)))
    }

    fn administrator(services: Reading<BTreeSet<String>>) -> DelegatedAdministrator {
        DelegatedAdministrator {
            account: id(1),
            services,
        }
    }

    fn administered(facts: FactStore, services: &[&str]) -> FactStore {
        let services = services.iter().map(|one| (*one).to_owned()).collect();
        let administrators = vec![administrator(Reading::known(services))];
        facts.with::<DelegatedAdministrators>(Reading::known(Items::from(administrators)))
    }

    #[test]
    fn each_trusted_security_service_needs_an_administrator() {
        let trusted = || trusting(&[GUARDDUTY, MACIE, "ram.amazonaws.com"]);
        let passed = verdict(&administered(trusted(), &[GUARDDUTY, MACIE]));
        assert_eq!((passed.resources_evaluated, passed.violations), (2, vec![]));
        let failed = verdict(&administered(trusted(), &[GUARDDUTY, "ram.amazonaws.com"]));
        assert_eq!(
            (failed.resources_evaluated, failed.violations.len()),
            (2, 1)
        );
        let violation = &failed.violations[0];
        assert_eq!(
            (violation.resource.as_str(), &*violation.part),
            (ARN, MACIE)
        );
        let nobody = trusted().with::<DelegatedAdministrators>(Reading::known(Items::default()));
        assert_eq!(verdict(&nobody).violations.len(), 2);
    }

    #[test]
    fn without_trusted_services_there_is_nothing_to_evaluate() {
        let none = administered(trusting(&["ram.amazonaws.com"]), &[]);
        let verdict_of_none = verdict(&none);
        assert_eq!(verdict_of_none.resources_evaluated, 0);
        assert_eq!(
            (verdict_of_none.notes.len(), verdict_of_none.gaps),
            (1, vec![])
        );
        for facts in without_features() {
            let verdict = verdict(&facts);
            assert_eq!((verdict.resources_evaluated, verdict.notes.len()), (0, 1));
            assert!(verdict.violations.is_empty() && verdict.gaps.is_empty());
        }
    }

    #[test]
    fn services_that_could_not_be_read_may_be_any() {
        let action = "organizations:ListDelegatedServicesForAccount";
        let known = administrator(Reading::known([MACIE.to_owned()].into()));
        let both = Items::from(vec![known, administrator(missing(action))]);
        let facts = trusting(&[GUARDDUTY, MACIE]);
        let verdict_of_both = verdict(&facts.with::<DelegatedAdministrators>(Reading::known(both)));
        assert_eq!(verdict_of_both.gaps, [denied(action)]);
        assert_eq!(verdict_of_both.resources_evaluated, 1);
        assert_eq!(verdict_of_both.violations, []);
        for facts in [
            trusting(&[GUARDDUTY]).with::<DelegatedAdministrators>(missing(action)),
            administered(central().with::<TrustedServices>(missing(action)), &[]),
        ] {
            assert_eq!(verdict(&facts).gaps, [denied(action)]);
        }
    }
}
