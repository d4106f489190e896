//! Default security groups that let traffic through.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers, format,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Arn, Gap, Region, RuleResult, Severity, Violation};
use crate::services::ec2::network::security_groups;
use crate::services::ec2::{InterfaceUse, SecurityGroup, SecurityGroups};

pub(super) const CHECK: Check = Check {
    id: "default-security-group-open",
    title: "Default security group has rules",
    category: Category::NetworkSecurity,
    severity: Severity::Medium,
    why: "A resource that is launched without a security group gets the default security group of its VPC. \
          Its initial rules allow all traffic between its members and all outbound traffic. Without rules, \
          such a resource has no network access until it gets a security group of its own. The severity is \
          low if no network interface uses the group.",
    fix: &[
        "Find the network interfaces that use the group: `aws ec2 describe-network-interfaces` with the \
         filter `group-id`.",
        "Give these resources a security group of their own.",
        "Run the command. It lists the group's rules with their IDs.",
        "Delete every inbound and outbound rule in the VPC console under Security groups, or with `aws ec2 \
         revoke-security-group-ingress` and `aws ec2 revoke-security-group-egress`.",
        "Keep the empty group. AWS does not allow deleting a default security group.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0123456789abcdef0",
        "",
    ),
    by_default: false,
    remediation: security_groups::rules_of,
    controls: &[
        covers("cis-7.0", "6.5"),
        covers("cis-5.0", "5.5"),
        covers("aws-fsbp", "EC2.2"),
    ],
    prowler: Counterparts::per_resource(&[same("ec2_securitygroup_default_restrict_traffic")]),
    parameters: Parameters::None,
    needs: &[SecurityGroups::SPEC, InterfaceUse::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let groups = facts.get::<SecurityGroups>()?;
    let mut result = RuleResult {
        gaps: groups.gaps.clone(),
        ..RuleResult::default()
    };
    for group in groups {
        let is_default = group.is_default();
        if is_default == Ok(false) || !result.is_own(&group.owner) {
            continue;
        }
        let has_rules = !group.ingress.is_empty() || group.egress_rules > 0;
        let resource = arn::ec2(context, region, "security-group", &group.id);
        result.add(is_default.map(|_| has_rules.then(|| violation(group, facts, resource))));
    }
    Ok(result)
}

/// Who carries the group decides how bad it is, and not whether it is: where that could not be read the
/// worse is taken for granted.
fn violation(group: &SecurityGroup, facts: &Facts<'_>, resource: Arn) -> Violation {
    let SecurityGroup { id, ingress, .. } = group;
    let vpc = group.vpc.as_deref().unwrap_or("an unknown VPC");
    let incoming = (ingress.known.len() + ingress.gaps.len()) as u64;
    let incoming = format::count(incoming, "inbound rule");
    let outgoing = format::count(group.egress_rules, "outbound rule");
    let has = format!("Default security group {id} of {vpc} has {incoming} and {outgoing}");
    match facts
        .get::<InterfaceUse>()
        .and_then(|used| used.has_group(id))
    {
        Ok(true) => CHECK.violation(resource, has),
        Ok(false) => CHECK
            .violation(resource, format!("{has}; no network interface uses it"))
            .with_severity(Severity::Low),
        Err(gap) => {
            let message =
                format!("{has}; whether a network interface uses it could not be read ({gap})");
            CHECK.violation(resource, message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::{Owner, Reading};
    use crate::services::ec2::samples::{RuleLine, group};

    fn default_group(rules: &[RuleLine<'_>], egress_rules: u64) -> SecurityGroup {
        SecurityGroup {
            name: Some("default".into()),
            egress_rules,
            ..group("sg-1", rules)
        }
    }

    fn evaluated(group: SecurityGroup, interfaces: Reading<InterfaceUse>) -> RuleResult {
        let facts = FactStore::default()
            .with::<SecurityGroups>(Reading::known(vec![group].into()))
            .with::<InterfaceUse>(interfaces);
        evaluate_region(&CHECK, &facts).unwrap()
    }

    fn carried_by(groups: &[&str]) -> Reading<InterfaceUse> {
        let groups = groups.iter().map(ToString::to_string).collect();
        Reading::known(InterfaceUse {
            groups,
            ..InterfaceUse::default()
        })
    }

    const TO_ITSELF: RuleLine<'_> = ("-1", None, "sg-1");

    #[test]
    fn a_default_group_without_rules_passes_and_others_are_not_evaluated() {
        let result = evaluated(default_group(&[], 0), carried_by(&["sg-1"]));
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (1, 0)
        );
        let other = SecurityGroup {
            egress_rules: 1,
            ..group("sg-2", &[TO_ITSELF])
        };
        let result = evaluated(other, carried_by(&["sg-2"]));
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (0, 0)
        );
    }

    #[test]
    fn any_rule_is_one_too_many_in_either_direction() {
        for (rules, egress) in [(&[TO_ITSELF][..], 0), (&[], 1), (&[TO_ITSELF], 2)] {
            let result = evaluated(default_group(rules, egress), carried_by(&["sg-1"]));
            assert_eq!(result.violations.len(), 1);
            assert_eq!(result.violations[0].severity, Severity::Medium);
        }
    }

    #[test]
    fn it_is_milder_where_nothing_carries_the_group() {
        let result = evaluated(default_group(&[TO_ITSELF], 1), carried_by(&["sg-7"]));
        let violation = &result.violations[0];
        assert_eq!(violation.severity, Severity::Low);
        assert_eq!(
            violation.message,
            "Default security group sg-1 of vpc-1 has 1 inbound rule and 1 outbound rule; no network \
             interface uses it"
        );
    }

    #[test]
    fn unread_interfaces_keep_the_verdict_and_are_noted() {
        let unread = missing("ec2:DescribeNetworkInterfaces");
        let result = evaluated(default_group(&[TO_ITSELF], 1), unread);
        assert!(result.gaps.is_empty());
        let violation = &result.violations[0];
        assert_eq!(violation.severity, Severity::Medium);
        assert!(violation.message.contains("could not be read"));
    }

    #[test]
    fn a_rule_that_could_not_be_read_is_a_rule_and_a_group_without_a_name_is_a_gap() {
        let gap = || Gap::lacks("ec2:DescribeSecurityGroups", "sg-1", "ipProtocol");
        let mut unread = default_group(&[], 0);
        unread.ingress.gaps.push(gap());
        assert_eq!(evaluated(unread, carried_by(&[])).violations.len(), 1);
        let nameless = SecurityGroup {
            name: None,
            ..default_group(&[], 0)
        };
        let result = evaluated(nameless, carried_by(&[]));
        assert_eq!((result.resources_evaluated, result.gaps.len()), (0, 1));
        let shared = SecurityGroup {
            owner: Owner::Other("444455556666".into()),
            ..default_group(&[TO_ITSELF], 1)
        };
        let result = evaluated(shared, carried_by(&["sg-1"]));
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (0, 0)
        );
        assert_eq!(result.other_accounts, 1);
    }

    #[test]
    fn an_interface_that_may_carry_the_group_makes_it_no_milder() {
        let unread = InterfaceUse {
            unread_group: Some(Gap::lacks(
                "ec2:DescribeNetworkInterfaces",
                "eni-1",
                "groupId",
            )),
            ..InterfaceUse::default()
        };
        let result = evaluated(default_group(&[TO_ITSELF], 1), Reading::known(unread));
        assert_eq!(result.violations[0].severity, Severity::Medium);
    }

    #[test]
    fn groups_that_could_not_be_read_are_a_gap() {
        let facts =
            FactStore::default().with::<SecurityGroups>(missing("ec2:DescribeSecurityGroups"));
        let gap = evaluate_region(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("ec2:DescribeSecurityGroups"));
    }
}
