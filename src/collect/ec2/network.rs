//! What decides whether the internet reaches an address: routes and VPC Block Public Access.

use aws_sdk_ec2::types;

use super::Ec2;
use crate::aws::{Failure, pages, require};
use crate::model::{RouteTable, VpcBlockMode, VpcBlockPublicAccess};
use crate::pace::api::{DESCRIBE_ROUTE_TABLES, DESCRIBE_VPC_BLOCK, DESCRIBE_VPC_BLOCK_EXCLUSIONS};

/// The largest page of route tables that EC2 gives.
const ROUTE_TABLE_PAGE: i32 = 100;

/// The largest page of exclusions that EC2 gives.
const EXCLUSION_PAGE: i32 = 1_000;

/// IPv6 destinations that take in the whole internet: everything, and all global unicast addresses.
const ALL_OF_IPV6: [&str; 2] = ["::/0", "2000::/3"];

impl Ec2<'_> {
    /// All route tables.
    pub(super) async fn route_tables(&self) -> Result<Vec<RouteTable>, Failure> {
        pages(DESCRIBE_ROUTE_TABLES.action, |token| async move {
            let page = self
                .lane
                .call(&DESCRIBE_ROUTE_TABLES, || {
                    self.client
                        .describe_route_tables()
                        .max_results(ROUTE_TABLE_PAGE)
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            let tables = page.route_tables.unwrap_or_default();
            let tables: Result<_, _> = tables.into_iter().map(route_table).collect();
            Ok((tables?, page.next_token))
        })
        .await
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

fn route_table(table: types::RouteTable) -> Result<RouteTable, Failure> {
    let ipv6_to_internet_gateway = table.routes().iter().any(sends_ipv6_to_the_internet);
    let associations = table.associations();
    Ok(RouteTable {
        main: associations.iter().any(|a| a.main == Some(true)),
        subnets: associations
            .iter()
            .filter_map(|association| association.subnet_id.clone())
            .collect(),
        ipv6_to_internet_gateway,
        vpc: require(DESCRIBE_ROUTE_TABLES.action, "vpcId", table.vpc_id)?,
    })
}

fn sends_ipv6_to_the_internet(route: &types::Route) -> bool {
    let destination = route.destination_ipv6_cidr_block.as_deref();
    let gateway = route.gateway_id.as_deref().unwrap_or_default();
    destination.is_some_and(|destination| ALL_OF_IPV6.contains(&destination))
        && gateway.starts_with("igw-")
        && route.state != Some(types::RouteState::Blackhole)
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
