//! EFS, by Region: file systems and their policies, and whether AWS Backup has to be asked about them.

use orgscan_core::model::Items;
use orgscan_core::services::ResourcePolicy;
use orgscan_core::services::backup::ProtectedResources;
use orgscan_core::services::efs::DESCRIBE_FILE_SYSTEMS as API;
use orgscan_core::services::efs::{
    DESCRIBE_FILE_SYSTEM_POLICY, FileSystem, FileSystemBackups, FileSystemPolicies, FileSystems,
};
use serde::Deserialize;

use super::epoch::timestamp;
use super::policies::{policies, policy};
use super::{Collect, CollectScope, Collector, FactError, RegionScope, collectors};
use crate::json::EFS;
use crate::{Failure, pages, require, require_of};

const PATH: &str = "/2015-02-01/file-systems";

/// The facts of a Region.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![FileSystems, FileSystemBackups, FileSystemPolicies]
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    file_systems: Option<Vec<Description>>,
    next_marker: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Description {
    file_system_id: Option<String>,
    file_system_arn: Option<String>,
    creation_time: Option<f64>,
    encrypted: Option<bool>,
    life_cycle_state: Option<String>,
}

impl Collect<RegionScope<'_>> for FileSystems {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<FileSystem>, FactError> {
        let size = API.page.unwrap_or_default().to_string();
        let size = size.as_str();
        let listed = pages(API.action, |marker| async move {
            let mut query = vec![("MaxItems", size)];
            query.extend(marker.as_deref().map(|marker| ("Marker", marker)));
            let client = scope.json(&EFS);
            let page: Page = client.get(&scope.api_caller, &API, PATH, &query).await?;
            let items = require(API.action, "FileSystems", page.file_systems)?;
            Ok((items, page.next_marker))
        });
        let items = listed.await?.into_iter();
        Ok(items
            .filter_map(|item| file_system(item).transpose())
            .collect())
    }
}

impl Collect<RegionScope<'_>> for FileSystemBackups {
    async fn collect(scope: &RegionScope<'_>) -> Result<(), FactError> {
        let file_systems = scope.fact::<FileSystems>().await?;
        if !file_systems.known.is_empty() {
            drop(scope.fact::<ProtectedResources>().await);
        }
        Ok(())
    }
}

impl Collect<RegionScope<'_>> for FileSystemPolicies {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<ResourcePolicy>, FactError> {
        let file_systems = scope.fact::<FileSystems>().await?;
        let known = file_systems.iter().map(|one| ResourcePolicy {
            arn: one.arn.clone(),
            name: one.id.clone(),
            document: None,
        });
        let listed = Items {
            known: known.collect(),
            gaps: file_systems.gaps.clone(),
        };
        let read = |one: ResourcePolicy| async move {
            let path = format!("{PATH}/{}/policy", one.name);
            let client = scope.json(&EFS);
            let api = &DESCRIBE_FILE_SYSTEM_POLICY;
            policy(api, client.get(&scope.api_caller, api, &path, &[]).await)
        };
        Ok(policies(listed, read).await)
    }
}

/// A file system, unless it is being deleted.
fn file_system(listed: Description) -> Result<Option<FileSystem>, Failure> {
    let action = API.action;
    let id = require(action, "FileSystemId", listed.file_system_id)?;
    let state = require_of(action, &id, "LifeCycleState", listed.life_cycle_state)?;
    if matches!(state.as_str(), "deleting" | "deleted") {
        return Ok(None);
    }
    let created = require_of(action, &id, "CreationTime", listed.creation_time)?;
    let created = timestamp(action, "CreationTime", created);
    Ok(Some(FileSystem {
        arn: require_of(action, &id, "FileSystemArn", listed.file_system_arn)?.into(),
        created: created.map_err(|failure| failure.of_item(Some(&id)))?,
        is_encrypted: require_of(action, &id, "Encrypted", listed.encrypted)?,
        id,
    }))
}
