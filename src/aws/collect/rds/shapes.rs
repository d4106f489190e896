//! The answers of RDS, as far as they are read.
//!
//! Source: <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Types.html>

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InstancePage {
    #[serde(rename = "DBInstances")]
    pub(super) instances: Option<Vec<Instance>>,
    pub(super) marker: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ClusterPage {
    #[serde(rename = "DBClusters")]
    pub(super) clusters: Option<Vec<Cluster>>,
    pub(super) marker: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SnapshotPage {
    #[serde(rename = "DBSnapshots")]
    pub(super) snapshots: Option<Vec<Snapshot>>,
    pub(super) marker: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ClusterSnapshotPage {
    #[serde(rename = "DBClusterSnapshots")]
    pub(super) snapshots: Option<Vec<ClusterSnapshot>>,
    pub(super) marker: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Instance {
    #[serde(rename = "DBInstanceIdentifier")]
    pub(super) id: Option<String>,
    #[serde(rename = "DBInstanceArn")]
    pub(super) arn: Option<String>,
    pub(super) engine: Option<String>,
    pub(super) publicly_accessible: Option<bool>,
    pub(super) storage_encrypted: Option<bool>,
    pub(super) storage_encryption_type: Option<String>,
    pub(super) auto_minor_version_upgrade: Option<bool>,
    #[serde(rename = "MultiAZ")]
    pub(super) multi_az: Option<bool>,
    pub(super) backup_retention_period: Option<i32>,
    pub(super) aws_backup_recovery_point_arn: Option<String>,
    pub(super) deletion_protection: Option<bool>,
    #[serde(rename = "DBClusterIdentifier")]
    pub(super) cluster: Option<String>,
    #[serde(rename = "ReadReplicaSourceDBInstanceIdentifier")]
    pub(super) source_instance: Option<String>,
    #[serde(rename = "ReadReplicaSourceDBClusterIdentifier")]
    pub(super) source_cluster: Option<String>,
    pub(super) availability_zone: Option<String>,
    pub(super) secondary_availability_zone: Option<String>,
    #[serde(rename = "DBSubnetGroup")]
    pub(super) subnet_group: Option<SubnetGroup>,
    #[serde(default)]
    pub(super) vpc_security_groups: Vec<SecurityGroup>,
    pub(super) endpoint: Option<Endpoint>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SubnetGroup {
    pub(super) vpc_id: Option<String>,
    #[serde(default)]
    pub(super) subnets: Vec<Subnet>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Subnet {
    #[serde(rename = "SubnetIdentifier")]
    pub(super) id: Option<String>,
    #[serde(rename = "SubnetAvailabilityZone")]
    pub(super) zone: Option<Zone>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Zone {
    pub(super) name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SecurityGroup {
    #[serde(rename = "VpcSecurityGroupId")]
    pub(super) id: Option<String>,
    pub(super) status: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Endpoint {
    pub(super) address: Option<String>,
    pub(super) port: Option<i32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Cluster {
    #[serde(rename = "DBClusterIdentifier")]
    pub(super) id: Option<String>,
    #[serde(rename = "DBClusterArn")]
    pub(super) arn: Option<String>,
    pub(super) engine: Option<String>,
    pub(super) storage_encrypted: Option<bool>,
    pub(super) storage_encryption_type: Option<String>,
    pub(super) auto_minor_version_upgrade: Option<bool>,
    #[serde(rename = "MultiAZ")]
    pub(super) multi_az: Option<bool>,
    pub(super) backup_retention_period: Option<i32>,
    pub(super) aws_backup_recovery_point_arn: Option<String>,
    pub(super) deletion_protection: Option<bool>,
    pub(super) global_cluster_identifier: Option<String>,
    pub(super) replication_source_identifier: Option<String>,
    #[serde(default)]
    pub(super) read_replica_identifiers: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Snapshot {
    #[serde(rename = "DBSnapshotIdentifier")]
    pub(super) id: Option<String>,
    #[serde(rename = "DBSnapshotArn")]
    pub(super) arn: Option<String>,
    #[serde(rename = "DBInstanceIdentifier")]
    pub(super) database: Option<String>,
    pub(super) engine: Option<String>,
    pub(super) snapshot_type: Option<String>,
    pub(super) encrypted: Option<bool>,
    pub(super) storage_encryption_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ClusterSnapshot {
    #[serde(rename = "DBClusterSnapshotIdentifier")]
    pub(super) id: Option<String>,
    #[serde(rename = "DBClusterSnapshotArn")]
    pub(super) arn: Option<String>,
    #[serde(rename = "DBClusterIdentifier")]
    pub(super) database: Option<String>,
    pub(super) engine: Option<String>,
    pub(super) snapshot_type: Option<String>,
    pub(super) storage_encrypted: Option<bool>,
    pub(super) storage_encryption_type: Option<String>,
}

/// The answer about one snapshot of an instance.
#[derive(Deserialize)]
pub(super) struct SnapshotAnswer {
    #[serde(rename = "DBSnapshotAttributesResult")]
    pub(super) result: Option<SnapshotAttributes>,
}

#[derive(Deserialize)]
pub(super) struct SnapshotAttributes {
    #[serde(rename = "DBSnapshotAttributes")]
    pub(super) attributes: Option<Vec<Attribute>>,
}

/// The answer about one snapshot of a cluster.
#[derive(Deserialize)]
pub(super) struct ClusterSnapshotAnswer {
    #[serde(rename = "DBClusterSnapshotAttributesResult")]
    pub(super) result: Option<ClusterSnapshotAttributes>,
}

#[derive(Deserialize)]
pub(super) struct ClusterSnapshotAttributes {
    #[serde(rename = "DBClusterSnapshotAttributes")]
    pub(super) attributes: Option<Vec<Attribute>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Attribute {
    #[serde(rename = "AttributeName")]
    pub(super) name: Option<String>,
    #[serde(rename = "AttributeValues", default)]
    pub(super) values: Vec<String>,
}
