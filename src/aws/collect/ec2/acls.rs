//! Network ACLs.

use aws_sdk_ec2::types;
use orgscan_core::model::{Cause, Items};
use orgscan_core::services::ec2::DESCRIBE_NETWORK_ACLS as API;
use orgscan_core::services::ec2::{AclRule, AclRules, NetworkAcl, NetworkAcls, UnreadAclRule};

use super::address_range;
use super::list::list;
use crate::collect::{Collect, FactError, RegionScope};
use crate::{Failure, require};

impl Collect<RegionScope<'_>> for NetworkAcls {
    /// All network ACLs, with those of subnets that another account shares.
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<NetworkAcl>, FactError> {
        let shape = |acl| Ok(Some(shape_acl(scope, acl)));
        Ok(list!(
            scope,
            API,
            describe_network_acls,
            network_acls,
            shape
        )?)
    }
}

fn shape_acl(scope: &RegionScope<'_>, acl: types::NetworkAcl) -> NetworkAcl {
    let id = acl.network_acl_id;
    let about = |failure: Failure| failure.of_item(id.as_deref());
    let (ingress, egress) = rules(acl.entries.unwrap_or_default(), about);
    let associations = acl.associations.unwrap_or_default().into_iter();
    let subnets = associations
        .map(|one| require(API.action, "subnetId", one.subnet_id).map_err(about))
        .collect();
    NetworkAcl {
        vpc: acl.vpc_id,
        owner: scope.owner(API.action, id.as_deref(), acl.owner_id),
        subnets,
        ingress,
        egress,
        id: require(API.action, "networkAclId", id).map_err(Into::into),
    }
}

/// The rules of both directions. One that does not say its direction may belong to either.
fn rules(
    entries: Vec<types::NetworkAclEntry>,
    about: impl Fn(Failure) -> Failure,
) -> (AclRules, AclRules) {
    let (mut ingress, mut egress) = (AclRules::default(), AclRules::default());
    for entry in entries {
        let (number, is_egress) = (entry.rule_number, entry.egress);
        let rule = require(API.action, "egress", is_egress).and_then(|_| rule(entry));
        let rule = rule.map_err(|failure| UnreadAclRule {
            number,
            gap: about(failure).into(),
        });
        if is_egress != Some(true) {
            ingress.add(rule.clone());
        }
        if is_egress != Some(false) {
            egress.add(rule);
        }
    }
    (ingress, egress)
}

/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAclEntry.html>
fn rule(entry: types::NetworkAclEntry) -> Result<AclRule, Failure> {
    let peer = entry.cidr_block.or(entry.ipv6_cidr_block);
    let peer = require(API.action, "cidrBlock", peer)?;
    let protocol = require(API.action, "protocol", entry.protocol)?;
    Ok(AclRule {
        number: require(API.action, "ruleNumber", entry.rule_number)?,
        allows: allows(&require(API.action, "ruleAction", entry.rule_action)?)?,
        ports: match protocol.as_str() {
            "6" | "17" => Some(ports(require(API.action, "portRange", entry.port_range)?)?),
            // A rule for all protocols matches all ports, whatever range it has; others have no ports.
            _ => None,
        },
        protocol,
        peer: address_range(API.action, &peer)?,
    })
}

fn allows(action: &types::RuleAction) -> Result<bool, Failure> {
    match action {
        types::RuleAction::Allow => Ok(true),
        types::RuleAction::Deny => Ok(false),
        other => Err(malformed(format!("`{other}` is no known ruleAction"))),
    }
}

/// The ports of a rule that has some. Half of a range is never taken for all ports: a rule that denies
/// would deny too much.
fn ports(range: types::PortRange) -> Result<(u16, u16), Failure> {
    let number = |name: &str, port: Option<i32>| {
        let port = require(API.action, name, port)?;
        u16::try_from(port).map_err(|_| malformed(format!("`{port}` is no port")))
    };
    Ok((number("from", range.from)?, number("to", range.to)?))
}

fn malformed(detail: String) -> Failure {
    Failure::new(API.action, Cause::Malformed, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_ports_is_whole_or_malformed() {
        let read = |from: Option<i32>, to: Option<i32>| {
            let range = types::PortRange::builder().set_from(from).set_to(to);
            ports(range.build()).map_err(|failure| failure.cause)
        };
        assert_eq!(read(Some(22), Some(22)), Ok((22, 22)));
        assert_eq!(read(Some(0), Some(65_535)), Ok((0, 65_535)));
        for (from, to) in [(None, Some(22)), (Some(22), None), (Some(-1), Some(22))] {
            assert_eq!(read(from, to), Err(Cause::Malformed), "{from:?} {to:?}");
        }
    }

    fn entry() -> types::builders::NetworkAclEntryBuilder {
        types::NetworkAclEntry::builder()
            .cidr_block("0.0.0.0/0")
            .egress(false)
            .protocol("6")
            .port_range(types::PortRange::builder().from(22).to(22).build())
            .rule_action(types::RuleAction::Allow)
            .rule_number(100)
    }

    #[test]
    fn each_field_of_an_entry_that_is_missing_is_a_gap_and_never_a_default() {
        let read = |entry: types::builders::NetworkAclEntryBuilder| {
            rules(vec![entry.build()], |failure| {
                failure.of_item(Some("acl-1"))
            })
        };
        let (ingress, egress) = read(entry());
        assert_eq!((ingress.known.len(), egress.known.len()), (1, 0));
        let (ingress, egress) = read(entry().egress(true));
        assert_eq!((ingress.known.len(), egress.known.len()), (0, 1));
        for (changed, lacks) in [
            (entry().set_egress(None), "egress"),
            (entry().set_cidr_block(None), "cidrBlock"),
            (entry().set_protocol(None), "protocol"),
            (entry().set_port_range(None), "portRange"),
            (entry().set_rule_action(None), "ruleAction"),
            (entry().set_rule_number(None), "ruleNumber"),
        ] {
            let (ingress, egress) = read(changed);
            assert!(
                ingress.known.is_empty() && egress.known.is_empty(),
                "{lacks}"
            );
            let gap = &ingress.unread[0].gap;
            assert_eq!(gap.detail, format!("the answer lacks {lacks}"));
            assert_eq!(gap.resource, "acl-1");
            assert_eq!(egress.unread.len(), usize::from(lacks == "egress"));
        }
        let (ingress, _) = read(entry().rule_action("defer".into()));
        assert_eq!(ingress.unread[0].number, Some(100));
    }

    #[test]
    fn a_rule_for_all_protocols_matches_all_ports() {
        let all = entry().protocol("-1").build();
        assert_eq!(rule(all).unwrap().ports, None);
    }
}
