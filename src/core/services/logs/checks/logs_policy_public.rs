//! Resource policies of CloudWatch Logs that let anyone in.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers, part,
    remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{Arn, Gap, Region, RuleResult, Severity, Violation};
use crate::services::ResourcePolicy;
use crate::services::logs::{DESCRIBE_RESOURCE_POLICIES, LogPolicies};

pub(super) const CHECK: Check = Check {
    id: "logs-policy-public",
    title: "Resource policy of CloudWatch Logs grants public access",
    category: Category::ExposureRisks,
    severity: Severity::High,
    why: "Anyone with an AWS account can use the log groups that such a policy covers. Forged entries hide what \
          happened, and start alarms. The check evaluates the policies of the Region, not those of single log \
          groups. It needs one request per Region, so it is not enabled by default.",
    fix: &[
        "Run the command. It shows the policies. The finding has the name of the policy.",
        "Name a service in `Principal`, with conditions on `aws:SourceAccount` and `aws:SourceArn`. The console \
         has no page for these policies. With the CLI: `aws logs put-resource-policy`.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:logs:eu-west-1:111122223333:account",
        "dns-queries",
    ),
    by_default: false,
    remediation: |failed| remediation::setting("logs describe-resource-policies", failed),
    controls: &[covers("cis-7.0", "2.21")],
    prowler: Counterparts::per_region(&[part("cloudwatch_log_group_not_publicly_accessible")]),
    parameters: Parameters::None,
    needs: &[LogPolicies::SPEC],
    rule: Rule::Region(evaluate),
};

/// A policy has no ARN, and covers the log groups that its statements name.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ResourcePolicy.html>
fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let account = context.account.as_str();
    let groups = Arn::new(
        context.partition,
        "logs",
        region.as_str(),
        account,
        "log-group",
    );
    Ok(RuleResult::of_each(facts.get::<LogPolicies>()?, |policy| {
        let name = &policy.name;
        let evaluated = ResourcePolicy {
            arn: groups.clone(),
            name: name.clone(),
            document: Some(policy.document.clone()),
        };
        let grant = evaluated.grant(&DESCRIBE_RESOURCE_POLICIES, context)?;
        Ok(grant.map(|grant| Violation {
            part: name.clone(),
            ..CHECK.violation(
                arn::service_settings(context, "logs", region),
                format!("Resource policy {name} grants public access: {grant}"),
            )
        }))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;
    use crate::services::logs::LogPolicy;

    fn policy(name: &str, principal: &str, resource: &str) -> LogPolicy {
        LogPolicy {
            name: name.to_owned(),
            document: format!(
                r#"{{"Version": "2012-10-17", "Statement": {{"Sid": "Write", "Effect": "Allow",
                    "Principal": {principal}, "Action": "logs:PutLogEvents", "Resource": "{resource}"}}}}"#
            ),
        }
    }

    #[test]
    fn a_policy_for_everybody_is_found_whatever_log_group_it_covers() {
        let dns = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/route53/*:*";
        let policies = vec![
            policy("dns", r#"{"Service": "route53.amazonaws.com"}"#, dns),
            policy("open", r#""*""#, "*"),
            policy("open-dns", r#"{"AWS": "*"}"#, dns),
        ];
        let facts = FactStore::default().with::<LogPolicies>(Reading::known(policies.into()));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!((result.resources_evaluated, result.gaps), (3, vec![]));
        let parts = result.violations.iter().map(|one| one.part.as_str());
        assert_eq!(parts.collect::<Vec<_>>(), ["open", "open-dns"]);
        let violation = &result.violations[0];
        assert_eq!(
            violation.resource,
            "arn:aws:logs:eu-west-1:111122223333:account"
        );
        assert_eq!(
            violation.message,
            "Resource policy open grants public access: statement `Write` allows logs:PutLogEvents"
        );
    }

    #[test]
    fn what_could_not_be_read_or_decided_is_a_gap() {
        let facts =
            FactStore::default().with::<LogPolicies>(missing("logs:DescribeResourcePolicies"));
        let gap = evaluate_region(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("logs:DescribeResourcePolicies"));
        let odd = LogPolicy {
            name: "odd".to_owned(),
            document: "no policy".to_owned(),
        };
        let facts = FactStore::default().with::<LogPolicies>(Reading::known(vec![odd].into()));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(result.gaps[0].resource, "odd");
    }
}
