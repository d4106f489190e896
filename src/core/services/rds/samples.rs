//! Databases and snapshots for the tests of the checks, without a fault.

use super::{Backups, DbCluster, DbClusters, DbInstance, DbInstances, DbSnapshot, SnapshotOrigin};
use crate::facts::FactStore;
use crate::model::{Items, Reading};

/// An instance on its own.
pub(super) fn instance(id: &str) -> DbInstance {
    DbInstance {
        id: id.into(),
        arn: format!("arn:aws:rds:eu-west-1:111122223333:db:{id}").into(),
        engine: "postgres".into(),
        cluster: None,
        replica_of: None,
        is_encrypted: true,
        upgrades_minor_versions: true,
        is_multi_az: true,
        backups: Backups {
            days: 7,
            by_aws_backup: false,
        },
        is_deletion_protected: true,
        public: None,
    }
}

/// An instance of a cluster of Aurora.
pub(super) fn member(id: &str, cluster: &str) -> DbInstance {
    DbInstance {
        engine: "aurora-postgresql".into(),
        cluster: Some(cluster.into()),
        ..instance(id)
    }
}

/// A cluster of Aurora.
pub(super) fn cluster(id: &str) -> DbCluster {
    DbCluster {
        id: id.into(),
        arn: format!("arn:aws:rds:eu-west-1:111122223333:cluster:{id}").into(),
        engine: "aurora-postgresql".into(),
        is_encrypted: true,
        upgrades_minor_versions: Some(true),
        is_multi_az: Some(true),
        backups: Some(Backups {
            days: 7,
            by_aws_backup: false,
        }),
        is_deletion_protected: Some(true),
        is_global: false,
        is_replicated_across_regions: false,
    }
}

/// A manual snapshot of an instance.
pub(super) fn snapshot(id: &str) -> DbSnapshot {
    DbSnapshot {
        id: id.into(),
        arn: format!("arn:aws:rds:eu-west-1:111122223333:snapshot:{id}").into(),
        database: "orders".into(),
        origin: SnapshotOrigin::Manual,
        is_encrypted: true,
        has_kms_key: true,
    }
}

/// The facts of a Region with these databases.
pub(super) fn facts(instances: Vec<DbInstance>, clusters: Vec<DbCluster>) -> FactStore {
    FactStore::default()
        .with::<DbInstances>(Reading::known(Items::from(instances)))
        .with::<DbClusters>(Reading::known(Items::from(clusters)))
}
