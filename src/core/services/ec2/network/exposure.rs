//! How the internet reaches an instance: an address that it routes to, a way through the subnet, and a
//! security group that lets it in to a sensitive port. All of it has to come together on one interface,
//! and in one address family.

use super::acl_rules::{self, PortReachability};
use super::internet::{Family, is_routed_ipv6};
use super::open_rules::{OpenRules, open_rules};
use super::routing;
use super::traffic::Traffic;
use crate::checks::Context;
use crate::facts::Facts;
use crate::model::{Cause, Gap, Items, SensitivePort};
use crate::services::ec2::{
    Instance, Interface, NetworkAcl, NetworkAcls, RouteTable, SecurityGroup, SecurityGroups,
    Source, VpcBlockMode, VpcBlockPublicAccess,
};

const INSTANCES: &str = "ec2:DescribeInstances";

/// A way in.
#[derive(Debug)]
pub(in crate::services) struct NetworkPath<'a> {
    /// The addresses that lead there.
    pub(in crate::services) addresses: Vec<&'a str>,
    /// The sensitive ports that they lead to.
    pub(in crate::services) ports: Vec<&'a SensitivePort>,
    /// The groups that open them.
    pub(in crate::services) groups: Vec<&'a SecurityGroup>,
    /// The route table that leads to the internet gateway.
    pub(in crate::services) table: &'a RouteTable,
    /// Whether the network ACL lets replies out to ports below 1024 alone.
    pub(in crate::services) from_low_ports: bool,
    /// The other account that owns the VPC, whose VPC Block Public Access counts and is not known.
    pub(in crate::services) vpc_owner: Option<&'a str>,
}

impl NetworkPath<'_> {
    /// Whether nothing that is not known can close it, and no other way is worse.
    fn is_certain(&self) -> bool {
        !self.from_low_ports && self.vpc_owner.is_none()
    }
}

/// The ways into an instance.
#[derive(Debug, Default)]
pub(in crate::services) struct NetworkPaths<'a> {
    /// Those that are known.
    pub(in crate::services) known: Vec<NetworkPath<'a>>,
    /// Why there may be others, or fewer.
    pub(in crate::services) gap: Option<Gap>,
}

/// The sensitive ports of an interface that strangers get through to.
#[derive(Debug, Default)]
struct OpenPorts<'a> {
    known: Vec<(&'a SensitivePort, PortReachability)>,
    /// Why there may be others.
    gap: Option<Gap>,
}

/// What the ways into one instance are looked for in.
#[derive(Clone, Copy, Debug)]
pub(in crate::services) struct InstanceNetwork<'a> {
    pub(in crate::services) instance: &'a Instance,
    pub(in crate::services) facts: &'a Facts<'a>,
    pub(in crate::services) ports: &'a [SensitivePort],
}

impl<'a> InstanceNetwork<'a> {
    pub(in crate::services) fn of(
        instance: &'a Instance,
        facts: &'a Facts<'a>,
        context: &Context<'a>,
    ) -> Self {
        Self {
            instance,
            facts,
            ports: context.sensitive_ports,
        }
    }

    /// All ways into the instance. What is not known of others does not matter where one is settled.
    pub(in crate::services) fn ways(self) -> NetworkPaths<'a> {
        let mut all = NetworkPaths::default();
        for interface in &self.instance.interfaces {
            for family in Family::ALL {
                let (ways, gap) = match self.through(interface, family) {
                    Ok(NetworkPaths { known, gap }) => (known, gap),
                    Err(gap) => (Vec::new(), Some(gap)),
                };
                all.known.extend(ways);
                all.gap = all.gap.or(gap);
            }
        }
        if all.known.iter().any(NetworkPath::is_certain) {
            all.gap = None;
        }
        all
    }

    /// The ways through one interface. One thing that stands in the way settles it, whatever is not known
    /// of the others.
    fn through(self, interface: &'a Interface, family: Family) -> Result<NetworkPaths<'a>, Gap> {
        let addresses = addresses(interface, family);
        if addresses.as_ref().is_ok_and(Vec::is_empty) {
            return Ok(NetworkPaths::default());
        }
        let table = routing::gateway_table(self.instance, interface, family, self.facts);
        let blocked = self.is_blocked(interface);
        let ports = self.open_ports(interface, family);
        let is_closed = |ports: &OpenPorts<'_>| ports.known.is_empty() && ports.gap.is_none();
        let closed = matches!(table, Ok(None))
            || matches!(blocked, Ok(true))
            || ports.as_ref().is_ok_and(is_closed);
        if closed {
            return Ok(NetworkPaths::default());
        }
        let (addresses, ports) = (addresses?, ports?);
        let (Some(table), false) = (table?, blocked?) else {
            return Ok(NetworkPaths::default());
        };
        let vpc_owner = self.vpc_owner();
        let known = [PortReachability::Yes, PortReachability::FromLowPorts].map(|reachability| {
            let own = ports.known.iter().filter(|(_, by)| *by == reachability);
            let own: Vec<&SensitivePort> = own.map(|(port, _)| *port).collect();
            (!own.is_empty()).then(|| NetworkPath {
                addresses: addresses.clone(),
                groups: self.groups_that_open(interface, &own),
                ports: own,
                table,
                from_low_ports: reachability == PortReachability::FromLowPorts,
                vpc_owner,
            })
        });
        let block_unknown = vpc_owner.map(|owner| self.owners_block(owner));
        Ok(NetworkPaths {
            known: known.into_iter().flatten().collect(),
            gap: ports.gap.or(block_unknown),
        })
    }

    /// The other account that owns the instance's VPC.
    fn vpc_owner(self) -> Option<&'a str> {
        let vpc = self.instance.vpc.as_deref();
        vpc.and_then(|vpc| routing::other_owner(vpc, self.facts))
    }

    /// Whether VPC Block Public Access keeps the internet out. Of a shared VPC it is its owner's that
    /// counts, which the account cannot read.
    ///
    /// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html>
    fn is_blocked(self, interface: &Interface) -> Result<bool, Gap> {
        if self.vpc_owner().is_some() {
            return Ok(false);
        }
        let block = self.facts.get::<VpcBlockPublicAccess>()?;
        let places = [
            ("vpcId", &self.instance.vpc),
            ("subnetId", &interface.subnet),
        ];
        let mut ids = places.iter().filter_map(|(_, id)| id.as_ref());
        if block.mode == VpcBlockMode::Off || ids.any(|id| block.exclusions.known.contains(id)) {
            return Ok(false);
        }
        block.exclusions.complete()?;
        let unread = places.iter().find(|(_, id)| id.is_none());
        if let Some((field, _)) = unread.filter(|_| !block.exclusions.is_empty()) {
            return Err(Gap::lacks(INSTANCES, &self.instance.id, field));
        }
        let vpc = self.instance.vpc.as_deref();
        match vpc.and_then(|vpc| routing::unread_owner(vpc, self.facts)) {
            Some(gap) => Err(gap.clone()),
            None => Ok(true),
        }
    }

    fn owners_block(self, owner: &str) -> Gap {
        let vpc = self.instance.vpc.as_deref().unwrap_or_default();
        let action = "ec2:DescribeVpcBlockPublicAccessOptions";
        Gap {
            detail: format!(
                "VPC Block Public Access of account {owner}, which owns {vpc} and shares it, decides"
            ),
            ..Gap::new(action, Cause::OwnedByOtherAccount).of(&self.instance.id)
        }
    }

    /// The sensitive ports that both the interface's groups and its subnet's network ACL let the internet
    /// in to.
    fn open_ports(self, interface: &Interface, family: Family) -> Result<OpenPorts<'a>, Gap> {
        let (rules, missing) = self.rules(interface)?;
        let lists = self.facts;
        let open = rules
            .open
            .iter()
            .filter(|rule| rule.is_open_to(family, lists));
        let open: Vec<&Traffic> = open.map(|rule| &rule.traffic).collect();
        let reachability = |port: &&SensitivePort| open.iter().any(|traffic| traffic.reaches(port));
        let mut ports = OpenPorts::default();
        for port in self.ports.iter().filter(reachability) {
            let acl = self.acl(interface)?;
            let (reachability, gap) =
                acl_rules::reachability(acl, family, port.protocol, port.port);
            ports.gap = ports.gap.or(gap);
            if reachability != PortReachability::No {
                ports.known.push((port, reachability));
            }
        }
        let matters = |traffic: &Traffic| self.ports.iter().any(|port| traffic.reaches(port));
        let mut unread = rules.unread.into_iter();
        let unread = unread.find(|(traffic, _)| matters(traffic));
        ports.gap = ports.gap.or(missing).or(unread.map(|(_, gap)| gap));
        Ok(ports)
    }

    /// What the interface's groups let in together, whosever they are; and the gap, where one of them is
    /// not listed or not named.
    fn rules(self, interface: &Interface) -> Result<(OpenRules, Option<Gap>), Gap> {
        let groups = self.facts.get::<SecurityGroups>()?;
        let mut ingress = Items::default();
        for group in groups.iter().filter(|one| carries(interface, one)) {
            ingress.known.extend_from_slice(&group.ingress.known);
            ingress.gaps.extend_from_slice(&group.ingress.gaps);
        }
        let is_known = |id: &&String| groups.iter().any(|one| one.id == **id);
        let missing = interface.groups.iter().find(|id| !is_known(id));
        let missing = missing.map(|id| match groups.unread(id) {
            Some(gap) => gap.clone(),
            None => self.not_listed(
                "ec2:DescribeSecurityGroups",
                &format!("security group {id}"),
            ),
        });
        let missing = missing.or_else(|| interface.groups.gaps.first().cloned());
        Ok((open_rules(&ingress, self.facts), missing))
    }

    fn acl(self, interface: &Interface) -> Result<&'a NetworkAcl, Gap> {
        let subnet = interface.subnet.as_ref();
        let subnet = subnet.ok_or_else(|| Gap::lacks(INSTANCES, &self.instance.id, "subnetId"))?;
        let acls = self.facts.get::<NetworkAcls>()?;
        if let Some(own) = acls.iter().find(|acl| acl.subnets.known.contains(subnet)) {
            return Ok(own);
        }
        let vpc = &self.instance.vpc;
        let mut may_be_own = acls
            .iter()
            .filter(|acl| acl.vpc.is_none() || acl.vpc == *vpc);
        Err(match may_be_own.find_map(|acl| acl.subnets.gaps.first()) {
            Some(gap) => gap.clone(),
            None => {
                let what = format!("the network ACL of {subnet}");
                self.not_listed("ec2:DescribeNetworkAcls", &what)
            }
        })
    }

    fn not_listed(self, action: &str, what: &str) -> Gap {
        routing::not_listed(action, what, self.instance, self.facts)
    }

    /// The interface's groups that have a rule for one of the ports, from outside.
    fn groups_that_open(
        self,
        interface: &Interface,
        ports: &[&SensitivePort],
    ) -> Vec<&'a SecurityGroup> {
        let opens = |group: &&SecurityGroup| {
            group.ingress.iter().any(|rule| {
                let traffic = Traffic::of(rule);
                let from_outside = !matches!(rule.source, Source::Group(_));
                from_outside && ports.iter().any(|port| traffic.reaches(port))
            })
        };
        let groups = self.facts.get::<SecurityGroups>().into_iter().flatten();
        let own = groups.filter(|one| carries(interface, one));
        own.filter(opens).collect()
    }
}

fn carries(interface: &Interface, group: &SecurityGroup) -> bool {
    interface.groups.known.contains(&group.id)
}

/// The addresses of an interface that the internet routes to.
///
/// # Errors
/// The gap of one that is not known, where no other is.
fn addresses(interface: &Interface, family: Family) -> Result<Vec<&str>, Gap> {
    let listed = match family {
        Family::V4 => &interface.public_ipv4,
        Family::V6 => &interface.ipv6,
    };
    let is_routed = |one: &&str| family == Family::V4 || is_routed_ipv6(one);
    let known = listed.iter().map(String::as_str).filter(is_routed);
    let known: Vec<&str> = known.collect();
    if known.is_empty() {
        listed.complete()?;
    }
    Ok(known)
}
