//! Network ACLs that let everybody in to ports for administration.

use std::collections::BTreeSet;

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers, format,
    part, remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity, Violation};
use crate::services::ec2::network::acl_rules;
use crate::services::ec2::network::admin_ports::{self, ADMIN_PORTS, PROTOCOLS, describe};
use crate::services::ec2::network::internet::Family;
use crate::services::ec2::{AclRule, NetworkAcl, NetworkAcls};

pub(super) const CHECK: Check = Check {
    id: "network-acl-admin-port-open",
    title: "Network ACL allows SSH or RDP from the internet",
    category: Category::NetworkSecurity,
    severity: Severity::Low,
    why: "A network ACL filters traffic before the security groups of a whole subnet. If it blocks \
          administration ports, they stay closed even if somebody opens a security group by mistake. The \
          initial network ACL of a VPC allows all traffic. Security groups still decide what is reachable, \
          so the severity is low. The benchmark's control covers inbound rules only, so this check ignores \
          outbound rules. The check ec2-instance-exposed evaluates both directions.",
    fix: &[
        "Run the command. It lists the inbound rules with their numbers. The first rule that matches \
         decides.",
        "Allow the networks of your administrators with a rule number below the rule that the finding \
         names.",
        "Deny ports 22 and 3389 with numbers between these two. Add one rule for each protocol that the \
         finding covers, TCP and UDP, and for each of `0.0.0.0/0` and `::/0`.",
        "Add the rules in the VPC console under Network ACLs, Edit inbound rules, or with `aws ec2 \
         create-network-acl-entry`.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:111122223333:network-acl/acl-0123456789abcdef0",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        // Which number comes before the rule that allows it depends on the list's other rules.
        let describe =
            "ec2 describe-network-acls --query 'NetworkAcls[].Entries[?Egress==`false`]'";
        remediation::regional(describe, failed, ("network-acl-ids", failed.name()))
    },
    controls: &[
        covers("cis-7.0", "6.2"),
        covers("cis-5.0", "5.2"),
        covers("aws-fsbp", "EC2.21"),
    ],
    prowler: Counterparts::per_resource(&[
        same("ec2_networkacl_allow_ingress_any_port").with_remark("for both ports"),
        part("ec2_networkacl_allow_ingress_tcp_port_22"),
        part("ec2_networkacl_allow_ingress_tcp_port_3389"),
    ]),
    parameters: Parameters::Fixed(admin_ports::parameters),
    needs: &[NetworkAcls::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let acls = facts.get::<NetworkAcls>()?;
    let mut result = RuleResult {
        gaps: acls.gaps.clone(),
        ..RuleResult::default()
    };
    for acl in acls {
        if result.is_own(&acl.owner) {
            result.add(evaluated(acl, region, context));
        }
    }
    Ok(result)
}

/// # Errors
/// The gap of a rule that could not be read, where it may open a port that no other does.
fn evaluated(
    acl: &NetworkAcl,
    region: &Region,
    context: &Context<'_>,
) -> Result<Option<Violation>, Gap> {
    let id = acl.id.as_ref().map_err(Clone::clone)?;
    let opened = |unread_allows| {
        let rules = acl_rules::in_order(&acl.ingress, unread_allows);
        let by_family = Family::ALL
            .iter()
            .filter_map(|family| opened(&rules, *family));
        by_family.collect::<Vec<String>>()
    };
    let open = opened(false);
    if open.is_empty() {
        let mut unread = acl.ingress.unread.iter();
        let gap = unread.next().filter(|_| !opened(true).is_empty());
        return gap.map_or(Ok(None), |rule| Err(rule.gap.clone()));
    }
    let subnets = (acl.subnets.known.len() + acl.subnets.gaps.len()) as u64;
    let (subnets, open) = (format::count(subnets, "subnet"), open.join(", and "));
    let message = format!("Network ACL {id} of {subnets} allows {open}");
    let resource = arn::ec2(context, region, "network-acl", id);
    Ok(Some(CHECK.violation(resource, message)))
}

/// What rules open to everybody of a family, in words.
fn opened(rules: &[AclRule], family: Family) -> Option<String> {
    let (mut ports, mut numbers) = (Vec::new(), BTreeSet::new());
    for port in &ADMIN_PORTS {
        let opening = PROTOCOLS.map(|over| acl_rules::opening(rules, family, over, port.0));
        let by: BTreeSet<i32> = opening.iter().flatten().map(|rule| rule.number).collect();
        if !by.is_empty() {
            ports.push(describe(port));
            numbers.extend(by);
        }
    }
    let numbers: Vec<String> = numbers.iter().map(i32::to_string).collect();
    let rule = if numbers.len() == 1 { "rule" } else { "rules" };
    (!ports.is_empty()).then(|| {
        format!(
            "{} from the internet over {} by {rule} {}",
            format::first_few(&ports),
            family.as_str(),
            format::first_few(&numbers)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::{Owner, Reading};
    use crate::services::ec2::UnreadAclRule;
    use crate::services::ec2::samples::{AclLine, acl};

    fn evaluated(lines: &[AclLine<'_>]) -> RuleResult {
        let facts = FactStore::default()
            .with::<NetworkAcls>(Reading::known(vec![acl("acl-1", lines)].into()));
        evaluate_region(&CHECK, &facts).unwrap()
    }

    #[test]
    fn the_acl_that_aws_makes_is_a_violation() {
        let lines = [
            (100, true, "-1", None, "0.0.0.0/0"),
            (101, true, "-1", None, "::/0"),
            (32_767, false, "-1", None, "0.0.0.0/0"),
        ];
        let result = evaluated(&lines);
        let violation = &result.violations[0];
        assert_eq!(
            violation.resource,
            "arn:aws:ec2:eu-west-1:111122223333:network-acl/acl-1"
        );
        assert_eq!(
            violation.message,
            "Network ACL acl-1 of 1 subnet allows SSH (22), RDP (3389) from the internet over IPv4 by rule 100, \
             and SSH (22), RDP (3389) from the internet over IPv6 by rule 101"
        );
    }

    #[test]
    fn denies_that_come_first_close_it() {
        let allow = (100, true, "-1", None, "0.0.0.0/0");
        let deny = |number, ports| (number, false, "-1", ports, "0.0.0.0/0");
        assert!(evaluated(&[deny(90, None), allow]).violations.is_empty());
        assert_eq!(evaluated(&[allow, deny(110, None)]).violations.len(), 1);
        let half = |number, range| (number, false, "-1", None, range);
        let (low, high) = (half(80, "0.0.0.0/1"), half(81, "128.0.0.0/1"));
        assert_eq!(evaluated(&[low, allow]).violations.len(), 1);
        assert!(evaluated(&[low, high, allow]).violations.is_empty());
        let tcp = |number, port| (number, false, "6", Some((port, port)), "0.0.0.0/0");
        let udp = |number, port| (number, false, "17", Some((port, port)), "0.0.0.0/0");
        let ssh = [tcp(10, 22), udp(11, 22), allow];
        let message = evaluated(&ssh).violations.remove(0).message;
        assert!(message.contains("allows RDP (3389) from"), "{message}");
        let both = [
            tcp(10, 22),
            udp(11, 22),
            tcp(12, 3389),
            udp(13, 3389),
            allow,
        ];
        assert!(evaluated(&both).violations.is_empty());
    }

    #[test]
    fn web_servers_and_known_networks_pass() {
        let result = evaluated(&[
            (100, true, "6", Some((443, 443)), "0.0.0.0/0"),
            (110, true, "6", Some((22, 22)), "198.51.100.0/24"),
            (120, true, "6", Some((1_024, 3_388)), "0.0.0.0/0"),
            (130, true, "6", Some((3_390, 65_535)), "0.0.0.0/0"),
        ]);
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (1, 0)
        );
    }

    #[test]
    fn an_acl_of_another_account_is_that_accounts() {
        let shared = NetworkAcl {
            owner: Owner::Other("444455556666".into()),
            ..acl("acl-1", &[(100, true, "-1", None, "0.0.0.0/0")])
        };
        let facts = FactStore::default().with::<NetworkAcls>(Reading::known(vec![shared].into()));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (0, 0)
        );
        assert_eq!(result.other_accounts, 1);
    }

    #[test]
    fn an_unread_rule_leaves_a_verdict_that_it_cannot_change() {
        let allow = (100, true, "-1", None, "0.0.0.0/0");
        let deny = (100, false, "-1", None, "0.0.0.0/0");
        let v6 = (101, false, "-1", None, "::/0");
        let evaluated = |lines: &[AclLine<'_>], number| {
            let mut acl = acl("acl-1", lines);
            let gap = Gap::lacks("ec2:DescribeNetworkAcls", "acl-1", "ruleAction");
            acl.ingress.add(Err(UnreadAclRule { number, gap }));
            let sound = NetworkAcl {
                subnets: Vec::new().into(),
                ..crate::services::ec2::samples::acl("acl-2", &[allow])
            };
            let facts =
                FactStore::default().with::<NetworkAcls>(Reading::known(vec![acl, sound].into()));
            let result = evaluate_region(&CHECK, &facts).unwrap();
            assert!(
                result
                    .violations
                    .iter()
                    .any(|one| one.resource.ends_with("acl-2"))
            );
            (result.violations.len() - 1, result.gaps.len())
        };
        assert_eq!(evaluated(&[allow], Some(200)), (1, 0));
        assert_eq!(evaluated(&[allow], Some(50)), (0, 1));
        assert_eq!(evaluated(&[allow], None), (0, 1));
        assert_eq!(evaluated(&[deny, v6], Some(200)), (0, 0));
        assert_eq!(evaluated(&[deny], Some(200)), (0, 1));
        assert_eq!(evaluated(&[], None), (0, 1));
    }

    #[test]
    fn acls_that_could_not_be_read_are_a_gap() {
        let facts = FactStore::default().with::<NetworkAcls>(missing("ec2:DescribeNetworkAcls"));
        let gap = evaluate_region(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("ec2:DescribeNetworkAcls"));
    }
}
