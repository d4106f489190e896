//! Function URLs without authentication.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity, Violation};
use crate::services::lambda::{FunctionUrl, FunctionUrls, GET_POLICY};

pub(super) const CHECK: Check = Check {
    id: "lambda-url-public",
    title: "Lambda function URL requires no authentication",
    category: Category::ExposureRisks,
    severity: Severity::High,
    why: "Anyone on the internet can call such a URL, and the function acts with the permissions of its role. Web \
          hooks may need this. The policy of the function must allow it too, with the action \
          `lambda:InvokeFunctionUrl`. If the policy does not, the severity is low. URLs since October 2025 need \
          `lambda:InvokeFunction` as well, which is not evaluated. The check needs one request for each \
          function, so it is not enabled by default.",
    fix: &[
        "Run the command. It shows the URLs of the function.",
        "Set the authentication to `AWS_IAM`. A distribution of CloudFront can sign its requests with an origin \
         access control. In the console: Lambda, the function, Configuration, Function URL, Edit, Auth type. With \
         the CLI: `aws lambda update-function-url-config`.",
        "If everybody may call it, make sure that the function authenticates its callers or has no data to \
         protect, and record an exception.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:lambda:eu-west-1:111122223333:function:orders",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        let show = "lambda list-function-url-configs";
        remediation::regional(show, failed, ("function-name", failed.name()))
    },
    controls: &[],
    prowler: Counterparts::per_resource(&[same("awslambda_function_url_public")]),
    parameters: Parameters::None,
    needs: &[FunctionUrls::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let urls = facts.get::<FunctionUrls>()?;
    let mut result = RuleResult {
        gaps: urls.gaps.clone(),
        ..RuleResult::default()
    };
    for one in urls {
        let violation = violation(one, context, &mut result.gaps);
        result.add(Ok(violation));
    }
    Ok(result)
}

/// Without authentication, only the policy decides who can use the URL. One that cannot be evaluated may allow everybody, so
/// that the gap is beside a finding.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html>
fn violation(one: &FunctionUrl, context: &Context<'_>, gaps: &mut Vec<Gap>) -> Option<Violation> {
    let policy = one.open_policy.as_ref()?.get();
    let grant =
        policy.and_then(|policy| policy.grant_of(&GET_POLICY, context, "lambda:InvokeFunctionUrl"));
    let (severity, policy) = match grant {
        Ok(Some(_)) => (CHECK.severity, "its policy allows everybody to use it"),
        Ok(None) => (Severity::Low, "its policy does not grant public access"),
        Err(gap) => {
            gaps.push(gap);
            (CHECK.severity, "its policy is unknown")
        }
    };
    let of = match one.alias.as_str() {
        "" => String::new(),
        alias => format!("alias {alias} of "),
    };
    let function = &one.function;
    let message =
        format!("The URL of {of}function {function} requires no authentication, and {policy}");
    let violation = CHECK.violation(one.arn.clone(), message);
    Some(violation.with_severity(severity).with_part(&one.alias))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::{Items, Reading};
    use crate::services::ResourcePolicy;

    const ARN: &str = "arn:aws:lambda:eu-west-1:111122223333:function:orders";

    fn url(alias: &str, open_policy: Option<Reading<ResourcePolicy>>) -> FunctionUrl {
        FunctionUrl {
            function: "orders".to_owned(),
            arn: ARN.into(),
            alias: alias.to_owned(),
            open_policy,
        }
    }

    fn policy(action: &str, auth_type: &str) -> Option<Reading<ResourcePolicy>> {
        let document = format!(
            r#"{{"Statement": {{"Effect": "Allow", "Principal": "*", "Action": "{action}", "Resource": "{ARN}",
                "Condition": {{"StringEquals": {{"lambda:FunctionUrlAuthType": "{auth_type}"}}}}}}}}"#
        );
        Some(Reading::known(with(Some(document))))
    }

    fn with(document: Option<String>) -> ResourcePolicy {
        ResourcePolicy {
            arn: ARN.into(),
            name: "orders".to_owned(),
            document,
        }
    }

    fn evaluated(urls: Vec<FunctionUrl>) -> RuleResult {
        let facts = FactStore::default().with::<FunctionUrls>(Reading::known(urls.into()));
        evaluate_region(&CHECK, &facts).unwrap()
    }

    #[test]
    fn the_policy_decides_about_the_severity() {
        let begin = "The URL of function orders requires no authentication, and its policy";
        for (policy, severity, end) in [
            (
                policy("lambda:InvokeFunctionUrl", "NONE"),
                Severity::High,
                "allows everybody to use it",
            ),
            (
                policy("lambda:InvokeFunction", "NONE"),
                Severity::Low,
                "does not grant public access",
            ),
            (
                Some(Reading::known(with(None))),
                Severity::Low,
                "does not grant public access",
            ),
        ] {
            let result = evaluated(vec![url("", policy)]);
            let found = &result.violations[0];
            assert_eq!(found.resource, ARN);
            assert_eq!((found.severity, found.part.as_str()), (severity, ""));
            assert_eq!(found.message, format!("{begin} {end}"));
            assert_eq!(result.gaps, []);
        }
    }

    #[test]
    fn an_alias_is_a_part() {
        let result = evaluated(vec![url(
            "prod",
            policy("lambda:InvokeFunctionUrl", "NONE"),
        )]);
        assert_eq!(result.violations[0].part, "prod");
        assert_eq!(
            result.violations[0].message,
            "The URL of alias prod of function orders requires no authentication, and its policy allows everybody \
             to use it"
        );
    }

    #[test]
    fn authentication_passes() {
        let result = evaluated(vec![url("", None)]);
        assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
    }

    #[test]
    fn an_unknown_policy_is_a_gap_beside_the_finding() {
        let action = "lambda:GetPolicy";
        let result = evaluated(vec![url("", Some(missing(action)))]);
        assert_eq!(result.gaps, [denied(action)]);
        assert_eq!(result.violations[0].severity, Severity::High);
        let list = "lambda:ListFunctionUrlConfigs";
        let unread: Items<FunctionUrl> = [Err(denied(list))].into_iter().collect();
        let facts = FactStore::default().with::<FunctionUrls>(Reading::known(unread));
        assert_eq!(
            evaluate_region(&CHECK, &facts).unwrap().gaps,
            [denied(list)]
        );
    }
}
