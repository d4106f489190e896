//! What the checks of trails share: each evaluates the trails that the account owns, once, wherever they log. An
//! organization's trail is evaluated in the account that owns it, and not in each member.

use crate::checks::{Check, format};
use crate::facts::Facts;
use crate::model::{Gap, RuleResult, Violation};
use crate::services::cloudtrail::{Trail, Trails};

/// Evaluates the account's own trails. `evaluate_one` adds the verdict on one.
///
/// # Errors
/// The gap, where the trails could not be listed.
pub(super) fn evaluate(
    facts: &Facts<'_>,
    evaluate_one: impl Fn(&Trail, &mut RuleResult),
) -> Result<RuleResult, Gap> {
    let list = facts.get::<Trails>()?;
    let mut result = RuleResult {
        gaps: list.own.gaps.clone(),
        ..RuleResult::default()
    };
    for trail in &list.own {
        evaluate_one(trail, &mut result);
    }
    if list.outside_regions > 0 {
        let trails = format::count(list.outside_regions, "trail");
        let note = format!("{trails} skipped, in Regions that are not selected");
        result.notes.push(note);
    }
    Ok(result)
}

/// A trail's violation of a check, in the trail's home Region, with what the message has after the trail's name.
pub(super) fn violation(check: &Check, trail: &Trail, problem: &str) -> Violation {
    let kind = if trail.is_organization {
        "Organization trail"
    } else {
        "Trail"
    };
    let message = format!("{kind} {} {problem}", trail.name);
    Violation {
        region: Some(trail.home.clone()),
        ..check.violation(trail.arn.clone(), message)
    }
}
