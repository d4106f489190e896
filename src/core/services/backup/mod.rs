//! AWS Backup: who can use its vaults; and which resources it has backed up, and when, which checks of other services read.

mod checks;

use jiff::Timestamp;

use super::resource::kind;
use super::resource_policy::ResourcePolicy;
use super::{Service, ServiceRegions};
use crate::api::{ErrorCodes, Meaning, PolicyResources, Rate, apis, resources};
use crate::facts::{Fact, FactSpec};
use crate::model::{Arn, Items};

/// AWS Backup publishes no numbers. A scan lists the resources of a Region once.
static RATE: Rate = Rate {
    burst: 10,
    refill_per_second: 5,
    source: "unpublished; https://docs.aws.amazon.com/aws-backup/latest/devguide/aws-backup-limits.html",
};

static VAULTS: PolicyResources = resources(
    "BackupVaults",
    "the account's backup vaults",
    &["backup:*:${AWS::AccountId}:backup-vault:*"],
);

/// The vault has no policy, or was deleted.
static NO_POLICY: ErrorCodes = ErrorCodes::new(
    Meaning::Absent,
    &["ResourceNotFoundException"],
    "https://docs.aws.amazon.com/aws-backup/latest/devguide/API_GetBackupVaultAccessPolicy.html",
);

apis! {
    "backup" at RATE;
    LIST_PROTECTED_RESOURCES = "ListProtectedResources" pages 1_000 of "protected resources";
    LIST_BACKUP_VAULTS = "ListBackupVaults" pages 1_000 of "vaults";
    GET_BACKUP_VAULT_ACCESS_POLICY = "GetBackupVaultAccessPolicy" repeated "for each vault" if "the Region has a vault" on VAULTS errors [NO_POLICY];
}

/// The service.
pub const SERVICE: Service = Service {
    offered: ServiceRegions::Except(&["eu-isoe-west-1"]),
    resources: &[kind(
        "backup-vault",
        "AWS::Backup::BackupVault",
        "AwsBackupBackupVault",
    )],
    checks: checks::CHECKS,
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

/// The vaults of a Region, with their access policies.
///
/// Source: <https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListBackupVaults.html>
#[derive(Debug)]
pub struct VaultPolicies;

impl Fact for VaultPolicies {
    type Value = Items<ResourcePolicy>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "backup.vault_policies",
        calls: &[&LIST_BACKUP_VAULTS, &GET_BACKUP_VAULT_ACCESS_POLICY],
        ..FactSpec::REGION
    };
}
