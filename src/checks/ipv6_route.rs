//! Whether the internet can reach an instance's IPv6 address, as far as routing goes.
//!
//! Every IPv6 address that AWS hands out from its own or a customer's public pool is public; what keeps
//! the internet out is that the subnet's route table does not send IPv6 to an internet gateway.
//!
//! Source: <https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html>

use super::internet;
use crate::model::{Cause, Fact, Gap, Instance, RouteTable};

/// The instance's IPv6 addresses that an internet gateway serves. The route tables are only looked at
/// where there is an address to decide on.
///
/// # Errors
/// The gap, where no address is known to be served and one of them could not be decided on.
pub(super) fn reachable<'a>(
    instance: &'a Instance,
    tables: &Fact<Vec<RouteTable>>,
) -> Result<Vec<&'a str>, Gap> {
    let mut served = Vec::new();
    let mut undecided = None;
    for (address, subnet) in &instance.ipv6 {
        if !internet::is_routed_ipv6(address) {
            continue;
        }
        match table(tables.get()?, subnet, instance.vpc.as_deref()) {
            Some(table) if table.ipv6_to_internet_gateway => served.push(address.as_str()),
            Some(_) => {}
            None => undecided = undecided.or_else(|| Some(no_table(instance, subnet))),
        }
    }
    match undecided {
        Some(gap) if served.is_empty() => Err(gap),
        _ => Ok(served),
    }
}

/// The route table that serves a subnet: its own, else the VPC's main one.
///
/// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html>
fn table<'a>(tables: &'a [RouteTable], subnet: &str, vpc: Option<&str>) -> Option<&'a RouteTable> {
    let own = |table: &&RouteTable| table.subnets.iter().any(|id| id == subnet);
    let main = |table: &&RouteTable| table.main && Some(table.vpc.as_str()) == vpc;
    tables.iter().find(own).or_else(|| tables.iter().find(main))
}

fn no_table(instance: &Instance, subnet: &str) -> Gap {
    let vpc = instance.vpc.as_deref().unwrap_or("no VPC");
    Gap {
        detail: format!("no route table listed for {subnet} of {vpc}"),
        ..Gap::new("ec2:DescribeRouteTables", Cause::Malformed)
    }
}
