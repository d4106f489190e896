//! AWS Backup: which resources it has backed up, and when. Checks of other services read it.

use jiff::Timestamp;

use super::{Service, ServiceRegions};
use crate::api::{Rate, apis};
use crate::facts::{Fact, FactSpec};
use crate::model::{Arn, Items};

/// AWS Backup publishes no numbers. A scan lists the resources of a Region once.
static RATE: Rate = Rate {
    burst: 10,
    refill_per_second: 5,
    source: "unpublished; https://docs.aws.amazon.com/aws-backup/latest/devguide/aws-backup-limits.html",
};

apis! {
    "backup" at RATE;
    LIST_PROTECTED_RESOURCES = "ListProtectedResources" pages 1_000 of "protected resources";
}

/// The service.
pub const SERVICE: Service = Service {
    offered: ServiceRegions::Except(&["eu-isoe-west-1"]),
    ..Service::new("backup", APIS)
};

/// A resource that has recovery points in AWS Backup, whatever their status.
///
/// Source: <https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ProtectedResource.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtectedResource {
    /// Its ARN.
    pub arn: Arn,
    /// When it was last backed up.
    pub last_backup: Timestamp,
}

/// Resources of all services that AWS Backup has backed up in a Region. The gap of one names its ARN.
#[derive(Debug)]
pub struct ProtectedResources;

impl Fact for ProtectedResources {
    type Value = Items<ProtectedResource>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "backup.protected_resources",
        calls: &[&LIST_PROTECTED_RESOURCES],
        ..FactSpec::REGION
    };
}
