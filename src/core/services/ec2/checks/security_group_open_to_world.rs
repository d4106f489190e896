//! Ingress rules of security groups that are open to the world.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers_from, part,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::ec2::SecurityGroups;
use crate::services::ec2::network::internet::Family;
use crate::services::ec2::network::security_groups::{self, TrafficIssue};
use crate::services::ec2::network::traffic::{Protocol, Traffic};

pub(super) const CHECK: Check = Check {
    id: "security-group-open-to-world",
    title: "Security group rule is open to the world",
    category: Category::NetworkSecurity,
    severity: Severity::Medium,
    why: "Every resource with this group accepts the traffic from the internet, now or when it gets a \
          public address. Scanners find an open port within minutes. Then only the software on that port \
          stands between them and the data. A public website on TCP port 80 or 443 is open on purpose, so \
          its severity is low.",
    fix: &[
        "Decide whether the port must be public. If so, suppress the finding with an exception.",
        "Run the command. It lists the group's rules with their IDs. It changes nothing.",
        "Allow the networks that need access with a rule of their own. In the console: EC2, Security \
         Groups, Inbound rules. With the CLI: `aws ec2 authorize-security-group-ingress`.",
        "Delete the open rule in the same console page, or with `aws ec2 revoke-security-group-ingress` and \
         the rule's ID.",
        "If several rules only together cover the internet, delete those that you do not need.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0123456789abcdef0",
        "tcp 8080 from 0.0.0.0/0",
    ),
    by_default: true,
    // Some rules are meant to be open, a website's: this shows them, and takes nothing away.
    remediation: security_groups::rules_of,
    controls: &[covers_from(Severity::Medium, "aws-fsbp", "EC2.18")],
    prowler: Counterparts::per_resource(&[
        same("ec2_securitygroup_allow_ingress_from_internet_to_any_port"),
        part("ec2_securitygroup_allow_ingress_from_internet_to_all_ports"),
    ]),
    parameters: Parameters::None,
    needs: &[SecurityGroups::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    security_groups::evaluate(&CHECK, facts, region, context, &Family::ALL, |traffic| {
        Some(TrafficIssue {
            severity: severity(traffic),
            ..TrafficIssue::default()
        })
    })
}

fn severity(traffic: &Traffic) -> Option<Severity> {
    match (&traffic.protocol, traffic.first, traffic.last) {
        (Protocol::Tcp, 80, 80) | (Protocol::Tcp, 443, 443) => Some(Severity::Low),
        _ => traffic.is_sweeping().then_some(Severity::High),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::{Cause, Items, Owner, Reading};
    use crate::services::ec2::samples::{RuleLine, group};
    use crate::services::ec2::{PrefixList, SecurityGroup};

    fn facts(rules: &[RuleLine<'_>]) -> FactStore {
        FactStore::default()
            .with::<SecurityGroups>(Reading::known(vec![group("sg-1", rules)].into()))
    }

    #[test]
    fn rules_for_known_sources_pass() {
        let rules = [
            ("tcp", Some((22, 22)), "10.0.0.0/8"),
            ("-1", None, "sg-2"),
            ("tcp", Some((5432, 5432)), "198.51.100.7/32"),
        ];
        let result = evaluate_region(&CHECK, &facts(&rules)).unwrap();
        assert_eq!(result.resources_evaluated, 3);
        assert!(result.violations.is_empty());
    }

    #[test]
    fn severity_follows_what_comes_in() {
        use Severity::{High, Low, Medium};
        for (protocol, ports, expected) in [
            ("tcp", Some((80, 80)), Low),
            ("tcp", Some((443, 443)), Low),
            ("tcp", Some((80, 81)), Medium),
            ("tcp", Some((80, 443)), Medium),
            ("udp", Some((443, 443)), Medium),
            ("tcp", Some((22, 22)), Medium),
            ("tcp", Some((0, 65535)), High),
            ("tcp", None, High),
            ("tcp", Some((1, 65535)), Medium),
            ("udp", None, Medium),
            ("icmp", None, Medium),
            ("-1", None, High),
        ] {
            let facts = facts(&[(protocol, ports, "0.0.0.0/0")]);
            let result = evaluate_region(&CHECK, &facts).unwrap();
            assert_eq!(result.violations.len(), 1);
            assert_eq!(
                result.violations[0].severity, expected,
                "{protocol} {ports:?}"
            );
        }
    }

    #[test]
    fn a_violation_names_the_group_and_the_rule() {
        let facts = facts(&[
            ("tcp", Some((22, 22)), "0.0.0.0/0"),
            ("tcp", Some((22, 22)), "::/0"),
            ("tcp", Some((22, 22)), "10.0.0.0/8"),
        ]);
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(result.resources_evaluated, 3);
        let parts: Vec<&str> = result.violations.iter().map(|v| &*v.part).collect();
        assert_eq!(parts, ["tcp 22 from 0.0.0.0/0", "tcp 22 from ::/0"]);
        let first = &result.violations[0];
        assert_eq!(
            first.resource,
            "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1"
        );
        assert_eq!(
            first.message,
            "Security group sg-1-name allows inbound tcp 22 from 0.0.0.0/0"
        );
    }

    #[test]
    fn an_unread_prefix_list_is_a_gap_beside_the_violations() {
        let mut facts = facts(&[
            ("tcp", Some((22, 22)), "0.0.0.0/0"),
            ("tcp", Some((443, 443)), "pl-1"),
            ("tcp", Some((80, 80)), "pl-2"),
        ]);
        let denied = denied("ec2:GetManagedPrefixListEntries");
        let list = missing("ec2:GetManagedPrefixListEntries");
        facts.put_of::<PrefixList>("pl-1", list);
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(result.resources_evaluated, 1);
        assert_eq!(result.violations.len(), 1);
        assert_eq!(result.gaps[0], denied);
        assert_eq!(result.gaps[1].cause, Cause::NotCollected);
        assert_eq!(result.gaps[1].resource, "pl-2");
    }

    #[test]
    fn a_rule_or_a_group_that_could_not_be_read_is_a_gap_beside_the_violations() {
        let gap = |resource| Gap::lacks("ec2:DescribeSecurityGroups", resource, "ipProtocol");
        let mut unread = group("sg-1", &[("tcp", Some((22, 22)), "0.0.0.0/0")]);
        unread.ingress.gaps.push(gap("sg-1"));
        let sound = group("sg-2", &[("tcp", Some((22, 22)), "::/0")]);
        let groups = Items {
            known: vec![unread, sound],
            gaps: vec![gap("")],
        };
        let facts = FactStore::default().with::<SecurityGroups>(Reading::known(groups));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (2, 2)
        );
        assert_eq!(result.gaps, [gap(""), gap("sg-1")]);
    }

    #[test]
    fn a_group_of_another_account_is_counted_and_not_evaluated() {
        let open = [("tcp", Some((22, 22)), "0.0.0.0/0")];
        let evaluated = |owner| {
            let group = SecurityGroup {
                owner,
                ..group("sg-1", &open)
            };
            let facts =
                FactStore::default().with::<SecurityGroups>(Reading::known(vec![group].into()));
            let result = evaluate_region(&CHECK, &facts).unwrap();
            (
                result.violations.len(),
                result.other_accounts,
                result.gaps.len(),
            )
        };
        assert_eq!(evaluated(Owner::Own), (1, 0, 0));
        assert_eq!(evaluated(Owner::Other("444455556666".into())), (0, 1, 0));
        let unknown = Gap::lacks("ec2:DescribeSecurityGroups", "sg-1", "ownerId");
        assert_eq!(evaluated(Owner::Unknown(unknown)), (0, 0, 1));
    }

    #[test]
    fn groups_that_could_not_be_read_are_a_gap() {
        let facts =
            FactStore::default().with::<SecurityGroups>(missing("ec2:DescribeSecurityGroups"));
        let gap = evaluate_region(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("ec2:DescribeSecurityGroups"));
    }
}
