//! Facts read from AWS, shaped as plain data.

mod ec2;
mod iam;
mod iam_account;
mod iam_policies;
mod s3;
mod security_groups;

use std::collections::BTreeMap;

use super::{Account, Cause, Fact, Region};
pub use ec2::{Instance, RouteTable, Volume, VpcBlockMode, VpcBlockPublicAccess};
pub use iam::{AccessKey, Password, Root, Used, User, UserSource, Users};
pub use iam_account::{PasswordPolicy, RootAccess, RootCredentials, ServerCertificate};
pub use iam_policies::{
    AttachedPolicy, Holders, Resources, Statement, UserPolicies, UserWithPolicies,
};
pub use s3::{
    AclGrant, AclGroup, AclPermission, Bucket, BucketAccess, BucketList, PublicAccessBlock,
};
pub use security_groups::{AddressRange, Ingress, PrefixList, SecurityGroup, Source};

/// All facts and gaps of one account. Dropped as soon as it is evaluated.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Whose facts these are.
    pub account: Account,
    /// The AWS partition, for ARNs: `aws`, `aws-us-gov`, `aws-cn`.
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
    pub attached_policies: Fact<Vec<AttachedPolicy>>,
    /// Who has the policy for cases with AWS Support.
    pub support: Fact<Holders>,
    /// Who has the policy for all of CloudShell.
    pub cloud_shell: Fact<Holders>,
    /// Server certificates that are kept in IAM.
    pub server_certificates: Fact<Vec<ServerCertificate>>,
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
    pub volumes: Fact<Vec<Volume>>,
    /// EC2 instances that exist (not terminated), managed ones included.
    pub instances: Fact<Vec<Instance>>,
    /// Route tables; read only where an instance's IPv6 address makes them matter.
    pub route_tables: Fact<Vec<RouteTable>>,
    /// VPC Block Public Access; read only where an instance has a public address.
    pub vpc_block: Fact<VpcBlockPublicAccess>,
    /// Security groups that the account owns.
    pub security_groups: Fact<Vec<SecurityGroup>>,
    /// Entries of the prefix lists that ingress rules refer to, by prefix list id.
    pub prefix_lists: BTreeMap<String, Fact<PrefixList>>,
}

impl RegionFacts {
    /// Why each list of it that is read for its own sake could not be had.
    fn causes(&self) -> [Option<Cause>; 3] {
        [
            self.volumes.cause(),
            self.instances.cause(),
            self.security_groups.cause(),
        ]
    }

    /// Whether everything that was asked of the Region was refused because the Region is off.
    pub fn is_off(&self) -> bool {
        let mut asked = self
            .causes()
            .into_iter()
            .filter(|cause| *cause != Some(Cause::NotCollected))
            .peekable();
        asked.peek().is_some() && asked.all(|cause| cause == Some(Cause::RegionOff))
    }
}
