//! Facts of EC2: security groups and prefix lists.

use ipnet::IpNet;

/// A security group: who may come in, and how much may go out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecurityGroup {
    /// `sg-…`
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its VPC; empty for what is left of EC2-Classic.
    pub vpc: String,
    /// Its ingress rules, one for each source.
    pub ingress: Vec<Ingress>,
    /// How many egress rules it has, one for each destination.
    pub egress_rules: u64,
    /// Groups that its egress rules name.
    pub egress_groups: Vec<String>,
}

impl SecurityGroup {
    /// Whether it is the one that comes with its VPC. Nobody can make or name another like that.
    ///
    /// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html>
    pub fn is_default(&self) -> bool {
        self.name == "default"
    }
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
