//! What the tests of the checks share.

use super::{
    AclRule, AclRules, Ingress, Instance, Interface, NetworkAcl, RouteDestination, RouteTable,
    SecurityGroup, Source,
};
use crate::model::{Items, Owner};

/// A security group's rule: protocol, ports and source.
pub(in crate::services) type RuleLine<'a> = (&'a str, Option<(u16, u16)>, &'a str);

/// A security group with rules of protocol, ports and source: a range, `pl-…` or `sg-…`.
pub(in crate::services) fn group(id: &str, rules: &[RuleLine<'_>]) -> SecurityGroup {
    let ingress = rules.iter().map(|&(protocol, ports, source)| Ingress {
        protocol: protocol.into(),
        ports,
        source: match source.split_once('-') {
            Some(("pl", _)) => Source::PrefixList(source.into()),
            Some(("sg", _)) => Source::Group(source.into()),
            _ => Source::Range(source.parse().unwrap()),
        },
    });
    SecurityGroup {
        id: id.into(),
        name: Some(format!("{id}-name")),
        vpc: Some("vpc-1".into()),
        owner: Owner::Own,
        ingress: ingress.collect::<Vec<_>>().into(),
        egress_rules: 0,
        egress_groups: Items::default(),
    }
}

/// A running instance of `vpc-1` as it should be, with these interfaces.
pub(in crate::services) fn instance(id: &str, interfaces: Vec<Interface>) -> Instance {
    Instance {
        id: id.into(),
        vpc: Some("vpc-1".into()),
        state: "running".into(),
        interfaces,
        has_profile: true,
        answers_imdsv1: Some(false),
    }
}

/// The route table of some subnets, or with none the main one of `vpc-1`, with routes to an internet
/// gateway.
pub(in crate::services) fn table(
    id: &str,
    subnets: &[&str],
    to_internet_gateway: &[&str],
) -> RouteTable {
    let destinations = to_internet_gateway.iter();
    RouteTable {
        id: Ok(id.into()),
        vpc: Ok("vpc-1".into()),
        owner: Owner::Own,
        main: subnets.is_empty(),
        subnets: texts(subnets),
        to_internet_gateway: destinations.map(|one| destination(one)).collect(),
        to_peers: Vec::new(),
        unread: Vec::new(),
    }
}

/// A list of texts, all of which could be read.
pub(in crate::services) fn texts(list: &[&str]) -> Items<String> {
    let texts: Vec<String> = list.iter().map(ToString::to_string).collect();
    texts.into()
}

/// The destination of a route: a range, or `pl-…`.
pub(in crate::services) fn destination(text: &str) -> RouteDestination {
    match text.starts_with("pl-") {
        true => RouteDestination::PrefixList(text.into()),
        false => RouteDestination::Range(text.parse().unwrap()),
    }
}

/// A network ACL's rule: number, whether it allows, protocol, ports and source.
pub(in crate::services) type AclLine<'a> = (i32, bool, &'a str, Option<(u16, u16)>, &'a str);

/// A network ACL of `subnet-1`, with rules for what comes in. Everything gets out.
pub(in crate::services) fn acl(id: &str, rules: &[AclLine<'_>]) -> NetworkAcl {
    NetworkAcl {
        id: Ok(id.into()),
        vpc: Some("vpc-1".into()),
        owner: Owner::Own,
        subnets: texts(&["subnet-1"]),
        ingress: acl_rules(rules),
        egress: acl_rules(&[
            (100, true, "-1", None, "0.0.0.0/0"),
            (101, true, "-1", None, "::/0"),
        ]),
    }
}

/// The rules of a network ACL in one direction.
pub(in crate::services) fn acl_rules(rules: &[AclLine<'_>]) -> AclRules {
    let mut read = AclRules::default();
    for &(number, allows, protocol, ports, peer) in rules {
        read.add(Ok(AclRule {
            number,
            allows,
            protocol: protocol.into(),
            ports,
            peer: peer.parse().unwrap(),
        }));
    }
    read
}
