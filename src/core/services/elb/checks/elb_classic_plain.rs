//! Classic Load Balancers with listeners that do not encrypt.

use crate::checks::format::first_few;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::elb::ClassicLoadBalancers;

pub(super) const CHECK: Check = Check {
    id: "elb-classic-plain",
    title: "Classic Load Balancer accepts connections without TLS",
    category: Category::DataProtection,
    severity: Severity::Low,
    why: "Without TLS, everybody on the path can read and change the traffic, including passwords and session \
          cookies. Classic Load Balancers cannot redirect HTTP to HTTPS. A TCP listener may pass TLS through to \
          the instances, so it is not evaluated. The check needs one request per Region, so it is not enabled \
          by default.",
    fix: &[
        "Replace the load balancer with an Application Load Balancer, whose listeners can redirect to HTTPS. In \
         the console: EC2, Load Balancers, Migrate.",
        "Otherwise, run the command to see the listeners. Then add one for HTTPS or SSL, and delete those for \
         HTTP.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/shop",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        let show = "elb describe-load-balancers";
        remediation::regional(show, failed, ("load-balancer-names", failed.name()))
    },
    controls: &[covers("aws-fsbp", "ELB.3")],
    prowler: Counterparts::per_resource(&[same("elb_ssl_listeners")]),
    parameters: Parameters::None,
    needs: &[ClassicLoadBalancers::SPEC],
    rule: Rule::Region(evaluate),
};

/// The protocols of clients are HTTP, HTTPS, TCP and SSL.
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-listener-config.html>
fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let balancers = facts.get::<ClassicLoadBalancers>()?;
    let mut result = RuleResult {
        gaps: balancers.gaps.clone(),
        ..RuleResult::default()
    };
    for one in balancers {
        let plain = one.listeners.iter();
        let plain = plain.filter(|(protocol, _)| protocol.eq_ignore_ascii_case("HTTP"));
        let ports: Vec<String> = plain.map(|(_, port)| port.to_string()).collect();
        result.add(Ok((!ports.is_empty()).then(|| {
            let arn = arn::classic_load_balancer(context, region, &one.name);
            let (name, ports) = (&one.name, first_few(&ports));
            CHECK.violation(
                arn,
                format!("Classic Load Balancer {name} accepts HTTP on port {ports}"),
            )
        })));
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;
    use crate::services::elb::ClassicLoadBalancer;
    use crate::services::elb::samples::arn;

    fn evaluated(listeners: &[(&str, u16)]) -> RuleResult {
        let listeners = listeners.iter();
        let listeners = listeners.map(|(protocol, port)| ((*protocol).to_owned(), *port));
        let one = ClassicLoadBalancer {
            name: "old".to_owned(),
            listeners: listeners.collect(),
        };
        let facts = FactStore::default();
        let facts = facts.with::<ClassicLoadBalancers>(Reading::known(vec![one].into()));
        evaluate_region(&CHECK, &facts).unwrap()
    }

    #[test]
    fn a_listener_for_http_fails_whatever_else_listens() {
        let result = evaluated(&[("HTTPS", 443), ("HTTP", 80), ("http", 8080)]);
        assert_eq!(result.violations[0].resource, arn("old").as_str());
        assert_eq!(
            result.violations[0].message,
            "Classic Load Balancer old accepts HTTP on port 80, 8080"
        );
    }

    #[test]
    fn other_listeners_and_none_pass() {
        for listeners in [&[][..], &[("HTTPS", 443), ("SSL", 8443)], &[("TCP", 443)]] {
            let result = evaluated(listeners);
            assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
        }
    }

    #[test]
    fn load_balancers_that_could_not_be_listed_are_a_gap() {
        let action = "elasticloadbalancing:DescribeLoadBalancers";
        let facts = FactStore::default().with::<ClassicLoadBalancers>(missing(action));
        assert_eq!(evaluate_region(&CHECK, &facts), Err(denied(action)));
    }
}
