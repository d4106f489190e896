//! Facts of EC2: volumes, instances and what makes them reachable.

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
