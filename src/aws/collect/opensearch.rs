//! OpenSearch Service, by Region: domains and who can reach them.

use futures::stream::{self, StreamExt};
use orgscan_core::model::{Gap, Items};
use orgscan_core::services::ResourcePolicy;
use orgscan_core::services::opensearch::{
    DESCRIBE_DOMAINS, DOMAINS_AT_ONCE, Domain, Domains, LIST_DOMAIN_NAMES,
};
use serde::Deserialize;
use serde_json::json;

use super::{Collect, Collector, FactError, RegionScope, SIDE_BY_SIDE, collectors};
use crate::json::OPENSEARCH;
use crate::{Failure, require, require_of};

/// The facts of a Region.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![Domains]
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Names {
    domain_names: Option<Vec<Name>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Name {
    domain_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Descriptions {
    domain_status_list: Option<Vec<Status>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Status {
    #[serde(rename = "ARN")]
    arn: Option<String>,
    domain_name: Option<String>,
    deleted: Option<bool>,
    #[serde(rename = "VPCOptions")]
    vpc_options: Option<VpcOptions>,
    access_policies: Option<String>,
    advanced_security_options: Option<AdvancedSecurity>,
}

#[derive(Deserialize)]
struct VpcOptions {
    #[serde(rename = "VPCId")]
    vpc_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AdvancedSecurity {
    enabled: Option<bool>,
    anonymous_auth_enabled: Option<bool>,
}

impl Collect<RegionScope<'_>> for Domains {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<Domain>, FactError> {
        let api = &LIST_DOMAIN_NAMES;
        let client = scope.json(&OPENSEARCH);
        let list = client.get(&scope.api_caller, api, "/2021-01-01/domain", &[]);
        let answer: Names = list.await?;
        let listed = require(api.action, "DomainNames", answer.domain_names)?.into_iter();
        let names = listed.map(|one| require(api.action, "DomainName", one.domain_name));
        let names: Items<String> = names.collect();
        let described = names.known.chunks(DOMAINS_AT_ONCE).map(<[String]>::to_vec);
        let described = stream::iter(described)
            .map(|names| async move { described_domains(scope, names).await });
        let described: Vec<_> = described.buffered(SIDE_BY_SIDE).collect().await;
        let mut domains: Items<Domain> = described.into_iter().flatten().collect();
        domains.gaps.extend(names.gaps);
        Ok(domains)
    }
}

/// These domains. If they could not be read, each is a gap.
async fn described_domains(
    scope: &RegionScope<'_>,
    names: Vec<String>,
) -> Vec<Result<Domain, Gap>> {
    let api = &DESCRIBE_DOMAINS;
    let client = scope.json(&OPENSEARCH);
    let input = json!({ "DomainNames": names });
    let path = "/2021-01-01/opensearch/domain-info";
    let call = client.post::<Descriptions>(&scope.api_caller, api, path, &input);
    let found = call.await;
    let found =
        found.and_then(|found| require(api.action, "DomainStatusList", found.domain_status_list));
    match found {
        Ok(found) => of_each(names, found),
        Err(failure) => {
            let gap = Gap::from(failure);
            names
                .into_iter()
                .map(|name| Err(gap.clone().of(name)))
                .collect()
        }
    }
}

/// The domains with these names, except those that are being deleted. One that the answer lacks is a gap.
fn of_each(names: Vec<String>, mut found: Vec<Status>) -> Vec<Result<Domain, Gap>> {
    let take = |name: String| {
        let is_it = |one: &Status| one.domain_name.as_deref() == Some(name.as_str());
        let Some(at) = found.iter().position(is_it) else {
            return Some(Err(Gap::lacks(
                DESCRIBE_DOMAINS.action,
                &name,
                "the domain",
            )));
        };
        let status = found.swap_remove(at);
        let is_deleted = status.deleted == Some(true);
        (!is_deleted).then(|| domain(name, status).map_err(Gap::from))
    };
    names.into_iter().filter_map(take).collect()
}

/// A domain without `VPCOptions` has a public endpoint.
///
/// Source: <https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainStatus.html>
fn domain(name: String, status: Status) -> Result<Domain, Failure> {
    let security = status.advanced_security_options;
    let vpc = status.vpc_options.and_then(|options| options.vpc_id);
    Ok(Domain {
        policy: ResourcePolicy {
            arn: require_of(DESCRIBE_DOMAINS.action, &name, "ARN", status.arn)?.into(),
            name,
            document: status.access_policies.filter(|text| !text.is_empty()),
        },
        is_in_vpc: vpc.is_some_and(|id| !id.is_empty()),
        authenticates: security.is_some_and(|security| {
            security.enabled == Some(true) && security.anonymous_auth_enabled != Some(true)
        }),
    })
}
