//! VPC peering connections.

use aws_sdk_ec2::types;
use ipnet::IpNet;

use super::list::list;
use super::{Ec2, address_range};
use crate::aws::{Failure, require};
use crate::model::{Peering, PeeringSide};
use crate::pace::api::DESCRIBE_PEERINGS as API;

/// The largest page that EC2 gives.
const PAGE: i32 = 1_000;

impl Ec2<'_> {
    /// All peering connections that are active. AWS shows them to the accounts on both sides.
    pub(super) async fn peerings(&self) -> Result<Vec<Peering>, Failure> {
        list!(
            self,
            API,
            describe_vpc_peering_connections,
            PAGE,
            vpc_peering_connections,
            shape
        )
    }
}

fn shape(connection: types::VpcPeeringConnection) -> Result<Option<Peering>, Failure> {
    let status = connection.status.and_then(|status| status.code);
    if status != Some(types::VpcPeeringConnectionStateReasonCode::Active) {
        return Ok(None);
    }
    let id = connection.vpc_peering_connection_id;
    Ok(Some(Peering {
        id: require(API.action, "vpcPeeringConnectionId", id)?,
        sides: [
            side("requesterVpcInfo", connection.requester_vpc_info)?,
            side("accepterVpcInfo", connection.accepter_vpc_info)?,
        ],
    }))
}

fn side(
    name: &str,
    info: Option<types::VpcPeeringConnectionVpcInfo>,
) -> Result<PeeringSide, Failure> {
    let info = require(API.action, name, info)?;
    Ok(PeeringSide {
        ranges: ranges(&info)?,
        vpc: info.vpc_id.unwrap_or_default(),
    })
}

/// Every range of the VPC; the one on its own is the first of them.
fn ranges(info: &types::VpcPeeringConnectionVpcInfo) -> Result<Vec<IpNet>, Failure> {
    let v4 = info.cidr_block_set().iter();
    let v4 = v4.filter_map(|block| block.cidr_block.as_ref());
    let v6 = info.ipv6_cidr_block_set().iter();
    let v6 = v6.filter_map(|block| block.ipv6_cidr_block.as_ref());
    let texts = info.cidr_block.iter().chain(v4).chain(v6);
    let mut ranges: Vec<IpNet> = texts
        .map(|text| address_range(API.action, text))
        .collect::<Result<_, _>>()?;
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
    fn only_connections_in_force_count() {
        for status in ["pending-acceptance", "deleted", "expired"] {
            assert_eq!(shape(connection(status)).unwrap(), None, "{status}");
        }
    }
}
