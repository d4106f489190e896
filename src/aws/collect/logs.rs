//! CloudWatch Logs: the metric filters of log groups that trails deliver to, deliveries of the logs of other services, and
//! resource policies.

use std::collections::{BTreeMap, BTreeSet};

use futures::stream::{self, StreamExt};
use orgscan_core::api::{Api, Meaning};
use orgscan_core::model::{Arn, Gap, Items, Reading, Region};
use orgscan_core::services::cloudtrail::{Trail, Trails};
use orgscan_core::services::logs::{
    DESCRIBE_DELIVERIES, DESCRIBE_DELIVERY_SOURCES, DESCRIBE_METRIC_FILTERS,
    DESCRIBE_RESOURCE_POLICIES, LogDelivery, LogPolicies, LogPolicy, MetricFilter, MetricFilters,
    Transformation,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{
    AccountScope, Collect, CollectScope, Collector, FactError, RegionScope, SIDE_BY_SIDE,
    collectors,
};
use crate::json::{JsonClient, LOGS};
use crate::rate_limit::ApiCaller;
use crate::{Failure, pages, require, require_of};

const ACTION: &str = DESCRIBE_METRIC_FILTERS.action;

/// The facts of an account.
pub(super) fn collectors<'a>() -> Vec<Collector<AccountScope<'a>>> {
    collectors![MetricFilters]
}

/// The facts of a Region.
pub(super) fn of_a_region<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![LogPolicies]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PolicyEntry {
    policy_name: Option<String>,
    policy_document: Option<String>,
}

impl Collect<RegionScope<'_>> for LogPolicies {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<LogPolicy>, FactError> {
        let api = &DESCRIBE_RESOURCE_POLICIES;
        let client = scope.json(&LOGS);
        let listed: Vec<PolicyEntry> = listed(&client, &scope.api_caller, api).await?;
        let policies = listed.into_iter().map(|entry| {
            let name = require(api.action, "policyName", entry.policy_name)?;
            let document = entry.policy_document;
            let document = require_of(api.action, &name, "policyDocument", document)?;
            Ok::<_, Failure>(LogPolicy { name, document })
        });
        Ok(policies.collect())
    }
}

impl Collect<AccountScope<'_>> for MetricFilters {
    async fn collect(
        scope: &AccountScope<'_>,
    ) -> Result<BTreeMap<Arn, Reading<Items<MetricFilter>>>, FactError> {
        let trails = scope.fact::<Trails>().await?;
        let groups = trails.own.iter().filter(|trail| may_log(trail));
        let groups = groups.filter_map(|trail| trail.log_group.clone());
        let groups: BTreeSet<Arn> = groups
            .filter(|group| group.account() == scope.session.account.as_str())
            .collect();
        let filters = stream::iter(groups).map(|group| async move {
            let filters = filters(scope, &group).await;
            (group, Reading::from(filters))
        });
        Ok(filters.buffered(SIDE_BY_SIDE).collect().await)
    }
}

/// Whether the filters of a trail's log group matter: those of one that logs in all Regions.
fn may_log(trail: &Trail) -> bool {
    let status = trail.status.get();
    trail.is_multi_region && status.map_or(true, |status| status.is_logging)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    metric_filters: Option<Vec<FilterAnswer>>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FilterAnswer {
    filter_name: Option<String>,
    filter_pattern: Option<String>,
    metric_transformations: Option<Vec<TransformationAnswer>>,
    apply_on_transformed_logs: Option<bool>,
    field_selection_criteria: Option<String>,
    emit_system_field_dimensions: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TransformationAnswer {
    metric_namespace: Option<String>,
    metric_name: Option<String>,
    metric_value: Option<String>,
    default_value: Option<f64>,
    dimensions: Option<BTreeMap<String, String>>,
    unit: Option<String>,
}

/// The filters of a log group; none of one that does not exist.
async fn filters(scope: &AccountScope<'_>, group: &Arn) -> Result<Items<MetricFilter>, Gap> {
    let region = Region::new(group.region());
    let name = group.resource();
    let name = name.strip_prefix("log-group:").unwrap_or(name);
    let name = name.strip_suffix(":*").unwrap_or(name);
    let (client, api_caller) = &scope.json_in(&LOGS, &region);
    let listed = pages(ACTION, |token| async move {
        let page = DESCRIBE_METRIC_FILTERS.page;
        let mut input = json!({ "logGroupName": name, "limit": page });
        if let Some(token) = token {
            input["nextToken"] = Value::from(token);
        }
        let call = client.call(api_caller, &DESCRIBE_METRIC_FILTERS, &input);
        let page: Page = call.await?;
        let filters = require(ACTION, "metricFilters", page.metric_filters)?;
        Ok((filters, page.next_token))
    });
    match listed.await {
        Ok(filters) => Ok(filters.into_iter().map(filter).collect()),
        Err(failure) if failure.means(Meaning::Absent) => Ok(Items::default()),
        Err(failure) => Err(super::gap_in(failure, &region)),
    }
}

fn filter(answer: FilterAnswer) -> Result<MetricFilter, Failure> {
    let name = require(ACTION, "filterName", answer.filter_name)?;
    let transformations = answer.metric_transformations;
    let transformations = require_of(ACTION, &name, "metricTransformations", transformations)?;
    let has_dimensions = answer
        .emit_system_field_dimensions
        .is_some_and(|fields| !fields.is_empty());
    let transformations = transformations.into_iter().map(|one| {
        let transformation = transformation(&name, one)?;
        Ok(Transformation {
            has_dimensions: has_dimensions || transformation.has_dimensions,
            ..transformation
        })
    });
    let criteria = answer.field_selection_criteria;
    Ok(MetricFilter {
        pattern: require_of(ACTION, &name, "filterPattern", answer.filter_pattern)?,
        transformations: transformations.collect::<Result<_, Failure>>()?,
        is_restricted: answer.apply_on_transformed_logs == Some(true)
            || criteria.is_some_and(|criteria| !criteria.is_empty()),
        name,
    })
}

fn transformation(name: &str, answer: TransformationAnswer) -> Result<Transformation, Failure> {
    let text = |field, value| require_of(ACTION, name, field, value);
    Ok(Transformation {
        namespace: text("metricNamespace", answer.metric_namespace)?,
        name: text("metricName", answer.metric_name)?,
        value: text("metricValue", answer.metric_value)?,
        default: answer.default_value,
        unit: answer.unit,
        has_dimensions: answer.dimensions.is_some_and(|all| !all.is_empty()),
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListPage<T> {
    #[serde(
        rename = "deliverySources",
        alias = "deliveries",
        alias = "resourcePolicies"
    )]
    items: Option<Vec<T>>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeliverySource {
    name: Option<String>,
    resource_arns: Option<Vec<String>>,
    log_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Delivery {
    delivery_source_name: Option<String>,
}

/// The logs that are delivered in a Region. A source without a delivery delivers nothing. Without a source, the deliveries
/// are not read.
pub(super) async fn deliveries(
    client: &JsonClient,
    api_caller: &ApiCaller,
) -> Result<Items<LogDelivery>, Failure> {
    let sources = &DESCRIBE_DELIVERY_SOURCES;
    let listed: Vec<DeliverySource> = listed(client, api_caller, sources).await?;
    if listed.is_empty() {
        return Ok(Items::default());
    }
    let deliveries: Vec<Delivery> = self::listed(client, api_caller, &DESCRIBE_DELIVERIES).await?;
    let action = DESCRIBE_DELIVERIES.action;
    let names = deliveries
        .into_iter()
        .map(|one| require(action, "deliverySourceName", one.delivery_source_name));
    let names: BTreeSet<String> = names.collect::<Result<_, Failure>>()?;
    let mut delivered = Items::default();
    for source in listed {
        let name = require(sources.action, "name", source.name)?;
        if !names.contains(&name) {
            continue;
        }
        let resources = source.resource_arns;
        let resources = require_of(sources.action, &name, "resourceArns", resources)?;
        let log_type = require_of(sources.action, &name, "logType", source.log_type)?;
        delivered
            .known
            .extend(resources.into_iter().map(|resource| LogDelivery {
                resource: resource.into(),
                log_type: log_type.clone(),
            }));
    }
    Ok(delivered)
}

async fn listed<T: DeserializeOwned>(
    client: &JsonClient,
    api_caller: &ApiCaller,
    api: &'static Api,
) -> Result<Vec<T>, Failure> {
    pages(api.action, |token| async move {
        let mut input = json!({ "limit": api.page });
        if let Some(token) = token {
            input["nextToken"] = Value::from(token);
        }
        let page: ListPage<T> = client.call(api_caller, api, &input).await?;
        let field = match api.operation {
            "DescribeDeliveries" => "deliveries",
            "DescribeResourcePolicies" => "resourcePolicies",
            _ => "deliverySources",
        };
        Ok((require(api.action, field, page.items)?, page.next_token))
    })
    .await
}
