//! Facts read from AWS, shaped as plain data.

mod ec2;
mod iam;
mod s3;
mod security_groups;

use std::collections::BTreeMap;

use super::{Account, Cause, Fact, Region};
pub use ec2::{Instance, RouteTable, Volume, VpcBlockMode, VpcBlockPublicAccess};
pub use iam::{User, UserSource, Users};
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
