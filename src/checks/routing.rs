//! Whether the internet can reach an instance's address, as far as routing goes.
//!
//! Every IPv6 address that AWS hands out from its own or a customer's public pool is public; what keeps
//! the internet out is that the subnet's route table does not send IPv6 to an internet gateway.
//!
//! Source: <https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html>

use std::collections::BTreeMap;

use super::internet::{self, Family, covers};
use super::prefix_lists;
use crate::model::{Cause, Fact, Gap, Instance, Interface, PrefixList, RegionFacts, RouteTable};

/// The instance's IPv6 addresses that an internet gateway serves. The route tables are only looked at
/// where there is an address to decide on.
///
/// # Errors
/// The gap, where no address is known to be served and one of them could not be decided on.
pub(super) fn reachable_ipv6<'a>(
    instance: &'a Instance,
    facts: &RegionFacts,
) -> Result<Vec<&'a str>, Gap> {
    let mut served = Vec::new();
    let mut undecided = None;
    for (address, interface) in instance.ipv6() {
        if !internet::is_routed_ipv6(address) {
            continue;
        }
        match gateway_table(instance, interface, Family::V6, facts) {
            Ok(Some(_)) => served.push(address),
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
pub(super) fn gateway_table<'a>(
    instance: &Instance,
    interface: &Interface,
    family: Family,
    facts: &'a RegionFacts,
) -> Result<Option<&'a RouteTable>, Gap> {
    let table = table(facts.route_tables.get()?, instance, interface)?;
    let leads = leads_to_internet(table, family, &facts.prefix_lists)?;
    Ok(leads.then_some(table))
}

/// Whether a table sends traffic for all of the internet to an internet gateway. The most specific route
/// counts, so that several may do it together; and what a route leads elsewhere before that is lost to
/// some senders only.
fn leads_to_internet(
    table: &RouteTable,
    family: Family,
    lists: &BTreeMap<String, Fact<PrefixList>>,
) -> Result<bool, Gap> {
    let (mut ranges, mut unread) = (Vec::new(), None);
    for destination in &table.to_internet_gateway {
        match prefix_lists::destinations(destination, lists) {
            Ok(read) => ranges.extend(read),
            Err(gap) => unread = unread.or(Some(gap)),
        }
    }
    match (covers(family, ranges), unread) {
        (false, Some(gap)) => Err(gap),
        (leads, _) => Ok(leads),
    }
}

/// The route table that serves an interface: its subnet's own, else the VPC's main one.
///
/// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html>
///
/// # Errors
/// A gap, where the list has neither.
fn table<'a>(
    tables: &'a [RouteTable],
    instance: &Instance,
    interface: &Interface,
) -> Result<&'a RouteTable, Gap> {
    let (vpc, subnet) = (instance.vpc.as_deref(), &interface.subnet);
    let own = |table: &&RouteTable| table.subnets.contains(subnet);
    let main = |table: &&RouteTable| table.main && Some(table.vpc.as_str()) == vpc;
    let found = tables.iter().find(own);
    found.or_else(|| tables.iter().find(main)).ok_or_else(|| {
        let vpc = vpc.unwrap_or("no VPC");
        Gap {
            detail: format!("no route table listed for {subnet} of {vpc}"),
            ..Gap::new("ec2:DescribeRouteTables", Cause::Malformed)
        }
    })
}
