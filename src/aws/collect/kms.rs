//! KMS, by Region: customer managed keys, whether they are rotated, and their policies.

use std::collections::HashSet;

use futures::stream::{self, StreamExt};
use orgscan_core::api::{Api, Meaning};
use orgscan_core::model::{Arn, Cause, Items};
use orgscan_core::services::ResourcePolicy;
use orgscan_core::services::kms::{
    CustomerKey, CustomerKeys, DESCRIBE_KEY, GET_KEY_POLICY, GET_KEY_ROTATION_STATUS, KeyPolicies,
    KeyRotation, KeyRotations, KeyState, LIST_ALIASES, LIST_KEYS,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::epoch::timestamp;
use super::policies::{policies, policy};
use super::{Collect, CollectScope, Collector, FactError, RegionScope, collectors};
use crate::json::KMS;
use crate::{Failure, next_page, pages, require, require_of};

/// Keys that are requested at the same time. The limiters limit the rate anyway.
const SIDE_BY_SIDE: usize = 8;

/// With fewer keys, the list of aliases costs as many requests as it saves.
const FEWEST_FOR_ALIASES: usize = 2;

/// What the aliases of keys that AWS manages begin with. KMS reserves it.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html>
const RESERVED: &str = "alias/aws/";

/// The facts of a Region.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![CustomerKeys, KeyRotations, KeyPolicies]
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page<T> {
    #[serde(rename = "Keys", alias = "Aliases")]
    items: Option<Vec<T>>,
    next_marker: Option<String>,
    truncated: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KeyEntry {
    key_id: Option<String>,
    key_arn: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AliasEntry {
    alias_name: Option<String>,
    target_key_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Description {
    key_metadata: Option<Metadata>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata {
    key_manager: Option<String>,
    key_state: Option<String>,
    key_spec: Option<String>,
    origin: Option<String>,
    multi_region: Option<bool>,
    multi_region_configuration: Option<MultiRegion>,
    deletion_date: Option<f64>,
    pending_deletion_window_in_days: Option<i32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MultiRegion {
    multi_region_key_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RotationStatus {
    key_rotation_enabled: Option<bool>,
}

/// A key as the list has it.
struct ListedKey {
    id: String,
    arn: Arn,
}

impl Collect<RegionScope<'_>> for CustomerKeys {
    /// The list has neither manager nor state of a key, so each needs a request. One list of aliases saves those of keys
    /// that AWS manages. Without that list, KMS is asked about them too.
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<CustomerKey>, FactError> {
        let mut listed = own_keys(scope).await?;
        if listed.known.len() >= FEWEST_FOR_ALIASES {
            let managed = managed_keys(scope).await.unwrap_or_default();
            listed.known.retain(|key| !managed.contains(&key.id));
        }
        let described = each(listed.known, |key| async move {
            let answer: Description = ask(scope, &DESCRIBE_KEY, &key.id).await?;
            customer_key(key, answer)
        });
        let mut keys: Items<CustomerKey> = described.await.into_iter().flatten().collect();
        keys.gaps.extend(listed.gaps);
        Ok(keys)
    }
}

impl Collect<RegionScope<'_>> for KeyRotations {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<KeyRotation>, FactError> {
        let keys = scope.fact::<CustomerKeys>().await?;
        let rotating = keys.iter().filter(|key| key.can_rotate()).cloned();
        let read = each(rotating.collect(), |key: CustomerKey| async move {
            let api = &GET_KEY_ROTATION_STATUS;
            let answer: RotationStatus = ask(scope, api, &key.id).await?;
            let is_on = answer.key_rotation_enabled;
            Ok(Some(KeyRotation {
                is_on: require_of(api.action, &key.id, "KeyRotationEnabled", is_on)?,
                id: key.id,
                arn: key.arn,
            }))
        });
        Ok(read.await.into_iter().flatten().collect())
    }
}

impl Collect<RegionScope<'_>> for KeyPolicies {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<ResourcePolicy>, FactError> {
        let keys = scope.fact::<CustomerKeys>().await?;
        let enabled = keys.iter().filter(|key| key.state == KeyState::Enabled);
        let enabled = enabled.map(|key| ResourcePolicy {
            arn: key.arn.clone(),
            name: key.id.clone(),
            document: None,
        });
        let listed = Items {
            known: enabled.collect(),
            gaps: keys.gaps.clone(),
        };
        let read = |one: ResourcePolicy| async move {
            let input = json!({ "KeyId": one.name, "PolicyName": "default" });
            let client = scope.json(&KMS);
            let call = client.call(&scope.api_caller, &GET_KEY_POLICY, &input);
            policy(&GET_KEY_POLICY, call.await)
        };
        Ok(policies(listed, read).await)
    }
}

/// The keys of the account itself. KMS lists keys that other accounts share only if it is asked to; their owners report
/// them.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeys.html>
async fn own_keys(scope: &RegionScope<'_>) -> Result<Items<ListedKey>, Failure> {
    let account = scope.session.account.as_str();
    let entries = list::<KeyEntry>(scope, &LIST_KEYS, "Keys")
        .await?
        .into_iter();
    let keys = entries.map(|entry| {
        let id = require(LIST_KEYS.action, "KeyId", entry.key_id)?;
        let arn = require_of(LIST_KEYS.action, &id, "KeyArn", entry.key_arn)?.into();
        Ok::<_, Failure>(ListedKey { id, arn })
    });
    let mut keys: Items<ListedKey> = keys.collect();
    keys.known.retain(|key| key.arn.account() == account);
    Ok(keys)
}

/// The ids of keys that AWS manages. Predefined aliases have no key until their service needs one.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html>
async fn managed_keys(scope: &RegionScope<'_>) -> Result<HashSet<String>, Failure> {
    let aliases = list::<AliasEntry>(scope, &LIST_ALIASES, "Aliases")
        .await?
        .into_iter();
    let is_managed = |alias: &AliasEntry| {
        let name = alias.alias_name.as_deref();
        name.is_some_and(|name| name.starts_with(RESERVED))
    };
    let managed = aliases.filter(is_managed);
    Ok(managed.filter_map(|alias| alias.target_key_id).collect())
}

/// All items of a list, which the answers have in this field.
async fn list<T: DeserializeOwned + Send>(
    scope: &RegionScope<'_>,
    api: &'static Api,
    field: &str,
) -> Result<Vec<T>, Failure> {
    pages(api.action, |marker| async move {
        let mut input = Map::from_iter([("Limit".to_owned(), json!(api.page))]);
        input.extend(marker.map(|marker| ("Marker".to_owned(), Value::from(marker))));
        let page: Page<T> = scope
            .json(&KMS)
            .call(&scope.api_caller, api, &input)
            .await?;
        let next = next_page(api.action, page.truncated, page.next_marker)?;
        Ok((require(api.action, field, page.items)?, next))
    })
    .await
}

/// The answer about one key.
async fn ask<T: DeserializeOwned>(
    scope: &RegionScope<'_>,
    api: &'static Api,
    key: &str,
) -> Result<T, Failure> {
    let input = json!({ "KeyId": key });
    let answer = scope.json(&KMS).call(&scope.api_caller, api, &input).await;
    answer.map_err(|failure: Failure| failure.of_item(Some(key)))
}

/// What becomes of each item, in their order; nothing of a key that was deleted after it was listed.
async fn each<T, R, F>(items: Vec<T>, read: impl Fn(T) -> F) -> Vec<Option<Result<R, Failure>>>
where
    F: Future<Output = Result<Option<R>, Failure>>,
{
    let read = stream::iter(items).map(|item| {
        let result = read(item);
        async move {
            match result.await {
                Err(failure) if failure.means(Meaning::Gone) => None,
                result => result.transpose(),
            }
        }
    });
    read.buffered(SIDE_BY_SIDE).collect().await
}

/// A key as KMS describes it; none if AWS manages it.
fn customer_key(key: ListedKey, answer: Description) -> Result<Option<CustomerKey>, Failure> {
    let (action, id) = (DESCRIBE_KEY.action, &key.id);
    let metadata = require_of(action, id, "KeyMetadata", answer.key_metadata)?;
    let manager = require_of(action, id, "KeyManager", metadata.key_manager.as_deref())?;
    match manager {
        "AWS" => return Ok(None),
        "CUSTOMER" => {}
        other => return Err(unknown_value(id, "KeyManager", other)),
    }
    Ok(Some(CustomerKey {
        state: state(id, &metadata)?,
        is_replica: is_replica(id, &metadata)?,
        spec: require_of(action, id, "KeySpec", metadata.key_spec)?,
        origin: require_of(action, id, "Origin", metadata.origin)?,
        arn: key.arn,
        id: key.id,
    }))
}

fn state(id: &str, metadata: &Metadata) -> Result<KeyState, Failure> {
    let action = DESCRIBE_KEY.action;
    let state = require_of(action, id, "KeyState", metadata.key_state.as_deref())?;
    Ok(match state {
        "Enabled" => KeyState::Enabled,
        "PendingDeletion" => {
            let date = metadata.deletion_date;
            let date = date.map(|date| timestamp(action, "DeletionDate", date));
            let date = date.transpose().map_err(|one| one.of_item(Some(id)))?;
            KeyState::PendingDeletion(date)
        }
        "PendingReplicaDeletion" => {
            KeyState::PendingReplicaDeletion(metadata.pending_deletion_window_in_days)
        }
        "Creating" | "Disabled" | "PendingImport" | "Unavailable" | "Updating" => KeyState::Other,
        other => return Err(unknown_value(id, "KeyState", other)),
    })
}

/// Only a multi-Region key has a configuration, which names its type.
fn is_replica(id: &str, metadata: &Metadata) -> Result<bool, Failure> {
    let action = DESCRIBE_KEY.action;
    if !require_of(action, id, "MultiRegion", metadata.multi_region)? {
        return Ok(false);
    }
    let configuration = metadata.multi_region_configuration.as_ref();
    let kind = configuration.and_then(|one| one.multi_region_key_type.as_deref());
    match require_of(action, id, "MultiRegionKeyType", kind)? {
        "PRIMARY" => Ok(false),
        "REPLICA" => Ok(true),
        other => Err(unknown_value(id, "MultiRegionKeyType", other)),
    }
}

/// A field with a value of which orgscan does not know what it means.
fn unknown_value(id: &str, field: &str, value: &str) -> Failure {
    let detail = format!("`{value}` is no known {field}");
    Failure::new(DESCRIBE_KEY.action, Cause::Malformed, detail).of_item(Some(id))
}
