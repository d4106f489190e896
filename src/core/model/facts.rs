//! Facts read from AWS, shaped as plain data.

mod ec2;
mod iam;
mod iam_account;
mod iam_policies;
mod network;
mod s3;
mod security_groups;

use std::collections::BTreeMap;

use super::{Account, Fact, Gap, Items, Region};
pub use ec2::{Instance, Interface, PublicImage, PublicSnapshot, SnapshotBlock, Volume};
pub use iam::{AccessKey, Password, Root, Used, User, UserSource, Users};
pub use iam_account::{PasswordPolicy, RootAccess, RootCredentials, ServerCertificate};
pub use iam_policies::{
    AttachedPolicy, Holders, Resources, Statement, UserPolicies, UserWithPolicies,
};
pub use network::{
    AclRule, AclRules, Destination, FlowLog, InterfaceUse, NetworkAcl, PeerRoute, Peering,
    PeeringSide, RouteTable, UnreadAclRule, UnreadRoute, UnreadTarget, Vpc, VpcBlockMode,
    VpcBlockPublicAccess, VpcEndpoint,
};
pub use s3::{
    AclGrant, AclGroup, AclPermission, Bucket, BucketList, Encryption, PublicAccessBlock,
    Versioning, VersioningState,
};
pub use security_groups::{AddressRange, Ingress, PrefixList, SecurityGroup, Source};

/// All facts and gaps of one account. Dropped as soon as it is evaluated.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Whose facts these are.
    pub account: Account,
    /// The AWS partition, for ARNs: `aws`, `aws-us-gov`.
    pub partition: String,
    /// Facts of the account as a whole.
    pub global: AccountFacts,
    /// Facts of each Region that was planned.
    pub regions: BTreeMap<Region, RegionFacts>,
}

/// Facts of the account as a whole.
#[derive(Clone, Debug, Default)]
pub struct AccountFacts {
    /// IAM users.
    pub users: Fact<Users>,
    /// The root user's credentials.
    pub root: Fact<RootCredentials>,
    /// Whether the root user's MFA device, or one of them, is a virtual one; read only where it has one.
    pub root_has_virtual_mfa: Fact<bool>,
    /// The account's own password policy; none where AWS's default is in force.
    pub password_policy: Fact<Option<PasswordPolicy>>,
    /// Policies that users have of their own.
    pub user_policies: Fact<UserPolicies>,
    /// Managed policies that somebody has.
    pub attached_policies: Fact<Items<AttachedPolicy>>,
    /// Who has the policy for cases with AWS Support.
    pub support: Fact<Holders>,
    /// Who has the policy for all of CloudShell.
    pub cloud_shell: Fact<Holders>,
    /// Server certificates that are kept in IAM.
    pub server_certificates: Fact<Items<ServerCertificate>>,
    /// What the organization does about root users; none outside an organization. Read in the account
    /// that orgscan runs in only.
    pub root_access: Fact<Option<RootAccess>>,
    /// The account's Block Public Access for S3: the effective value, the organization's policy included.
    pub public_access_block: Fact<PublicAccessBlock>,
    /// S3 general purpose buckets.
    pub buckets: Fact<BucketList>,
}

/// Facts of one Region.
#[derive(Clone, Debug, Default)]
pub struct RegionFacts {
    /// EBS volumes, managed ones included.
    pub volumes: Fact<Items<Volume>>,
    /// EC2 instances that exist (not terminated), managed ones included.
    pub instances: Fact<Items<Instance>>,
    /// Route tables; read only where an instance's address or a peering connection makes them matter.
    pub route_tables: Fact<Items<RouteTable>>,
    /// VPC Block Public Access; read only where an instance has a public address.
    pub vpc_block: Fact<VpcBlockPublicAccess>,
    /// Security groups that the account can see: its own, and those that others share.
    pub security_groups: Fact<Items<SecurityGroup>>,
    /// Entries of the prefix lists that ingress rules, and routes to internet gateways and peering
    /// connections, refer to, by prefix list id.
    pub prefix_lists: BTreeMap<String, Fact<PrefixList>>,
    /// What network interfaces make use of, managed ones included.
    pub interfaces: Fact<InterfaceUse>,
    /// Network ACLs; for the instances' sake read only where one has a public address.
    pub network_acls: Fact<Items<NetworkAcl>>,
    /// VPCs that the account can see: its own, and those of which others share subnets.
    pub vpcs: Fact<Items<Vpc>>,
    /// Flow logs that are active.
    pub flow_logs: Fact<Items<FlowLog>>,
    /// VPC peering connections that are active.
    pub peerings: Fact<Items<Peering>>,
    /// VPC endpoints that are available.
    pub endpoints: Fact<Items<VpcEndpoint>>,
    /// EBS snapshots of the account that everybody may use.
    pub public_snapshots: Fact<Items<PublicSnapshot>>,
    /// Block public access for EBS snapshots; for the snapshots' sake read only where one is public.
    pub snapshot_block: Fact<SnapshotBlock>,
    /// Machine images of the account that everybody may start.
    pub public_images: Fact<Items<PublicImage>>,
    /// Whether block public access for machine images is on.
    pub image_block: Fact<bool>,
    /// Whether new EBS volumes are encrypted, whoever makes them.
    pub encrypts_by_default: Fact<bool>,
    /// Whether new instances ask for IMDSv2 unless they are told otherwise.
    pub imdsv2_by_default: Fact<bool>,
}

impl RegionFacts {
    /// The facts of a Region of which nothing could be read.
    pub fn nothing_but(gap: &Gap) -> Self {
        Self {
            volumes: Fact::missing(gap.clone()),
            instances: Fact::missing(gap.clone()),
            route_tables: Fact::missing(gap.clone()),
            vpc_block: Fact::missing(gap.clone()),
            security_groups: Fact::missing(gap.clone()),
            prefix_lists: BTreeMap::new(),
            interfaces: Fact::missing(gap.clone()),
            network_acls: Fact::missing(gap.clone()),
            vpcs: Fact::missing(gap.clone()),
            flow_logs: Fact::missing(gap.clone()),
            peerings: Fact::missing(gap.clone()),
            endpoints: Fact::missing(gap.clone()),
            public_snapshots: Fact::missing(gap.clone()),
            snapshot_block: Fact::missing(gap.clone()),
            public_images: Fact::missing(gap.clone()),
            image_block: Fact::missing(gap.clone()),
            encrypts_by_default: Fact::missing(gap.clone()),
            imdsv2_by_default: Fact::missing(gap.clone()),
        }
    }
}
