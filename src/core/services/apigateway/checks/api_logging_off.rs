//! Stages of APIs without access logs.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers, part,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Items, Region, RuleResult, Severity};
use crate::services::apigateway::{RestStages, Stage, Stages};

pub(super) const CHECK: Check = Check {
    id: "api-logging-off",
    title: "API Gateway stage keeps no access logs",
    category: Category::Logging,
    severity: Severity::Low,
    why: "After an attack, access logs show who called an API and what they got. Execution logs are for \
          debugging, and may have the content of requests. They are no access logs, so the check does not count \
          them. It needs one request for each API, so it is not enabled by default.",
    fix: &[
        "For a REST or WebSocket API, allow API Gateway once to write logs: API Gateway, Settings, CloudWatch log \
         role ARN.",
        "Create a log group. Set `LOG_GROUP_ARN` to its ARN.",
        "Run the command. The console has the same setting: API Gateway, the API, Stages, Logs and tracing.",
        "If a distribution in front of the API has the same logs, record an exception.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:apigateway:eu-west-1::/restapis/a1b2c3d4e5/stages/prod",
        "",
    ),
    by_default: false,
    remediation,
    controls: &[
        covers("cis-7.0", "4.10"),
        covers("aws-fsbp", "APIGateway.9"),
    ],
    prowler: Counterparts::per_resource(&[
        same("apigatewayv2_api_access_logging_enabled")
            .not_compared("its verdicts are about the API and not about each stage"),
        part("apigateway_restapi_logging_enabled")
            .with_remark("evaluates access logs, and not execution logs"),
    ]),
    parameters: Parameters::None,
    needs: &[RestStages::SPEC, Stages::SPEC],
    rule: Rule::Region(evaluate),
};

/// The format has `$context` variables, which API Gateway replaces. These three are in all kinds of APIs.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html>
fn remediation(failed: &FailedResource<'_>) -> Option<String> {
    let api = api(failed.resource)?;
    let options = [("stage-name", failed.name()), ("region", failed.region)];
    let format = "$context.requestId $context.identity.sourceIp $context.status";
    if failed.resource.contains(":/restapis/") {
        let update = "apigateway update-stage --patch-operations \
                      \"op=replace,path=/accessLogSettings/destinationArn,value=$LOG_GROUP_ARN\"";
        let format = format!("op=replace,path=/accessLogSettings/format,value={format}");
        let update = format!("{update} '{format}'");
        return remediation::aws(&update, &[("rest-api-id", api), options[0], options[1]]);
    }
    let update = format!(
        "apigatewayv2 update-stage --access-log-settings \"DestinationArn=$LOG_GROUP_ARN,Format='{}'\"",
        format.replace('$', "\\$")
    );
    remediation::aws(&update, &[("api-id", api), options[0], options[1]])
}

/// The id of the API in a stage's ARN: what comes before `stages`.
fn api(arn: &str) -> Option<&str> {
    let mut parts = arn.rsplit('/').skip(1);
    match parts.next()? {
        "stages" => parts.next(),
        other => Some(other),
    }
}

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let mut result = RuleResult::default();
    add(&mut result, facts.get::<RestStages>(), |stage| {
        arn::stage(context, region, "restapis", &stage.api, &stage.name)
    });
    add(&mut result, facts.get::<Stages>(), |stage| {
        arn::stage(context, region, "apis", &stage.api, &stage.name)
    });
    Ok(result)
}

fn add(
    result: &mut RuleResult,
    stages: Result<&Items<Stage>, Gap>,
    arn: impl Fn(&Stage) -> crate::model::Arn,
) {
    let stages = match stages {
        Ok(stages) => stages,
        Err(gap) => return result.gaps.push(gap),
    };
    result.gaps.extend(stages.gaps.iter().cloned());
    for stage in stages {
        result.add(Ok(stage.access_logs.is_none().then(|| {
            let (name, api) = (&stage.name, &stage.api_name);
            CHECK.violation(
                arn(stage),
                format!("Stage {name} of API {api} keeps no access logs"),
            )
        })));
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::stage;
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;

    fn region(rest: Reading<Items<Stage>>, others: Reading<Items<Stage>>) -> RuleResult {
        let facts = FactStore::default().with::<RestStages>(rest);
        evaluate_region(&CHECK, &facts.with::<Stages>(others)).unwrap()
    }

    fn logged(api: &str) -> Stage {
        Stage {
            access_logs: Some("arn:aws:logs:eu-west-1:111122223333:log-group:api".to_owned()),
            ..stage(api)
        }
    }

    #[test]
    fn stages_with_a_destination_pass_and_others_fail() {
        let rest = Reading::known(vec![logged("a"), stage("b")].into());
        let others = Reading::known(vec![logged("c"), stage("d")].into());
        let result = region(rest, others);
        assert_eq!((result.resources_evaluated, result.gaps), (4, vec![]));
        let found = result.violations.iter().map(|one| one.resource.as_str());
        assert_eq!(
            found.collect::<Vec<_>>(),
            [
                "arn:aws:apigateway:eu-west-1::/restapis/b/stages/prod",
                "arn:aws:apigateway:eu-west-1::/apis/d/stages/prod"
            ]
        );
        assert_eq!(
            result.violations[0].message,
            "Stage prod of API shop keeps no access logs"
        );
    }

    #[test]
    fn what_could_not_be_read_hides_nothing_else() {
        let gap = denied("apigateway:GET").of("a");
        let rest = [Err(gap.clone()), Ok(stage("b"))].into_iter().collect();
        let result = region(Reading::known(rest), missing("apigateway:GET"));
        assert_eq!(result.gaps, [gap, denied("apigateway:GET")]);
        assert_eq!(result.violations.len(), 1);
    }

    #[test]
    fn the_command_goes_by_the_kind_of_the_api() {
        let command = (CHECK.remediation)(&CHECK.example).unwrap();
        let end = "--rest-api-id a1b2c3d4e5 --stage-name prod --region eu-west-1";
        assert!(command.ends_with(end), "{command}");
        let failed = FailedResource {
            resource: "arn:aws:apigateway:eu-west-1::/apis/a1/stages/$default",
            ..CHECK.example
        };
        let command = (CHECK.remediation)(&failed).unwrap();
        let end = "--api-id a1 --stage-name '$default' --region eu-west-1";
        assert!(command.ends_with(end), "{command}");
    }
}
