//! RDS, by Region: database instances and clusters, the network of those with a public address, and snapshots.

mod shapes;
mod snapshots;

use futures::future;
use orgscan_core::model::{Arn, Items};
use orgscan_core::services::ec2::{NetworkAcls, RouteTables, SecurityGroups, VpcBlockPublicAccess};
use orgscan_core::services::rds::{
    Backups, DESCRIBE_DB_CLUSTERS, DESCRIBE_DB_INSTANCES, DatabaseNetwork, DbCluster,
    DbClusterSnapshotSharing, DbClusterSnapshots, DbClusters, DbInstance, DbInstances,
    DbSnapshotSharing, DbSnapshots, PublicDatabase,
};
use serde_json::json;

use self::shapes::{Cluster, ClusterPage, Instance, InstancePage, Subnet};
use super::{Collect, CollectScope, Collector, FactError, RegionScope, collectors};
use crate::json::RDS;
use crate::{Failure, pages, require, require_of};

/// Engines of other services, whose databases RDS lists too.
///
/// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html>
const OF_OTHER_SERVICES: [&str; 2] = ["neptune", "docdb"];

/// The facts of a Region.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![
        DbInstances,
        DbClusters,
        DatabaseNetwork,
        DbSnapshots,
        DbClusterSnapshots,
        DbSnapshotSharing,
        DbClusterSnapshotSharing,
    ]
}

impl Collect<RegionScope<'_>> for DbInstances {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<DbInstance>, FactError> {
        let api = &DESCRIBE_DB_INSTANCES;
        let listed = pages(api.action, |marker| async move {
            let input = json!({ "MaxRecords": api.page, "Marker": marker });
            let client = scope.json(&RDS);
            let page: InstancePage = client.call(&scope.api_caller, api, &input).await?;
            Ok((
                require(api.action, "DBInstances", page.instances)?,
                page.marker,
            ))
        });
        let items = listed.await?.into_iter();
        Ok(items
            .filter_map(|item| instance(item).transpose())
            .collect())
    }
}

impl Collect<RegionScope<'_>> for DbClusters {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<DbCluster>, FactError> {
        let api = &DESCRIBE_DB_CLUSTERS;
        let listed = pages(api.action, |marker| async move {
            let input = json!({ "MaxRecords": api.page, "Marker": marker });
            let client = scope.json(&RDS);
            let page: ClusterPage = client.call(&scope.api_caller, api, &input).await?;
            Ok((
                require(api.action, "DBClusters", page.clusters)?,
                page.marker,
            ))
        });
        let items = listed.await?.into_iter();
        Ok(items.filter_map(|item| cluster(item).transpose()).collect())
    }
}

impl Collect<RegionScope<'_>> for DatabaseNetwork {
    async fn collect(scope: &RegionScope<'_>) -> Result<(), FactError> {
        let instances = scope.fact::<DbInstances>().await?;
        if instances.iter().any(|instance| instance.public.is_some()) {
            let _ = future::join4(
                scope.fact::<SecurityGroups>(),
                scope.fact::<RouteTables>(),
                scope.fact::<NetworkAcls>(),
                scope.fact::<VpcBlockPublicAccess>(),
            )
            .await;
        }
        Ok(())
    }
}

fn instance(listed: Instance) -> Result<Option<DbInstance>, Failure> {
    let action = DESCRIBE_DB_INSTANCES.action;
    let id = require(action, "DBInstanceIdentifier", listed.id.clone())?;
    let engine = require_of(action, &id, "Engine", listed.engine.clone())?;
    if is_of_other_service(&engine) {
        return Ok(None);
    }
    let flag = |field, value| require_of(action, &id, field, value);
    let is_public = flag("PubliclyAccessible", listed.publicly_accessible)?;
    let by = listed.storage_encryption_type.as_deref();
    let is_encrypted = is_encrypted(listed.storage_encrypted, by);
    let days = days(listed.backup_retention_period);
    Ok(Some(DbInstance {
        arn: require_of(action, &id, "DBInstanceArn", listed.arn.clone())?.into(),
        engine,
        is_encrypted: flag("StorageEncrypted", is_encrypted)?,
        upgrades_minor_versions: flag(
            "AutoMinorVersionUpgrade",
            listed.auto_minor_version_upgrade,
        )?,
        is_multi_az: flag("MultiAZ", listed.multi_az)?,
        backups: Backups {
            days: require_of(action, &id, "BackupRetentionPeriod", days)?,
            by_aws_backup: listed.aws_backup_recovery_point_arn.is_some(),
        },
        is_deletion_protected: flag("DeletionProtection", listed.deletion_protection)?,
        public: is_public.then(|| public(&listed)),
        cluster: listed.cluster,
        replica_of: listed.source_instance.or(listed.source_cluster),
        id,
    }))
}

fn cluster(listed: Cluster) -> Result<Option<DbCluster>, Failure> {
    let action = DESCRIBE_DB_CLUSTERS.action;
    let id = require(action, "DBClusterIdentifier", listed.id.clone())?;
    let engine = require_of(action, &id, "Engine", listed.engine.clone())?;
    if is_of_other_service(&engine) {
        return Ok(None);
    }
    let arn: Arn = require_of(action, &id, "DBClusterArn", listed.arn.clone())?.into();
    let by = listed.storage_encryption_type.as_deref();
    let is_encrypted = is_encrypted(listed.storage_encrypted, by);
    let by_aws_backup = listed.aws_backup_recovery_point_arn.is_some();
    Ok(Some(DbCluster {
        engine,
        is_encrypted: require_of(action, &id, "StorageEncrypted", is_encrypted)?,
        upgrades_minor_versions: listed.auto_minor_version_upgrade,
        is_multi_az: listed.multi_az,
        backups: days(listed.backup_retention_period).map(|days| Backups {
            days,
            by_aws_backup,
        }),
        is_deletion_protected: listed.deletion_protection,
        is_global: listed.global_cluster_identifier.is_some(),
        is_replicated_across_regions: is_replicated_across_regions(&listed, &arn),
        arn,
        id,
    }))
}

/// A retention period; none if it is missing or negative.
fn days(period: Option<i32>) -> Option<u32> {
    period.and_then(|days| u32::try_from(days).ok())
}

/// Clusters name their replicas and their source by ARN.
///
/// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Replication.CrossRegion.html>
fn is_replicated_across_regions(listed: &Cluster, arn: &Arn) -> bool {
    let source = listed.replication_source_identifier.iter();
    let replicas = listed.read_replica_identifiers.iter();
    let mut others = source.chain(replicas).map(|other| Arn::from(&**other));
    others.any(|other| !other.region().is_empty() && other.region() != arn.region())
}

fn is_of_other_service(engine: &str) -> bool {
    OF_OTHER_SERVICES.contains(&engine)
}

/// `StorageEncrypted` is about keys of the account alone: it is false with a key that AWS owns, as new clusters of Aurora
/// have it. The type of the encryption tells of every key, where RDS names it.
///
/// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html>
fn is_encrypted(by_own_key: Option<bool>, by: Option<&str>) -> Option<bool> {
    match by {
        Some(by) => Some(by != "none"),
        None => by_own_key,
    }
}

/// An instance is in the subnet of its availability zone, and its standby in that of the second one. Groups that are
/// being added count: they are in force in a moment.
fn public(listed: &Instance) -> PublicDatabase {
    let group = listed.subnet_group.as_ref();
    let endpoint = listed.endpoint.as_ref();
    let endpoint = endpoint.and_then(|one| Some((one.address.clone()?, one.port?)));
    let groups = listed.vpc_security_groups.iter();
    let groups = groups.filter(|one| one.status.as_deref() != Some("removing"));
    PublicDatabase {
        vpc: group.and_then(|group| group.vpc_id.clone()),
        subnets: subnets(listed),
        groups: groups.filter_map(|one| one.id.clone()).collect(),
        endpoint: endpoint.and_then(|(host, port)| Some((host, u16::try_from(port).ok()?))),
    }
}

fn subnets(listed: &Instance) -> Vec<String> {
    let zones = [
        &listed.availability_zone,
        &listed.secondary_availability_zone,
    ];
    let zones: Vec<&String> = zones.into_iter().flatten().collect();
    let all = || {
        let group = listed.subnet_group.iter();
        group.flat_map(|group| &group.subnets)
    };
    let is_own = |subnet: &&Subnet| {
        let zone = subnet.zone.as_ref();
        zone.and_then(|zone| zone.name.as_ref())
            .is_some_and(|zone| zones.contains(&zone))
    };
    let ids = |subnet: &Subnet| subnet.id.clone();
    let own: Vec<String> = all().filter(is_own).filter_map(ids).collect();
    match own.is_empty() {
        true => all().filter_map(ids).collect(),
        false => own,
    }
}
