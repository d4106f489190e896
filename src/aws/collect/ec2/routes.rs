//! Routes to the internet and to peering connections.

use aws_sdk_ec2::types;
use orgscan_core::model::Items;
use orgscan_core::services::ec2::{
    DESCRIBE_ROUTE_TABLES, PeerRoute, RouteDestination, RouteTable, RouteTables, UnreadRoute,
    UnreadTarget,
};

use super::list::list;
use super::prefix_lists::read_lists;
use super::{address_range, unknown_value};
use crate::collect::{Collect, FactError, RegionScope};
use crate::{Failure, require};

impl Collect<RegionScope<'_>> for RouteTables {
    /// All route tables, with those of VPCs of which another account shares a subnet.
    ///
    /// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-share-limitations.html>
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<RouteTable>, FactError> {
        let shape = |table| Ok(Some(route_table(scope, table)));
        let tables: Items<RouteTable> = list!(
            scope,
            DESCRIBE_ROUTE_TABLES,
            describe_route_tables,
            route_tables,
            shape
        )?;
        read_lists(scope, tables.iter().flat_map(named_lists)).await;
        Ok(tables)
    }
}

/// The prefix lists that a table's routes name.
fn named_lists(table: &RouteTable) -> impl Iterator<Item = &str> {
    let to_peers = table.to_peers.iter().map(|route| &route.destination);
    let destinations = table.to_internet_gateway.iter().chain(to_peers);
    destinations.filter_map(|destination| match destination {
        RouteDestination::PrefixList(id) => Some(id.as_str()),
        RouteDestination::Range(_) => None,
    })
}

fn route_table(scope: &RegionScope<'_>, table: types::RouteTable) -> RouteTable {
    let action = DESCRIBE_ROUTE_TABLES.action;
    let id = table.route_table_id;
    let about = |failure: Failure| failure.of_item(id.as_deref());
    let (main, subnets) = associations(table.associations.unwrap_or_default(), about);
    let mut read = RouteTable {
        vpc: require(action, "vpcId", table.vpc_id)
            .map_err(about)
            .map_err(Into::into),
        owner: scope.owner(action, id.as_deref(), table.owner_id),
        main,
        subnets,
        to_internet_gateway: Vec::new(),
        to_peers: Vec::new(),
        unread: Vec::new(),
        id: require(action, "routeTableId", id.clone()).map_err(Into::into),
    };
    for route in table.routes.unwrap_or_default() {
        add_route(&mut read, &route, about);
    }
    read
}

/// Whether a table is its VPC's main one, and the subnets that it is associated with. An association is of
/// the VPC, of a subnet or of a gateway.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RouteTableAssociation.html>
fn associations(
    associations: Vec<types::RouteTableAssociation>,
    about: impl Fn(Failure) -> Failure,
) -> (bool, Items<String>) {
    let main = associations.iter().any(|one| one.main == Some(true));
    let others = associations.into_iter();
    let others = others.filter(|one| one.main != Some(true) && one.gateway_id.is_none());
    let subnets = others.map(|one| {
        require(DESCRIBE_ROUTE_TABLES.action, "subnetId", one.subnet_id).map_err(&about)
    });
    (main, subnets.collect())
}

/// Adds a route, if it leads to an internet gateway or to a peering connection, or may.
fn add_route(table: &mut RouteTable, route: &types::Route, about: impl Fn(Failure) -> Failure) {
    let Some(target) = target(route) else {
        return;
    };
    match (&target, is_active(route), destination(route)) {
        (_, Ok(false), _) => {}
        (UnreadTarget::InternetGateway, Ok(true), Ok(to)) => table.to_internet_gateway.push(to),
        (UnreadTarget::Peering(connection), Ok(true), Ok(destination)) => {
            table.to_peers.push(PeerRoute {
                connection: connection.clone(),
                destination,
            });
        }
        (_, active, destination) => {
            let targets = require::<()>(DESCRIBE_ROUTE_TABLES.action, "gatewayId", None);
            let known = destination.as_ref().ok().cloned();
            let missing = active.err().or(destination.err()).or(targets.err());
            table.unread.extend(missing.map(|failure| UnreadRoute {
                destination: known,
                target,
                gap: about(failure).into(),
            }));
        }
    }
}

/// Where a route leads; none where that is neither an internet gateway nor a peering connection. A route
/// has one target.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html>
fn target(route: &types::Route) -> Option<UnreadTarget> {
    if let Some(connection) = &route.vpc_peering_connection_id {
        return Some(UnreadTarget::Peering(connection.clone()));
    }
    if let Some(gateway) = &route.gateway_id {
        let is_internet = gateway.starts_with("igw-");
        return is_internet.then_some(UnreadTarget::InternetGateway);
    }
    let elsewhere = [
        &route.egress_only_internet_gateway_id,
        &route.instance_id,
        &route.nat_gateway_id,
        &route.transit_gateway_id,
        &route.local_gateway_id,
        &route.carrier_gateway_id,
        &route.network_interface_id,
        &route.core_network_arn,
        &route.odb_network_arn,
        &route.ip_address,
    ];
    let leads_elsewhere = elsewhere.iter().any(|target| target.is_some());
    (!leads_elsewhere).then_some(UnreadTarget::Any)
}

fn is_active(route: &types::Route) -> Result<bool, Failure> {
    let action = DESCRIBE_ROUTE_TABLES.action;
    match require(action, "state", route.state.as_ref())? {
        types::RouteState::Active => Ok(true),
        types::RouteState::Blackhole => Ok(false),
        other => Err(unknown_value(action, "state", other.as_str())),
    }
}

fn destination(route: &types::Route) -> Result<RouteDestination, Failure> {
    let action = DESCRIBE_ROUTE_TABLES.action;
    let range = route.destination_cidr_block.as_ref();
    let range = range.or(route.destination_ipv6_cidr_block.as_ref());
    match (range, &route.destination_prefix_list_id) {
        (Some(range), _) => address_range(action, range).map(RouteDestination::Range),
        (None, Some(list)) => Ok(RouteDestination::PrefixList(list.clone())),
        (None, None) => require(action, "destinationCidrBlock", None),
    }
}

#[cfg(test)]
mod tests {
    use orgscan_core::model::Owner;

    use super::*;

    fn route(destination: &str) -> types::builders::RouteBuilder {
        let route = active();
        match destination.contains(':') {
            true => route.destination_ipv6_cidr_block(destination),
            false => route.destination_cidr_block(destination),
        }
    }

    fn active() -> types::builders::RouteBuilder {
        types::Route::builder().state(types::RouteState::Active)
    }

    fn read(routes: Vec<types::Route>) -> RouteTable {
        let mut table = RouteTable {
            id: Ok("rtb-1".into()),
            vpc: Ok("vpc-1".into()),
            owner: Owner::Own,
            main: false,
            subnets: Items::default(),
            to_internet_gateway: Vec::new(),
            to_peers: Vec::new(),
            unread: Vec::new(),
        };
        for route in &routes {
            add_route(&mut table, route, |failure| failure.of_item(Some("rtb-1")));
        }
        table
    }

    #[test]
    fn only_active_routes_to_gateways_and_peers_are_kept() {
        let list = |id: &str| active().destination_prefix_list_id(id);
        let table = read(vec![
            route("10.0.0.0/16").gateway_id("local").build(),
            route("0.0.0.0/0").gateway_id("igw-1").build(),
            route("::/0")
                .egress_only_internet_gateway_id("eigw-1")
                .build(),
            route("8.0.0.0/8").nat_gateway_id("nat-1").build(),
            route("9.0.0.0/8")
                .gateway_id("igw-1")
                .state(types::RouteState::Blackhole)
                .build(),
            route("10.2.0.0/16")
                .vpc_peering_connection_id("pcx-1")
                .build(),
            list("pl-1").vpc_peering_connection_id("pcx-1").build(),
            list("pl-2").gateway_id("vpce-1").build(),
            list("pl-3").gateway_id("igw-1").build(),
        ]);
        let all = RouteDestination::Range("0.0.0.0/0".parse().unwrap());
        let list = RouteDestination::PrefixList("pl-3".into());
        assert_eq!(table.to_internet_gateway, [all, list]);
        let peers: Vec<&RouteDestination> =
            table.to_peers.iter().map(|to| &to.destination).collect();
        let range = RouteDestination::Range("10.2.0.0/16".parse().unwrap());
        assert_eq!(
            peers,
            [&range, &RouteDestination::PrefixList("pl-1".into())]
        );
        assert!(table.unread.is_empty());
    }

    #[test]
    fn a_route_that_lacks_its_target_destination_or_state_may_lead_anywhere() {
        use UnreadTarget::{Any, InternetGateway, Peering};
        let gone = |route: types::builders::RouteBuilder| route.set_state(None).build();
        let range = Some(RouteDestination::Range("0.0.0.0/0".parse().unwrap()));
        let to_internet = active().gateway_id("igw-1");
        let to_peer = route("0.0.0.0/0").vpc_peering_connection_id("pcx-1");
        for (route, target, destination, lacks) in [
            (route("0.0.0.0/0").build(), Any, range.clone(), "gatewayId"),
            (
                to_internet.clone().build(),
                InternetGateway,
                None,
                "destinationCidrBlock",
            ),
            (
                gone(to_internet.destination_cidr_block("0.0.0.0/0")),
                InternetGateway,
                range.clone(),
                "state",
            ),
            (
                gone(to_peer),
                Peering("pcx-1".into()),
                range.clone(),
                "state",
            ),
        ] {
            let table = read(vec![route]);
            assert!(table.to_internet_gateway.is_empty() && table.to_peers.is_empty());
            let unread = &table.unread[0];
            assert_eq!(
                (&unread.target, &unread.destination),
                (&target, &destination)
            );
            assert_eq!(unread.gap.detail, format!("the answer lacks {lacks}"));
            assert_eq!(unread.gap.resource, "rtb-1");
        }
        // What is known to lead elsewhere, or nowhere, makes no difference.
        let elsewhere = gone(types::Route::builder().nat_gateway_id("nat-1"));
        let nowhere = active().state(types::RouteState::Blackhole).build();
        assert!(read(vec![elsewhere, nowhere]).unread.is_empty());
    }

    #[test]
    fn an_association_without_its_subnet_may_be_of_any() {
        let made = types::RouteTableAssociation::builder;
        let read = |one: types::builders::RouteTableAssociationBuilder| {
            let (main, subnets) = associations(vec![one.build()], |failure| failure);
            (main, subnets.known.len(), subnets.gaps.len())
        };
        assert_eq!(read(made().main(true)), (true, 0, 0));
        assert_eq!(
            read(made().main(false).subnet_id("subnet-1")),
            (false, 1, 0)
        );
        assert_eq!(read(made().subnet_id("subnet-1")), (false, 1, 0));
        assert_eq!(read(made().gateway_id("igw-1")), (false, 0, 0));
        assert_eq!(read(made()), (false, 0, 1));
        assert_eq!(read(made().main(false)), (false, 0, 1));
    }
}
