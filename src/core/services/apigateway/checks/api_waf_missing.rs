//! Stages of public REST APIs without a web ACL.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::apigateway::RestStages;

pub(super) const CHECK: Check = Check {
    id: "api-waf-missing",
    title: "Stage of a public REST API has no web ACL",
    category: Category::NetworkSecurity,
    severity: Severity::Low,
    why: "A web ACL of AWS WAF blocks known attacks and limits the rate of requests before they reach the API. \
          HTTP and WebSocket APIs cannot have one, and private APIs are not evaluated. A distribution with a web \
          ACL in front of the API is as good if clients cannot bypass it. The check needs one request for each \
          API, so it is not enabled by default.",
    fix: &[
        "Create a regional web ACL with AWS's managed rules, or choose an existing one. Set `WEB_ACL_ARN` to its \
         ARN.",
        "Run the command. The console has the same setting: API Gateway, the API, Stages, Edit, Web ACL.",
        "If a distribution with a web ACL is in front of the API, record an exception.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:apigateway:eu-west-1::/restapis/a1b2c3d4e5/stages/prod",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        let associate = "wafv2 associate-web-acl --web-acl-arn \"$WEB_ACL_ARN\"";
        remediation::regional(associate, failed, ("resource-arn", failed.resource))
    },
    controls: &[covers("aws-fsbp", "APIGateway.4")],
    prowler: Counterparts::per_resource(&[same("apigateway_restapi_waf_acl_attached")]),
    parameters: Parameters::None,
    needs: &[RestStages::SPEC],
    rule: Rule::Region(evaluate),
};

/// `webAclArn` is the web ACL of the stage. Only REST APIs can have one.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/api/API_Stage.html> and
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html>
fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let stages = facts.get::<RestStages>()?;
    let mut result = RuleResult {
        gaps: stages.gaps.clone(),
        ..RuleResult::default()
    };
    for stage in stages.iter().filter(|stage| !stage.is_private) {
        result.add(Ok(stage.web_acl.is_none().then(|| {
            let arn = arn::stage(context, region, "restapis", &stage.api, &stage.name);
            let (name, api) = (&stage.name, &stage.api_name);
            CHECK.violation(arn, format!("Stage {name} of API {api} has no web ACL"))
        })));
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::super::samples::stage;
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;
    use crate::services::apigateway::Stage;

    #[test]
    fn public_stages_without_a_web_acl_fail() {
        let protected = Stage {
            web_acl: Some("arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/x/1".to_owned()),
            ..stage("b")
        };
        let private = Stage {
            is_private: true,
            ..stage("c")
        };
        let stages = vec![stage("a"), protected, private];
        let facts = FactStore::default().with::<RestStages>(Reading::known(stages.into()));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (2, 1)
        );
        assert_eq!(
            result.violations[0].resource,
            "arn:aws:apigateway:eu-west-1::/restapis/a/stages/prod"
        );
    }

    #[test]
    fn stages_that_could_not_be_read_are_gaps() {
        let facts = FactStore::default().with::<RestStages>(missing("apigateway:GET"));
        assert_eq!(
            evaluate_region(&CHECK, &facts),
            Err(denied("apigateway:GET"))
        );
    }
}
