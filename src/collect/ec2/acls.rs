//! Network ACLs.

use aws_sdk_ec2::types;

use super::list::list;
use super::{Ec2, address_range};
use crate::aws::{Failure, require};
use crate::model::{AclRule, Cause, NetworkAcl};
use crate::pace::api::DESCRIBE_NETWORK_ACLS as API;

/// The largest page that EC2 gives.
const PAGE: i32 = 1_000;

impl Ec2<'_> {
    /// All network ACLs, with those of subnets that another account shares.
    pub(super) async fn network_acls(&self) -> Result<Vec<NetworkAcl>, Failure> {
        let shape = |acl| self.shape_acl(acl);
        list!(self, API, describe_network_acls, PAGE, network_acls, shape)
    }

    fn shape_acl(&self, acl: types::NetworkAcl) -> Result<Option<NetworkAcl>, Failure> {
        let ingress = acl.entries.unwrap_or_default().into_iter();
        let ingress = ingress.filter(|entry| entry.egress == Some(false));
        let mut ingress: Vec<AclRule> = ingress.map(rule).collect::<Result<_, _>>()?;
        ingress.sort_by_key(|rule| rule.number);
        let associations = acl.associations.unwrap_or_default().into_iter();
        Ok(Some(NetworkAcl {
            owned: self.is_own(acl.owner_id.as_deref()),
            id: require(API.action, "networkAclId", acl.network_acl_id)?,
            subnets: associations.filter_map(|one| one.subnet_id).collect(),
            ingress,
        }))
    }
}

fn rule(entry: types::NetworkAclEntry) -> Result<AclRule, Failure> {
    let source = entry.cidr_block.or(entry.ipv6_cidr_block);
    let source = require(API.action, "cidrBlock", source)?;
    Ok(AclRule {
        number: require(API.action, "ruleNumber", entry.rule_number)?,
        allows: require(API.action, "ruleAction", entry.rule_action)? == types::RuleAction::Allow,
        protocol: require(API.action, "protocol", entry.protocol)?,
        ports: entry.port_range.as_ref().map(ports).transpose()?,
        source: address_range(API.action, &source)?,
    })
}

/// The ports of a rule that has some. Half of a range is never taken for all ports: a rule that denies
/// would deny too much.
fn ports(range: &types::PortRange) -> Result<(u16, u16), Failure> {
    let number = |name: &str, port: Option<i32>| {
        let port = require(API.action, name, port)?;
        u16::try_from(port).map_err(|_| {
            let detail = format!("`{port}` is no port");
            Failure::new(API.action, Cause::Malformed, detail)
        })
    };
    Ok((number("from", range.from)?, number("to", range.to)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_ports_is_whole_or_malformed() {
        let read = |from: Option<i32>, to: Option<i32>| {
            let range = types::PortRange::builder().set_from(from).set_to(to);
            ports(&range.build()).map_err(|failure| failure.cause)
        };
        assert_eq!(read(Some(22), Some(22)), Ok((22, 22)));
        assert_eq!(read(Some(0), Some(65_535)), Ok((0, 65_535)));
        for (from, to) in [(None, Some(22)), (Some(22), None), (Some(-1), Some(22))] {
            assert_eq!(read(from, to), Err(Cause::Malformed), "{from:?} {to:?}");
        }
    }
}
