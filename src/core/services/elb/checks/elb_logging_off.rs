//! Load balancers without access logs.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::elb::{AccessLogs, ClassicAccessLogs, LoadBalancerLogs, LoadBalancerType};
use crate::services::logs::LogDelivery;

pub(super) const CHECK: Check = Check {
    id: "elb-logging-off",
    title: "Load balancer keeps no access logs",
    category: Category::Logging,
    severity: Severity::Low,
    why: "After an attack, access logs show who sent which requests. Applications often record less, and an \
          intruder can change what they record. Access logs in a bucket or in CloudWatch Logs pass. A Network \
          Load Balancer logs only connections to TLS listeners, so one without them is not evaluated. The \
          check needs one request for each load balancer, so it is not enabled by default.",
    fix: &[
        "Choose a log bucket in the Region of the load balancer. Set `LOG_BUCKET` to its name.",
        "Allow Elastic Load Balancing the action `s3:PutObject` in the bucket's policy.",
        "Run the command. The console has the same setting: EC2, Load Balancers, Attributes, Access logs.",
        "If other logs have the same requests, record an exception.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188",
        "",
    ),
    by_default: false,
    remediation,
    controls: &[covers("cis-7.0", "4.10"), covers("aws-fsbp", "ELB.5")],
    prowler: Counterparts::per_resource(&[
        same("elbv2_logging_enabled"),
        same("elb_logging_enabled"),
    ]),
    parameters: Parameters::None,
    needs: &[AccessLogs::SPEC, ClassicAccessLogs::SPEC],
    rule: Rule::Region(evaluate),
};

/// A Classic Load Balancer has nothing but its name in its ARN.
fn remediation(failed: &FailedResource<'_>) -> Option<String> {
    let is_newer = ["loadbalancer/app/", "loadbalancer/net/"]
        .iter()
        .any(|path| failed.resource.contains(path));
    if is_newer {
        let enable = "elbv2 modify-load-balancer-attributes --attributes Key=access_logs.s3.enabled,Value=true \
                      \"Key=access_logs.s3.bucket,Value=$LOG_BUCKET\"";
        return remediation::regional(enable, failed, ("load-balancer-arn", failed.resource));
    }
    let enable = "elb modify-load-balancer-attributes --load-balancer-attributes \
                  \"AccessLog={Enabled=true,S3BucketName=$LOG_BUCKET}\"";
    remediation::regional(enable, failed, ("load-balancer-name", failed.name()))
}

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let mut result = RuleResult::default();
    match facts.get::<AccessLogs>() {
        Ok(logs) => {
            result.gaps.extend(logs.balancers.gaps.iter().cloned());
            for one in &logs.balancers {
                match is_logged(one, logs) {
                    Ok(None) => {}
                    Ok(Some(is_logged)) => result.add(Ok((!is_logged).then(|| {
                        let name = &one.balancer.name;
                        let message = format!("Load balancer {name} keeps no access logs");
                        CHECK.violation(one.balancer.arn.clone(), message)
                    }))),
                    Err(gap) => result.add(Err(gap)),
                }
            }
        }
        Err(gap) => result.gaps.push(gap),
    }
    match facts.get::<ClassicAccessLogs>() {
        Ok(classic) => {
            result.gaps.extend(classic.gaps.iter().cloned());
            for one in classic {
                result.add(Ok((!one.writes_to_bucket).then(|| {
                    let arn = arn::classic_load_balancer(context, region, &one.name);
                    let message =
                        format!("Classic Load Balancer {} keeps no access logs", one.name);
                    CHECK.violation(arn, message)
                })));
            }
        }
        Err(gap) => result.gaps.push(gap),
    }
    Ok(result)
}

/// Whether a load balancer keeps access logs; none if it cannot. A Network Load Balancer creates them only if it has a TLS
/// listener.
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html>
///
/// # Errors
/// The gap, if CloudWatch Logs may deliver them.
fn is_logged(one: &LoadBalancerLogs, logs: &AccessLogs) -> Result<Option<bool>, Gap> {
    if one.writes_to_bucket {
        return Ok(Some(true));
    }
    let is_network = one.balancer.kind == LoadBalancerType::Network;
    if is_network && one.has_tls_listener == Some(false) {
        return Ok(None);
    }
    let deliveries = logs.deliveries.get()?;
    match deliveries.iter().any(|delivery| is_of(delivery, one)) {
        true => Ok(Some(true)),
        false => deliveries.complete().map(|()| Some(false)),
    }
}

/// The log types are named after the type of the load balancer: `ALB_ACCESS_LOGS`, `NLB_ACCESS_LOGS`.
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-logs.html>
fn is_of(delivery: &LogDelivery, one: &LoadBalancerLogs) -> bool {
    delivery.resource == one.balancer.arn && delivery.log_type.ends_with("ACCESS_LOGS")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::{Items, Reading};
    use crate::services::elb::ClassicLogs;
    use crate::services::elb::samples::{arn, balancer};

    const ATTRIBUTES: &str = "elasticloadbalancing:DescribeLoadBalancerAttributes";

    fn logs(
        path: &str,
        writes_to_bucket: bool,
        has_tls_listener: Option<bool>,
    ) -> LoadBalancerLogs {
        LoadBalancerLogs {
            balancer: balancer(path),
            writes_to_bucket,
            has_tls_listener,
        }
    }

    fn region(
        balancers: Items<LoadBalancerLogs>,
        deliveries: Reading<Items<LogDelivery>>,
        classic: Items<ClassicLogs>,
    ) -> RuleResult {
        let logs = AccessLogs {
            balancers,
            deliveries,
        };
        let facts = FactStore::default().with::<AccessLogs>(Reading::known(logs));
        let facts = facts.with::<ClassicAccessLogs>(Reading::known(classic));
        evaluate_region(&CHECK, &facts).unwrap()
    }

    fn delivery(path: &str, log_type: &str) -> LogDelivery {
        LogDelivery {
            resource: arn(path),
            log_type: log_type.to_owned(),
        }
    }

    fn none() -> Reading<Items<LogDelivery>> {
        Reading::known(Items::default())
    }

    #[test]
    fn logs_in_a_bucket_pass_and_none_fail() {
        let balancers = vec![
            logs("app/shop/1", true, None),
            logs("app/blog/2", false, None),
            logs("net/tls/3", false, Some(true)),
            logs("net/tcp/4", false, Some(false)),
        ];
        let result = region(balancers.into(), none(), Items::default());
        assert_eq!((result.resources_evaluated, result.gaps), (3, vec![]));
        let found = result.violations.iter().map(|one| one.resource.as_str());
        assert_eq!(
            found.collect::<Vec<_>>(),
            [arn("app/blog/2").as_str(), arn("net/tls/3").as_str()]
        );
        assert_eq!(
            result.violations[0].message,
            "Load balancer blog keeps no access logs"
        );
    }

    #[test]
    fn a_delivery_of_access_logs_of_the_same_load_balancer_passes() {
        for (delivery, count) in [
            (delivery("app/blog/2", "ALB_ACCESS_LOGS"), 0),
            (delivery("app/blog/2", "ALB_CONNECTION_LOGS"), 1),
            (delivery("app/shop/1", "ALB_ACCESS_LOGS"), 1),
        ] {
            let balancers = vec![logs("app/blog/2", false, None)];
            let deliveries = Reading::known(vec![delivery].into());
            let result = region(balancers.into(), deliveries, Items::default());
            assert_eq!(result.violations.len(), count);
        }
    }

    #[test]
    fn deliveries_that_could_not_be_read_are_a_gap_only_without_logs_in_a_bucket() {
        let balancers = vec![
            logs("app/shop/1", true, None),
            logs("app/blog/2", false, None),
            logs("net/tcp/4", false, Some(false)),
        ];
        let action = "logs:DescribeDeliveries";
        let result = region(balancers.into(), missing(action), Items::default());
        assert_eq!(result.gaps, [denied(action)]);
        assert_eq!(result.violations, []);
    }

    #[test]
    fn classic_load_balancers_have_a_setting_of_their_own() {
        let classic =
            [("old", false), ("older", true)].map(|(name, writes_to_bucket)| ClassicLogs {
                name: name.to_owned(),
                writes_to_bucket,
            });
        let result = region(Items::default(), none(), classic.to_vec().into());
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (2, 1)
        );
        assert_eq!(result.violations[0].resource, arn("old").as_str());
    }

    #[test]
    fn what_could_not_be_read_hides_nothing_else() {
        let gap = denied(ATTRIBUTES).of("x");
        let balancers = [Err(gap.clone()), Ok(logs("app/blog/2", false, None))];
        let result = region(balancers.into_iter().collect(), none(), Items::default());
        assert_eq!((result.gaps, result.violations.len()), (vec![gap], 1));
        let list = "elasticloadbalancing:DescribeLoadBalancers";
        let facts = FactStore::default().with::<AccessLogs>(missing(list));
        let classic = vec![ClassicLogs {
            name: "old".to_owned(),
            writes_to_bucket: false,
        }];
        let facts = facts.with::<ClassicAccessLogs>(Reading::known(classic.into()));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(
            (result.gaps, result.violations.len()),
            (vec![denied(list)], 1)
        );
    }

    #[test]
    fn each_api_has_its_own_command() {
        let classic = arn("old");
        let failed = FailedResource {
            resource: &classic,
            ..CHECK.example
        };
        assert_eq!(
            (CHECK.remediation)(&failed).unwrap(),
            "aws elb modify-load-balancer-attributes --load-balancer-attributes \
             \"AccessLog={Enabled=true,S3BucketName=$LOG_BUCKET}\" --load-balancer-name old --region eu-west-1"
        );
        let command = (CHECK.remediation)(&CHECK.example).unwrap();
        assert!(
            command.starts_with("aws elbv2 modify-load-balancer-attributes "),
            "{command}"
        );
    }
}
