//! Amazon RDS. Its API lists databases of Amazon Neptune and Amazon DocumentDB too, which are left to those services.

mod checks;

use super::Service;
use super::ec2::{NetworkAcls, RouteTables, SecurityGroups, VpcBlockPublicAccess, Vpcs};
use super::resource::kind;
use crate::api::{PolicyResources, Rate, apis, resources};
use crate::facts::{Fact, FactSpec, when};
use crate::model::{Arn, Items};

/// RDS publishes no numbers. A scan sends two requests to a Region.
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

apis! {
    "rds" at RATE;
    DESCRIBE_DB_INSTANCES = "DescribeDBInstances" pages 100 of "database instances" on DATABASES;
    DESCRIBE_DB_CLUSTERS = "DescribeDBClusters" pages 100 of "database clusters" on DATABASES;
}

/// The service.
pub const SERVICE: Service = Service {
    resources: &[
        kind("db", "AWS::RDS::DBInstance", "AwsRdsDbInstance"),
        kind("cluster", "AWS::RDS::DBCluster", "AwsRdsDbCluster"),
    ],
    checks: checks::CHECKS,
    ..Service::new("rds", APIS)
};

/// A database instance.
///
/// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DbInstance {
    /// Its name.
    pub id: String,
    /// Its ARN.
    pub arn: Arn,
    /// The cluster that it is a part of.
    pub cluster: Option<String>,
    /// Whether its storage is encrypted. That of a cluster's instance is the cluster's.
    pub is_encrypted: bool,
    /// Where it is to be reached from outside its VPC; none where it has no public address.
    pub public: Option<PublicDatabase>,
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
/// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DbCluster {
    /// Its name.
    pub id: String,
    /// Its ARN.
    pub arn: Arn,
    /// Whether its storage is encrypted.
    pub is_encrypted: bool,
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
