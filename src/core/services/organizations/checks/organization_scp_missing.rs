//! Parts of the organization without a service control policy.

use super::central::central_reducer;
use super::guardrails::{self, PolicyKind};
use crate::checks::{
    Category, Check, Counterparts, FailedResource, OrganizationRule, Parameters, Rule, covers,
    remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::organizations::{
    OrganizationProfile, OrganizationTree, ServiceControlPolicies,
};

const KIND: PolicyKind = PolicyKind {
    id: "SERVICE_CONTROL_POLICY",
    name: "service control policy",
    default_policy: "FullAWSAccess",
};

pub(super) const CHECK: Check = Check {
    id: "organization-scp-missing",
    title: "No service control policy applies to a part of the organization",
    category: Category::IamSecurity,
    severity: Severity::Medium,
    why: "A service control policy (SCP) limits what everybody in an account can do, the root user included. \
          Without one except FullAWSAccess, an administrator of the account can turn off its logging or \
          leave the organization. The check reports the highest OU, or the root, below which no account has \
          an SCP. It does not evaluate what the policies deny. The management account is never bound. The \
          check needs a request per OU and policy, so it is not enabled by default.",
    fix: &[
        "Decide what no account may do: for example leave the organization, stop CloudTrail, or use Regions \
         that you do not need.",
        "Test the policy in an OU with few accounts. Denied requests appear in CloudTrail.",
        "Set `POLICY_ID` to the id of the policy. `aws organizations list-policies --filter \
         SERVICE_CONTROL_POLICY` shows it.",
        "Run the command. The console has the same setting: AWS Organizations, Policies, Service control \
         policies.",
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
    controls: &[covers("cis-7.0", "2.1.2")],
    prowler: Counterparts::none(
        "Prowler searches SCPs for denied Regions and does not evaluate what they are attached to",
    ),
    parameters: Parameters::None,
    needs: &[
        OrganizationProfile::SPEC,
        OrganizationTree::SPEC,
        ServiceControlPolicies::SPEC,
    ],
    rule: Rule::Organization(OrganizationRule::of::<CentralAccount>()),
};

central_reducer!(CentralAccount, evaluate);

fn evaluate(facts: &Facts<'_>, organization: &OrganizationProfile) -> Result<RuleResult, Gap> {
    guardrails::evaluate::<ServiceControlPolicies>(&CHECK, &KIND, facts, organization)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::organizations::checks::guardrails::tests::finds_what_no_policy_binds;

    #[test]
    fn the_highest_part_without_a_policy_is_found() {
        finds_what_no_policy_binds::<ServiceControlPolicies>(&CHECK, &KIND);
    }
}
