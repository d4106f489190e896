//! VPC peering connections.

use aws_sdk_ec2::types;
use ipnet::IpNet;
use orgscan_core::model::Items;
use orgscan_core::services::ec2::DESCRIBE_PEERINGS as API;
use orgscan_core::services::ec2::{Peering, PeeringSide, Peerings};

use super::address_range;
use super::list::list;
use crate::collect::{Collect, FactError, RegionScope};
use crate::{Failure, require, require_of};

impl Collect<RegionScope<'_>> for Peerings {
    /// All peering connections that are active. AWS shows them to the accounts on both sides.
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<Peering>, FactError> {
        if scope.has_no_vpc().await {
            return Ok(Items::default());
        }
        Ok(list!(
            scope,
            API,
            describe_vpc_peering_connections,
            vpc_peering_connections,
            shape
        )?)
    }
}

fn shape(connection: types::VpcPeeringConnection) -> Result<Option<Peering>, Failure> {
    let id = connection.vpc_peering_connection_id;
    let id = require(API.action, "vpcPeeringConnectionId", id)?;
    let status = connection.status.and_then(|status| status.code);
    if require_of(API.action, &id, "status", status)?
        != types::VpcPeeringConnectionStateReasonCode::Active
    {
        return Ok(None);
    }
    let side = |name, info| side(name, info).map_err(|failure| failure.of_item(Some(&id)));
    let sides = [
        side("requesterVpcInfo", connection.requester_vpc_info)?,
        side("accepterVpcInfo", connection.accepter_vpc_info)?,
    ];
    Ok(Some(Peering { id, sides }))
}

fn side(
    name: &str,
    info: Option<types::VpcPeeringConnectionVpcInfo>,
) -> Result<PeeringSide, Failure> {
    let info = require(API.action, name, info)?;
    Ok(PeeringSide {
        ranges: ranges(&info)?,
        vpc: require(API.action, "vpcId", info.vpc_id)?,
    })
}

/// Every range of the VPC; the one on its own is the first of them. Every VPC has at least that one.
///
/// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html>
fn ranges(info: &types::VpcPeeringConnectionVpcInfo) -> Result<Vec<IpNet>, Failure> {
    let range = |field, text: &Option<String>| {
        address_range(API.action, &require(API.action, field, text.clone())?)
    };
    let mut ranges = Vec::new();
    if info.cidr_block.is_some() || info.cidr_block_set().is_empty() {
        ranges.push(range("cidrBlock", &info.cidr_block)?);
    }
    for block in info.cidr_block_set() {
        ranges.push(range("cidrBlockSet", &block.cidr_block)?);
    }
    for block in info.ipv6_cidr_block_set() {
        ranges.push(range("ipv6CidrBlockSet", &block.ipv6_cidr_block)?);
    }
    ranges.sort();
    ranges.dedup();
    Ok(ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(status: &str) -> types::VpcPeeringConnection {
        let status = types::VpcPeeringConnectionStateReason::builder().code(status.into());
        let block = |range: &str| types::CidrBlock::builder().cidr_block(range).build();
        let v6 = types::Ipv6CidrBlock::builder().ipv6_cidr_block("2600:1f18::/56");
        let info = types::VpcPeeringConnectionVpcInfo::builder()
            .vpc_id("vpc-2")
            .cidr_block("10.2.0.0/16")
            .cidr_block_set(block("10.2.0.0/16"))
            .cidr_block_set(block("10.9.0.0/16"))
            .ipv6_cidr_block_set(v6.build())
            .build();
        types::VpcPeeringConnection::builder()
            .vpc_peering_connection_id("pcx-1")
            .status(status.build())
            .requester_vpc_info(info.clone())
            .accepter_vpc_info(info)
            .build()
    }

    #[test]
    fn every_range_counts_once() {
        let peering = shape(connection("active")).unwrap().unwrap();
        let ranges: Vec<String> = peering.sides[1]
            .ranges
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(ranges, ["10.2.0.0/16", "10.9.0.0/16", "2600:1f18::/56"]);
    }

    #[test]
    fn a_connection_that_lacks_its_status_or_a_range_is_a_failure_of_its_own() {
        let with_side = |side: types::builders::VpcPeeringConnectionVpcInfoBuilder| {
            let mut changed = connection("active");
            changed.accepter_vpc_info = Some(side.build());
            changed
        };
        let mut without_status = connection("active");
        without_status.status = None;
        let info = types::VpcPeeringConnectionVpcInfo::builder;
        let bare = types::CidrBlock::builder().build();
        for (unread, lacks) in [
            (without_status, "status"),
            (with_side(info().vpc_id("vpc-2")), "cidrBlock"),
            (
                with_side(info().vpc_id("vpc-2").cidr_block_set(bare)),
                "cidrBlockSet",
            ),
            (with_side(info().cidr_block("10.2.0.0/16")), "vpcId"),
        ] {
            let failure = shape(unread).unwrap_err();
            assert_eq!(failure.detail, format!("the answer lacks {lacks}"));
            assert_eq!(failure.resource, "pcx-1");
        }
    }

    #[test]
    fn only_connections_in_force_count() {
        for status in ["pending-acceptance", "deleted", "expired"] {
            assert_eq!(shape(connection(status)).unwrap(), None, "{status}");
        }
    }
}
