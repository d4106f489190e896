//! API Gateway, by Region: stages of APIs, and custom domain names.

use futures::stream::{self, StreamExt};
use orgscan_core::api::Api;
use orgscan_core::model::{Gap, Items};
use orgscan_core::services::apigateway::{
    DomainName, DomainNames, GET_APIS, GET_DOMAIN_NAMES, GET_REST_APIS, GET_REST_DOMAIN_NAMES,
    GET_REST_STAGES, GET_STAGES, RestDomainNames, RestStages, Stage, Stages,
};
use serde::Deserialize;

use super::{Collect, Collector, FactError, RegionScope, SIDE_BY_SIDE, collectors};
use crate::json::{API_GATEWAY, API_GATEWAY_V2};
use crate::{Failure, pages, require, require_of};

/// The facts of a Region.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![RestStages, Stages, RestDomainNames, DomainNames]
}

/// A page of a list, as REST APIs have it (`item`, `position`), or HTTP and WebSocket APIs.
#[derive(Deserialize)]
struct Page<T> {
    #[serde(alias = "item")]
    items: Option<Vec<T>>,
    #[serde(rename = "nextToken", alias = "position")]
    next: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ApiEntry {
    #[serde(alias = "apiId")]
    id: Option<String>,
    name: Option<String>,
    endpoint_configuration: Option<EndpointConfiguration>,
}

#[derive(Deserialize)]
struct EndpointConfiguration {
    types: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StageEntry {
    stage_name: Option<String>,
    access_log_settings: Option<AccessLogSettings>,
    web_acl_arn: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccessLogSettings {
    destination_arn: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RestDomainEntry {
    domain_name: Option<String>,
    domain_name_arn: Option<String>,
    endpoint_configuration: Option<EndpointConfiguration>,
    security_policy: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DomainEntry {
    domain_name: Option<String>,
    domain_name_configurations: Option<Vec<DomainConfiguration>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DomainConfiguration {
    security_policy: Option<String>,
}

/// An API, as its list has it.
struct ListedApi {
    id: String,
    name: String,
    is_private: bool,
}

impl Collect<RegionScope<'_>> for RestStages {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<Stage>, FactError> {
        let listed = listed_rest(scope, &GET_REST_APIS, "/restapis").await?;
        let listed = listed.into_iter();
        let listed = listed.map(|one| listed_api(&GET_REST_APIS, one));
        let read = |one| async move { rest_stages(scope, &one).await };
        Ok(stages(listed.collect(), read).await)
    }
}

impl Collect<RegionScope<'_>> for Stages {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<Stage>, FactError> {
        let listed = listed_v2(scope, &GET_APIS, "/v2/apis").await?.into_iter();
        let listed = listed.map(|one| listed_api(&GET_APIS, one));
        let read = |one| async move { v2_stages(scope, &one).await };
        Ok(stages(listed.collect(), read).await)
    }
}

impl Collect<RegionScope<'_>> for RestDomainNames {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<DomainName>, FactError> {
        let listed = listed_rest(scope, &GET_REST_DOMAIN_NAMES, "/domainnames").await?;
        Ok(listed.into_iter().map(rest_domain).collect())
    }
}

impl Collect<RegionScope<'_>> for DomainNames {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<DomainName>, FactError> {
        let listed = listed_v2(scope, &GET_DOMAIN_NAMES, "/v2/domainnames").await?;
        Ok(listed.into_iter().map(domain).collect())
    }
}

fn rest_domain(entry: RestDomainEntry) -> Result<DomainName, Failure> {
    let action = GET_REST_DOMAIN_NAMES.action;
    let name = require(action, "domainName", entry.domain_name)?;
    let types = entry.endpoint_configuration.and_then(|one| one.types);
    let private_arn = match is_private(types) {
        true => {
            let arn = require_of(action, &name, "domainNameArn", entry.domain_name_arn)?;
            Some(arn.into())
        }
        false => None,
    };
    let policy = entry.security_policy;
    Ok(DomainName {
        policies: vec![require_of(action, &name, "securityPolicy", policy)?],
        private_arn,
        name,
    })
}

fn domain(entry: DomainEntry) -> Result<DomainName, Failure> {
    let action = GET_DOMAIN_NAMES.action;
    let name = require(action, "domainName", entry.domain_name)?;
    let field = "domainNameConfigurations";
    let endpoints = require_of(action, &name, field, entry.domain_name_configurations)?;
    let policies = endpoints.into_iter();
    let policies =
        policies.map(|one| require_of(action, &name, "securityPolicy", one.security_policy));
    Ok(DomainName {
        policies: policies.collect::<Result<_, Failure>>()?,
        private_arn: None,
        name,
    })
}

fn is_private(types: Option<Vec<String>>) -> bool {
    types.is_some_and(|types| types.iter().any(|one| one == "PRIVATE"))
}

fn listed_api(api: &'static Api, entry: ApiEntry) -> Result<ListedApi, Failure> {
    let id = require(api.action, "id", entry.id)?;
    let types = entry.endpoint_configuration.and_then(|one| one.types);
    Ok(ListedApi {
        name: require_of(api.action, &id, "name", entry.name)?,
        is_private: is_private(types),
        id,
    })
}

/// The stages of all APIs. Those of an API that could not be read are a gap with its id.
async fn stages<F>(listed: Items<ListedApi>, read: impl Fn(ListedApi) -> F) -> Items<Stage>
where
    F: Future<Output = Result<Vec<Stage>, Failure>>,
{
    let of_each = stream::iter(listed.known).map(|one| {
        let id = one.id.clone();
        let stages = read(one);
        async move { stages.await.map_err(|failure| failure.of_item(Some(&id))) }
    });
    let of_each: Vec<Result<Vec<Stage>, Failure>> = of_each.buffered(SIDE_BY_SIDE).collect().await;
    let mut all = Items {
        known: Vec::new(),
        gaps: listed.gaps,
    };
    for stages in of_each {
        match stages {
            Ok(stages) => all.known.extend(stages),
            Err(failure) => all.gaps.push(Gap::from(failure)),
        }
    }
    all
}

async fn rest_stages(scope: &RegionScope<'_>, one: &ListedApi) -> Result<Vec<Stage>, Failure> {
    let path = format!("/restapis/{}/stages", one.id);
    let client = scope.json(&API_GATEWAY);
    let get = client.get(&scope.api_caller, &GET_REST_STAGES, &path, &[]);
    let answer: Page<StageEntry> = get.await?;
    let entries = require(GET_REST_STAGES.action, "item", answer.items)?.into_iter();
    entries
        .map(|entry| stage(GET_REST_STAGES.action, one, entry))
        .collect()
}

async fn v2_stages(scope: &RegionScope<'_>, one: &ListedApi) -> Result<Vec<Stage>, Failure> {
    let path = format!("/v2/apis/{}/stages", one.id);
    let entries = listed_v2(scope, &GET_STAGES, &path).await?.into_iter();
    entries
        .map(|entry| stage(GET_STAGES.action, one, entry))
        .collect()
}

async fn listed_rest<T: serde::de::DeserializeOwned>(
    scope: &RegionScope<'_>,
    api: &'static Api,
    path: &str,
) -> Result<Vec<T>, Failure> {
    let size = api.page.unwrap_or_default().to_string();
    let size = size.as_str();
    pages(api.action, |position| async move {
        let mut query = vec![("limit", size)];
        query.extend(position.as_deref().map(|position| ("position", position)));
        let client = scope.json(&API_GATEWAY);
        let page: Page<T> = client.get(&scope.api_caller, api, path, &query).await?;
        Ok((require(api.action, "item", page.items)?, page.next))
    })
    .await
}

async fn listed_v2<T: serde::de::DeserializeOwned>(
    scope: &RegionScope<'_>,
    api: &'static Api,
    path: &str,
) -> Result<Vec<T>, Failure> {
    let size = api.page.unwrap_or_default().to_string();
    let size = size.as_str();
    pages(api.action, |token| async move {
        let mut query = vec![("maxResults", size)];
        query.extend(token.as_deref().map(|token| ("nextToken", token)));
        let client = scope.json(&API_GATEWAY_V2);
        let page: Page<T> = client.get(&scope.api_caller, api, path, &query).await?;
        Ok((require(api.action, "items", page.items)?, page.next))
    })
    .await
}

fn stage(action: &'static str, api: &ListedApi, entry: StageEntry) -> Result<Stage, Failure> {
    let is_set = |text: &String| !text.is_empty();
    let logs = entry.access_log_settings;
    let logs = logs.and_then(|settings| settings.destination_arn);
    Ok(Stage {
        api: api.id.clone(),
        api_name: api.name.clone(),
        name: require(action, "stageName", entry.stage_name)?,
        access_logs: logs.filter(is_set),
        web_acl: entry.web_acl_arn.filter(is_set),
        is_private: api.is_private,
    })
}
