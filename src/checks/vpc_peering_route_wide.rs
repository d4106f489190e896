//! Routes to peering connections that lead to all of the other VPC.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use super::{Category, Check, Context, Need, Rule, arn, mend, prefix_lists, words};
use crate::model::{
    Fact, Gap, Judgement, Peering, PeeringSide, PrefixList, Region, RegionFacts, RouteTable,
    Severity, Violation,
};

/// The check.
pub const CHECK: Check = Check {
    id: "vpc-peering-route-wide",
    title: "Route to a peering connection leads to all of the other VPC",
    category: Category::NetworkSecurity,
    severity: Severity::Low,
    why: "A route as wide as the other VPC lets every machine on this side reach for every machine on that \
          one, and an intruder with them; only security groups stand between. Routes to the subnets that are \
          meant keep the rest apart. Where two VPCs are meant to be as one, say so with an exception.",
    fix: "In the VPC console, under Route tables, Routes, put routes to the subnets that are needed in place \
          of the wide one; or call `aws ec2 create-route --route-table-id TABLE --destination-cidr-block \
          SUBNET_CIDR --vpc-peering-connection-id CONNECTION --region REGION`, then `aws ec2 delete-route \
          --route-table-id TABLE --destination-cidr-block CIDR --region REGION`.",
    by_default: false,
    mend: |flawed| {
        let look = "ec2 describe-route-tables --query 'RouteTables[].Routes[]'";
        mend::regional(look, flawed, ("route-table-ids", flawed.name()))
    },
    needs: &[Need::Peerings],
    rule: Rule::Region(judge),
};

/// Without a peering connection there is no route to one, and the tables were not read.
fn judge(facts: &RegionFacts, region: &Region, context: &Context<'_>) -> Result<Judgement, Gap> {
    let peerings = facts.peerings.get()?;
    let mut judgement = Judgement::default();
    if peerings.is_empty() {
        return Ok(judgement);
    }
    let by_id: BTreeMap<&str, &Peering> = peerings.iter().map(|one| (&*one.id, one)).collect();
    for table in facts.route_tables.get()? {
        let named: BTreeSet<&str> = table.to_peers.iter().map(|to| &*to.connection).collect();
        for connection in named.iter().filter_map(|id| by_id.get(id)) {
            match wide(table, connection, &facts.prefix_lists) {
                Err(gap) => judgement.gaps.push(gap),
                Ok(wide) => {
                    judgement.examined += 1;
                    let resource = arn::ec2(context, region, "route-table", &table.id);
                    let violation = wide.map(|wide| violation(table, connection, &wide, resource));
                    judgement.violations.extend(violation);
                }
            }
        }
    }
    Ok(judgement)
}

/// The ranges of the other VPC to all of which a table's routes to the connection lead, and that VPC.
fn wide<'a>(
    table: &RouteTable,
    connection: &'a Peering,
    lists: &BTreeMap<String, Fact<PrefixList>>,
) -> Result<Option<(Vec<IpNet>, &'a PeeringSide)>, Gap> {
    let mut routed = Vec::new();
    let routes = table.to_peers.iter();
    for route in routes.filter(|route| route.connection == connection.id) {
        routed.extend(prefix_lists::destinations(&route.destination, lists)?);
    }
    let routed = IpNet::aggregate(&routed);
    let is_whole = |range: &&IpNet| routed.iter().any(|route| route.contains(*range));
    let mut others = connection.sides.iter().filter(|side| side.vpc != table.vpc);
    Ok(others.find_map(|side| {
        let whole: Vec<IpNet> = side.ranges.iter().filter(is_whole).copied().collect();
        (!whole.is_empty()).then_some((whole, side))
    }))
}

fn violation(
    table: &RouteTable,
    connection: &Peering,
    (ranges, side): &(Vec<IpNet>, &PeeringSide),
    resource: String,
) -> Violation {
    let ranges: Vec<String> = ranges.iter().map(ToString::to_string).collect();
    Violation {
        resource,
        part: connection.id.clone(),
        region: None,
        severity: Severity::Low,
        message: format!(
            "Route table {} of {} leads to all of {} ({}) through {}",
            table.id,
            table.vpc,
            side.vpc,
            words::first_few(&ranges),
            connection.id
        ),
    }
}

#[cfg(test)]
mod tests;
