//! Amazon RDS. Its API lists databases of Amazon Neptune and Amazon DocumentDB too, which are left to those services.

mod checks;
mod databases;
#[cfg(test)]
mod samples;
mod snapshots;

use super::Service;
use super::resource::kind;
use crate::api::{ErrorCodes, Meaning, PolicyResources, Rate, apis, resources};
pub use databases::*;
pub use snapshots::*;

/// RDS publishes no numbers. A scan sends two requests to a Region by default.
static RATE: Rate = Rate {
    burst: 20,
    refill_per_second: 10,
    source: "unpublished; https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html",
};

static DATABASES: PolicyResources = resources(
    "Databases",
    "the account's databases",
    &[
        "rds:*:${AWS::AccountId}:db:*",
        "rds:*:${AWS::AccountId}:cluster:*",
    ],
);

/// Snapshots are listed by database too, which makes databases resources of the lists.
///
/// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html>
static SNAPSHOTS: PolicyResources = resources(
    "DatabaseSnapshots",
    "the account's database snapshots",
    &[
        "rds:*:${AWS::AccountId}:db:*",
        "rds:*:${AWS::AccountId}:snapshot:*",
        "rds:*:${AWS::AccountId}:cluster:*",
        "rds:*:${AWS::AccountId}:cluster-snapshot:*",
    ],
);

/// The API reference has the first code. The second is the name of its shape.
static NO_SNAPSHOT: ErrorCodes = ErrorCodes::new(
    Meaning::Gone,
    &["DBSnapshotNotFound", "DBSnapshotNotFoundFault"],
    "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBSnapshotAttributes.html",
);

static NO_CLUSTER_SNAPSHOT: ErrorCodes = ErrorCodes::new(
    Meaning::Gone,
    &["DBClusterSnapshotNotFoundFault"],
    "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusterSnapshotAttributes.html",
);

apis! {
    "rds" at RATE;
    DESCRIBE_DB_INSTANCES = "DescribeDBInstances" pages 100 of "database instances" on DATABASES;
    DESCRIBE_DB_CLUSTERS = "DescribeDBClusters" pages 100 of "database clusters" on DATABASES;
    DESCRIBE_DB_SNAPSHOTS = "DescribeDBSnapshots" pages 100 of "snapshots" on SNAPSHOTS;
    DESCRIBE_DB_SNAPSHOT_ATTRIBUTES = "DescribeDBSnapshotAttributes" repeated "for each such snapshot" if "a manual snapshot has no KMS key" on SNAPSHOTS errors [NO_SNAPSHOT];
    DESCRIBE_DB_CLUSTER_SNAPSHOTS = "DescribeDBClusterSnapshots" pages 100 of "cluster snapshots" on SNAPSHOTS;
    DESCRIBE_DB_CLUSTER_SNAPSHOT_ATTRIBUTES = "DescribeDBClusterSnapshotAttributes" repeated "for each such snapshot" if "a manual snapshot has no KMS key" on SNAPSHOTS errors [NO_CLUSTER_SNAPSHOT];
}

/// The service.
pub const SERVICE: Service = Service {
    resources: &[
        kind("db", "AWS::RDS::DBInstance", "AwsRdsDbInstance"),
        kind("cluster", "AWS::RDS::DBCluster", "AwsRdsDbCluster"),
        kind("snapshot", "AWS::RDS::DBSnapshot", "AwsRdsDbSnapshot"),
        kind(
            "cluster-snapshot",
            "AWS::RDS::DBClusterSnapshot",
            "AwsRdsDbClusterSnapshot",
        ),
    ],
    checks: checks::CHECKS,
    ..Service::new("rds", APIS)
};
