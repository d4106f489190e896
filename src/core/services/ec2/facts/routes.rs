//! Facts of EC2: routes, and the peering connections that they lead to.

use ipnet::IpNet;

use super::{Instances, NetworkAcls, PrefixList, SecurityGroups, VpcBlockPublicAccess, Vpcs};
use crate::facts::{Fact, FactSpec, when};
use crate::model::{Gap, Items, Owner};
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
    pub to_internet_gateway: Vec<RouteDestination>,
    /// Its active routes to peering connections.
    pub to_peers: Vec<PeerRoute>,
    /// Routes that may lead to either.
    pub unread: Vec<UnreadRoute>,
}

/// A route that AWS lists without its target, its destination or its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadRoute {
    /// Its destination, where it is known.
    pub destination: Option<RouteDestination>,
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
    pub destination: RouteDestination,
}

/// The destination of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RouteDestination {
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

/// Route tables that the account can see. The prefix lists that routes to internet gateways and peering connections
/// name are read with them.
#[derive(Debug)]
pub struct RouteTables;

impl Fact for RouteTables {
    type Value = Items<RouteTable>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.route_tables",
        calls: &[&apis::DESCRIBE_ROUTE_TABLES],
        may_read: &[when(
            "a route to an internet gateway or a peered VPC names the list",
            &[PrefixList::SPEC],
        )],
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
        spared_by: Some(SecurityGroups::SPEC),
        ..FactSpec::REGION
    };
}

/// When what decides about public addresses of instances matters.
const PUBLIC_ADDRESS: &str = "an instance may have a public address";

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
        may_read: &[
            when("an instance has IPv6 addresses only", &[RouteTables::SPEC]),
            when(PUBLIC_ADDRESS, &[VpcBlockPublicAccess::SPEC]),
        ],
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
        may_read: &[when(
            PUBLIC_ADDRESS,
            &[
                RouteTables::SPEC,
                NetworkAcls::SPEC,
                VpcBlockPublicAccess::SPEC,
            ],
        )],
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
        may_read: &[when("a VPC is peered", &[RouteTables::SPEC])],
        ..FactSpec::REGION
    };
}
