//! Snapshots of database instances and clusters.

use super::{
    DESCRIBE_DB_CLUSTER_SNAPSHOT_ATTRIBUTES, DESCRIBE_DB_CLUSTER_SNAPSHOTS,
    DESCRIBE_DB_SNAPSHOT_ATTRIBUTES, DESCRIBE_DB_SNAPSHOTS,
};
use crate::facts::{Fact, FactSpec};
use crate::model::{Arn, Items};

/// A snapshot of the account's own.
///
/// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBSnapshot.html> and
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBClusterSnapshot.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DbSnapshot {
    /// Its name.
    pub id: String,
    /// Its ARN.
    pub arn: Arn,
    /// The name of the instance or cluster that it was made of, which may be deleted.
    pub database: String,
    /// Who made it.
    pub origin: SnapshotOrigin,
    /// Whether it is encrypted.
    pub is_encrypted: bool,
    /// Whether it is encrypted with a KMS key of an account, and not with one that AWS owns.
    pub has_kms_key: bool,
}

impl DbSnapshot {
    /// Whether its owner can share it with everybody: only a manual snapshot is shared at all, and an encrypted one never
    /// with everybody. What AWS documents of encryption is about KMS keys, so that only these count.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html> and
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/share-encrypted-snapshot.html>
    pub fn can_be_public(&self) -> bool {
        self.origin == SnapshotOrigin::Manual && !self.has_kms_key
    }
}

/// Who made a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SnapshotOrigin {
    /// RDS, as an automated backup. It deletes it after the database's retention period.
    Automated,
    /// AWS Backup.
    AwsBackup,
    /// A person or a program.
    Manual,
}

/// Whether a manual snapshot is public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DbSnapshotAccess {
    /// Its name.
    pub id: String,
    /// Its ARN.
    pub arn: Arn,
    /// Whether every AWS account can copy and restore it.
    pub is_public: bool,
}

/// Snapshots of database instances.
#[derive(Debug)]
pub struct DbSnapshots;

impl Fact for DbSnapshots {
    type Value = Items<DbSnapshot>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "rds.db_snapshots",
        calls: &[&DESCRIBE_DB_SNAPSHOTS],
        ..FactSpec::REGION
    };
}

/// Snapshots of database clusters.
#[derive(Debug)]
pub struct DbClusterSnapshots;

impl Fact for DbClusterSnapshots {
    type Value = Items<DbSnapshot>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "rds.db_cluster_snapshots",
        calls: &[&DESCRIBE_DB_CLUSTER_SNAPSHOTS],
        ..FactSpec::REGION
    };
}

/// Who can restore the manual snapshots of database instances.
#[derive(Debug)]
pub struct DbSnapshotSharing;

impl Fact for DbSnapshotSharing {
    type Value = Items<DbSnapshotAccess>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "rds.db_snapshot_sharing",
        calls: &[&DESCRIBE_DB_SNAPSHOT_ATTRIBUTES],
        least: 0,
        reads: &[DbSnapshots::SPEC],
        ..FactSpec::REGION
    };
}

/// Who can restore the manual snapshots of database clusters.
#[derive(Debug)]
pub struct DbClusterSnapshotSharing;

impl Fact for DbClusterSnapshotSharing {
    type Value = Items<DbSnapshotAccess>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "rds.db_cluster_snapshot_sharing",
        calls: &[&DESCRIBE_DB_CLUSTER_SNAPSHOT_ATTRIBUTES],
        least: 0,
        reads: &[DbClusterSnapshots::SPEC],
        ..FactSpec::REGION
    };
}
