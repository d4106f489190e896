//! AWS Config, by Region: recorders with their status and delivery, and organization aggregators.

use std::collections::{BTreeMap, BTreeSet};

use orgscan_core::model::{Items, Reading};
use orgscan_core::services::config::{
    ConfigRecorders, DESCRIBE_AGGREGATORS, DESCRIBE_DELIVERY_STATUS, DESCRIBE_RECORDER_STATUS,
    DESCRIBE_RECORDERS, Delivery, OrganizationAggregator, OrganizationAggregators, RecordedTypes,
    Recorder, RecorderStatus,
};
use serde::Deserialize;
use serde_json::json;

use super::{Collect, CollectScope, Collector, FactError, RegionScope, collectors};
use crate::json::CONFIG;
use crate::{Failure, pages, require, require_of};

/// The facts of a Region.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![ConfigRecorders, OrganizationAggregators]
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RecorderList {
    configuration_recorders: Option<Vec<ListedRecorder>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListedRecorder {
    name: Option<String>,
    recording_group: Option<RecordingGroup>,
    recording_scope: Option<String>,
    service_principal: Option<String>,
    connector_arn: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RecordingGroup {
    all_supported: Option<bool>,
    include_global_resource_types: Option<bool>,
    resource_types: Option<BTreeSet<String>>,
    exclusion_by_resource_types: Option<Exclusion>,
    recording_strategy: Option<Strategy>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Exclusion {
    resource_types: Option<BTreeSet<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Strategy {
    use_only: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StatusList {
    configuration_recorders_status: Option<Vec<ListedStatus>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListedStatus {
    name: Option<String>,
    recording: Option<bool>,
    last_status: Option<String>,
    last_error_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeliveryList {
    delivery_channels_status: Option<Vec<ListedDelivery>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListedDelivery {
    config_history_delivery_info: Option<HistoryDelivery>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HistoryDelivery {
    last_status: Option<String>,
    last_error_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AggregatorPage {
    configuration_aggregators: Option<Vec<ListedAggregator>>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListedAggregator {
    configuration_aggregator_name: Option<String>,
    organization_aggregation_source: Option<OrganizationSource>,
    aggregator_filters: Option<serde_json::Map<String, serde_json::Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OrganizationSource {
    all_aws_regions: Option<bool>,
    aws_regions: Option<Vec<String>>,
}

impl Collect<RegionScope<'_>> for ConfigRecorders {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<Recorder>, FactError> {
        let (client, api) = (scope.json(&CONFIG), &DESCRIBE_RECORDERS);
        let list: RecorderList = client.call(&scope.api_caller, api, &json!({})).await?;
        let listed = list.configuration_recorders;
        let listed = require(api.action, "ConfigurationRecorders", listed)?;
        let own = listed
            .into_iter()
            .filter(ListedRecorder::is_customer_managed);
        let mut recorders: Items<Recorder> = own.map(recorder).collect();
        if !recorders.known.is_empty() {
            let status = scope.recorder_status().await;
            for recorder in &mut recorders.known {
                recorder.status = status_of(&recorder.name, &status);
            }
        }
        let is_recording = |one: &Recorder| one.status.get() == Ok(&RecorderStatus::Recording);
        if recorders.iter().any(is_recording) {
            let delivery = scope.delivery().await;
            for recorder in &mut recorders.known {
                recorder.delivery = delivery
                    .clone()
                    .map_err(|failure| scope.gap(failure))
                    .into();
            }
        }
        Ok(recorders)
    }
}

impl RegionScope<'_> {
    /// What is known of each recorder, by its name.
    async fn recorder_status(
        &self,
    ) -> Result<BTreeMap<String, Reading<RecorderStatus>>, Reading<RecorderStatus>> {
        let (client, api) = (self.json(&CONFIG), &DESCRIBE_RECORDER_STATUS);
        let input = json!({});
        let list = client.call::<StatusList>(&self.api_caller, api, &input);
        let list = list
            .await
            .map_err(|failure| Reading::missing(self.gap(failure)))?;
        let listed = list.configuration_recorders_status.into_iter().flatten();
        let named = listed.filter_map(|status| {
            let name = status.name.clone()?;
            let read = recorder_status(&name, &status).map_err(|failure| self.gap(failure));
            Some((name, read.into()))
        });
        Ok(named.collect())
    }

    async fn delivery(&self) -> Result<Delivery, Failure> {
        let (client, api) = (self.json(&CONFIG), &DESCRIBE_DELIVERY_STATUS);
        let list: DeliveryList = client.call(&self.api_caller, api, &json!({})).await?;
        // A Region has one delivery channel at most.
        let listed = list.delivery_channels_status;
        let mut listed = require(api.action, "DeliveryChannelsStatus", listed)?;
        Ok(listed.pop().map_or(Delivery::Missing, delivery))
    }
}

impl ListedRecorder {
    /// Whether the account configured it. Recorders of a service, and of another provider's resources, are not asked for;
    /// this is in case AWS lists them as well.
    fn is_customer_managed(&self) -> bool {
        let is_internal = self.recording_scope.as_deref() == Some("INTERNAL");
        self.service_principal.is_none() && self.connector_arn.is_none() && !is_internal
    }
}

/// A recorder whose status is not read yet.
fn recorder(listed: ListedRecorder) -> Result<Recorder, Failure> {
    let action = DESCRIBE_RECORDERS.action;
    let name = require(action, "name", listed.name)?;
    let group = require_of(action, &name, "recordingGroup", listed.recording_group)?;
    Ok(Recorder {
        types: recorded_types(&name, group)?,
        status: Reading::default(),
        delivery: Reading::default(),
        name,
    })
}

/// The strategy decides. Without one, `allSupported` and the list of types do, as before there were strategies.
///
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingStrategy.html>
fn recorded_types(name: &str, group: RecordingGroup) -> Result<RecordedTypes, Failure> {
    let action = DESCRIBE_RECORDERS.action;
    let strategy = group.recording_strategy.and_then(|one| one.use_only);
    let with_global = group.include_global_resource_types.unwrap_or_default();
    let all = RecordedTypes::All { with_global };
    let only = RecordedTypes::Only(group.resource_types.unwrap_or_default());
    match (strategy.as_deref(), group.all_supported) {
        (Some("ALL_SUPPORTED_RESOURCE_TYPES"), _) | (None, Some(true)) => Ok(all),
        (Some("INCLUSION_BY_RESOURCE_TYPES"), _) | (None, Some(false)) => Ok(only),
        (Some("EXCLUSION_BY_RESOURCE_TYPES"), _) => {
            let excluded = group.exclusion_by_resource_types;
            let excluded = excluded.and_then(|one| one.resource_types);
            Ok(RecordedTypes::AllExcept(excluded.unwrap_or_default()))
        }
        _ => require_of(action, name, "recordingStrategy that is known", None),
    }
}

/// `Pending` and `NotApplicable` are no failures: the recorder was just started, or had nothing to record yet.
fn recorder_status(name: &str, listed: &ListedStatus) -> Result<RecorderStatus, Failure> {
    let action = DESCRIBE_RECORDER_STATUS.action;
    let is_recording = require_of(action, name, "recording", listed.recording)?;
    Ok(
        match (is_recording, failed(listed.last_status.as_deref())) {
            (false, _) => RecorderStatus::Stopped,
            (true, true) => RecorderStatus::Failing(code(listed.last_error_code.as_deref())),
            (true, false) => RecorderStatus::Recording,
        },
    )
}

fn status_of(
    name: &str,
    status: &Result<BTreeMap<String, Reading<RecorderStatus>>, Reading<RecorderStatus>>,
) -> Reading<RecorderStatus> {
    let by_name = match status {
        Ok(by_name) => by_name,
        Err(missing) => return missing.clone(),
    };
    by_name.get(name).cloned().unwrap_or_else(|| {
        let action = DESCRIBE_RECORDER_STATUS.action;
        require_of(action, name, "status", None)
            .map_err(Into::into)
            .into()
    })
}

fn delivery(listed: ListedDelivery) -> Delivery {
    let history = listed.config_history_delivery_info;
    match history {
        Some(history) if failed(history.last_status.as_deref()) => {
            Delivery::Failing(code(history.last_error_code.as_deref()))
        }
        // AWS sends nothing of a delivery before the first one.
        Some(_) | None => Delivery::Working,
    }
}

/// AWS documents `Failure`, and its examples have `FAILURE`.
///
/// Source: <https://docs.aws.amazon.com/config/latest/developerguide/gs-cli-verify-subscribe.html>
fn failed(status: Option<&str>) -> bool {
    status.is_some_and(|status| status.eq_ignore_ascii_case("failure"))
}

fn code(code: Option<&str>) -> String {
    code.unwrap_or("an error without a code").to_owned()
}

impl Collect<RegionScope<'_>> for OrganizationAggregators {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<OrganizationAggregator>, FactError> {
        let (client, api) = (&scope.json(&CONFIG), &DESCRIBE_AGGREGATORS);
        let listed = pages(api.action, |token| async move {
            let input = match token {
                Some(token) => json!({ "Limit": api.page, "NextToken": token }),
                None => json!({ "Limit": api.page }),
            };
            let page: AggregatorPage = client.call(&scope.api_caller, api, &input).await?;
            let listed = page.configuration_aggregators;
            Ok((
                require(api.action, "ConfigurationAggregators", listed)?,
                page.next_token,
            ))
        });
        let listed = listed.await?.into_iter();
        Ok(listed
            .filter_map(|one| aggregator(one).transpose())
            .collect())
    }
}

/// An aggregator whose source is the organization; none of another one.
fn aggregator(listed: ListedAggregator) -> Result<Option<OrganizationAggregator>, Failure> {
    let action = DESCRIBE_AGGREGATORS.action;
    let Some(source) = listed.organization_aggregation_source else {
        return Ok(None);
    };
    let name = listed.configuration_aggregator_name;
    let name = require(action, "ConfigurationAggregatorName", name)?;
    let has_all = source.all_aws_regions.unwrap_or_default();
    Ok(Some(OrganizationAggregator {
        name,
        regions: (!has_all).then(|| source.aws_regions.unwrap_or_default().len() as u64),
        is_filtered: listed
            .aggregator_filters
            .is_some_and(|filters| !filters.is_empty()),
    }))
}
