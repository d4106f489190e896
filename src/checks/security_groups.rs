//! What the checks of security groups share: each judges the rules that are open to the world.

use super::internet::Family;
use super::open_rules::{OpenRule, open_rules};
use super::traffic::Traffic;
use super::{Context, arn};
use crate::model::{Gap, Judgement, Region, RegionFacts, SecurityGroup, Severity, Violation};

/// What a check holds against traffic that everybody may send.
#[derive(Debug)]
pub(super) struct Objection {
    /// How bad it is.
    pub(super) severity: Severity,
    /// What the message says beside the rule itself; may be empty.
    pub(super) detail: String,
}

/// Judges the rules of all groups that are open to everybody of one of these families. `object` says
/// what a check holds against traffic from everybody, if anything; a rule whose source could not be read
/// is a gap only where it would object.
///
/// # Errors
/// The gap, where the groups could not be had.
pub(super) fn judge(
    facts: &RegionFacts,
    region: &Region,
    context: &Context<'_>,
    families: &[Family],
    object: impl Fn(&Traffic) -> Option<Objection>,
) -> Result<Judgement, Gap> {
    let mut judgement = Judgement::default();
    for group in facts.security_groups.get()? {
        let rules = open_rules(group, &facts.prefix_lists);
        let lists = &facts.prefix_lists;
        let open_to = |rule: &&OpenRule| families.iter().any(|one| rule.is_open_to(*one, lists));
        for rule in rules.open.iter().filter(open_to) {
            judgement.violations.extend(
                object(&rule.traffic)
                    .map(|objection| violation(group, rule, objection, region, context)),
            );
        }
        let unread = rules.unread.into_iter();
        let gaps: Vec<Gap> = unread
            .filter(|(traffic, _)| object(traffic).is_some())
            .map(|(_, gap)| gap)
            .collect();
        judgement.examined += (group.ingress.len() - gaps.len()) as u64;
        judgement.gaps.extend(gaps);
    }
    Ok(judgement)
}

/// How bad it is to let everybody in to a port that should not be open: worse where the rule was written
/// for everything, so that nobody thought of what listens.
pub(super) fn severity(traffic: &Traffic) -> Severity {
    match traffic.is_sweeping() {
        true => Severity::Critical,
        false => Severity::High,
    }
}

fn violation(
    group: &SecurityGroup,
    rule: &OpenRule,
    objection: Objection,
    region: &Region,
    context: &Context<'_>,
) -> Violation {
    let Objection { severity, detail } = objection;
    let (name, how) = (&group.name, rule.how());
    Violation {
        resource: arn::ec2(context, region, "security-group", &group.id),
        part: rule.to_string(),
        region: None,
        severity,
        message: format!("Security group {name} lets in {rule}{how}{detail}"),
    }
}
