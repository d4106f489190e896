//! How the internet reaches an instance: an address that it routes to, a way through the subnet, and a
//! security group that lets it in to a sensitive port. All of it has to come together on one interface,
//! and in one address family.

use super::internet::{Family, is_routed_ipv6};
use super::open_rules::{OpenRules, open_rules};
use super::traffic::Traffic;
use super::{Context, acl_rules, routing};
use crate::config::SensitivePort;
use crate::model::{
    Cause, Gap, Instance, Interface, NetworkAcl, RegionFacts, SecurityGroup, Source, VpcBlockMode,
};

/// A way in.
#[derive(Debug)]
pub(super) struct Way<'a> {
    /// The addresses that lead there.
    pub(super) addresses: Vec<&'a str>,
    /// The sensitive ports that they lead to.
    pub(super) ports: Vec<&'a SensitivePort>,
    /// The groups that open them.
    pub(super) groups: Vec<&'a SecurityGroup>,
    /// The route table that leads to the internet gateway.
    pub(super) table: &'a str,
}

/// What the ways into one instance are looked for in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exposure<'a> {
    pub(super) instance: &'a Instance,
    pub(super) facts: &'a RegionFacts,
    pub(super) ports: &'a [SensitivePort],
}

impl<'a> Exposure<'a> {
    pub(super) fn of(
        instance: &'a Instance,
        facts: &'a RegionFacts,
        context: &Context<'a>,
    ) -> Self {
        Self {
            instance,
            facts,
            ports: context.sensitive_ports,
        }
    }

    /// All ways into the instance.
    ///
    /// # Errors
    /// The gap, where no way is known and one could not be decided on.
    pub(super) fn ways(self) -> Result<Vec<Way<'a>>, Gap> {
        let (mut ways, mut undecided) = (Vec::new(), None);
        for interface in &self.instance.interfaces {
            for family in Family::ALL {
                match self.way(interface, family) {
                    Ok(way) => ways.extend(way),
                    Err(gap) => undecided = undecided.or(Some(gap)),
                }
            }
        }
        match undecided {
            Some(gap) if ways.is_empty() => Err(gap),
            _ => Ok(ways),
        }
    }

    /// The way through one interface, if there is one. One thing that stands in the way settles it,
    /// whatever is not known of the others.
    fn way(self, interface: &'a Interface, family: Family) -> Result<Option<Way<'a>>, Gap> {
        let addresses = addresses(interface, family);
        if addresses.is_empty() {
            return Ok(None);
        }
        let table = self.table(interface, family);
        let blocked = self.is_blocked(interface);
        let ports = self.open_ports(interface, family);
        let closed = matches!(table, Ok(None))
            || matches!(blocked, Ok(true))
            || ports.as_ref().is_ok_and(Vec::is_empty);
        if closed {
            return Ok(None);
        }
        let (Some(table), false, ports) = (table?, blocked?, ports?) else {
            return Ok(None);
        };
        Ok(Some(Way {
            addresses,
            groups: self.groups_that_open(interface, &ports),
            ports,
            table,
        }))
    }

    /// The interface's route table, if it leads to an internet gateway.
    fn table(self, interface: &Interface, family: Family) -> Result<Option<&'a str>, Gap> {
        let table = routing::gateway_table(self.instance, interface, family, self.facts)?;
        Ok(table.map(|table| table.id.as_str()))
    }

    /// Whether VPC Block Public Access keeps the internet out.
    ///
    /// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html>
    fn is_blocked(self, interface: &Interface) -> Result<bool, Gap> {
        let block = self.facts.vpc_block.get()?;
        let mut ids = self.instance.vpc.iter().chain([&interface.subnet]);
        let is_excluded = ids.any(|id| block.exclusions.contains(id));
        Ok(block.mode != VpcBlockMode::Off && !is_excluded)
    }

    /// The sensitive ports that both the interface's groups and its subnet's network ACL let the internet
    /// in to.
    fn open_ports(
        self,
        interface: &Interface,
        family: Family,
    ) -> Result<Vec<&'a SensitivePort>, Gap> {
        let (rules, missing) = self.rules(interface)?;
        let lists = &self.facts.prefix_lists;
        let open = rules
            .open
            .iter()
            .filter(|rule| rule.is_open_to(family, lists));
        let open: Vec<&Traffic> = open.map(|rule| &rule.traffic).collect();
        let reached = |port: &&SensitivePort| open.iter().any(|traffic| traffic.reaches(port));
        let mut ports: Vec<&SensitivePort> = self.ports.iter().filter(reached).collect();
        if !ports.is_empty() {
            let acl = self.acl(interface)?;
            ports.retain(|port| {
                !acl_rules::opening(acl, family, port.protocol, port.port).is_empty()
            });
        }
        let matters = |traffic: &Traffic| self.ports.iter().any(|port| traffic.reaches(port));
        let mut unread = rules.unread.into_iter();
        let unread = unread.find(|(traffic, _)| matters(traffic));
        match missing.or(unread.map(|(_, gap)| gap)) {
            Some(gap) if ports.is_empty() => Err(gap),
            _ => Ok(ports),
        }
    }

    /// What the interface's groups let in together, and what is missing where one of them is not listed:
    /// it is another account's, which shares it.
    fn rules(self, interface: &Interface) -> Result<(OpenRules, Option<Gap>), Gap> {
        let known = self.facts.security_groups.get()?;
        let own = known
            .iter()
            .filter(|one| interface.groups.contains(&one.id));
        let together = SecurityGroup {
            ingress: own.flat_map(|group| group.ingress.clone()).collect(),
            ..SecurityGroup::default()
        };
        let is_known = |id: &&String| known.iter().any(|one| one.id == **id);
        let missing = interface.groups.iter().find(|id| !is_known(id));
        let missing = missing.map(|id| not_listed("ec2:DescribeSecurityGroups", id));
        Ok((open_rules(&together, &self.facts.prefix_lists), missing))
    }

    fn acl(self, interface: &Interface) -> Result<&'a NetworkAcl, Gap> {
        let subnet = &interface.subnet;
        let acls = self.facts.network_acls.get()?.iter();
        let mut own = acls.filter(|acl| acl.subnets.contains(subnet));
        let own = own.next();
        own.ok_or_else(|| not_listed("ec2:DescribeNetworkAcls", &format!("the ACL of {subnet}")))
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
        let groups = self.facts.security_groups.get().into_iter().flatten();
        let own = groups.filter(|one| interface.groups.contains(&one.id));
        own.filter(opens).collect()
    }
}

/// The addresses of an interface that the internet routes to.
fn addresses(interface: &Interface, family: Family) -> Vec<&str> {
    match family {
        Family::V4 => interface.public_ipv4.iter().map(String::as_str).collect(),
        Family::V6 => {
            let addresses = interface.ipv6.iter().map(String::as_str);
            addresses.filter(|one| is_routed_ipv6(one)).collect()
        }
    }
}

fn not_listed(action: &str, what: &str) -> Gap {
    Gap {
        detail: format!("{what} is not listed"),
        ..Gap::new(action, Cause::Malformed)
    }
}
