//! What the checks of security groups share: each judges the rules that are open to the world.

use super::internet::Family;
use super::open_rules::{OpenRule, open_rules};
use super::traffic::Traffic;
use crate::checks::{Check, Context, Flawed, arn, mend};
use crate::facts::Facts;
use crate::model::{Gap, Judgement, Region, Severity, Violation};
use crate::services::ec2::{SecurityGroup, SecurityGroups};

/// What a check holds against traffic that everybody may send.
#[derive(Debug, Default)]
pub(in crate::services::ec2) struct Objection {
    /// How bad it is, where it is not as bad as the check's violations usually are.
    pub(in crate::services::ec2) severity: Option<Severity>,
    /// What the message says beside the rule itself; may be empty.
    pub(in crate::services::ec2) detail: String,
}

/// Judges the rules of all groups that are open to everybody of one of these families. `object` says
/// what a check holds against traffic from everybody, if anything; a rule whose source could not be read
/// is a gap only where it would object.
///
/// # Errors
/// The gap, where the groups could not be had.
pub(in crate::services::ec2) fn judge(
    check: &Check,
    facts: &Facts<'_>,
    region: &Region,
    context: &Context<'_>,
    families: &[Family],
    object: impl Fn(&Traffic) -> Option<Objection>,
) -> Result<Judgement, Gap> {
    let groups = facts.get::<SecurityGroups>()?;
    let mut judgement = Judgement {
        gaps: groups.gaps.clone(),
        ..Judgement::default()
    };
    for group in groups {
        if !judgement.is_own(&group.owner) {
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
            judgement.violations.push(Violation {
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
        judgement.examined += (listed - gaps.len()) as u64;
        judgement.gaps.extend(gaps);
    }
    Ok(judgement)
}

/// What there is against letting everybody in to a port that should not be open: worse where the rule was
/// written for everything, so that nobody thought of what listens.
pub(in crate::services::ec2) fn reaches(traffic: &Traffic, what: &str) -> Objection {
    Objection {
        severity: traffic.is_sweeping().then_some(Severity::Critical),
        detail: format!("; it reaches {what}"),
    }
}

fn message(group: &SecurityGroup, rule: &OpenRule, detail: &str) -> String {
    let (name, how) = (group.label(), rule.how());
    let words = rule.in_words();
    format!("Security group {name} lets in {words}{how}{detail}")
}

/// Lists the group's rules.
pub(in crate::services::ec2) fn rules_of(flawed: &Flawed<'_>) -> Option<String> {
    let filter = format!("Name=group-id,Values={}", flawed.name());
    let list = "ec2 describe-security-group-rules";
    mend::regional(list, flawed, ("filters", &filter))
}

/// Takes the rule away, where it can be told exactly from its words; else lists the group's rules.
pub(in crate::services::ec2) fn mend(flawed: &Flawed<'_>) -> Option<String> {
    let group = flawed.name();
    let Some(permission) = permission(flawed.part) else {
        return rules_of(flawed);
    };
    let revoke = "ec2 revoke-security-group-ingress";
    let options = [
        ("group-id", group),
        ("ip-permissions", &permission),
        ("region", flawed.region),
    ];
    mend::aws(revoke, &options)
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
    fn a_rule_that_is_told_exactly_is_taken_away() {
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
        let flawed = |part| Flawed {
            account: "111122223333",
            region: "eu-west-1",
            resource: "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1",
            part,
        };
        let command = mend(&flawed("all from 0.0.0.0/0")).unwrap();
        assert_eq!(
            command,
            "aws ec2 revoke-security-group-ingress --group-id sg-1 --ip-permissions \
             '[{\"IpProtocol\":\"-1\",\"IpRanges\":[{\"CidrIp\":\"0.0.0.0/0\"}]}]' --region eu-west-1"
        );
        let list = mend(&flawed("icmp from 0.0.0.0/0")).unwrap();
        assert_eq!(
            list,
            "aws ec2 describe-security-group-rules --filters Name=group-id,Values=sg-1 --region eu-west-1"
        );
    }
}
