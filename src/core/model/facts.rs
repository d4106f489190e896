//! Facts read from AWS, shaped as plain data.

mod ec2;
mod iam;
mod iam_account;
mod iam_policies;
mod network;
mod s3;
mod security_groups;

use std::collections::BTreeMap;

use super::{Account, Region};
use crate::facts::FactStore;
pub use ec2::{
    EncryptionByDefault, ImageBlock, Instance, Instances, Interface, MetadataDefaults, PublicImage,
    PublicImages, PublicSnapshot, PublicSnapshotBlock, PublicSnapshots, SnapshotBlock, Volume,
    Volumes,
};
pub use iam::{AccessKey, CredentialReportAsked, Password, Root, Used, User, UserSource, Users};
pub use iam_account::{
    AccountNumbers, AccountPasswordPolicy, CentralRootAccess, PasswordPolicy, RootAccess,
    RootCredentials, RootVirtualMfa, ServerCertificate, ServerCertificates,
};
pub use iam_policies::{
    AttachedPolicies, AttachedPolicy, AuthorizationDetails, CloudShellHolders, Holders, Resources,
    Statement, SupportHolders, UserPolicies, UserWithPolicies,
};
pub use network::{
    AclRule, AclRules, Destination, ExposureNetwork, FlowLog, FlowLogs, InterfaceUse, NetworkAcl,
    NetworkAcls, PeerRoute, Peering, PeeringRoutes, PeeringSide, Peerings, PublicAddressNetwork,
    RouteTable, RouteTables, UnreadAclRule, UnreadRoute, UnreadTarget, Vpc, VpcBlockMode,
    VpcBlockPublicAccess, VpcEndpoint, VpcEndpoints, Vpcs,
};
pub use s3::{
    AccountBlock, AclGrant, AclGroup, AclPermission, Bucket, BucketAccess, BucketBlock,
    BucketBlocks, BucketGrants, BucketList, BucketLogging, BucketPolicy, BucketPolicyStatus,
    Encryption, PublicAccessBlock, Versioning, VersioningState,
};
pub use security_groups::{
    AddressRange, Ingress, PrefixList, SecurityGroup, SecurityGroups, Source,
};

/// All facts and gaps of one account. Dropped as soon as it is evaluated.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Whose facts these are.
    pub account: Account,
    /// The AWS partition, for ARNs: `aws`, `aws-us-gov`.
    pub partition: String,
    /// Facts of the account as a whole.
    pub global: FactStore,
    /// Facts of each Region that was planned.
    pub regions: BTreeMap<Region, FactStore>,
}
