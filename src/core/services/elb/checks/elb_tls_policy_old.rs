//! Load balancers with listeners that accept TLS below 1.2.

use crate::checks::format::first_few;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, part,
    remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{Cause, Gap, Items, Region, RuleResult, Severity};
use crate::services::elb::{
    ApplicationListeners, DESCRIBE_SSL_POLICIES, LoadBalancerListeners, NetworkListeners,
    TlsPolicies, TlsPolicy,
};

pub(super) const CHECK: Check = Check {
    id: "elb-tls-policy-old",
    title: "Load balancer accepts TLS below 1.2",
    category: Category::DataProtection,
    severity: Severity::Medium,
    why: "TLS 1.0 and 1.1 have known weaknesses, and standards such as PCI DSS prohibit them. The security \
          policy of an HTTPS or TLS listener decides which versions it accepts. AWS's list of each policy's \
          versions is used, not its name. Classic Load Balancers are not evaluated. The check needs one \
          request for each load balancer, so it is not enabled by default.",
    fix: &[
        "Find out in the access logs whether clients still use older versions.",
        "Run the command to see the listeners and their security policies.",
        "Choose a policy with TLS 1.2 or newer for each. In the console: EC2, Load Balancers, Listeners and \
         rules, Security, Edit secure listener settings. With the CLI: `aws elbv2 modify-listener --ssl-policy`.",
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
    controls: &[covers("aws-fsbp", "ELB.17")],
    prowler: Counterparts::per_resource(&[part("elbv2_insecure_ssl_ciphers")
        .with_remark("evaluates versions of TLS, and not cipher suites")]),
    parameters: Parameters::None,
    needs: &[TlsPolicies::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Region, _: &Context<'_>) -> Result<RuleResult, Gap> {
    let mut result = RuleResult::default();
    let policies = facts.get::<TlsPolicies>();
    add(
        &mut result,
        facts.get::<ApplicationListeners>(),
        policies.as_ref(),
    );
    add(
        &mut result,
        facts.get::<NetworkListeners>(),
        policies.as_ref(),
    );
    Ok(result)
}

/// Adds load balancers with a security policy. One without has no TLS, and is not evaluated.
fn add(
    result: &mut RuleResult,
    balancers: Result<&Items<LoadBalancerListeners>, Gap>,
    policies: Result<&&Items<TlsPolicy>, &Gap>,
) {
    let balancers = match balancers {
        Ok(balancers) => balancers,
        Err(gap) => return result.gaps.push(gap),
    };
    result.gaps.extend(balancers.gaps.iter().cloned());
    for one in balancers {
        let has_tls = one.listeners.iter().any(|one| one.tls_policy.is_some());
        if !has_tls {
            continue;
        }
        let ports = policies.map_err(Gap::clone);
        let ports = ports.and_then(|policies| old_ports(one, policies));
        result.add(ports.map(|ports| {
            (!ports.is_empty()).then(|| {
                let (name, ports) = (&one.balancer.name, first_few(&ports));
                let message = format!("Load balancer {name} accepts TLS below 1.2 on port {ports}");
                CHECK.violation(one.balancer.arn.clone(), message)
            })
        }));
    }
}

/// The ports on which an old version is accepted, each with its security policy.
///
/// # Errors
/// A gap with the load balancer's ARN, if a policy or a version is unknown.
fn old_ports(one: &LoadBalancerListeners, policies: &Items<TlsPolicy>) -> Result<Vec<String>, Gap> {
    let mut ports = Vec::new();
    for listener in &one.listeners {
        let Some(name) = &listener.tls_policy else {
            continue;
        };
        let policy = policies.iter().find(|policy| policy.name == *name);
        let accepts_old = policy.map_or_else(
            || {
                Err(policies
                    .unread(name)
                    .cloned()
                    .unwrap_or_else(|| unlisted(name)))
            },
            accepts_old,
        );
        if accepts_old.map_err(|gap| gap.of(one.balancer.arn.as_str()))? {
            ports.push(format!("{} ({name})", listener.port));
        }
    }
    Ok(ports)
}

fn unlisted(policy: &str) -> Gap {
    Gap {
        detail: format!("AWS's list does not have the security policy {policy}"),
        ..Gap::new(DESCRIBE_SSL_POLICIES.action, Cause::Malformed)
    }
}

/// Source: <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html>
fn accepts_old(policy: &TlsPolicy) -> Result<bool, Gap> {
    let mut accepts_old = false;
    for version in &policy.versions {
        accepts_old |= match version.as_str() {
            "SSLv2" | "SSLv3" | "TLSv1" | "TLSv1.1" => true,
            "TLSv1.2" | "TLSv1.3" => false,
            other => {
                return Err(Gap {
                    detail: format!("`{other}` is no known version of TLS"),
                    ..Gap::new(DESCRIBE_SSL_POLICIES.action, Cause::Malformed)
                });
            }
        };
    }
    Ok(accepts_old)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;
    use crate::services::elb::samples::{arn, balancer};
    use crate::services::elb::{Listener, ListenerAction};

    const POLICIES: &str = "elasticloadbalancing:DescribeSSLPolicies";

    fn policies() -> Items<TlsPolicy> {
        let policies = [
            ("old", &["TLSv1", "TLSv1.1", "TLSv1.2"][..]),
            ("1-1", &["TLSv1.1", "TLSv1.2"]),
            ("new", &["TLSv1.2", "TLSv1.3"]),
            ("newer", &["TLSv1.3"]),
            ("later", &["TLSv1.3", "TLSv2"]),
        ];
        let policies = policies.map(|(name, versions)| TlsPolicy {
            name: name.to_owned(),
            versions: versions.iter().map(|one| (*one).to_owned()).collect(),
        });
        policies.to_vec().into()
    }

    fn listeners(path: &str, ports: &[(u16, Option<&str>)]) -> LoadBalancerListeners {
        let ports = ports.iter().map(|(port, policy)| Listener {
            arn: String::new(),
            port: *port,
            protocol: String::new(),
            tls_policy: policy.map(str::to_owned),
            default_action: ListenerAction::Other,
        });
        LoadBalancerListeners {
            balancer: balancer(path),
            listeners: ports.collect(),
        }
    }

    fn region(
        application: Vec<LoadBalancerListeners>,
        network: Vec<LoadBalancerListeners>,
        policies: Reading<Items<TlsPolicy>>,
    ) -> RuleResult {
        let facts = FactStore::default().with::<TlsPolicies>(policies);
        let facts = facts.with::<ApplicationListeners>(Reading::known(application.into()));
        let facts = facts.with::<NetworkListeners>(Reading::known(network.into()));
        evaluate_region(&CHECK, &facts).unwrap()
    }

    #[test]
    fn the_versions_of_the_policy_decide() {
        for (policy, count) in [("old", 1), ("1-1", 1), ("new", 0), ("newer", 0)] {
            for path in ["app/shop/1", "net/shop/1"] {
                let one = listeners(path, &[(80, None), (443, Some(policy))]);
                let all = Reading::known(policies());
                let result = match path.starts_with("app") {
                    true => region(vec![one], vec![], all),
                    false => region(vec![], vec![one], all),
                };
                assert_eq!((result.resources_evaluated, result.gaps), (1, vec![]));
                let found = result.violations.iter().map(|one| one.resource.as_str());
                let expected = [arn(path)];
                let expected = expected.iter().take(count).map(|arn| arn.as_str());
                assert!(found.eq(expected), "{policy}");
            }
        }
    }

    #[test]
    fn the_finding_names_ports_and_policies() {
        let ports = [(443, Some("old")), (8443, Some("new")), (9443, Some("1-1"))];
        let one = listeners("app/shop/1", &ports);
        let result = region(vec![one], vec![], Reading::known(policies()));
        assert_eq!(
            result.violations[0].message,
            "Load balancer shop accepts TLS below 1.2 on port 443 (old), 9443 (1-1)"
        );
    }

    #[test]
    fn a_load_balancer_without_tls_is_not_evaluated() {
        let one = listeners("net/shop/1", &[(443, None)]);
        let result = region(vec![], vec![one], Reading::known(Items::default()));
        assert_eq!(result, RuleResult::default());
    }

    #[test]
    fn unknown_policies_and_versions_are_gaps_of_the_load_balancer() {
        for (policy, detail) in [
            ("later", "`TLSv2` is no known version of TLS"),
            ("gone", "AWS's list does not have the security policy gone"),
        ] {
            let one = listeners("app/shop/1", &[(443, Some(policy))]);
            let result = region(vec![one], vec![], Reading::known(policies()));
            assert_eq!(result.resources_evaluated, 0);
            assert_eq!(result.gaps[0].resource, arn("app/shop/1").as_str());
            assert_eq!(result.gaps[0].detail, detail);
        }
        let one = listeners("app/shop/1", &[(443, Some("old"))]);
        let result = region(vec![one], vec![], missing(POLICIES));
        assert_eq!(
            (result.gaps, result.violations),
            (vec![denied(POLICIES)], vec![])
        );
    }

    #[test]
    fn load_balancers_that_could_not_be_read_are_gaps() {
        let action = "elasticloadbalancing:DescribeListeners";
        let facts = FactStore::default().with::<TlsPolicies>(missing(action));
        let facts = facts.with::<ApplicationListeners>(missing(action));
        let unread: Items<LoadBalancerListeners> = [Err(denied(action))].into_iter().collect();
        let facts = facts.with::<NetworkListeners>(Reading::known(unread));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(result.gaps, [denied(action), denied(action)]);
    }
}
