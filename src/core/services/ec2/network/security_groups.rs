//! What the checks of security groups share: each evaluates the rules that are open to the world.

use super::internet::Family;
use super::open_rules::{OpenRule, open_rules};
use super::traffic::Traffic;
use crate::checks::{Check, Context, FailedResource, arn, remediation};
use crate::facts::Facts;
use crate::model::{Gap, Region, RuleResult, Severity, Violation};
use crate::services::ec2::{SecurityGroup, SecurityGroups};

/// What a check holds against traffic that everybody may send.
#[derive(Debug, Default)]
pub(in crate::services::ec2) struct TrafficIssue {
    /// How bad it is, where it is not as bad as the check's violations usually are.
    pub(in crate::services::ec2) severity: Option<Severity>,
    /// What the message says beside the rule itself; may be empty.
    pub(in crate::services::ec2) detail: String,
}

/// Evaluates the rules of all groups that are open to everybody of one of these families. `object` says
/// what a check holds against traffic from everybody, if anything; a rule whose source could not be read
/// is a gap only where it would object.
///
/// # Errors
/// The gap, where the groups could not be had.
pub(in crate::services::ec2) fn evaluate(
    check: &Check,
    facts: &Facts<'_>,
    region: &Region,
    context: &Context<'_>,
    families: &[Family],
    object: impl Fn(&Traffic) -> Option<TrafficIssue>,
) -> Result<RuleResult, Gap> {
    let groups = facts.get::<SecurityGroups>()?;
    let mut result = RuleResult {
        gaps: groups.gaps.clone(),
        ..RuleResult::default()
    };
    for group in groups {
        if !result.is_own(&group.owner) {
            continue;
        }
        let rules = open_rules(&group.ingress, facts);
        let lists = facts;
        let open_to = |rule: &&OpenRule| families.iter().any(|one| rule.is_open_to(*one, lists));
        for rule in rules.open.iter().filter(open_to) {
            let Some(objection) = object(&rule.traffic) else {
                continue;
            };
            let violation = check.violation(
                arn::ec2(context, region, "security-group", &group.id),
                message(group, rule, &objection.detail),
            );
            result.violations.push(Violation {
                part: rule.identity(),
                severity: objection.severity.unwrap_or(check.severity),
                ..violation
            });
        }
        let unread = rules.unread.into_iter();
        let gaps: Vec<Gap> = unread
            .filter(|(traffic, _)| object(traffic).is_some())
            .map(|(_, gap)| gap)
            .collect();
        let listed = group.ingress.known.len() + group.ingress.gaps.len();
        result.resources_evaluated += (listed - gaps.len()) as u64;
        result.gaps.extend(gaps);
    }
    Ok(result)
}

/// What there is against letting everybody in to a port that should not be open: worse where the rule was
/// written for everything, so that nobody thought of what listens.
pub(in crate::services::ec2) fn traffic_issue(traffic: &Traffic, what: &str) -> TrafficIssue {
    TrafficIssue {
        severity: traffic.is_sweeping().then_some(Severity::Critical),
        detail: format!("; this opens {what}"),
    }
}

fn message(group: &SecurityGroup, rule: &OpenRule, detail: &str) -> String {
    let (name, how) = (group.label(), rule.how());
    let text = rule.describe();
    format!("Security group {name} allows inbound {text}{how}{detail}")
}

/// Lists the group's rules.
pub(in crate::services::ec2) fn rules_of(failed: &FailedResource<'_>) -> Option<String> {
    let filter = format!("Name=group-id,Values={}", failed.name());
    let list = "ec2 describe-security-group-rules";
    remediation::regional(list, failed, ("filters", &filter))
}

/// Takes the rule away, where it can be told exactly from its words; else lists the group's rules.
pub(in crate::services::ec2) fn remediation(failed: &FailedResource<'_>) -> Option<String> {
    let group = failed.name();
    let Some(permission) = permission(failed.part) else {
        return rules_of(failed);
    };
    let revoke = "ec2 revoke-security-group-ingress";
    let options = [
        ("group-id", group),
        ("ip-permissions", &permission),
        ("region", failed.region),
    ];
    remediation::aws(revoke, &options)
}

/// The permission that a rule's words stand for, as EC2 takes it; none for ICMP's types and for rules
/// that are open only together.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html>
fn permission(part: &str) -> Option<String> {
    let (traffic, source) = part.split_once(" from ")?;
    let traffic = match traffic.split_once(' ') {
        None if traffic == "all" => r#""IpProtocol":"-1""#.to_owned(),
        Some((protocol @ ("tcp" | "udp"), ports)) => {
            let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
            let (first, last): (u16, u16) = (first.parse().ok()?, last.parse().ok()?);
            format!(r#""IpProtocol":"{protocol}","FromPort":{first},"ToPort":{last}"#)
        }
        _ => return None,
    };
    let source = match source.parse::<ipnet::IpNet>() {
        Ok(ipnet::IpNet::V4(net)) => format!(r#""IpRanges":[{{"CidrIp":"{net}"}}]"#),
        Ok(ipnet::IpNet::V6(net)) => format!(r#""Ipv6Ranges":[{{"CidrIpv6":"{net}"}}]"#),
        Err(_) => {
            let id = source.strip_prefix("pl-")?;
            let is_id = id.bytes().all(|b| b.is_ascii_alphanumeric());
            is_id.then(|| format!(r#""PrefixListIds":[{{"PrefixListId":"{source}"}}]"#))?
        }
    };
    Some(format!("[{{{traffic},{source}}}]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_that_is_known_exactly_is_revoked() {
        for (part, expected) in [
            (
                "tcp 22 from 0.0.0.0/0",
                r#"[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]"#,
            ),
            (
                "udp 0-65535 from ::/0",
                r#"[{"IpProtocol":"udp","FromPort":0,"ToPort":65535,"Ipv6Ranges":[{"CidrIpv6":"::/0"}]}]"#,
            ),
            (
                "all from pl-0123",
                r#"[{"IpProtocol":"-1","PrefixListIds":[{"PrefixListId":"pl-0123"}]}]"#,
            ),
        ] {
            assert_eq!(permission(part).as_deref(), Some(expected));
        }
        for other in [
            "icmp type 8 from 0.0.0.0/0",
            "tcp 22 from ranges that together cover IPv4",
            "tcp 22 from sg-1",
            "tcp 22 from pl-1' x",
            "",
        ] {
            assert_eq!(permission(other), None, "{other}");
        }
    }

    #[test]
    fn the_command_names_group_and_region() {
        let failed = |part| FailedResource {
            account: "111122223333",
            region: "eu-west-1",
            resource: "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1",
            part,
        };
        let command = remediation(&failed("all from 0.0.0.0/0")).unwrap();
        assert_eq!(
            command,
            "aws ec2 revoke-security-group-ingress --group-id sg-1 --ip-permissions \
             '[{\"IpProtocol\":\"-1\",\"IpRanges\":[{\"CidrIp\":\"0.0.0.0/0\"}]}]' --region eu-west-1"
        );
        let list = remediation(&failed("icmp from 0.0.0.0/0")).unwrap();
        assert_eq!(
            list,
            "aws ec2 describe-security-group-rules --filters Name=group-id,Values=sg-1 --region eu-west-1"
        );
    }
}
