//! Security groups, and the prefix lists that their rules name.

use aws_sdk_ec2::types;
use ipnet::IpNet;

use super::{Ec2, address_range};
use crate::aws::{Failure, pages, require};
use crate::model::{AccountId, Ingress, PrefixList, SecurityGroup, Source};
use crate::pace::api::{DESCRIBE_SECURITY_GROUPS, GET_PREFIX_LIST_ENTRIES};

/// The largest page of groups that EC2 gives.
const GROUP_PAGE: i32 = 1_000;

/// The largest page of prefix list entries that EC2 gives.
const ENTRY_PAGE: i32 = 100;

impl Ec2<'_> {
    /// All groups that the account owns, in one unfiltered pass: EC2's filters by range would miss
    /// prefix lists and ranges that only together take in the internet. Groups that another account
    /// shares are that account's.
    pub(super) async fn security_groups(&self) -> Result<Vec<SecurityGroup>, Failure> {
        let api = &DESCRIBE_SECURITY_GROUPS;
        pages(api.action, |token| async move {
            let page = self
                .lane
                .call(api, || {
                    self.client
                        .describe_security_groups()
                        .max_results(GROUP_PAGE)
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            let groups = page.security_groups.unwrap_or_default();
            let groups: Result<_, _> = groups
                .into_iter()
                .filter(|group| is_owned_by(group, &self.session.account))
                .map(shape)
                .collect();
            Ok((groups?, page.next_token))
        })
        .await
    }

    /// The entries of a prefix list.
    pub(super) async fn prefix_list(&self, id: &str) -> Result<PrefixList, Failure> {
        let api = &GET_PREFIX_LIST_ENTRIES;
        let ranges = pages(api.action, |token| async move {
            let page = self
                .lane
                .call(api, || {
                    self.client
                        .get_managed_prefix_list_entries()
                        .prefix_list_id(id)
                        .max_results(ENTRY_PAGE)
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            let entries = page.entries.unwrap_or_default();
            let ranges: Result<_, _> = entries
                .into_iter()
                .map(|entry| range(api.action, entry.cidr))
                .collect();
            Ok((ranges?, page.next_token))
        })
        .await?;
        Ok(PrefixList { ranges })
    }
}

fn is_owned_by(group: &types::SecurityGroup, account: &AccountId) -> bool {
    let owner = group.owner_id.as_deref();
    owner.is_none_or(|owner| owner == account.as_str())
}

fn shape(group: types::SecurityGroup) -> Result<SecurityGroup, Failure> {
    let mut ingress = Vec::new();
    for permission in group.ip_permissions.unwrap_or_default() {
        ingress.extend(rules(permission)?);
    }
    ingress.sort();
    let mut egress = Vec::new();
    for permission in group.ip_permissions_egress.unwrap_or_default() {
        egress.extend(rules(permission)?);
    }
    Ok(SecurityGroup {
        id: require(DESCRIBE_SECURITY_GROUPS.action, "groupId", group.group_id)?,
        name: group.group_name.unwrap_or_default(),
        vpc: group.vpc_id.unwrap_or_default(),
        ingress,
        egress_rules: egress.len() as u64,
        egress_groups: egress.into_iter().filter_map(named_group).collect(),
    })
}

fn named_group(rule: Ingress) -> Option<String> {
    match rule.source {
        Source::Group(id) => Some(id),
        Source::Range(_) | Source::PrefixList(_) => None,
    }
}

/// EC2 bundles rules of the same protocol and ports into one permission with many sources.
fn rules(permission: types::IpPermission) -> Result<Vec<Ingress>, Failure> {
    let action = DESCRIBE_SECURITY_GROUPS.action;
    let protocol = require(action, "ipProtocol", permission.ip_protocol)?;
    let ports = ports(permission.from_port, permission.to_port);
    let mut sources = Vec::new();
    for v4 in permission.ip_ranges.unwrap_or_default() {
        sources.push(Source::Range(range(action, v4.cidr_ip)?));
    }
    for v6 in permission.ipv6_ranges.unwrap_or_default() {
        sources.push(Source::Range(range(action, v6.cidr_ipv6)?));
    }
    for list in permission.prefix_list_ids.unwrap_or_default() {
        let id = require(action, "prefixListId", list.prefix_list_id)?;
        sources.push(Source::PrefixList(id));
    }
    for pair in permission.user_id_group_pairs.unwrap_or_default() {
        // A pair may name its group by name alone, in what is left of EC2-Classic.
        let group = pair.group_id.or(pair.group_name);
        sources.push(Source::Group(require(action, "groupId", group)?));
    }
    let rule = |source| Ingress {
        protocol: protocol.clone(),
        ports,
        source,
    };
    Ok(sources.into_iter().map(rule).collect())
}

/// EC2 writes "all" as no port, or as -1; for ICMP a type without a code has -1 as its second number.
fn ports(from: Option<i32>, to: Option<i32>) -> Option<(u16, u16)> {
    let first = from?.try_into().ok()?;
    let last = to.map_or(Ingress::ALL_CODES, |to| {
        u16::try_from(to).unwrap_or(Ingress::ALL_CODES)
    });
    Some((first, last))
}

fn range(action: &'static str, text: Option<String>) -> Result<IpNet, Failure> {
    address_range(action, &require(action, "cidr", text)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Cause;

    #[test]
    fn all_ports_and_all_codes_are_told_apart_from_single_ones() {
        assert_eq!(ports(None, None), None);
        assert_eq!(ports(Some(-1), Some(-1)), None);
        assert_eq!(ports(Some(0), Some(65_535)), Some((0, 65_535)));
        assert_eq!(ports(Some(8), Some(-1)), Some((8, Ingress::ALL_CODES)));
        assert_eq!(ports(Some(3), Some(4)), Some((3, 4)));
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
        let rules = rules(permission).unwrap();
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
