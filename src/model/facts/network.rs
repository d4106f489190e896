//! Facts of EC2: networks, and what leads into and out of them.

use std::collections::BTreeSet;

use ipnet::IpNet;

/// A route table, as far as internet gateways and peering connections go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteTable {
    /// `rtb-…`
    pub id: String,
    /// Its VPC.
    pub vpc: String,
    /// Whether it is its VPC's main table, which serves subnets without one of their own.
    pub main: bool,
    /// Subnets associated with it explicitly.
    pub subnets: Vec<String>,
    /// Destinations of its active routes to an internet gateway.
    pub to_internet_gateway: Vec<Destination>,
    /// Its active routes to peering connections.
    pub to_peers: Vec<PeerRoute>,
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

/// A VPC that the account owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vpc {
    /// `vpc-…`
    pub id: String,
    /// Whether it is the one that AWS made in the Region.
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
}

/// A network ACL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkAcl {
    /// `acl-…`
    pub id: String,
    /// Whether the account owns it. Others guard subnets that another account shares.
    pub owned: bool,
    /// Subnets that it guards.
    pub subnets: Vec<String>,
    /// Its rules for what comes in, in the order in which they count.
    pub ingress: Vec<AclRule>,
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
    /// Where the traffic comes from.
    pub source: IpNet,
}
