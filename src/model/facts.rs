//! Facts read from AWS, shaped as plain data.

use std::collections::BTreeMap;

use ipnet::IpNet;
use jiff::Timestamp;

use super::{Account, Cause, Fact, Gap, Region};

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
    /// Whether everything that was asked of the Region was refused because the Region is off.
    pub fn is_off(&self) -> bool {
        let causes = [
            self.volumes.cause(),
            self.instances.cause(),
            self.security_groups.cause(),
        ];
        let mut asked = causes
            .into_iter()
            .filter(|cause| *cause != Some(Cause::NotCollected))
            .peekable();
        asked.peek().is_some() && asked.all(|cause| cause == Some(Cause::RegionOff))
    }
}

/// The account's IAM users, and where they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Users {
    /// All users; never the root user.
    pub list: Vec<User>,
    /// Where they were read.
    pub source: UserSource,
}

/// Where the IAM users were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserSource {
    /// The IAM credential report, which IAM makes at most once in four hours.
    CredentialReport {
        /// When IAM made it.
        generated: Timestamp,
        /// How old it was when it was read, in whole minutes.
        age_minutes: i64,
    },
    /// Calls per user, because the credential report could not be had.
    PerUserCalls {
        /// Why the credential report could not be had.
        because: Gap,
    },
}

/// An IAM user, as far as signing in goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Whether it has a console password.
    pub has_password: bool,
    /// Whether it has an MFA device of any kind.
    pub has_mfa: bool,
    /// How many of its access keys are active: 0 to 2.
    pub active_keys: u8,
}

/// The four settings of S3 Block Public Access.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PublicAccessBlock {
    /// New public ACLs are refused; existing ones stay in force.
    pub block_public_acls: bool,
    /// Public ACLs have no effect.
    pub ignore_public_acls: bool,
    /// New public policies are refused; existing ones stay in force.
    pub block_public_policy: bool,
    /// Public policies give access only inside the account and to AWS services.
    pub restrict_public_buckets: bool,
}

impl PublicAccessBlock {
    /// Whether no bucket under this block can be public, whatever its policy and ACL say.
    pub fn settles(self) -> bool {
        self.ignore_public_acls && self.restrict_public_buckets
    }

    /// The union of two blocks: S3 applies the most restrictive of account and bucket.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            block_public_acls: self.block_public_acls || other.block_public_acls,
            ignore_public_acls: self.ignore_public_acls || other.ignore_public_acls,
            block_public_policy: self.block_public_policy || other.block_public_policy,
            restrict_public_buckets: self.restrict_public_buckets || other.restrict_public_buckets,
        }
    }
}

/// The account's buckets, within the Regions that are scanned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BucketList {
    /// Buckets in Regions that the configuration lets in.
    pub buckets: Vec<Bucket>,
    /// How many were left out because their Region is filtered out.
    pub outside_regions: u64,
}

/// An S3 general purpose bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Where it is, or why that could not be had.
    pub region: Fact<Region>,
    /// Who may reach it. `None` where the account's Block Public Access settles the answer, so that
    /// nothing was asked.
    pub access: Option<Fact<BucketAccess>>,
}

/// What decides whether a bucket is public. Facts that a block makes irrelevant are `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BucketAccess {
    /// The bucket's own Block Public Access; all off where it has none.
    pub block: PublicAccessBlock,
    /// S3's own judgement of the bucket policy; `false` without a policy.
    pub policy_is_public: Option<Fact<bool>>,
    /// ACL grants to everybody.
    pub public_grants: Option<Fact<Vec<AclGrant>>>,
}

/// An ACL grant to one of S3's two groups that stand for everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AclGrant {
    /// To whom.
    pub group: AclGroup,
    /// What.
    pub permission: AclPermission,
}

/// S3's groups that stand for everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AclGroup {
    /// Anyone on the internet.
    AllUsers,
    /// Anyone with any AWS account.
    AuthenticatedUsers,
}

/// What an ACL grant allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AclPermission {
    /// List the bucket's objects.
    Read,
    /// Create, overwrite and delete objects.
    Write,
    /// Read the ACL.
    ReadAcp,
    /// Change the ACL.
    WriteAcp,
    /// All of them.
    FullControl,
}

/// An EBS volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// `vol-…`
    pub id: String,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// GiB.
    pub size: i32,
    /// Instances that it is attached to.
    pub attached_to: Vec<String>,
}

/// An EC2 instance, as far as its addresses go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// `i-…`
    pub id: String,
    /// Its VPC; none for what is left of EC2-Classic.
    pub vpc: Option<String>,
    /// `running`, `stopped` and so on, in EC2's words.
    pub state: String,
    /// Public IPv4 addresses, assigned or Elastic, of all its interfaces.
    pub public_ipv4: Vec<String>,
    /// IPv6 addresses with the subnet of their interface.
    pub ipv6: Vec<(String, String)>,
    /// Subnets of its interfaces.
    pub subnets: Vec<String>,
}

/// A route table, as far as IPv6 to the internet goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteTable {
    /// Its VPC.
    pub vpc: String,
    /// Whether it is its VPC's main table, which serves subnets without one of their own.
    pub main: bool,
    /// Subnets associated with it explicitly.
    pub subnets: Vec<String>,
    /// Whether it has an active route from all of IPv6 to an internet gateway.
    pub ipv6_to_internet_gateway: bool,
}

/// VPC Block Public Access of one account and Region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VpcBlockPublicAccess {
    /// What is blocked.
    pub mode: VpcBlockMode,
    /// Ids of VPCs and subnets that are excluded from the block.
    pub exclusions: Vec<String>,
}

/// What VPC Block Public Access blocks: `InternetGatewayBlockMode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VpcBlockMode {
    /// Nothing.
    #[default]
    Off,
    /// Traffic in both directions.
    BlockBidirectional,
    /// Traffic from the internet, unless it answers to traffic from inside.
    BlockIngress,
}

/// A security group, as far as who may come in goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityGroup {
    /// `sg-…`
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its ingress rules, one for each source.
    pub ingress: Vec<Ingress>,
}

/// One ingress rule with one source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ingress {
    /// `tcp`, `udp`, `icmp`, `icmpv6`, a protocol number, or `-1` for all.
    pub protocol: String,
    /// The first and the last port, or `None` for all. For ICMP these are type and code, with
    /// [`Ingress::ALL_CODES`] for all codes of the type, and `None` for all types.
    pub ports: Option<(u16, u16)>,
    /// Who may come in.
    pub source: Source,
}

impl Ingress {
    /// Stands for all codes of an ICMP type, which EC2 writes as a `ToPort` of -1.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html>
    pub const ALL_CODES: u16 = u16::MAX;
}

/// The source of an ingress rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A range of addresses.
    Range(IpNet),
    /// The ranges of a prefix list, by its id.
    PrefixList(String),
    /// Members of a security group, by its id: never the whole internet.
    Group(String),
}

/// The entries of a managed prefix list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrefixList {
    /// Its ranges.
    pub ranges: Vec<AddressRange>,
}

/// A range of addresses in CIDR notation.
pub type AddressRange = IpNet;
