//! Organizations whose policies are managed in the management account alone.

use super::central::{BILLING_ONLY, central_reducer, noted};
use crate::checks::{
    Category, Check, Counterparts, FailedResource, OrganizationRule, Parameters, Rule, covers,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::organizations::{OrganizationProfile, PolicyDelegation};

pub(super) const CHECK: Check = Check {
    id: "organization-policy-delegation-missing",
    title: "The organization delegates no policy management",
    category: Category::IamSecurity,
    severity: Severity::Low,
    why: "Only the management account can manage the policies of the organization, unless a resource policy \
          delegates it to a member account. No policy binds the management account, and its administrators \
          can do everything. So each person who edits policies there can also do much else. The check reads \
          only whether the resource policy exists. It reports only in the account in which orgscan runs.",
    fix: &[
        "Use credentials of the management account.",
        "Set `POLICY` to a resource policy that allows a member account the actions on policies that it \
         needs.",
        "Run the command. The console has the same setting: AWS Organizations, Settings, Delegated \
         administrator for AWS Organizations.",
    ],
    example: FailedResource::example(
        "global",
        "arn:aws:organizations::111122223333:organization/o-exampleorgid",
        "",
    ),
    by_default: true,
    remediation: |_| {
        let put = "organizations put-resource-policy --content \"$POLICY\"";
        Some(format!("aws {put}"))
    },
    controls: &[covers("cis-7.0", "2.1.5")],
    prowler: Counterparts::none("Prowler does not read the organization's resource policy"),
    parameters: Parameters::None,
    needs: &[OrganizationProfile::SPEC, PolicyDelegation::SPEC],
    rule: Rule::Organization(OrganizationRule::of::<CentralAccount>()),
};

central_reducer!(CentralAccount, evaluate);

/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html>
fn evaluate(facts: &Facts<'_>, organization: &OrganizationProfile) -> Result<RuleResult, Gap> {
    if !organization.has_all_features {
        return Ok(noted(BILLING_ONLY));
    }
    let is_delegated = *facts.get::<PolicyDelegation>()?;
    let message =
        "The organization has no resource policy, so only the management account manages policies";
    let violation = || CHECK.violation(organization.arn.clone(), message);
    Ok(RuleResult::of_one((!is_delegated).then(violation)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_organization, missing};
    use crate::facts::FactStore;
    use crate::model::{Reading, Verdict};
    use crate::services::organizations::samples::{ARN, central, without_features};

    fn verdict(facts: &FactStore) -> Verdict {
        evaluate_organization(&CHECK, &[facts]).remove(0)
    }

    #[test]
    fn a_resource_policy_passes_and_its_absence_is_found() {
        let with = |is_there| central().with::<PolicyDelegation>(Reading::known(is_there));
        let passed = verdict(&with(true));
        assert_eq!((passed.resources_evaluated, passed.violations), (1, vec![]));
        let failed = verdict(&with(false));
        assert_eq!(failed.violations[0].resource, ARN);
    }

    #[test]
    fn an_organization_without_all_features_has_nothing_to_delegate() {
        for facts in without_features() {
            let verdict = verdict(&facts);
            assert_eq!((verdict.resources_evaluated, verdict.notes.len()), (0, 1));
            assert!(verdict.violations.is_empty() && verdict.gaps.is_empty());
        }
    }

    #[test]
    fn what_could_not_be_read_is_a_gap() {
        let action = "organizations:DescribeResourcePolicy";
        let facts = central().with::<PolicyDelegation>(missing(action));
        assert_eq!(verdict(&facts).gaps, [denied(action)]);
    }

    #[test]
    fn other_accounts_have_no_verdict() {
        let central = central().with::<PolicyDelegation>(Reading::known(true));
        let verdicts = evaluate_organization(&CHECK, &[&central, &FactStore::default()]);
        assert_eq!(verdicts.len(), 1);
    }
}
