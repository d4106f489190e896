//! Functions that anyone can invoke.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::lambda::{FunctionPolicies, GET_POLICY};
use crate::services::resource_policy;

pub(super) const CHECK: Check = Check {
    id: "lambda-function-public",
    title: "Lambda function grants public access",
    category: Category::ExposureRisks,
    severity: Severity::Critical,
    why: "Anyone with an AWS account can invoke a public function, which acts with the permissions of its \
          role. Services such as S3 and API Gateway are not the public. Policies of versions and aliases are \
          not evaluated. The check needs one request for each function, so it is not enabled by default.",
    fix: &[
        "Run the command. It shows the policy of the function.",
        "Delete the statement, and add one that names an account in `Principal`. In the console: Lambda, the \
         function, Configuration, Permissions. With the CLI: `aws lambda remove-permission` and `aws lambda \
         add-permission`.",
        "If everybody may call its function URL, record an exception.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:lambda:eu-west-1:111122223333:function:orders",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        let show = "lambda get-policy";
        remediation::regional(show, failed, ("function-name", failed.name()))
    },
    controls: &[covers("cis-7.0", "2.21"), covers("aws-fsbp", "Lambda.1")],
    prowler: Counterparts::per_resource(&[same("awslambda_function_not_publicly_accessible")]),
    parameters: Parameters::None,
    needs: &[FunctionPolicies::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let policies = facts.get::<FunctionPolicies>()?;
    let noun = ("Function", &GET_POLICY);
    Ok(resource_policy::evaluate(&CHECK, noun, policies, context))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::resource_policy::samples::assert_decides;

    #[test]
    fn services_are_not_the_public() {
        let not_public = [
            r#""Principal": {"Service": "apigateway.amazonaws.com"}"#,
            r#""Principal": {"Service": "s3.amazonaws.com"}, "Condition": {"StringEquals": {"AWS:SourceAccount": "111122223333"}}"#,
        ];
        assert_decides::<FunctionPolicies>(&CHECK, "Function", &not_public);
    }
}
