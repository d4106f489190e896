//! Amazon OpenSearch Service: who can reach its domains.

mod checks;

use super::Service;
use super::resource::kind;
use super::resource_policy::ResourcePolicy;
use crate::api::{PolicyResources, Rate, apis, resources};
use crate::facts::{Fact, FactSpec};
use crate::model::Items;

/// OpenSearch Service publishes no numbers. A scan lists the domains of a Region once.
static RATE: Rate = Rate {
    burst: 10,
    refill_per_second: 5,
    source: "unpublished; https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html",
};

static DOMAINS: PolicyResources = resources(
    "Domains",
    "the account's OpenSearch domains",
    &["es:*:${AWS::AccountId}:domain/*"],
);

/// The most domains that `DescribeDomains` takes.
///
/// Source: <https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeDomains.html>
pub const DOMAINS_AT_ONCE: usize = 5;

apis! {
    "es" at RATE;
    LIST_DOMAIN_NAMES = "ListDomainNames";
    DESCRIBE_DOMAINS = "DescribeDomains" repeated "for each five domains" if "the Region has a domain" on DOMAINS;
}

/// The service, by its name in IAM actions, ARNs and endpoints.
pub const SERVICE: Service = Service {
    resources: &[kind(
        "domain",
        "AWS::OpenSearchService::Domain",
        "AwsOpenSearchServiceDomain",
    )],
    checks: checks::CHECKS,
    ..Service::new("es", APIS)
};

/// A domain, of OpenSearch or Elasticsearch.
///
/// Source: <https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainStatus.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// Its name, and its access policy.
    pub policy: ResourcePolicy,
    /// Whether its endpoint is in a VPC.
    pub is_in_vpc: bool,
    /// Whether fine-grained access control authenticates every request. It does not while anonymous access is on, which is
    /// for up to 30 days after it was enabled on an existing domain.
    ///
    /// Source: <https://docs.aws.amazon.com/opensearch-service/latest/developerguide/fgac.html>
    pub authenticates: bool,
}

/// The domains of a Region, except those that are being deleted. The gap of one has its name.
#[derive(Debug)]
pub struct Domains;

impl Fact for Domains {
    type Value = Items<Domain>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "opensearch.domains",
        calls: &[&LIST_DOMAIN_NAMES, &DESCRIBE_DOMAINS],
        ..FactSpec::REGION
    };
}
