//! Ingress rules of security groups that open ports for administration to all of IPv6.

use super::internet::Family;
use super::{Category, Check, Context, Need, Rule, admin_ports, security_groups};
use crate::model::{Gap, Judgement, Region, RegionFacts, Severity};

/// The check.
pub const CHECK: Check = Check {
    id: "security-group-admin-port-open-ipv6",
    title: "Security group rule opens SSH or RDP to all of IPv6",
    category: Category::NetworkSecurity,
    severity: Severity::High,
    why: "A rule for IPv6 is easily forgotten beside one for IPv4, and lets in whoever knows the address: \
          names in DNS and certificates give it away. Passwords are guessed there too, and a flaw is used \
          within hours of its being known. Auditors ask for these two ports on their own; the check of \
          sensitive ports has them among others.",
    fix: "Find the rule's id with `aws ec2 describe-security-group-rules --filters \
          Name=group-id,Values=GROUP --region REGION`, or in the EC2 console under Security Groups, Inbound \
          rules, and take it away with `aws ec2 revoke-security-group-ingress --group-id GROUP \
          --security-group-rule-ids RULE --region REGION`. Reach machines with `aws ssm start-session \
          --target INSTANCE --region REGION`, which needs no open port.",
    by_default: false,
    mend: security_groups::mend,
    needs: &[Need::SecurityGroups],
    rule: Rule::Region(judge),
};

fn judge(facts: &RegionFacts, region: &Region, context: &Context<'_>) -> Result<Judgement, Gap> {
    let families = [Family::V6];
    security_groups::judge(facts, region, context, &families, admin_ports::object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{Line, denied, group, judge_region, missing};
    use crate::model::{Fact, PrefixList};

    fn facts(rules: &[Line<'_>]) -> RegionFacts {
        RegionFacts {
            security_groups: Fact::known(vec![group("sg-1", rules)]),
            ..RegionFacts::default()
        }
    }

    fn parts(facts: &RegionFacts) -> Vec<String> {
        let judgement = judge_region(&CHECK, facts).unwrap();
        judgement.violations.into_iter().map(|v| v.part).collect()
    }

    #[test]
    fn ports_that_just_include_ssh_or_rdp_count() {
        for (protocol, ports, open) in [
            ("tcp", Some((22, 22)), true),
            ("tcp", Some((3389, 3389)), true),
            ("udp", Some((3389, 3389)), true),
            ("tcp", Some((0, 22)), true),
            ("tcp", Some((22, 23)), true),
            ("tcp", Some((3000, 3389)), true),
            ("tcp", Some((0, 21)), false),
            ("tcp", Some((23, 3388)), false),
            ("tcp", Some((3390, 65_535)), false),
            ("icmp", None, false),
            ("tcp", None, true),
            ("-1", None, true),
        ] {
            let found = parts(&facts(&[(protocol, ports, "::/0")]));
            assert_eq!(!found.is_empty(), open, "{protocol} {ports:?}");
        }
    }

    #[test]
    fn only_all_of_its_own_family_counts() {
        let ssh = |source| parts(&facts(&[("tcp", Some((22, 22)), source)]));
        assert_eq!(ssh("::/0"), ["tcp 22 from ::/0"]);
        for source in ["0.0.0.0/0", "2000::/4", "fd00::/8", "sg-2"] {
            assert!(ssh(source).is_empty(), "{source}");
        }
        let rule = |source| ("tcp", Some((22, 22)), source);
        let halves = parts(&facts(&[rule("2000::/4"), rule("3000::/4")]));
        assert_eq!(halves, ["tcp 22 from 2000::/4 + 3000::/4"]);
    }

    #[test]
    fn a_prefix_list_counts_by_its_ranges() {
        for (range, open) in [("::/0", true), ("0.0.0.0/0", false), ("fd00::/8", false)] {
            let mut facts = facts(&[("tcp", Some((22, 22)), "pl-1")]);
            let ranges = vec![range.parse().unwrap()];
            let list = Fact::known(PrefixList { ranges });
            facts.prefix_lists.insert("pl-1".into(), list);
            assert_eq!(!parts(&facts).is_empty(), open, "{range}");
        }
        let judgement = judge_region(&CHECK, &facts(&[("tcp", Some((22, 22)), "pl-1")])).unwrap();
        assert_eq!((judgement.examined, judgement.gaps.len()), (0, 1));
    }

    #[test]
    fn a_violation_says_what_it_reaches() {
        let judgement = judge_region(&CHECK, &facts(&[("-1", None, "::/0")])).unwrap();
        let violation = &judgement.violations[0];
        assert_eq!(violation.severity, Severity::Critical);
        assert_eq!(
            violation.message,
            "Security group sg-1-name lets in all from ::/0; it reaches SSH (22), RDP (3389)"
        );
    }

    #[test]
    fn groups_that_could_not_be_read_are_a_gap() {
        let facts = RegionFacts {
            security_groups: missing("ec2:DescribeSecurityGroups"),
            ..RegionFacts::default()
        };
        let gap = judge_region(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("ec2:DescribeSecurityGroups"));
    }
}
