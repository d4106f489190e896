//! Security groups that nothing carries and no other group names.

use std::collections::BTreeSet;

use super::{Category, Check, Context, Need, Rule, arn, mend};
use crate::model::{
    Gap, Judgement, Region, RegionFacts, SecurityGroup, Severity, Source, Violation,
};

/// The check.
pub const CHECK: Check = Check {
    id: "security-group-unused",
    title: "Security group is not used",
    category: Category::NetworkSecurity,
    severity: Severity::Low,
    why: "A group that is left over keeps rules that nobody looks after, until somebody picks it from the \
          list for something new. It exposes nothing today. Launch templates, and services that make \
          network interfaces when they run, may name a group that no interface carries at the moment: look \
          before you delete it.",
    fix: "Look for it in launch templates with `aws ec2 describe-launch-template-versions --versions \
          '$Default' --region REGION` and in functions with `aws lambda list-functions --region REGION`. Then \
          delete it, in the VPC console under Security groups, Actions, or with `aws ec2 \
          delete-security-group --group-id GROUP --region REGION`.",
    by_default: false,
    // A launch template may name it, which keeps EC2 from nothing: this shows those that name groups.
    mend: |flawed| {
        let group = flawed.name();
        let named = format!(
            "LaunchTemplateVersions[?contains(to_string(LaunchTemplateData),'{group}')].LaunchTemplateName"
        );
        let options = [("query", &*named), ("region", flawed.region)];
        mend::aws(
            "ec2 describe-launch-template-versions --versions '$Default'",
            &options,
        )
    },
    needs: &[Need::SecurityGroups, Need::Interfaces],
    rule: Rule::Region(judge),
};

/// Default groups are left out, for they cannot be deleted.
fn judge(facts: &RegionFacts, region: &Region, context: &Context<'_>) -> Result<Judgement, Gap> {
    let groups = facts.security_groups.get()?;
    let carried = &facts.interfaces.get()?.groups;
    let named: BTreeSet<&str> = groups.iter().flat_map(named_by).collect();
    let mut judgement = Judgement::default();
    for group in groups.iter().filter(|group| !group.is_default()) {
        judgement.examined += 1;
        let SecurityGroup { id, name, .. } = group;
        if carried.contains(id) || named.contains(id.as_str()) {
            continue;
        }
        judgement.violations.push(Violation {
            resource: arn::ec2(context, region, "security-group", id),
            part: String::new(),
            region: None,
            severity: Severity::Low,
            message: format!(
                "No network interface carries security group {name}, and no other group names it"
            ),
        });
    }
    Ok(judgement)
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
    use crate::checks::samples::{denied, group, judge_region, missing};
    use crate::model::{Fact, InterfaceUse};

    fn judged(groups: Vec<SecurityGroup>, carried: &[&str]) -> Judgement {
        let used = InterfaceUse {
            groups: carried.iter().map(ToString::to_string).collect(),
            ..InterfaceUse::default()
        };
        let facts = RegionFacts {
            security_groups: Fact::known(groups),
            interfaces: Fact::known(used),
            ..RegionFacts::default()
        };
        judge_region(&CHECK, &facts).unwrap()
    }

    #[test]
    fn groups_that_are_carried_named_or_default_pass() {
        let default = SecurityGroup {
            name: "default".into(),
            ..group("sg-0", &[])
        };
        let names_out = SecurityGroup {
            egress_groups: vec!["sg-3".into()],
            ..group("sg-1", &[("tcp", Some((22, 22)), "sg-2")])
        };
        let groups = vec![default, names_out, group("sg-2", &[]), group("sg-3", &[])];
        let judgement = judged(groups, &["sg-1"]);
        assert_eq!((judgement.examined, judgement.violations.len()), (3, 0));
    }

    #[test]
    fn a_group_that_only_names_itself_is_not_used() {
        let judgement = judged(vec![group("sg-1", &[("-1", None, "sg-1")])], &["sg-9"]);
        let violation = &judgement.violations[0];
        assert_eq!(violation.severity, Severity::Low);
        assert_eq!(
            violation.resource,
            "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1"
        );
    }

    #[test]
    fn what_could_not_be_read_is_a_gap() {
        for (groups, interfaces, action) in [
            (true, false, "ec2:DescribeNetworkInterfaces"),
            (false, true, "ec2:DescribeSecurityGroups"),
        ] {
            let mut facts = RegionFacts {
                security_groups: missing("ec2:DescribeSecurityGroups"),
                interfaces: missing("ec2:DescribeNetworkInterfaces"),
                ..RegionFacts::default()
            };
            if groups {
                facts.security_groups = Fact::known(vec![group("sg-1", &[])]);
            }
            if interfaces {
                facts.interfaces = Fact::known(InterfaceUse::default());
            }
            assert_eq!(judge_region(&CHECK, &facts).unwrap_err(), denied(action));
        }
    }
}
