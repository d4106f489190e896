//! Facts of EC2: networks, and what leads into and out of them.

use super::{Instances, PrefixList};
use crate::facts::{Fact, FactSpec};
use std::collections::BTreeSet;

use ipnet::IpNet;

use crate::model::{Gap, Items, Owner, Reading};
use crate::services::ec2::apis;

/// A route table, as far as internet gateways and peering connections go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteTable {
    /// `rtb-…`; or why it is not known. What the table does does not depend on it.
    pub id: Result<String, Gap>,
    /// Its VPC; or why it is not known.
    pub vpc: Result<String, Gap>,
    /// Whose it is. The tables of a shared VPC are its owner's.
    pub owner: Owner,
    /// Whether it is its VPC's main table, which serves subnets without one of their own.
    pub main: bool,
    /// Subnets associated with it explicitly; a gap for each association that may be of any of them.
    pub subnets: Items<String>,
    /// Destinations of its active routes to an internet gateway.
    pub to_internet_gateway: Vec<Destination>,
    /// Its active routes to peering connections.
    pub to_peers: Vec<PeerRoute>,
    /// Routes that may lead to either.
    pub unread: Vec<UnreadRoute>,
}

/// A route that AWS lists without its target, its destination or its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadRoute {
    /// Its destination, where it is known.
    pub destination: Option<Destination>,
    /// Where it leads, as far as that is known.
    pub target: UnreadTarget,
    /// What is missing.
    pub gap: Gap,
}

/// What is known about where an unread route leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnreadTarget {
    /// To an internet gateway.
    InternetGateway,
    /// To a peering connection, by its id.
    Peering(String),
    /// To anything.
    Any,
}

impl UnreadRoute {
    /// Whether it may lead to an internet gateway.
    pub fn may_reach_internet(&self) -> bool {
        !matches!(self.target, UnreadTarget::Peering(_))
    }

    /// Whether it may lead to a peering connection.
    pub fn may_reach_peer(&self, connection: &str) -> bool {
        match &self.target {
            UnreadTarget::InternetGateway => false,
            UnreadTarget::Peering(id) => id == connection,
            UnreadTarget::Any => true,
        }
    }
}

/// A route to a VPC peering connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerRoute {
    /// `pcx-…`
    pub connection: String,
    /// What it leads to.
    pub destination: Destination,
}

/// The destination of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A range of addresses.
    Range(IpNet),
    /// The ranges of a prefix list, by its id.
    PrefixList(String),
}

/// A VPC peering connection in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peering {
    /// `pcx-…`
    pub id: String,
    /// The two VPCs that it connects.
    pub sides: [PeeringSide; 2],
}

/// One of the two VPCs of a peering connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeeringSide {
    /// `vpc-…`
    pub vpc: String,
    /// Its ranges of addresses.
    pub ranges: Vec<IpNet>,
}

/// VPC Block Public Access of one account and Region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VpcBlockPublicAccess {
    /// What is blocked.
    pub mode: VpcBlockMode,
    /// Ids of VPCs and subnets that are excluded from the block; a gap for each exclusion that may be of
    /// any of them.
    pub exclusions: Items<String>,
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

/// A VPC that the account can see: its own, and those of which another account shares a subnet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vpc {
    /// `vpc-…`
    pub id: String,
    /// Whose it is.
    pub owner: Owner,
    /// Whether AWS says that it is the one that AWS made in the Region.
    pub is_default: bool,
}

/// A flow log that is active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowLog {
    /// The VPC, subnet, interface or gateway whose traffic it logs.
    pub resource: String,
    /// Whether it leaves out what is rejected.
    pub accepted_only: bool,
    /// Whether AWS cannot deliver what it logs.
    pub fails: bool,
    /// The bucket that it goes to; none where it goes elsewhere.
    pub bucket: Reading<Option<String>>,
}

/// A VPC endpoint that is available.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VpcEndpoint {
    /// Its VPC.
    pub vpc: String,
    /// `com.amazonaws.eu-west-1.s3`
    pub service: String,
    /// Whether it is of type Gateway and no route table leads to it, so that it carries nothing.
    pub unrouted: bool,
}

/// What the network interfaces of an account and Region make use of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InterfaceUse {
    /// Ids of the VPCs that they are in.
    pub vpcs: BTreeSet<String>,
    /// Ids of the security groups that they carry.
    pub groups: BTreeSet<String>,
    /// Why the VPC of an interface is not known. It may be in any.
    pub unread_vpc: Option<Gap>,
    /// Why a group of an interface is not known. It may be any.
    pub unread_group: Option<Gap>,
}

impl InterfaceUse {
    /// Whether an interface is in the VPC.
    ///
    /// # Errors
    /// The gap of an interface that may be in it, where no other is.
    pub fn has_vpc(&self, vpc: &str) -> Result<bool, Gap> {
        is_used(&self.vpcs, vpc, self.unread_vpc.as_ref())
    }

    /// Whether an interface carries the security group.
    ///
    /// # Errors
    /// The gap of an interface that may carry it, where no other does.
    pub fn has_group(&self, group: &str) -> Result<bool, Gap> {
        is_used(&self.groups, group, self.unread_group.as_ref())
    }
}

fn is_used(used: &BTreeSet<String>, id: &str, unread: Option<&Gap>) -> Result<bool, Gap> {
    match (used.contains(id), unread) {
        (false, Some(gap)) => Err(gap.clone()),
        (is_used, _) => Ok(is_used),
    }
}

/// A network ACL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkAcl {
    /// `acl-…`; or why it is not known. What the ACL does does not depend on it.
    pub id: Result<String, Gap>,
    /// Its VPC, where AWS says it.
    pub vpc: Option<String>,
    /// Whose it is. Those of a shared VPC are its owner's, and guard what others have in it.
    pub owner: Owner,
    /// Subnets that it guards; a gap for each association that may be of any of them.
    pub subnets: Items<String>,
    /// Its rules for what comes in.
    pub ingress: AclRules,
    /// Its rules for what goes out.
    pub egress: AclRules,
}

/// The rules of a network ACL in one direction, in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AclRules {
    /// Those that could be read.
    pub known: Vec<AclRule>,
    /// Those that could not.
    pub unread: Vec<UnreadAclRule>,
}

impl AclRules {
    /// Adds one.
    pub fn add(&mut self, rule: Result<AclRule, UnreadAclRule>) {
        match rule {
            Ok(rule) => self.known.push(rule),
            Err(unread) => self.unread.push(unread),
        }
    }
}

/// A rule of a network ACL that could not be read. It may allow anything, or deny it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadAclRule {
    /// Its number, where it is known.
    pub number: Option<i32>,
    /// What is missing.
    pub gap: Gap,
}

/// A rule of a network ACL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AclRule {
    /// Its number: the lowest that matches decides.
    pub number: i32,
    /// Whether it allows what it matches, or denies it.
    pub allows: bool,
    /// A protocol number, or `-1` for all.
    pub protocol: String,
    /// The first and the last port, or `None` for all.
    pub ports: Option<(u16, u16)>,
    /// Where the traffic comes from, or where it goes to.
    pub peer: IpNet,
}

/// Route tables that the account can see. The prefix lists that routes to internet gateways and peering connections
/// name are read with them.
#[derive(Debug)]
pub struct RouteTables;

impl Fact for RouteTables {
    type Value = Items<RouteTable>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.route_tables",
        calls: &[&apis::DESCRIBE_ROUTE_TABLES],
        may_read: &[PrefixList::SPEC],
        ..FactSpec::REGION
    };
}

impl Fact for VpcBlockPublicAccess {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.vpc_block",
        calls: &[
            &apis::DESCRIBE_VPC_BLOCK,
            &apis::DESCRIBE_VPC_BLOCK_EXCLUSIONS,
        ],
        ..FactSpec::REGION
    };
}

impl Fact for InterfaceUse {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.interfaces",
        calls: &[&apis::DESCRIBE_INTERFACES],
        ..FactSpec::REGION
    };
}

/// Network ACLs that the account can see.
#[derive(Debug)]
pub struct NetworkAcls;

impl Fact for NetworkAcls {
    type Value = Items<NetworkAcl>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.network_acls",
        calls: &[&apis::DESCRIBE_NETWORK_ACLS],
        ..FactSpec::REGION
    };
}

/// VPCs that the account can see: its own, and those of which others share subnets.
#[derive(Debug)]
pub struct Vpcs;

impl Fact for Vpcs {
    type Value = Items<Vpc>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.vpcs",
        calls: &[&apis::DESCRIBE_VPCS],
        ..FactSpec::REGION
    };
}

/// Flow logs that are active.
#[derive(Debug)]
pub struct FlowLogs;

impl Fact for FlowLogs {
    type Value = Items<FlowLog>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.flow_logs",
        calls: &[&apis::DESCRIBE_FLOW_LOGS],
        ..FactSpec::REGION
    };
}

/// VPC peering connections that are active.
#[derive(Debug)]
pub struct Peerings;

impl Fact for Peerings {
    type Value = Items<Peering>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.peerings",
        calls: &[&apis::DESCRIBE_PEERINGS],
        ..FactSpec::REGION
    };
}

/// VPC endpoints that are available.
#[derive(Debug)]
pub struct VpcEndpoints;

impl Fact for VpcEndpoints {
    type Value = Items<VpcEndpoint>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.vpc_endpoints",
        calls: &[&apis::DESCRIBE_VPC_ENDPOINTS],
        ..FactSpec::REGION
    };
}

/// Nothing of its own: what tells whether the addresses of instances are public is read where there are such
/// addresses. A public IPv4 address is one whatever the routes say, so that they matter to instances that have only
/// IPv6 ones.
#[derive(Debug)]
pub struct PublicAddressNetwork;

impl Fact for PublicAddressNetwork {
    type Value = ();
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.public_address_network",
        least: 0,
        reads: &[Instances::SPEC],
        may_read: &[RouteTables::SPEC, VpcBlockPublicAccess::SPEC],
        may_use: &[NetworkAcls::SPEC, Vpcs::SPEC],
        ..FactSpec::REGION
    };
}

/// Nothing of its own: what tells whether the internet reaches an instance is read where one has a public address.
#[derive(Debug)]
pub struct ExposureNetwork;

impl Fact for ExposureNetwork {
    type Value = ();
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.exposure_network",
        least: 0,
        reads: &[Instances::SPEC],
        may_read: &[
            RouteTables::SPEC,
            NetworkAcls::SPEC,
            VpcBlockPublicAccess::SPEC,
        ],
        may_use: &[Vpcs::SPEC],
        ..FactSpec::REGION
    };
}

/// Nothing of its own: route tables are read where there is a peering connection.
#[derive(Debug)]
pub struct PeeringRoutes;

impl Fact for PeeringRoutes {
    type Value = ();
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.peering_routes",
        least: 0,
        reads: &[Peerings::SPEC],
        may_read: &[RouteTables::SPEC],
        ..FactSpec::REGION
    };
}
