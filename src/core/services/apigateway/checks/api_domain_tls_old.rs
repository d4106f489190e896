//! Custom domain names that accept TLS below 1.2.

use std::collections::BTreeMap;

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{Arn, Cause, Gap, Items, Region, RuleResult, Severity};
use crate::services::apigateway::{DomainName, DomainNames, GET_DOMAIN_NAMES, RestDomainNames};

pub(super) const CHECK: Check = Check {
    id: "api-domain-tls-old",
    title: "API Gateway custom domain accepts TLS below 1.2",
    category: Category::DataProtection,
    severity: Severity::Medium,
    why: "TLS 1.0 and 1.1 have known weaknesses, and standards such as PCI DSS prohibit them. A custom domain with \
          the security policy `TLS_1_0` accepts them. An API's default endpoint is not evaluated. The check needs \
          two requests per Region, so it is not enabled by default.",
    fix: &[
        "Find out whether clients still use older versions: access logs can have `$context.tlsVersion`.",
        "Run the command. It sets the security policy to `TLS_1_2`. The console has the same setting: API Gateway, \
         Custom domain names, Edit, Security policy.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:apigateway:eu-west-1::/domainnames/api.example.com",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        let update = "apigateway update-domain-name --patch-operations \
                      op=replace,path=/securityPolicy,value=TLS_1_2";
        remediation::regional(update, failed, ("domain-name", failed.name()))
    },
    controls: &[],
    prowler: Counterparts::none("Prowler does not evaluate custom domain names"),
    parameters: Parameters::None,
    needs: &[RestDomainNames::SPEC, DomainNames::SPEC],
    rule: Rule::Region(evaluate),
};

/// A domain that both APIs list is evaluated once, with the security policies of both lists.
fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let mut result = RuleResult::default();
    let mut domains: BTreeMap<Arn, (&str, Vec<&str>)> = BTreeMap::new();
    let lists: [Result<&Items<DomainName>, Gap>; 2] =
        [facts.get::<RestDomainNames>(), facts.get::<DomainNames>()];
    for list in lists {
        match list {
            Ok(list) => {
                result.gaps.extend(list.gaps.iter().cloned());
                for one in list {
                    let arn = one.private_arn.clone();
                    let arn = arn.unwrap_or_else(|| arn::domain_name(context, region, &one.name));
                    let (_, policies) = domains.entry(arn).or_insert((&one.name, Vec::new()));
                    policies.extend(one.policies.iter().map(String::as_str));
                }
            }
            Err(gap) => result.gaps.push(gap),
        }
    }
    for (arn, (name, policies)) in domains {
        result.add(old_policy(name, &policies).map(|policy| {
            policy.map(|policy| {
                let message = format!(
                    "Custom domain {name} has the security policy {policy}, which accepts TLS below 1.2"
                );
                CHECK.violation(arn, message)
            })
        }));
    }
    Ok(result)
}

/// The policy that accepts an old version. The names of policies since 2025 have the lowest version that they may accept:
/// `SecurityPolicy_TLS13_1_2_2021_06`, `SecurityPolicy_TLS12_2018_EDGE`.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html>
///
/// # Errors
/// The gap of the domain, if no policy is old and one is unknown.
fn old_policy<'a>(domain: &str, policies: &[&'a str]) -> Result<Option<&'a str>, Gap> {
    if let Some(old) = policies.iter().find(|policy| **policy == "TLS_1_0") {
        return Ok(Some(old));
    }
    let is_known = |policy: &str| {
        let newer = ["SecurityPolicy_TLS12_", "SecurityPolicy_TLS13_"];
        policy == "TLS_1_2" || newer.iter().any(|begin| policy.starts_with(begin))
    };
    match policies.iter().find(|policy| !is_known(policy)) {
        Some(other) => Err(Gap {
            detail: format!("`{other}` is no known security policy"),
            ..Gap::new(GET_DOMAIN_NAMES.action, Cause::Malformed).of(domain)
        }),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;

    const ARN: &str = "arn:aws:apigateway:eu-west-1::/domainnames/api.example.com";

    fn domain(policies: &[&str]) -> DomainName {
        DomainName {
            name: "api.example.com".to_owned(),
            private_arn: None,
            policies: policies.iter().map(|one| (*one).to_owned()).collect(),
        }
    }

    fn region(rest: Reading<Items<DomainName>>, others: Reading<Items<DomainName>>) -> RuleResult {
        let facts = FactStore::default().with::<RestDomainNames>(rest);
        evaluate_region(&CHECK, &facts.with::<DomainNames>(others)).unwrap()
    }

    fn known(domains: Vec<DomainName>) -> Reading<Items<DomainName>> {
        Reading::known(domains.into())
    }

    #[test]
    fn the_security_policy_decides() {
        for (policies, count) in [
            (&["TLS_1_0"][..], 1),
            (&["TLS_1_2"], 0),
            (&["TLS_1_2", "TLS_1_0"], 1),
            (&["later", "TLS_1_0"], 1),
            (&["SecurityPolicy_TLS13_1_3_2025_09"], 0),
            (&["SecurityPolicy_TLS13_1_2_2021_06"], 0),
            (&["SecurityPolicy_TLS12_2018_EDGE"], 0),
        ] {
            let result = region(known(vec![domain(policies)]), known(vec![]));
            assert_eq!((result.resources_evaluated, result.gaps), (1, vec![]));
            let found = result.violations.iter().map(|one| one.resource.as_str());
            assert_eq!(found.collect::<Vec<_>>(), [ARN; 1][..count], "{policies:?}");
        }
    }

    #[test]
    fn a_domain_in_both_lists_is_one() {
        let (new, old) = (domain(&["TLS_1_2"]), domain(&["TLS_1_0"]));
        let private = DomainName {
            private_arn: Some("arn:aws:apigateway:eu-west-1:111122223333:/domainnames/x+1".into()),
            ..new.clone()
        };
        let result = region(known(vec![new, private]), known(vec![old]));
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (2, 1)
        );
        assert_eq!(
            result.violations[0].message,
            "Custom domain api.example.com has the security policy TLS_1_0, which accepts TLS below 1.2"
        );
    }

    #[test]
    fn an_unknown_policy_is_a_gap() {
        let result = region(known(vec![domain(&["TLS_2"])]), known(vec![]));
        assert_eq!(result.resources_evaluated, 0);
        assert_eq!(result.gaps[0].resource, "api.example.com");
        assert_eq!(result.gaps[0].detail, "`TLS_2` is no known security policy");
    }

    #[test]
    fn what_could_not_be_read_hides_nothing_else() {
        let result = region(missing("apigateway:GET"), known(vec![domain(&["TLS_1_0"])]));
        assert_eq!(result.gaps, [denied("apigateway:GET")]);
        assert_eq!(result.violations.len(), 1);
    }
}
