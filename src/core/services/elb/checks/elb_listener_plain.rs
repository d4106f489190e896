//! Application Load Balancers that serve plain HTTP.

use crate::checks::format::first_few;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::elb::{HttpListeners, ListenerAction, ListenerRule, LoadBalancerHttp};

pub(super) const CHECK: Check = Check {
    id: "elb-listener-plain",
    title: "Application Load Balancer serves plain HTTP",
    category: Category::DataProtection,
    severity: Severity::Medium,
    why: "Without TLS, everybody on the path can read and change the traffic, including passwords and session \
          cookies. A listener passes if its default action, or a rule for all requests, redirects to HTTPS. \
          One with only fixed responses passes too. Internal load balancers have a lower severity. A TCP \
          listener of a Network Load Balancer may pass TLS through to its targets, so it is not evaluated. The \
          check needs one request for each load balancer, so it is not enabled by default.",
    fix: &[
        "Run the command to see the listeners. Add one for HTTPS if there is none.",
        "Let the default action of each HTTP listener redirect to HTTPS. In the console: EC2, Load Balancers, \
         Listeners and rules, Edit listener. With the CLI: `aws elbv2 modify-listener`.",
        "If TLS ends in front of the load balancer, record an exception.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        let show = "elbv2 describe-listeners";
        remediation::regional(show, failed, ("load-balancer-arn", failed.resource))
    },
    controls: &[covers("aws-fsbp", "ELB.1"), covers("aws-fsbp", "ELB.18")],
    prowler: Counterparts::per_resource(&[same("elbv2_ssl_listeners")]),
    parameters: Parameters::None,
    needs: &[HttpListeners::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Region, _: &Context<'_>) -> Result<RuleResult, Gap> {
    let balancers = facts.get::<HttpListeners>()?;
    let mut result = RuleResult {
        gaps: balancers.gaps.clone(),
        ..RuleResult::default()
    };
    for one in balancers {
        add(&mut result, one);
    }
    Ok(result)
}

/// Adds a load balancer. A listener with unknown rules hides none of the others.
fn add(result: &mut RuleResult, one: &LoadBalancerHttp) {
    let (mut ports, mut gaps) = (Vec::new(), Vec::new());
    for listener in &one.listeners {
        match listener.rules.get() {
            Ok(rules) if serves(rules) => ports.push(listener.port.to_string()),
            Ok(_) => {}
            Err(gap) => gaps.push(gap),
        }
    }
    let is_known = gaps.is_empty();
    result.gaps.extend(gaps);
    if !ports.is_empty() {
        let internal = if one.balancer.is_internal {
            "Internal load"
        } else {
            "Load"
        };
        let (name, ports) = (&one.balancer.name, first_few(&ports));
        let message = format!("{internal} balancer {name} serves plain HTTP on port {ports}");
        let violation = CHECK.violation(one.balancer.arn.clone(), message);
        result.add(Ok(Some(match one.balancer.is_internal {
            true => violation.with_severity(Severity::Low),
            false => violation,
        })));
    } else if is_known {
        result.add(Ok(None));
    }
}

/// Whether a listener with these rules serves requests over HTTP. A redirect of all requests decides, whatever is served
/// beside it: paths for domain validation, for example.
///
/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html>
fn serves(rules: &[ListenerRule]) -> bool {
    let redirects_all =
        |rule: &ListenerRule| rule.is_for_all && rule.action == ListenerAction::RedirectToHttps;
    let serves = |rule: &ListenerRule| rule.action == ListenerAction::Other;
    !rules.iter().any(redirects_all) && rules.iter().any(serves)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::{Items, Reading};
    use crate::services::elb::samples::{arn, balancer};
    use crate::services::elb::{HttpListener, LoadBalancer};

    use ListenerAction::{FixedResponse, Other, RedirectToHttps};

    const RULES: &str = "elasticloadbalancing:DescribeRules";

    fn listener(port: u16, rules: &[(bool, ListenerAction)]) -> HttpListener {
        let rules = rules.iter();
        let rules = rules.map(|&(is_for_all, action)| ListenerRule { is_for_all, action });
        HttpListener {
            port,
            rules: Reading::known(rules.collect()),
        }
    }

    fn evaluated(balancer: LoadBalancer, listeners: Vec<HttpListener>) -> RuleResult {
        let one = LoadBalancerHttp {
            balancer,
            listeners,
        };
        let facts = FactStore::default();
        let facts = facts.with::<HttpListeners>(Reading::known(vec![one].into()));
        evaluate_region(&CHECK, &facts).unwrap()
    }

    #[test]
    fn a_redirect_of_all_requests_passes_and_so_does_what_serves_nothing() {
        for (rules, count) in [
            (&[(true, RedirectToHttps)][..], 0),
            (&[(true, Other)], 1),
            (&[(false, RedirectToHttps), (true, Other)], 1),
            (&[(true, RedirectToHttps), (true, Other)], 0),
            (&[(false, Other), (true, RedirectToHttps), (true, Other)], 0),
            (&[(true, FixedResponse)], 0),
            (&[(false, RedirectToHttps), (true, FixedResponse)], 0),
            (&[(false, Other), (true, FixedResponse)], 1),
        ] {
            let result = evaluated(balancer("app/shop/1"), vec![listener(80, rules)]);
            assert_eq!((result.resources_evaluated, result.gaps), (1, vec![]));
            assert_eq!(result.violations.len(), count, "{rules:?}");
        }
    }

    #[test]
    fn the_finding_names_the_ports_and_is_milder_inside() {
        let listeners = || {
            vec![
                listener(80, &[(true, Other)]),
                listener(81, &[(true, RedirectToHttps)]),
                listener(8080, &[(true, Other)]),
            ]
        };
        let found = evaluated(balancer("app/shop/1"), listeners()).violations;
        assert_eq!(found[0].resource, arn("app/shop/1").as_str());
        assert_eq!(found[0].severity, Severity::Medium);
        assert_eq!(
            found[0].message,
            "Load balancer shop serves plain HTTP on port 80, 8080"
        );
        let inside = LoadBalancer {
            is_internal: true,
            ..balancer("app/shop/1")
        };
        let found = evaluated(inside, listeners()).violations;
        assert_eq!(found[0].severity, Severity::Low);
        assert_eq!(
            found[0].message,
            "Internal load balancer shop serves plain HTTP on port 80, 8080"
        );
    }

    #[test]
    fn no_listener_for_http_passes() {
        let result = evaluated(balancer("app/shop/1"), vec![]);
        assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
    }

    #[test]
    fn unknown_rules_are_a_gap_that_hides_nothing() {
        let unknown = || HttpListener {
            port: 8080,
            rules: missing(RULES),
        };
        let result = evaluated(balancer("app/shop/1"), vec![unknown()]);
        assert_eq!((result.resources_evaluated, result.violations), (0, vec![]));
        assert_eq!(result.gaps, [denied(RULES)]);
        let plain = listener(80, &[(true, Other)]);
        let result = evaluated(balancer("app/shop/1"), vec![unknown(), plain]);
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (1, 1)
        );
        assert_eq!(result.gaps, [denied(RULES)]);
    }

    #[test]
    fn load_balancers_that_could_not_be_read_are_gaps() {
        let action = "elasticloadbalancing:DescribeListeners";
        let gaps: Items<LoadBalancerHttp> = [Err(denied(action))].into_iter().collect();
        let facts = FactStore::default().with::<HttpListeners>(Reading::known(gaps));
        assert_eq!(
            evaluate_region(&CHECK, &facts).unwrap().gaps,
            [denied(action)]
        );
        let facts = FactStore::default().with::<HttpListeners>(missing(action));
        assert_eq!(evaluate_region(&CHECK, &facts), Err(denied(action)));
    }
}
