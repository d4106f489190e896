//! Amazon EFS.

mod checks;
#[cfg(test)]
mod samples;

use jiff::Timestamp;

use super::Service;
use super::backup::ProtectedResources;
use super::resource::{OTHER, kind};
use super::resource_policy::ResourcePolicy;
use crate::api::{ErrorCodes, Meaning, PolicyResources, Rate, apis, resources};
use crate::facts::{Fact, FactSpec, when};
use crate::model::{Arn, Items};

/// EFS publishes no numbers. A scan lists the file systems of a Region once.
static RATE: Rate = Rate {
    burst: 10,
    refill_per_second: 5,
    source: "unpublished; https://docs.aws.amazon.com/efs/latest/ug/limits.html",
};

static FILE_SYSTEMS: PolicyResources = resources(
    "FileSystems",
    "the account's file systems",
    &["elasticfilesystem:*:${AWS::AccountId}:file-system/*"],
);

/// The file system has no policy.
static NO_POLICY: ErrorCodes = ErrorCodes::new(
    Meaning::Absent,
    &["PolicyNotFound"],
    "https://docs.aws.amazon.com/efs/latest/ug/API_DescribeFileSystemPolicy.html",
);

/// The file system was deleted.
static NO_FILE_SYSTEM: ErrorCodes = ErrorCodes::new(
    Meaning::Gone,
    &["FileSystemNotFound"],
    "https://docs.aws.amazon.com/efs/latest/ug/API_DescribeFileSystemPolicy.html",
);

apis! {
    "elasticfilesystem" at RATE;
    DESCRIBE_FILE_SYSTEMS = "DescribeFileSystems" pages 100 of "file systems" on FILE_SYSTEMS;
    DESCRIBE_FILE_SYSTEM_POLICY = "DescribeFileSystemPolicy" repeated "for each file system" if "the Region has a file system" on FILE_SYSTEMS errors [NO_POLICY, NO_FILE_SYSTEM];
}

/// The service, by its name in IAM actions, ARNs and endpoints.
pub const SERVICE: Service = Service {
    resources: &[kind("file-system", "AWS::EFS::FileSystem", OTHER)],
    checks: checks::CHECKS,
    ..Service::new("elasticfilesystem", APIS)
};

/// A file system.
///
/// Source: <https://docs.aws.amazon.com/efs/latest/ug/API_FileSystemDescription.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSystem {
    /// Its id.
    pub id: String,
    /// Its ARN.
    pub arn: Arn,
    /// When it was created.
    pub created: Timestamp,
    /// Whether its data is encrypted at rest.
    pub is_encrypted: bool,
}

/// The file systems of the account, except those that are being deleted.
#[derive(Debug)]
pub struct FileSystems;

impl Fact for FileSystems {
    type Value = Items<FileSystem>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "efs.file_systems",
        calls: &[&DESCRIBE_FILE_SYSTEMS],
        ..FactSpec::REGION
    };
}

/// Nothing of its own: AWS Backup is asked in Regions that have file systems.
#[derive(Debug)]
pub struct FileSystemBackups;

impl Fact for FileSystemBackups {
    type Value = ();
    const SPEC: &'static FactSpec = &FactSpec {
        key: "efs.file_system_backups",
        least: 0,
        reads: &[FileSystems::SPEC],
        may_read: &[when(
            "the Region has a file system",
            &[ProtectedResources::SPEC],
        )],
        ..FactSpec::REGION
    };
}

/// The file systems, with their policies. A file system that could not be read is a gap here too.
///
/// Source: <https://docs.aws.amazon.com/efs/latest/ug/API_DescribeFileSystemPolicy.html>
#[derive(Debug)]
pub struct FileSystemPolicies;

impl Fact for FileSystemPolicies {
    type Value = Items<ResourcePolicy>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "efs.file_system_policies",
        calls: &[&DESCRIBE_FILE_SYSTEM_POLICY],
        least: 0,
        reads: &[FileSystems::SPEC],
        ..FactSpec::REGION
    };
}
