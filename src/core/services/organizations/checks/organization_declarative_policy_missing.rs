//! Parts of the organization without a declarative policy for EC2.

use super::central::central_reducer;
use super::guardrails::{self, PolicyKind};
use crate::checks::{
    Category, Check, Counterparts, FailedResource, OrganizationRule, Parameters, Rule, remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::organizations::{DeclarativePolicies, OrganizationProfile, OrganizationTree};

const KIND: PolicyKind = PolicyKind {
    id: "DECLARATIVE_POLICY_EC2",
    name: "EC2 declarative policy",
    default_policy: "",
};

pub(super) const CHECK: Check = Check {
    id: "organization-declarative-policy-missing",
    title: "No EC2 declarative policy applies to a part of the organization",
    category: Category::DataProtection,
    severity: Severity::Informational,
    why: "A declarative policy sets EC2 defaults in every account and Region at once, also in new ones. It \
          can require IMDSv2, block public snapshots and images, and turn off the serial console. Accounts \
          cannot change a setting that it contains. Without one, each account has to keep these settings by \
          itself. The check reports the highest OU, or the root, below which no account has one. It does not \
          evaluate the content of the policies. It needs a request per OU and policy, so it is not enabled \
          by default.",
    fix: &[
        "Create a report of the present settings in the console: AWS Organizations, Policies, Declarative \
         policies for EC2, Generate status report.",
        "Set `POLICY_ID` to the id of a policy with the settings that you need. `aws organizations \
         list-policies --filter DECLARATIVE_POLICY_EC2` shows it.",
        "Run the command. Begin with an OU that has few accounts.",
    ],
    example: FailedResource::example(
        "global",
        "arn:aws:organizations::111122223333:ou/o-exampleorgid/ou-examplerootid-exampleouid",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        let attach = "organizations attach-policy --policy-id \"$POLICY_ID\"";
        remediation::aws(attach, &[("target-id", failed.name())])
    },
    controls: &[],
    prowler: Counterparts::none("Prowler does not evaluate declarative policies"),
    parameters: Parameters::None,
    needs: &[
        OrganizationProfile::SPEC,
        OrganizationTree::SPEC,
        DeclarativePolicies::SPEC,
    ],
    rule: Rule::Organization(OrganizationRule::of::<CentralAccount>()),
};

central_reducer!(CentralAccount, evaluate);

fn evaluate(facts: &Facts<'_>, organization: &OrganizationProfile) -> Result<RuleResult, Gap> {
    guardrails::evaluate::<DeclarativePolicies>(&CHECK, &KIND, facts, organization)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::organizations::checks::guardrails::tests::finds_what_no_policy_binds;

    #[test]
    fn the_highest_part_without_a_policy_is_found() {
        finds_what_no_policy_binds::<DeclarativePolicies>(&CHECK, &KIND);
    }
}
