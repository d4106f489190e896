//! Facts of EC2: security groups and prefix lists.

use ipnet::IpNet;

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
