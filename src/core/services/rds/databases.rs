//! Database instances and clusters.

use super::{DESCRIBE_DB_CLUSTERS, DESCRIBE_DB_INSTANCES};
use crate::facts::{Fact, FactSpec, when};
use crate::model::{Arn, Items};
use crate::services::ec2::{NetworkAcls, RouteTables, SecurityGroups, VpcBlockPublicAccess, Vpcs};

/// A database instance.
///
/// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DbInstance {
    /// Its name.
    pub id: String,
    /// Its ARN.
    pub arn: Arn,
    /// Its engine: `postgres`.
    pub engine: String,
    /// The cluster that it is a part of.
    pub cluster: Option<String>,
    /// The instance or cluster that it is a read replica of.
    pub replica_of: Option<String>,
    /// Whether its storage is encrypted. That of a cluster's instance is the cluster's.
    pub is_encrypted: bool,
    /// Whether minor versions of the engine are installed automatically.
    pub upgrades_minor_versions: bool,
    /// Whether it has a standby in another availability zone. That of a cluster's instance is the cluster's.
    pub is_multi_az: bool,
    /// How its automated backups are kept. Those of a cluster's instance are the cluster's.
    pub backups: Backups,
    /// Whether it cannot be deleted. That of a cluster's instance is the cluster's.
    pub is_deletion_protected: bool,
    /// Where it is to be reached from outside its VPC; none where it has no public address.
    pub public: Option<PublicDatabase>,
}

impl DbInstance {
    /// Whether it is of RDS Custom, whose operating system and engine the customer maintains.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html>
    pub fn is_custom(&self) -> bool {
        self.engine.starts_with("custom-")
    }
}

/// How the automated backups of a database are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backups {
    /// For how many days; 0 if there are none.
    pub days: u32,
    /// Whether AWS Backup makes them: continuous backups of a backup plan.
    pub by_aws_backup: bool,
}

/// What decides whether the internet reaches a database with a public address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicDatabase {
    /// Its VPC; none where AWS does not say.
    pub vpc: Option<String>,
    /// The subnets that it may be in: those of its subnet group in its availability zones.
    pub subnets: Vec<String>,
    /// Its security groups.
    pub groups: Vec<String>,
    /// The name and the port that it answers at; none while it is being created.
    pub endpoint: Option<(String, u16)>,
}

/// A cluster of Aurora, or of instances in several availability zones.
///
/// Older descriptions of clusters may lack `AutoMinorVersionUpgrade`. The service model has `MultiAZ`, `BackupRetentionPeriod` and
/// `DeletionProtection` of clusters as optional. AWS documents no value for a missing one, which is unknown then.
///
/// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DbCluster {
    /// Its name.
    pub id: String,
    /// Its ARN.
    pub arn: Arn,
    /// Its engine: `aurora-postgresql`.
    pub engine: String,
    /// Whether its storage is encrypted.
    pub is_encrypted: bool,
    /// Whether minor versions of the engine are installed automatically.
    pub upgrades_minor_versions: Option<bool>,
    /// Whether it has instances in several availability zones.
    pub is_multi_az: Option<bool>,
    /// How its automated backups are kept.
    pub backups: Option<Backups>,
    /// Whether it cannot be deleted.
    pub is_deletion_protected: Option<bool>,
    /// Whether it is a part of an Aurora global database.
    pub is_global: bool,
    /// Whether it is replicated from or to another Region.
    pub is_replicated_across_regions: bool,
}

impl DbCluster {
    /// Whether it is of Aurora. Others are Multi-AZ DB clusters.
    pub fn is_aurora(&self) -> bool {
        self.engine.starts_with("aurora")
    }
}

/// Database instances.
#[derive(Debug)]
pub struct DbInstances;

impl Fact for DbInstances {
    type Value = Items<DbInstance>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "rds.db_instances",
        calls: &[&DESCRIBE_DB_INSTANCES],
        ..FactSpec::REGION
    };
}

/// Database clusters.
#[derive(Debug)]
pub struct DbClusters;

impl Fact for DbClusters {
    type Value = Items<DbCluster>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "rds.db_clusters",
        calls: &[&DESCRIBE_DB_CLUSTERS],
        ..FactSpec::REGION
    };
}

/// Nothing of its own: what tells whether the internet reaches a database is read where one has a public address.
#[derive(Debug)]
pub struct DatabaseNetwork;

impl Fact for DatabaseNetwork {
    type Value = ();
    const SPEC: &'static FactSpec = &FactSpec {
        key: "rds.database_network",
        least: 0,
        reads: &[DbInstances::SPEC],
        may_read: &[when(
            "a database has a public address",
            &[
                SecurityGroups::SPEC,
                RouteTables::SPEC,
                NetworkAcls::SPEC,
                VpcBlockPublicAccess::SPEC,
            ],
        )],
        may_use: &[Vpcs::SPEC],
        ..FactSpec::REGION
    };
}
