//! Snapshots of databases, and who can restore the manual ones.

use futures::stream::{self, StreamExt};
use orgscan_core::api::Meaning;
use orgscan_core::model::{Cause, Items};
use orgscan_core::services::rds::{
    DESCRIBE_DB_CLUSTER_SNAPSHOT_ATTRIBUTES, DESCRIBE_DB_CLUSTER_SNAPSHOTS,
    DESCRIBE_DB_SNAPSHOT_ATTRIBUTES, DESCRIBE_DB_SNAPSHOTS, DbClusterSnapshotSharing,
    DbClusterSnapshots, DbSnapshot, DbSnapshotAccess, DbSnapshotSharing, DbSnapshots,
    SnapshotOrigin,
};
use serde_json::json;

use super::shapes::{
    Attribute, ClusterSnapshot, ClusterSnapshotAnswer, ClusterSnapshotPage, Snapshot,
    SnapshotAnswer, SnapshotPage,
};
use super::{is_encrypted, is_of_other_service};
use crate::collect::{Collect, CollectScope, FactError, RegionScope};
use crate::json::RDS;
use crate::{Failure, pages, require, require_of};

/// Snapshots of one Region asked about at the same time; the limiters limit the rate anyway.
const SIDE_BY_SIDE: usize = 8;

/// The attribute with the accounts that can copy and restore a snapshot, and its value for all accounts.
///
/// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBSnapshotAttribute.html>
const RESTORE: &str = "restore";
const EVERYBODY: &str = "all";

/// All snapshots of the account's own. Without a type, RDS lists both automated and manual ones, which include those of AWS
/// Backup.
///
/// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBSnapshots.html> and
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/AutomatedBackups.AWSBackup.html>
impl Collect<RegionScope<'_>> for DbSnapshots {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<DbSnapshot>, FactError> {
        let api = &DESCRIBE_DB_SNAPSHOTS;
        let listed = pages(api.action, |marker| async move {
            let input = json!({ "MaxRecords": api.page, "Marker": marker });
            let client = scope.json(&RDS);
            let page: SnapshotPage = client.call(&scope.api_caller, api, &input).await?;
            Ok((
                require(api.action, "DBSnapshots", page.snapshots)?,
                page.marker,
            ))
        });
        let items = listed.await?.into_iter();
        Ok(items
            .filter_map(|item| of_instance(item).transpose())
            .collect())
    }
}

impl Collect<RegionScope<'_>> for DbClusterSnapshots {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<DbSnapshot>, FactError> {
        let api = &DESCRIBE_DB_CLUSTER_SNAPSHOTS;
        let listed = pages(api.action, |marker| async move {
            let input = json!({ "MaxRecords": api.page, "Marker": marker });
            let client = scope.json(&RDS);
            let page: ClusterSnapshotPage = client.call(&scope.api_caller, api, &input).await?;
            Ok((
                require(api.action, "DBClusterSnapshots", page.snapshots)?,
                page.marker,
            ))
        });
        let items = listed.await?.into_iter();
        Ok(items
            .filter_map(|item| of_cluster(item).transpose())
            .collect())
    }
}

impl Collect<RegionScope<'_>> for DbSnapshotSharing {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<DbSnapshotAccess>, FactError> {
        let api = &DESCRIBE_DB_SNAPSHOT_ATTRIBUTES;
        let snapshots = scope.fact::<DbSnapshots>().await?;
        let is_public = |id: String| async move {
            let input = json!({ "DBSnapshotIdentifier": id });
            let client = scope.json(&RDS);
            let answer: SnapshotAnswer = client.call(&scope.api_caller, api, &input).await?;
            let attributes = answer.result.and_then(|result| result.attributes);
            is_shared_with_everybody(
                api.action,
                require(api.action, "DBSnapshotAttributes", attributes)?,
            )
        };
        Ok(sharing(scope, &snapshots, is_public).await)
    }
}

impl Collect<RegionScope<'_>> for DbClusterSnapshotSharing {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<DbSnapshotAccess>, FactError> {
        let api = &DESCRIBE_DB_CLUSTER_SNAPSHOT_ATTRIBUTES;
        let snapshots = scope.fact::<DbClusterSnapshots>().await?;
        let is_public = |id: String| async move {
            let input = json!({ "DBClusterSnapshotIdentifier": id });
            let client = scope.json(&RDS);
            let answer: ClusterSnapshotAnswer = client.call(&scope.api_caller, api, &input).await?;
            let attributes = answer.result.and_then(|result| result.attributes);
            is_shared_with_everybody(
                api.action,
                require(api.action, "DBClusterSnapshotAttributes", attributes)?,
            )
        };
        Ok(sharing(scope, &snapshots, is_public).await)
    }
}

/// Who can restore the manual snapshots of a list. Those that cannot be public take no request. One that was deleted after
/// it was listed is left out.
async fn sharing<F>(
    scope: &RegionScope<'_>,
    snapshots: &Items<DbSnapshot>,
    is_public: impl Fn(String) -> F,
) -> Items<DbSnapshotAccess>
where
    F: Future<Output = Result<bool, Failure>>,
{
    let manual = snapshots.iter();
    let manual: Vec<DbSnapshot> = manual
        .filter(|snapshot| snapshot.origin == SnapshotOrigin::Manual)
        .cloned()
        .collect();
    let read: Vec<_> = stream::iter(manual)
        .map(|snapshot| {
            let answer = snapshot
                .can_be_public()
                .then(|| is_public(snapshot.id.clone()));
            async move {
                let answer = match answer {
                    Some(answer) => answer.await,
                    None => Ok(false),
                };
                (snapshot, answer)
            }
        })
        .buffered(SIDE_BY_SIDE)
        .collect()
        .await;
    let mut sharing = Items {
        gaps: snapshots.gaps.clone(),
        ..Items::default()
    };
    for (DbSnapshot { id, arn, .. }, answer) in read {
        match answer {
            Ok(is_public) => sharing.known.push(DbSnapshotAccess { id, arn, is_public }),
            Err(failure) if failure.means(Meaning::Gone) => {}
            Err(failure) => sharing.gaps.push(scope.gap(failure).of(id)),
        }
    }
    sharing
}

/// Whether `all` is among the values of `restore`. A snapshot that is shared with nobody has none.
fn is_shared_with_everybody(
    action: &'static str,
    attributes: Vec<Attribute>,
) -> Result<bool, Failure> {
    let mut is_shared = false;
    for Attribute { name, values } in attributes {
        let name = require(action, "AttributeName", name)?;
        is_shared |= name == RESTORE && values.iter().any(|value| value == EVERYBODY);
    }
    Ok(is_shared)
}

fn of_instance(listed: Snapshot) -> Result<Option<DbSnapshot>, Failure> {
    let action = DESCRIBE_DB_SNAPSHOTS.action;
    let id = require(action, "DBSnapshotIdentifier", listed.id)?;
    let text = |field, value| require_of(action, &id, field, value);
    if is_of_other_service(&text("Engine", listed.engine)?) {
        return Ok(None);
    }
    let encrypted = require_of(action, &id, "Encrypted", listed.encrypted)?;
    let by = listed.storage_encryption_type.as_deref();
    Ok(Some(DbSnapshot {
        arn: text("DBSnapshotArn", listed.arn)?.into(),
        database: text("DBInstanceIdentifier", listed.database)?,
        origin: origin(action, &id, listed.snapshot_type)?,
        is_encrypted: is_encrypted(Some(encrypted), by).unwrap_or(encrypted),
        has_kms_key: encrypted,
        id,
    }))
}

fn of_cluster(listed: ClusterSnapshot) -> Result<Option<DbSnapshot>, Failure> {
    let action = DESCRIBE_DB_CLUSTER_SNAPSHOTS.action;
    let id = require(action, "DBClusterSnapshotIdentifier", listed.id)?;
    let text = |field, value| require_of(action, &id, field, value);
    if is_of_other_service(&text("Engine", listed.engine)?) {
        return Ok(None);
    }
    let encrypted = require_of(action, &id, "StorageEncrypted", listed.storage_encrypted)?;
    let by = listed.storage_encryption_type.as_deref();
    Ok(Some(DbSnapshot {
        arn: text("DBClusterSnapshotArn", listed.arn)?.into(),
        database: text("DBClusterIdentifier", listed.database)?,
        origin: origin(action, &id, listed.snapshot_type)?,
        is_encrypted: is_encrypted(Some(encrypted), by).unwrap_or(encrypted),
        has_kms_key: encrypted,
        id,
    }))
}

/// Who made a snapshot.
///
/// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBSnapshots.html>
fn origin(action: &'static str, id: &str, kind: Option<String>) -> Result<SnapshotOrigin, Failure> {
    let kind = require_of(action, id, "SnapshotType", kind)?;
    match kind.as_str() {
        "automated" => Ok(SnapshotOrigin::Automated),
        "awsbackup" => Ok(SnapshotOrigin::AwsBackup),
        "manual" => Ok(SnapshotOrigin::Manual),
        _ => {
            let detail = format!("`{kind}` is no known SnapshotType");
            Err(Failure::new(action, Cause::Malformed, detail).of_item(Some(id)))
        }
    }
}
