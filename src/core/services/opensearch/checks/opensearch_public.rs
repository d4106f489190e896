//! Domains that anyone on the internet can send requests to.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::opensearch::{DESCRIBE_DOMAINS, Domains};

pub(super) const CHECK: Check = Check {
    id: "opensearch-public",
    title: "OpenSearch domain is open to the internet",
    category: Category::ExposureRisks,
    severity: Severity::Critical,
    why: "Anyone can read, change and delete the data of such a domain: its endpoint is on the internet, and its \
          access policy lets everybody in. The check also covers domains of Elasticsearch. A domain in a VPC \
          passes, and so does one with fine-grained access control, which authenticates every request. AWS \
          recommends an open access policy for such domains. Anonymous access turns that authentication off.",
    fix: &[
        "Run the command. It shows the access policy of the domain.",
        "Name accounts or roles in `Principal`, or add a condition on `aws:SourceIp`. In the console: OpenSearch \
         Service, the domain, Security configuration. With the CLI: `aws opensearch update-domain-config`.",
        "Otherwise, enable fine-grained access control, and turn anonymous access off.",
        "A domain cannot be moved into a VPC. Restore a snapshot to a new domain in a VPC instead.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:es:eu-west-1:111122223333:domain/orders",
        "",
    ),
    by_default: true,
    remediation: |failed| {
        let show = "opensearch describe-domain-config";
        remediation::regional(show, failed, ("domain-name", failed.name()))
    },
    controls: &[
        covers("cis-7.0", "2.21"),
        covers("aws-fsbp", "ES.2"),
        covers("aws-fsbp", "Opensearch.2"),
    ],
    prowler: Counterparts::per_resource(&[same(
        "opensearch_service_domains_not_publicly_accessible",
    )]),
    parameters: Parameters::None,
    needs: &[Domains::SPEC],
    rule: Rule::Region(evaluate),
};

/// A domain is open if its endpoint is public, if requests need no credentials, and if its policy allows everybody. The
/// policy of a domain with fine-grained access control may be open.
///
/// Source: <https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html> and
/// <https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html>
fn evaluate(facts: &Facts<'_>, _: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    Ok(RuleResult::of_each(facts.get::<Domains>()?, |domain| {
        if domain.is_in_vpc || domain.authenticates {
            return Ok(None);
        }
        let policy = &domain.policy;
        let grant = policy.grant(&DESCRIBE_DOMAINS, context)?;
        Ok(grant.map(|grant| {
            let message = format!(
                "Domain {} is on the internet, and its access policy allows everybody: {grant}",
                policy.name
            );
            CHECK.violation(policy.arn.clone(), message)
        }))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;
    use crate::services::ResourcePolicy;
    use crate::services::opensearch::Domain;
    use crate::services::resource_policy::samples::{ANYONE, allowing};

    fn domain(document: Option<&str>) -> Domain {
        Domain {
            policy: ResourcePolicy {
                arn: CHECK.example.resource.into(),
                name: "orders".to_owned(),
                document: document.map(str::to_owned),
            },
            is_in_vpc: false,
            authenticates: false,
        }
    }

    fn evaluated(domain: Domain) -> RuleResult {
        let facts = FactStore::default().with::<Domains>(Reading::known(vec![domain].into()));
        evaluate_region(&CHECK, &facts).unwrap()
    }

    #[test]
    fn a_public_endpoint_with_an_open_policy_is_found() {
        let result = evaluated(domain(Some(&allowing(ANYONE))));
        let violation = &result.violations[0];
        assert_eq!(violation.resource, CHECK.example.resource);
        assert_eq!(
            violation.message,
            "Domain orders is on the internet, and its access policy allows everybody: statement `Share` allows *"
        );
    }

    #[test]
    fn a_vpc_credentials_or_a_policy_keep_the_public_out() {
        let open = allowing(ANYONE);
        let address =
            r#""Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#;
        let inside = Domain {
            is_in_vpc: true,
            ..domain(Some(&open))
        };
        let protected = Domain {
            authenticates: true,
            ..domain(Some(&open))
        };
        let narrow = domain(Some(&allowing(address)));
        for one in [inside, protected, narrow, domain(None)] {
            let result = evaluated(one);
            assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
            assert_eq!(result.gaps, []);
        }
    }

    #[test]
    fn ranges_that_add_up_to_the_internet_keep_nobody_out() {
        let halves = r#""Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}}"#;
        let result = evaluated(domain(Some(&allowing(halves))));
        assert_eq!(result.violations.len(), 1);
    }

    #[test]
    fn what_could_not_be_read_or_decided_is_a_gap() {
        let facts = FactStore::default().with::<Domains>(missing("es:ListDomainNames"));
        let gap = evaluate_region(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("es:ListDomainNames"));
        let result = evaluated(domain(Some("no policy")));
        assert_eq!(result.gaps[0].resource, "orders");
    }
}
