//! AWS Backup, by Region: which resources it has backed up.

use orgscan_core::model::Items;
use orgscan_core::services::backup::LIST_PROTECTED_RESOURCES as API;
use orgscan_core::services::backup::{ProtectedResource, ProtectedResources};
use serde::Deserialize;

use super::epoch::timestamp;
use super::{Collect, FactError, RegionScope};
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
