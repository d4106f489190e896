//! Routes to peering connections that lead to a whole address range of the other VPC.

use std::collections::BTreeSet;

use ipnet::IpNet;

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers, format,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Arn, Gap, Items, Region, RuleResult, Severity, Violation};
use crate::services::ec2::network::prefix_lists;
use crate::services::ec2::{
    Peering, PeeringRoutes, PeeringSide, Peerings, RouteTable, RouteTables,
};

pub(super) const CHECK: Check = Check {
    id: "vpc-peering-route-wide",
    title: "Route to a peering connection covers a whole CIDR block of the other VPC",
    category: Category::NetworkSecurity,
    severity: Severity::Low,
    why: "Such a route lets every host in the subnets of this route table send traffic to the whole CIDR \
          block. After a compromise, only security groups and network ACLs limit the intruder. Routes to \
          single subnets isolate the rest. If the VPCs are meant to form one network, suppress the finding \
          with an exception.",
    fix: &[
        "Run the command. It lists the routes of the route table.",
        "Add a route for each subnet of the other VPC that is needed. In the console: VPC, Route tables, \
         Routes. With the CLI: `aws ec2 create-route`.",
        "Delete the wide route in the same console page, or with `aws ec2 delete-route`.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:111122223333:route-table/rtb-0123456789abcdef0",
        "pcx-0123456789abcdef0",
    ),
    by_default: false,
    remediation: |failed| {
        let describe = "ec2 describe-route-tables --query 'RouteTables[].Routes[]'";
        remediation::regional(describe, failed, ("route-table-ids", failed.name()))
    },
    controls: &[covers("cis-7.0", "6.6"), covers("cis-5.0", "5.6")],
    prowler: Counterparts::per_region(&[same("vpc_peering_routing_tables_with_least_privilege")]),
    parameters: Parameters::None,
    needs: &[Peerings::SPEC, PeeringRoutes::SPEC],
    rule: Rule::Region(evaluate),
};

/// Without a peering connection there is no route to one, and the tables were not read.
fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let peerings = facts.get::<Peerings>()?;
    let mut result = RuleResult::default();
    if peerings.is_empty() {
        return Ok(result);
    }
    for table in facts.get::<RouteTables>()? {
        let connections = connections(table, peerings);
        if connections.is_empty() || !result.is_own(&table.owner) {
            continue;
        }
        for connection in connections {
            let evaluated = connection.and_then(|connection| {
                let wide = wide(table, connection, facts)?;
                let id = table.id.clone()?;
                let resource = arn::ec2(context, region, "route-table", &id);
                Ok(wide.map(|wide| violation(&id, connection, &wide, resource)))
            });
            result.add(evaluated);
        }
    }
    Ok(result)
}

/// The connections in force that a table's routes lead to, or may lead to; and the gaps of those that
/// could not be read.
fn connections<'a>(
    table: &RouteTable,
    peerings: &'a Items<Peering>,
) -> Vec<Result<&'a Peering, Gap>> {
    let leads = |id: &str| {
        let mut unread = table.unread.iter();
        table.to_peers.iter().any(|to| to.connection == id)
            || unread.any(|route| route.may_reach_peer(id))
    };
    let known = peerings.iter().filter(|one| leads(&one.id)).map(Ok);
    let named: BTreeSet<&str> = table.to_peers.iter().map(|to| &*to.connection).collect();
    let is_unknown = |id: &&&str| peerings.iter().all(|one| one.id != ***id);
    let unknown = named.iter().filter(is_unknown);
    let unread = unknown.filter_map(|id| peerings.unread(id));
    known.chain(unread.map(|gap| Err(gap.clone()))).collect()
}

/// All ranges of the other VPC to which a table's routes to the connection lead as a whole, and that VPC.
type WideRoutes<'a> = (Vec<IpNet>, &'a PeeringSide);

/// What of the other VPC is routed as a whole, if anything.
///
/// # Errors
/// The gap of what could not be read, where it may lead there and nothing else does.
fn wide<'a>(
    table: &RouteTable,
    connection: &'a Peering,
    lists: &Facts<'_>,
) -> Result<Option<WideRoutes<'a>>, Gap> {
    let vpc = table.vpc.as_ref().map_err(Clone::clone)?;
    let (mut routed, mut unread) = (Vec::new(), None);
    let routes = table.to_peers.iter();
    for route in routes.filter(|route| route.connection == connection.id) {
        let (read, gap) = prefix_lists::destinations(&route.destination, lists);
        routed.extend(read);
        unread = unread.or(gap);
    }
    let known = whole(&routed, vpc, connection);
    if known.is_some() {
        return Ok(known);
    }
    if let Some(gap) = unread {
        return Err(gap);
    }
    let unread = table.unread.iter();
    for route in unread.filter(|route| route.may_reach_peer(&connection.id)) {
        let destination = route.destination.as_ref();
        match destination.map(|one| prefix_lists::destinations(one, lists)) {
            Some((read, None)) => routed.extend(read),
            _ => return Err(route.gap.clone()),
        }
        if whole(&routed, vpc, connection).is_some() {
            return Err(route.gap.clone());
        }
    }
    Ok(None)
}

fn whole<'a>(routed: &Vec<IpNet>, vpc: &str, connection: &'a Peering) -> Option<WideRoutes<'a>> {
    let routed = IpNet::aggregate(routed);
    let is_whole = |range: &&IpNet| routed.iter().any(|route| route.contains(*range));
    let mut others = connection.sides.iter().filter(|side| side.vpc != vpc);
    others.find_map(|side| {
        let whole: Vec<IpNet> = side.ranges.iter().filter(is_whole).copied().collect();
        (!whole.is_empty()).then_some((whole, side))
    })
}

fn violation(
    table: &str,
    connection: &Peering,
    (ranges, side): &WideRoutes<'_>,
    resource: Arn,
) -> Violation {
    let texts: Vec<String> = ranges.iter().map(ToString::to_string).collect();
    let (texts, all) = (format::first_few(&texts), side.ranges.len());
    let what = match ranges.len() {
        routed if routed == all => format!("all of {} ({texts})", side.vpc),
        routed => format!(
            "all of {texts}, {routed} of the {all} CIDR blocks of {}",
            side.vpc
        ),
    };
    let own = connection.sides.iter().find(|one| one.vpc != side.vpc);
    let own = own.map_or("", |own| own.vpc.as_str());
    let id = &connection.id;
    let message = format!("Route table {table} of {own} routes to {what} through {id}");
    CHECK.violation(resource, message).with_part(id)
}

#[cfg(test)]
mod tests;
