//! Security groups that nothing carries and no other group names.

use std::collections::BTreeSet;

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Items, Region, RuleResult, Severity};
use crate::services::ec2::{InterfaceUse, SecurityGroup, SecurityGroups, Source};

pub(super) const CHECK: Check = Check {
    id: "security-group-unused",
    title: "Security group is not used",
    category: Category::NetworkSecurity,
    severity: Severity::Low,
    why: "Nobody maintains the rules of an unused group, until somebody selects it for a new resource. It \
          exposes nothing now, so the severity is low. Launch templates and services that create network \
          interfaces on demand may reference a group that no interface uses now.",
    fix: &[
        "Run the command. It lists the launch templates whose default version references the group.",
        "Check functions that run in a VPC: `aws lambda list-functions`.",
        "If nothing references the group, delete it in the VPC console under Security groups, Actions, or \
         with `aws ec2 delete-security-group`.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0123456789abcdef0",
        "",
    ),
    by_default: false,
    // A launch template may name it, which keeps EC2 from nothing: this shows those that name groups.
    remediation: |failed| {
        let group = failed.name();
        let named = format!(
            "LaunchTemplateVersions[?contains(to_string(LaunchTemplateData),'{group}')].LaunchTemplateName"
        );
        let options = [("query", &*named), ("region", failed.region)];
        remediation::aws(
            "ec2 describe-launch-template-versions --versions '$Default'",
            &options,
        )
    },
    controls: &[],
    prowler: Counterparts::per_resource(&[same("ec2_securitygroup_not_used")]),
    parameters: Parameters::None,
    needs: &[SecurityGroups::SPEC, InterfaceUse::SPEC],
    rule: Rule::Region(evaluate),
};

/// Default groups are left out, for they cannot be deleted. Groups of other accounts may name one too.
fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let groups = facts.get::<SecurityGroups>()?;
    let interfaces = facts.get::<InterfaceUse>()?;
    let named: BTreeSet<&str> = groups.iter().flat_map(named_by).collect();
    let unread: Vec<(&str, &Gap)> = groups.iter().flat_map(unread_by).collect();
    let mut result = RuleResult {
        gaps: groups.gaps.clone(),
        ..RuleResult::default()
    };
    for group in groups {
        if !result.is_own(&group.owner) || group.is_default() == Ok(true) {
            continue;
        }
        let SecurityGroup { id, .. } = group;
        let used = match named.contains(id.as_str()) {
            true => Ok(true),
            false => interfaces.has_group(id),
        };
        result.add(match used {
            Ok(true) => Ok(None),
            Ok(false) => unused(group, groups, &unread).map(|label| {
                let message = format!(
                    "Security group {label} is not used: no network interface has it, and no other group references it"
                );
                let resource = arn::ec2(context, region, "security-group", id);
                Some(CHECK.violation(resource, message))
            }),
            Err(gap) => Err(gap),
        });
    }
    Ok(result)
}

/// What a group is called that nothing is known to use.
///
/// # Errors
/// The gap, where it may be a default group, or where another group or rule that could not be read may
/// name it.
fn unused<'a>(
    group: &'a SecurityGroup,
    groups: &Items<SecurityGroup>,
    unread: &[(&str, &Gap)],
) -> Result<&'a str, Gap> {
    group.is_default()?;
    groups.complete()?;
    match unread.iter().find(|(of, _)| *of != group.id) {
        Some((_, gap)) => Err((*gap).clone()),
        None => Ok(group.label()),
    }
}

/// A group with the rules of it that could not be read, and may name another.
fn unread_by(group: &SecurityGroup) -> impl Iterator<Item = (&str, &Gap)> {
    let gaps = group.ingress.gaps.iter().chain(&group.egress_groups.gaps);
    gaps.map(|gap| (group.id.as_str(), gap))
}

/// The other groups that a group's rules name.
fn named_by(group: &SecurityGroup) -> impl Iterator<Item = &str> {
    let sources = group.ingress.iter().filter_map(|rule| match &rule.source {
        Source::Group(id) => Some(id),
        Source::Range(_) | Source::PrefixList(_) => None,
    });
    let named = sources.chain(&group.egress_groups);
    named.filter(|id| **id != group.id).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::{Owner, Reading};
    use crate::services::ec2::samples::{group, texts};

    fn evaluated(groups: Vec<SecurityGroup>, carried: &[&str]) -> RuleResult {
        let used = InterfaceUse {
            groups: carried.iter().map(ToString::to_string).collect(),
            ..InterfaceUse::default()
        };
        let facts = FactStore::default()
            .with::<SecurityGroups>(Reading::known(groups.into()))
            .with::<InterfaceUse>(Reading::known(used));
        evaluate_region(&CHECK, &facts).unwrap()
    }

    #[test]
    fn groups_that_are_carried_named_or_default_pass() {
        let default = SecurityGroup {
            name: Some("default".into()),
            ..group("sg-0", &[])
        };
        let names_out = SecurityGroup {
            egress_groups: texts(&["sg-3"]),
            ..group("sg-1", &[("tcp", Some((22, 22)), "sg-2")])
        };
        let groups = vec![default, names_out, group("sg-2", &[]), group("sg-3", &[])];
        let result = evaluated(groups, &["sg-1"]);
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (3, 0)
        );
    }

    #[test]
    fn a_group_that_only_names_itself_is_not_used() {
        let result = evaluated(vec![group("sg-1", &[("-1", None, "sg-1")])], &["sg-9"]);
        let violation = &result.violations[0];
        assert_eq!(violation.severity, Severity::Low);
        assert_eq!(
            violation.resource,
            "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1"
        );
    }

    #[test]
    fn a_group_of_another_account_may_name_one_and_is_not_evaluated() {
        let participant = SecurityGroup {
            owner: Owner::Other("444455556666".into()),
            ..group("sg-9", &[("tcp", Some((22, 22)), "sg-1")])
        };
        let result = evaluated(vec![group("sg-1", &[]), participant], &[]);
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (1, 0)
        );
        assert_eq!(result.other_accounts, 1);
    }

    #[test]
    fn what_may_use_a_group_leaves_those_unknown_that_nothing_else_uses() {
        let gap = || Gap::lacks("ec2:Describe", "some-1", "groupId");
        let evaluated = |change: fn(&mut Items<SecurityGroup>, &mut InterfaceUse, Gap)| {
            let mut groups: Items<_> = vec![
                group("sg-1", &[]),
                group("sg-2", &[("-1", None, "sg-3")]),
                group("sg-3", &[]),
            ]
            .into();
            let mut used = InterfaceUse::default();
            used.groups.insert("sg-2".into());
            change(&mut groups, &mut used, gap());
            let facts = FactStore::default()
                .with::<SecurityGroups>(Reading::known(groups))
                .with::<InterfaceUse>(Reading::known(used));
            let result = evaluate_region(&CHECK, &facts).unwrap();
            (
                result.resources_evaluated,
                result.violations.len(),
                result.gaps.len(),
            )
        };
        assert_eq!(evaluated(|_, _, _| {}), (3, 1, 0));
        // An interface, another group's rule, a group without its id.
        assert_eq!(
            evaluated(|_, used, gap| used.unread_group = Some(gap)),
            (2, 0, 1)
        );
        assert_eq!(
            evaluated(|all, _, gap| all.known[1].ingress.gaps.push(gap)),
            (2, 0, 1)
        );
        let egress: fn(&mut Items<SecurityGroup>, &mut InterfaceUse, Gap) =
            |all, _, gap| all.known[1].egress_groups.gaps.push(gap);
        assert_eq!(evaluated(egress), (2, 0, 1));
        assert_eq!(evaluated(|all, _, gap| all.gaps.push(gap)), (2, 0, 2));
        // A rule of its own names nobody else.
        assert_eq!(
            evaluated(|all, _, gap| all.known[0].ingress.gaps.push(gap)),
            (3, 1, 0)
        );
        // Without a name it may be a default group, which stays.
        assert_eq!(evaluated(|all, _, _| all.known[0].name = None), (2, 0, 1));
    }

    #[test]
    fn what_could_not_be_read_is_a_gap() {
        for (groups, interfaces, action) in [
            (true, false, "ec2:DescribeNetworkInterfaces"),
            (false, true, "ec2:DescribeSecurityGroups"),
        ] {
            let mut facts = FactStore::default()
                .with::<SecurityGroups>(missing("ec2:DescribeSecurityGroups"))
                .with::<InterfaceUse>(missing("ec2:DescribeNetworkInterfaces"));
            if groups {
                facts.put::<SecurityGroups>(Reading::known(vec![group("sg-1", &[])].into()));
            }
            if interfaces {
                facts.put::<InterfaceUse>(Reading::known(InterfaceUse::default()));
            }
            assert_eq!(evaluate_region(&CHECK, &facts).unwrap_err(), denied(action));
        }
    }
}
