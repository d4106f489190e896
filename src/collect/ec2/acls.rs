//! Network ACLs.

use aws_sdk_ec2::types;

use super::list::list;
use super::{Ec2, address_range};
use crate::aws::{Failure, require};
use crate::model::{AclRule, NetworkAcl};
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
        ports: entry.port_range.as_ref().and_then(ports),
        source: address_range(API.action, &source)?,
    })
}

/// The ports of a rule; none for all of them.
fn ports(range: &types::PortRange) -> Option<(u16, u16)> {
    let number = |port: i32| u16::try_from(port).ok();
    Some((number(range.from?)?, number(range.to?)?))
}
