//! Security groups.

use aws_sdk_ec2::types;
use orgscan_core::model::{Cause, Items};
use orgscan_core::services::ec2::{
    DESCRIBE_SECURITY_GROUPS, Ingress, SecurityGroup, SecurityGroups, Source,
};

use super::list::list;
use super::prefix_lists::{range, read_lists};
use crate::collect::{Collect, FactError, RegionScope};
use crate::{Failure, require};

impl Collect<RegionScope<'_>> for SecurityGroups {
    /// All groups that the account can see, in one unfiltered pass: EC2's filters by range would miss
    /// prefix lists and ranges that only together take in the internet. Groups that another account
    /// shares decide about the account's own machines as much as its own groups do.
    ///
    /// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-sharing.html>
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<SecurityGroup>, FactError> {
        let shape = |group| security_group(scope, group).map(Some);
        let groups: Items<SecurityGroup> = list!(
            scope,
            DESCRIBE_SECURITY_GROUPS,
            describe_security_groups,
            security_groups,
            shape
        )?;
        read_lists(scope, groups.iter().flat_map(named_lists)).await;
        Ok(groups)
    }
}

fn security_group(
    scope: &RegionScope<'_>,
    group: types::SecurityGroup,
) -> Result<SecurityGroup, Failure> {
    let action = DESCRIBE_SECURITY_GROUPS.action;
    let id = require(action, "groupId", group.group_id)?;
    let all = |permissions: Option<Vec<types::IpPermission>>| {
        let permissions = permissions.unwrap_or_default().into_iter();
        let rules = permissions.flat_map(rules);
        let rules = rules.map(|rule| rule.map_err(|failure| failure.of_item(Some(&id))));
        rules.collect::<Items<Ingress>>()
    };
    let mut ingress = all(group.ip_permissions);
    ingress.known.sort();
    let egress = all(group.ip_permissions_egress);
    let named = egress.known.iter().filter_map(named_group);
    Ok(SecurityGroup {
        name: group.group_name,
        vpc: group.vpc_id,
        owner: scope.owner(action, Some(&id), group.owner_id),
        ingress,
        egress_rules: (egress.known.len() + egress.gaps.len()) as u64,
        egress_groups: Items {
            known: named.collect(),
            gaps: egress.gaps,
        },
        id,
    })
}

/// The prefix lists that a group's ingress rules name.
fn named_lists(group: &SecurityGroup) -> impl Iterator<Item = &str> {
    group.ingress.iter().filter_map(|rule| match &rule.source {
        Source::PrefixList(id) => Some(id.as_str()),
        Source::Range(_) | Source::Group(_) => None,
    })
}

fn named_group(rule: &Ingress) -> Option<String> {
    match &rule.source {
        Source::Group(id) => Some(id.clone()),
        Source::Range(_) | Source::PrefixList(_) => None,
    }
}

/// EC2 bundles rules of the same protocol and ports into one permission with many sources.
fn rules(permission: types::IpPermission) -> Vec<Result<Ingress, Failure>> {
    let action = DESCRIBE_SECURITY_GROUPS.action;
    let protocol = require(action, "ipProtocol", permission.ip_protocol);
    let traffic = protocol.and_then(|protocol| {
        let ports = ports(&protocol, permission.from_port, permission.to_port)?;
        Ok((protocol, ports))
    });
    let (protocol, ports) = match traffic {
        Ok(traffic) => traffic,
        Err(failure) => return vec![Err(failure)],
    };
    let mut sources = Vec::new();
    for v4 in permission.ip_ranges.unwrap_or_default() {
        sources.push(range(action, v4.cidr_ip).map(Source::Range));
    }
    for v6 in permission.ipv6_ranges.unwrap_or_default() {
        sources.push(range(action, v6.cidr_ipv6).map(Source::Range));
    }
    for list in permission.prefix_list_ids.unwrap_or_default() {
        let id = require(action, "prefixListId", list.prefix_list_id);
        sources.push(id.map(Source::PrefixList));
    }
    for pair in permission.user_id_group_pairs.unwrap_or_default() {
        // A pair may name its group by name alone, in what is left of EC2-Classic.
        let group = pair.group_id.or(pair.group_name);
        sources.push(require(action, "groupId", group).map(Source::Group));
    }
    let rule = |source: Result<Source, Failure>| {
        source.map(|source| Ingress {
            protocol: protocol.clone(),
            ports,
            source,
        })
    };
    sources.into_iter().map(rule).collect()
}

/// The ports of a rule, or its ICMP type and code. TCP, UDP and ICMP always have two numbers, ICMPv6 may
/// have none for all types, and of all other protocols everything comes in. For ICMP, -1 stands for all.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html>
fn ports(
    protocol: &str,
    from: Option<i32>,
    to: Option<i32>,
) -> Result<Option<(u16, u16)>, Failure> {
    let action = DESCRIBE_SECURITY_GROUPS.action;
    let number = |number: i32, last: u16| {
        let port = u16::try_from(number).ok().filter(|port| *port <= last);
        let detail = || format!("`{number}` is no port, type or code of {protocol}");
        port.ok_or_else(|| Failure::new(action, Cause::Malformed, detail()))
    };
    let both = || {
        let from = require(action, "fromPort", from)?;
        Ok::<_, Failure>((from, require(action, "toPort", to)?))
    };
    match (protocol, from, to) {
        ("tcp" | "6" | "udp" | "17", _, _) => {
            let (first, last) = both()?;
            Ok(Some((number(first, u16::MAX)?, number(last, u16::MAX)?)))
        }
        ("icmpv6" | "58", None, None) => Ok(None),
        ("icmp" | "1" | "icmpv6" | "58", _, _) => match both()? {
            (-1, _) => Ok(None),
            (kind, -1) => Ok(Some((number(kind, 255)?, Ingress::ALL_CODES))),
            (kind, code) => Ok(Some((number(kind, 255)?, number(code, 255)?))),
        },
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_ports_and_all_codes_differ_from_single_ones() {
        let read = |protocol, from, to| ports(protocol, from, to).unwrap();
        assert_eq!(read("-1", None, None), None);
        assert_eq!(read("-1", Some(-1), Some(-1)), None);
        assert_eq!(read("47", None, None), None);
        assert_eq!(read("icmpv6", None, None), None);
        assert_eq!(read("icmp", Some(-1), Some(-1)), None);
        assert_eq!(read("tcp", Some(0), Some(65_535)), Some((0, 65_535)));
        let all_codes = Some((8, Ingress::ALL_CODES));
        assert_eq!(read("icmp", Some(8), Some(-1)), all_codes);
        assert_eq!(read("icmp", Some(3), Some(4)), Some((3, 4)));
    }

    #[test]
    fn a_port_that_is_missing_is_never_all_of_them() {
        for (protocol, from, to) in [
            ("tcp", None, None),
            ("tcp", Some(22), None),
            ("udp", None, Some(22)),
            ("6", Some(-1), Some(-1)),
            ("17", Some(22), Some(70_000)),
            ("icmp", None, None),
            ("icmp", Some(8), None),
            ("icmpv6", Some(8), None),
            ("icmp", Some(256), Some(0)),
        ] {
            let failure = ports(protocol, from, to).unwrap_err();
            assert_eq!(
                failure.cause,
                Cause::Malformed,
                "{protocol} {from:?} {to:?}"
            );
        }
    }

    #[test]
    fn a_source_that_cannot_be_read_hides_no_other() {
        let permission = types::IpPermission::builder()
            .ip_protocol("-1")
            .ip_ranges(types::IpRange::builder().build())
            .ip_ranges(types::IpRange::builder().cidr_ip("0.0.0.0/0").build())
            .prefix_list_ids(types::PrefixListId::builder().build());
        let rules: Items<Ingress> = rules(permission.build()).into_iter().collect();
        assert_eq!((rules.known.len(), rules.gaps.len()), (1, 2));
        let bare = types::IpPermission::builder().build();
        assert!(super::rules(bare)[0].is_err());
    }

    #[test]
    fn one_permission_with_many_sources_is_as_many_rules() {
        let permission = types::IpPermission::builder()
            .ip_protocol("tcp")
            .from_port(22)
            .to_port(22)
            .ip_ranges(types::IpRange::builder().cidr_ip("0.0.0.0/0").build())
            .ipv6_ranges(types::Ipv6Range::builder().cidr_ipv6("::/0").build())
            .prefix_list_ids(
                types::PrefixListId::builder()
                    .prefix_list_id("pl-1")
                    .build(),
            )
            .user_id_group_pairs(types::UserIdGroupPair::builder().group_id("sg-2").build())
            .build();
        let rules: Vec<Ingress> = rules(permission).into_iter().map(Result::unwrap).collect();
        assert_eq!(rules.len(), 4);
        assert!(rules.iter().all(|rule| rule.ports == Some((22, 22))));
        assert_eq!(rules[3].source, Source::Group("sg-2".into()));
    }

    #[test]
    fn a_range_that_cannot_be_read_is_malformed() {
        let failure = range("ec2:DescribeSecurityGroups", Some("0.0.0.0/33".into())).unwrap_err();
        assert_eq!(failure.cause, Cause::Malformed);
    }
}
