//! Repositories that anyone can pull from or push to.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::ecr::{GET_REPOSITORY_POLICY, RepositoryPolicies};
use crate::services::resource_policy;

pub(super) const CHECK: Check = Check {
    id: "ecr-repository-public",
    title: "ECR repository grants public access",
    category: Category::ExposureRisks,
    severity: Severity::Critical,
    why: "Anyone with an AWS account can pull images from a public repository, or push them, as its policy \
          allows. Images often contain source code and secrets. Repositories of ECR Public are public on \
          purpose, and are not evaluated. The check needs one request for each repository, so it is not \
          enabled by default.",
    fix: &[
        "Run the command. It shows the policy of the repository.",
        "Name accounts in `Principal`, or add a condition on `aws:PrincipalOrgID`. In the console: ECR, the \
         repository, Permissions. With the CLI: `aws ecr set-repository-policy`.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ecr:eu-west-1:111122223333:repository/shop/orders",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        let show = "ecr get-repository-policy";
        remediation::regional(
            show,
            failed,
            ("repository-name", resource_policy::full_name(failed)),
        )
    },
    controls: &[covers("cis-7.0", "2.21")],
    prowler: Counterparts::per_resource(&[same("ecr_repositories_not_publicly_accessible")]),
    parameters: Parameters::None,
    needs: &[RepositoryPolicies::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let policies = facts.get::<RepositoryPolicies>()?;
    let noun = ("Repository", &GET_REPOSITORY_POLICY);
    Ok(resource_policy::evaluate(&CHECK, noun, policies, context))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::resource_policy::samples::assert_decides;

    #[test]
    fn a_repository_for_an_organization_is_not_public() {
        let not_public = [
            r#""Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}"#,
        ];
        assert_decides::<RepositoryPolicies>(&CHECK, "Repository", &not_public);
    }
}
