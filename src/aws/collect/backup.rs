//! AWS Backup, by Region: vaults and their access policies, and which resources it has backed up.

use form_urlencoded::byte_serialize;
use orgscan_core::model::Items;
use orgscan_core::services::ResourcePolicy;
use orgscan_core::services::backup::LIST_PROTECTED_RESOURCES as API;
use orgscan_core::services::backup::{
    GET_BACKUP_VAULT_ACCESS_POLICY, LIST_BACKUP_VAULTS, ProtectedResource, ProtectedResources,
    VaultPolicies,
};
use serde::Deserialize;

use super::epoch::timestamp;
use super::policies::{Listing, listed, policies, policy};
use super::{Collect, Collector, FactError, RegionScope, collectors};
use crate::json::BACKUP;
use crate::{Failure, pages, require, require_of};

const PATH: &str = "/resources/";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    results: Option<Vec<Entry>>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    resource_arn: Option<String>,
    last_backup_time: Option<f64>,
}

impl Collect<RegionScope<'_>> for ProtectedResources {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<ProtectedResource>, FactError> {
        let size = API.page.unwrap_or_default().to_string();
        let size = size.as_str();
        let listed = pages(API.action, |token| async move {
            let mut query = vec![("maxResults", size)];
            query.extend(token.as_deref().map(|token| ("nextToken", token)));
            let client = scope.json(&BACKUP);
            let page: Page = client.get(&scope.api_caller, &API, PATH, &query).await?;
            Ok((
                require(API.action, "Results", page.results)?,
                page.next_token,
            ))
        });
        Ok(listed.await?.into_iter().map(resource).collect())
    }
}

/// The facts of a Region. Others have protected resources read where they need them.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![VaultPolicies]
}

const VAULTS: Listing = Listing {
    service: &BACKUP,
    api: &LIST_BACKUP_VAULTS,
    path: "/backup-vaults/",
    page: ["maxResults", "nextToken"],
    answer: ["BackupVaultList", "NextToken"],
    resource: ["BackupVaultName", "BackupVaultArn", ""],
};

impl Collect<RegionScope<'_>> for VaultPolicies {
    /// The name of a vault that AWS made has slashes: `aws/efs/automatic-backup-vault`.
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<ResourcePolicy>, FactError> {
        let listed = listed(scope, &VAULTS).await?;
        let read = |one: ResourcePolicy| async move {
            let name: String = byte_serialize(one.name.as_bytes()).collect();
            let path = format!("/backup-vaults/{name}/access-policy");
            let client = scope.json(&BACKUP);
            let api = &GET_BACKUP_VAULT_ACCESS_POLICY;
            policy(api, client.get(&scope.api_caller, api, &path, &[]).await)
        };
        Ok(policies(listed, read).await)
    }
}

fn resource(listed: Entry) -> Result<ProtectedResource, Failure> {
    let action = API.action;
    let arn = require(action, "ResourceArn", listed.resource_arn)?;
    let time = require_of(action, &arn, "LastBackupTime", listed.last_backup_time)?;
    let time = timestamp(action, "LastBackupTime", time);
    Ok(ProtectedResource {
        last_backup: time.map_err(|failure| failure.of_item(Some(&arn)))?,
        arn: arn.into(),
    })
}
