//! Parts of the organization without a resource control policy.

use super::central::central_reducer;
use super::guardrails::{self, PolicyKind};
use crate::checks::{
    Category, Check, Counterparts, FailedResource, OrganizationRule, Parameters, Rule, remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::organizations::{
    OrganizationProfile, OrganizationTree, ResourceControlPolicies,
};

const KIND: PolicyKind = PolicyKind {
    id: "RESOURCE_CONTROL_POLICY",
    name: "resource control policy",
    default_policy: "RCPFullAWSAccess",
};

pub(super) const CHECK: Check = Check {
    id: "organization-rcp-missing",
    title: "No resource control policy applies to a part of the organization",
    category: Category::IamSecurity,
    severity: Severity::Low,
    why: "A resource control policy (RCP) limits who can use the resources of an account, whatever their own \
          policies allow. It can keep principals outside the organization away from buckets, keys, queues, \
          secrets and roles. Without one except RCPFullAWSAccess, each resource policy has to do that. The \
          check reports the highest OU, or the root, below which no account has an RCP. It does not evaluate \
          what the policies deny. The management account is never bound. The check needs a request per OU \
          and policy, so it is not enabled by default.",
    fix: &[
        "Find out which principals outside the organization use your resources. The external access \
         findings of IAM Access Analyzer show them.",
        "Test the policy in an OU with few accounts. Denied requests appear in CloudTrail.",
        "Set `POLICY_ID` to the id of the policy. `aws organizations list-policies --filter \
         RESOURCE_CONTROL_POLICY` shows it.",
        "Run the command. The console has the same setting: AWS Organizations, Policies, Resource control \
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
    controls: &[],
    prowler: Counterparts::none("Prowler does not evaluate resource control policies"),
    parameters: Parameters::None,
    needs: &[
        OrganizationProfile::SPEC,
        OrganizationTree::SPEC,
        ResourceControlPolicies::SPEC,
    ],
    rule: Rule::Organization(OrganizationRule::of::<CentralAccount>()),
};

central_reducer!(CentralAccount, evaluate);

fn evaluate(facts: &Facts<'_>, organization: &OrganizationProfile) -> Result<RuleResult, Gap> {
    guardrails::evaluate::<ResourceControlPolicies>(&CHECK, &KIND, facts, organization)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::organizations::checks::guardrails::tests::finds_what_no_policy_binds;

    #[test]
    fn the_highest_part_without_a_policy_is_found() {
        finds_what_no_policy_binds::<ResourceControlPolicies>(&CHECK, &KIND);
    }
}
