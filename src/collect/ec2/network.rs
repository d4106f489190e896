//! What decides whether the internet reaches an address: routes and VPC Block Public Access.

use aws_sdk_ec2::types;

use super::list::list;
use super::{Ec2, address_range};
use crate::aws::{Failure, pages, require};
use crate::model::{Destination, PeerRoute, RouteTable, VpcBlockMode, VpcBlockPublicAccess};
use crate::pace::api::{DESCRIBE_ROUTE_TABLES, DESCRIBE_VPC_BLOCK, DESCRIBE_VPC_BLOCK_EXCLUSIONS};

/// The largest page of route tables that EC2 gives.
const ROUTE_TABLE_PAGE: i32 = 100;

/// The largest page of exclusions that EC2 gives.
const EXCLUSION_PAGE: i32 = 1_000;

impl Ec2<'_> {
    /// All route tables.
    pub(super) async fn route_tables(&self) -> Result<Vec<RouteTable>, Failure> {
        list!(
            self,
            DESCRIBE_ROUTE_TABLES,
            describe_route_tables,
            ROUTE_TABLE_PAGE,
            route_tables,
            route_table
        )
    }

    /// VPC Block Public Access, and what is excluded from it where it is on.
    pub(super) async fn vpc_block(&self) -> Result<VpcBlockPublicAccess, Failure> {
        let api = &DESCRIBE_VPC_BLOCK;
        let answer = self
            .lane
            .call(api, || {
                let client = &self.client;
                client.describe_vpc_block_public_access_options().send()
            })
            .await?;
        let options = answer.vpc_block_public_access_options;
        let options = require(api.action, "vpcBlockPublicAccessOptions", options)?;
        let mode = options.internet_gateway_block_mode;
        let mode = block_mode(&require(api.action, "internetGatewayBlockMode", mode)?);
        let exclusions = match mode {
            VpcBlockMode::Off => Vec::new(),
            _ => self.vpc_block_exclusions().await?,
        };
        Ok(VpcBlockPublicAccess { mode, exclusions })
    }

    async fn vpc_block_exclusions(&self) -> Result<Vec<String>, Failure> {
        let api = &DESCRIBE_VPC_BLOCK_EXCLUSIONS;
        pages(api.action, |token| async move {
            let page = self
                .lane
                .call(api, || {
                    self.client
                        .describe_vpc_block_public_access_exclusions()
                        .max_results(EXCLUSION_PAGE)
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            let exclusions = page.vpc_block_public_access_exclusions.unwrap_or_default();
            let ids = exclusions.into_iter().filter_map(excluded_resource);
            Ok((ids.collect(), page.next_token))
        })
        .await
    }
}

fn route_table(table: types::RouteTable) -> Result<Option<RouteTable>, Failure> {
    let action = DESCRIBE_ROUTE_TABLES.action;
    let active = table.routes().iter();
    let active = active.filter(|route| route.state != Some(types::RouteState::Blackhole));
    let (mut to_internet_gateway, mut to_peers) = (Vec::new(), Vec::new());
    for route in active {
        let gateway = route.gateway_id.as_deref().unwrap_or_default();
        let destination = destination(route)?;
        match (&route.vpc_peering_connection_id, destination) {
            (Some(connection), Some(destination)) => to_peers.push(PeerRoute {
                connection: connection.clone(),
                destination,
            }),
            (None, Some(destination)) if gateway.starts_with("igw-") => {
                to_internet_gateway.push(destination);
            }
            _ => {}
        }
    }
    let associations = table.associations.unwrap_or_default();
    Ok(Some(RouteTable {
        main: associations.iter().any(|a| a.main == Some(true)),
        subnets: associations
            .into_iter()
            .filter_map(|association| association.subnet_id)
            .collect(),
        to_internet_gateway,
        to_peers,
        id: require(action, "routeTableId", table.route_table_id)?,
        vpc: require(action, "vpcId", table.vpc_id)?,
    }))
}

fn destination(route: &types::Route) -> Result<Option<Destination>, Failure> {
    let range = route.destination_cidr_block.as_ref();
    let range = range.or(route.destination_ipv6_cidr_block.as_ref());
    let list = || route.destination_prefix_list_id.clone();
    match range {
        Some(range) => address_range(DESCRIBE_ROUTE_TABLES.action, range)
            .map(|range| Some(Destination::Range(range))),
        None => Ok(list().map(Destination::PrefixList)),
    }
}

fn block_mode(mode: &types::InternetGatewayBlockMode) -> VpcBlockMode {
    match mode {
        types::InternetGatewayBlockMode::BlockBidirectional => VpcBlockMode::BlockBidirectional,
        types::InternetGatewayBlockMode::BlockIngress => VpcBlockMode::BlockIngress,
        _ => VpcBlockMode::Off,
    }
}

/// The id of the VPC or subnet that an exclusion in force is about. Exclusions for egress only let
/// nothing in.
fn excluded_resource(exclusion: types::VpcBlockPublicAccessExclusion) -> Option<String> {
    use types::InternetGatewayExclusionMode::AllowBidirectional;
    use types::VpcBlockPublicAccessExclusionState as State;
    let in_force = matches!(
        exclusion.state?,
        State::CreateComplete
            | State::UpdateInProgress
            | State::UpdateComplete
            | State::UpdateFailed
    );
    let lets_in = exclusion.internet_gateway_exclusion_mode == Some(AllowBidirectional);
    let arn = exclusion.resource_arn?;
    let id = arn.rsplit('/').next().unwrap_or(&arn).to_owned();
    (in_force && lets_in).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(destination: &str) -> types::builders::RouteBuilder {
        let route = types::Route::builder();
        match destination.contains(':') {
            true => route.destination_ipv6_cidr_block(destination),
            false => route.destination_cidr_block(destination),
        }
    }

    #[test]
    fn only_active_routes_to_gateways_and_peers_are_kept() {
        let table = types::RouteTable::builder()
            .route_table_id("rtb-1")
            .vpc_id("vpc-1")
            .routes(route("10.0.0.0/16").gateway_id("local").build())
            .routes(route("0.0.0.0/0").gateway_id("igw-1").build())
            .routes(
                route("::/0")
                    .egress_only_internet_gateway_id("eigw-1")
                    .build(),
            )
            .routes(route("8.0.0.0/8").nat_gateway_id("nat-1").build())
            .routes(
                route("9.0.0.0/8")
                    .gateway_id("igw-1")
                    .state(types::RouteState::Blackhole)
                    .build(),
            )
            .routes(
                route("10.2.0.0/16")
                    .vpc_peering_connection_id("pcx-1")
                    .build(),
            )
            .routes(
                types::Route::builder()
                    .destination_prefix_list_id("pl-1")
                    .vpc_peering_connection_id("pcx-1")
                    .build(),
            )
            .routes(
                types::Route::builder()
                    .destination_prefix_list_id("pl-2")
                    .gateway_id("vpce-1")
                    .build(),
            )
            .routes(
                types::Route::builder()
                    .destination_prefix_list_id("pl-3")
                    .gateway_id("igw-1")
                    .build(),
            );
        let table = route_table(table.build()).unwrap().unwrap();
        let all = Destination::Range("0.0.0.0/0".parse().unwrap());
        let list = Destination::PrefixList("pl-3".into());
        assert_eq!(table.to_internet_gateway, [all, list]);
        let peers: Vec<&Destination> = table.to_peers.iter().map(|to| &to.destination).collect();
        let range = Destination::Range("10.2.0.0/16".parse().unwrap());
        assert_eq!(peers, [&range, &Destination::PrefixList("pl-1".into())]);
    }
}
