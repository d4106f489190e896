//! Facts of EC2: security groups and prefix lists.

use crate::facts::{Fact, FactSpec, when};
use ipnet::IpNet;

use crate::model::{Gap, Items, Owner};
use crate::services::ec2::apis;

/// A security group: who may come in, and how much may go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityGroup {
    /// `sg-…`
    pub id: String,
    /// Its name; none where AWS does not say.
    pub name: Option<String>,
    /// Its VPC; none where AWS does not say.
    pub vpc: Option<String>,
    /// Whose it is. A group that another account shares counts for what carries it.
    pub owner: Owner,
    /// Its ingress rules, one for each source.
    pub ingress: Items<Ingress>,
    /// How many egress rules it has, one for each destination, unread ones included.
    pub egress_rules: u64,
    /// Groups that its egress rules name; a gap for each rule that may name one.
    pub egress_groups: Items<String>,
}

impl SecurityGroup {
    /// Whether it is the one that comes with its VPC. Nobody can make or name another like that.
    ///
    /// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html>
    ///
    /// # Errors
    /// A gap, where AWS does not say its name.
    pub fn is_default(&self) -> Result<bool, Gap> {
        match &self.name {
            Some(name) => Ok(name == "default"),
            None => Err(Gap::lacks(
                "ec2:DescribeSecurityGroups",
                &self.id,
                "groupName",
            )),
        }
    }

    /// Its name, or its id where AWS does not say its name.
    pub fn label(&self) -> &str {
        self.name.as_ref().unwrap_or(&self.id)
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
    pub ranges: Items<AddressRange>,
}

/// A range of addresses in CIDR notation.
pub type AddressRange = IpNet;

/// Security groups that the account can see: its own, and those that others share. The prefix lists that their
/// rules name are read with them.
#[derive(Debug)]
pub struct SecurityGroups;

impl Fact for SecurityGroups {
    type Value = Items<SecurityGroup>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.security_groups",
        calls: &[&apis::DESCRIBE_SECURITY_GROUPS],
        may_read: &[when("an ingress rule names the list", &[PrefixList::SPEC])],
        ..FactSpec::REGION
    };
}

impl Fact for PrefixList {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.prefix_list_entries",
        calls: &[&apis::GET_PREFIX_LIST_ENTRIES],
        ..FactSpec::each("ec2.prefix_list")
    };
}
