//! Distributions without access logs.

use super::{EXAMPLE, show};
use crate::checks::{Category, Check, Context, Counterparts, Parameters, Rule, covers, same};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::cloudfront::{DistributionLogs, LogState};

pub(super) const CHECK: Check = Check {
    id: "cloudfront-logging-off",
    title: "CloudFront distribution keeps no access logs",
    category: Category::Logging,
    severity: Severity::Low,
    why: "After an attack, access logs show who requested what. The origin sees only the requests that the cache \
          does not answer. Standard logs pass: those that go straight to a bucket, and those that CloudWatch Logs \
          delivers. Real-time logs do not pass, because they may contain only a sample. The check needs one \
          request for each distribution, so it is not enabled by default.",
    fix: &[
        "Run the command to see the current settings.",
        "Enable standard logging in the console: CloudFront, Distributions, Logging, Create log delivery.",
        "With the CLI, create a delivery in CloudWatch Logs: `aws logs put-delivery-source`, `aws logs \
         put-delivery-destination` and `aws logs create-delivery`.",
    ],
    example: EXAMPLE,
    by_default: false,
    remediation: show,
    controls: &[
        covers("cis-7.0", "4.10"),
        covers("aws-fsbp", "CloudFront.5"),
    ],
    prowler: Counterparts::per_resource(&[same("cloudfront_distributions_logging_enabled")]),
    parameters: Parameters::None,
    needs: &[DistributionLogs::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Context<'_>) -> Result<RuleResult, Gap> {
    let logs = facts.get::<DistributionLogs>()?;
    let mut result = RuleResult {
        gaps: logs.distributions.gaps.clone(),
        ..RuleResult::default()
    };
    for one in &logs.distributions {
        result.add(is_logged(one, logs).map(|is_logged| {
            let message = format!("Distribution {} keeps no access logs", one.id);
            (!is_logged).then(|| CHECK.violation(one.arn.clone(), message))
        }));
    }
    Ok(result)
}

/// A distribution has standard logs in its own settings (legacy), or as a delivery with the log type `ACCESS_LOGS`.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html>
///
/// # Errors
/// The gap, if CloudWatch Logs may deliver them.
fn is_logged(one: &LogState, logs: &DistributionLogs) -> Result<bool, Gap> {
    if one.writes_to_bucket {
        return Ok(true);
    }
    let deliveries = logs.deliveries.get()?;
    let mut all = deliveries.iter();
    match all.any(|all| all.resource == one.arn && all.log_type == "ACCESS_LOGS") {
        true => Ok(true),
        false => deliveries.complete().map(|()| false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::model::{Arn, Items, Reading};
    use crate::services::logs::LogDelivery;

    fn arn(id: &str) -> Arn {
        format!("arn:aws:cloudfront::111122223333:distribution/{id}").into()
    }

    fn state(id: &str, writes_to_bucket: bool) -> LogState {
        LogState {
            arn: arn(id),
            id: id.to_owned(),
            writes_to_bucket,
        }
    }

    fn evaluated(states: Vec<LogState>, deliveries: Reading<Items<LogDelivery>>) -> RuleResult {
        let logs = DistributionLogs {
            distributions: states.into(),
            deliveries,
        };
        let facts = FactStore::default().with::<DistributionLogs>(Reading::known(logs));
        evaluate_account(&CHECK, &facts).unwrap()
    }

    #[test]
    fn either_kind_of_standard_logs_passes() {
        let delivery = |id: &str, log_type: &str| LogDelivery {
            resource: arn(id),
            log_type: log_type.to_owned(),
        };
        let deliveries = vec![
            delivery("E2", "ACCESS_LOGS"),
            delivery("E3", "CONNECTION_LOGS"),
        ];
        let states = vec![state("E1", true), state("E2", false), state("E3", false)];
        let result = evaluated(states, Reading::known(deliveries.into()));
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (3, 1)
        );
        assert_eq!(result.violations[0].resource, arn("E3").as_str());
        assert_eq!(
            result.violations[0].message,
            "Distribution E3 keeps no access logs"
        );
    }

    #[test]
    fn deliveries_that_could_not_be_read_are_a_gap_only_without_logs_in_a_bucket() {
        let action = "logs:DescribeDeliverySources";
        let result = evaluated(vec![state("E1", true), state("E2", false)], missing(action));
        assert_eq!(
            (result.resources_evaluated, result.gaps),
            (1, vec![denied(action)])
        );
    }

    #[test]
    fn distributions_that_could_not_be_listed_are_a_gap() {
        let action = "cloudfront:ListDistributions";
        let facts = FactStore::default().with::<DistributionLogs>(missing(action));
        assert_eq!(evaluate_account(&CHECK, &facts), Err(denied(action)));
    }
}
