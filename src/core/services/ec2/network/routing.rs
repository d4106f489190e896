//! Whether the internet can reach an instance's address, as far as routing goes.
//!
//! Every IPv6 address that AWS hands out from its own or a customer's public pool is public; what keeps
//! the internet out is that the subnet's route table does not send IPv6 to an internet gateway.
//!
//! Source: <https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html>

use ipnet::IpNet;

use super::internet::{self, Family, covers};
use super::prefix_lists;
use crate::facts::Facts;
use crate::model::{Cause, Gap, Owner};
use crate::services::ec2::{Instance, Interface, NetworkAcls, RouteTable, RouteTables, Vpcs};

const INSTANCES: &str = "ec2:DescribeInstances";
const TABLES: &str = "ec2:DescribeRouteTables";

/// The instance's IPv6 addresses that an internet gateway serves. The route tables are only read
/// where there is an address to decide on.
///
/// # Errors
/// The gap, where no address is known to be served and one of them could not be decided on.
pub(in crate::services::ec2) fn reachable_ipv6<'a>(
    instance: &'a Instance,
    facts: &Facts<'_>,
) -> Result<Vec<&'a str>, Gap> {
    let mut served = Vec::new();
    let mut undecided = None;
    for interface in &instance.interfaces {
        let addresses = interface.ipv6.known.iter().map(String::as_str);
        let addresses: Vec<&str> = addresses
            .filter(|one| internet::is_routed_ipv6(one))
            .collect();
        let unread = interface.ipv6.gaps.first();
        if addresses.is_empty() && unread.is_none() {
            continue;
        }
        match gateway_table(instance, interface, Family::V6, facts) {
            Ok(Some(_)) => {
                undecided = undecided.or(unread.cloned());
                served.extend(addresses);
            }
            Ok(None) => {}
            Err(gap) => undecided = undecided.or(Some(gap)),
        }
    }
    match undecided {
        Some(gap) if served.is_empty() => Err(gap),
        _ => Ok(served),
    }
}

/// The route table that serves an interface, if it leads to an internet gateway.
///
/// # Errors
/// The gap, where that could not be decided on.
pub(in crate::services::ec2) fn gateway_table<'a>(
    instance: &Instance,
    interface: &Interface,
    family: Family,
    facts: &'a Facts<'a>,
) -> Result<Option<&'a RouteTable>, Gap> {
    let table = table(facts, instance, interface)?;
    let leads = leads_to_internet(table, family, facts)?;
    Ok(leads.then_some(table))
}

/// Whether a table sends traffic for all of the internet to an internet gateway. The most specific route
/// counts, so that several may do it together; and what a route leads elsewhere before that is lost to
/// some senders only. What could not be read matters if it could be what is missing.
fn leads_to_internet(table: &RouteTable, family: Family, lists: &Facts<'_>) -> Result<bool, Gap> {
    let (mut ranges, mut unread): (Vec<IpNet>, _) = (Vec::new(), None);
    for destination in &table.to_internet_gateway {
        let (read, gap) = prefix_lists::destinations(destination, lists);
        ranges.extend(read);
        unread = unread.or(gap);
    }
    if covers(family, &ranges) {
        return Ok(true);
    }
    if let Some(gap) = unread {
        return Err(gap);
    }
    for route in table.unread.iter().filter(|one| one.may_reach_internet()) {
        let destination = route.destination.as_ref();
        match destination.map(|one| prefix_lists::destinations(one, lists)) {
            Some((read, None)) => ranges.extend(read),
            _ => return Err(route.gap.clone()),
        }
        if covers(family, &ranges) {
            return Err(route.gap.clone());
        }
    }
    Ok(false)
}

/// The route table that serves an interface: its subnet's own, else the VPC's main one.
///
/// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html>
///
/// # Errors
/// A gap, where the list has neither, or may have another that could not be read.
fn table<'a>(
    facts: &'a Facts<'a>,
    instance: &Instance,
    interface: &Interface,
) -> Result<&'a RouteTable, Gap> {
    let tables = facts.get::<RouteTables>()?;
    let lacks = |field| Gap::lacks(INSTANCES, &instance.id, field);
    let subnet = interface.subnet.as_ref();
    let subnet = subnet.ok_or_else(|| lacks("subnetId"))?;
    let own = |table: &&RouteTable| table.subnets.known.contains(subnet);
    if let Some(own) = tables.iter().find(own) {
        return Ok(own);
    }
    let vpc = instance.vpc.as_ref().ok_or_else(|| lacks("vpcId"))?;
    let mut may_be_own = tables.iter().filter(|table| may_be_in(table, vpc));
    if let Some(gap) = may_be_own.find_map(|table| table.subnets.gaps.first()) {
        return Err(gap.clone());
    }
    let main = |table: &&RouteTable| table.main && table.vpc.as_ref() == Ok(vpc);
    if let Some(main) = tables.iter().find(main) {
        return Ok(main);
    }
    let mut unread = tables.iter().filter(|table| table.main);
    Err(match unread.find_map(|table| table.vpc.as_ref().err()) {
        Some(gap) => gap.clone(),
        None => not_listed(
            TABLES,
            &format!("a route table of {subnet}"),
            instance,
            facts,
        ),
    })
}

fn may_be_in(table: &RouteTable, vpc: &str) -> bool {
    table.vpc.as_ref().map_or(true, |of| of == vpc)
}

/// Something that an instance's network has is not listed for its account. AWS lists all that is the
/// account's own, and of a shared VPC what its owner shows.
///
/// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-share-limitations.html>
pub(in crate::services::ec2) fn not_listed(
    action: &str,
    what: &str,
    instance: &Instance,
    facts: &Facts<'_>,
) -> Gap {
    let vpc = instance.vpc.as_deref();
    let owner = vpc.and_then(|vpc| Some((vpc, other_owner(vpc, facts)?)));
    let owner_name = match owner {
        Some((vpc, owner)) => format!("{vpc} belongs to account {owner}, which shares it"),
        None => {
            "what is the account's own is, unless it was made or deleted during the scan".into()
        }
    };
    Gap {
        detail: format!("{what} is not listed: {owner_name}"),
        ..Gap::new(action, Cause::OwnedByOtherAccount).of(&instance.id)
    }
}

/// The other account that owns a VPC, where that is known.
pub(in crate::services::ec2) fn other_owner<'a>(
    vpc: &str,
    facts: &'a Facts<'a>,
) -> Option<&'a str> {
    owners(vpc, facts).find_map(|owner| match owner {
        Owner::Other(account) => Some(account.as_str()),
        Owner::Own | Owner::Unknown(_) => None,
    })
}

/// Why it is not known whose a VPC is, where AWS does not say it of anything in it.
pub(in crate::services::ec2) fn unread_owner<'a>(
    vpc: &str,
    facts: &'a Facts<'a>,
) -> Option<&'a Gap> {
    let mut unread = None;
    for owner in owners(vpc, facts) {
        match owner {
            Owner::Unknown(gap) => unread = unread.or(Some(gap)),
            Owner::Own | Owner::Other(_) => return None,
        }
    }
    unread
}

/// The owners of a VPC and of what is in it and is always its owner's, as far as that was read.
fn owners<'a>(vpc: &str, facts: &Facts<'a>) -> impl Iterator<Item = &'a Owner> {
    let tables = facts.get::<RouteTables>().into_iter().flatten();
    let tables = tables.filter(move |table| table.vpc.as_deref() == Ok(vpc));
    let acls = facts.get::<NetworkAcls>().into_iter().flatten();
    let acls = acls.filter(move |acl| acl.vpc.as_deref() == Some(vpc));
    let vpcs = facts.get::<Vpcs>().into_iter().flatten();
    let vpcs = vpcs.filter(move |one| one.id == vpc);
    let owners = tables.map(|table| &table.owner);
    let owners = owners.chain(acls.map(|acl| &acl.owner));
    owners.chain(vpcs.map(|one| &one.owner))
}
