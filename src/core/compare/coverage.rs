//! What can no longer be evaluated, and what can be again.

use std::collections::BTreeMap;

use super::known::{KnownTargets, Target};
use super::target::is_off;
use crate::model::{AccountResult, Cause, TargetOutcome, Verdict};

/// What changed in what could be evaluated in one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CoverageChange {
    /// Whether it is the first time that a run was meant to scan the account.
    pub first_scan: bool,
    /// Targets that could be evaluated before and not now; at the first look all that could not be.
    pub lost: u64,
    /// How many of them each cause accounts for.
    pub causes: BTreeMap<Cause, u64>,
    /// Targets that can be evaluated again.
    pub regained: u64,
    /// IAM actions that were allowed and are denied now, with what denies them.
    pub denied: BTreeMap<String, Cause>,
}

/// Brings the targets up to date with a result. Those that it was not meant to scan stay as they are.
pub(super) fn cover(
    targets: &mut KnownTargets,
    result: &AccountResult,
    first_scan: bool,
) -> CoverageChange {
    let mut change = CoverageChange {
        first_scan,
        ..CoverageChange::default()
    };
    for evaluated in &result.verdicts {
        let target = (evaluated.check_id.clone(), evaluated.scope.clone());
        match &evaluated.outcome {
            TargetOutcome::Evaluated(verdict) if verdict.gaps.is_empty() => {
                change.regained += u64::from(targets.take_lost(&target));
                targets.covered.insert(target);
            }
            TargetOutcome::Evaluated(verdict) => lose(targets, target, verdict, &mut change),
            // Nobody promises any longer that it can be evaluated.
            TargetOutcome::Skipped { .. } => {
                targets.take_lost(&target);
                targets.covered.remove(&target);
            }
        }
    }
    for set in [&mut targets.covered, &mut targets.lost, &mut targets.denied] {
        set.retain(|(_, scope)| !is_off(result, scope));
    }
    change
}

fn lose(
    targets: &mut KnownTargets,
    target: Target,
    verdict: &Verdict,
    change: &mut CoverageChange,
) {
    let was_covered = targets.covered.remove(&target);
    // Nobody is told of a gap that stays; so of one that is there from the first look, that look tells.
    if (was_covered || change.first_scan)
        && let Some(gap) = verdict.gaps.first()
    {
        change.lost += 1;
        *change.causes.entry(gap.cause).or_default() += 1;
    }
    if !was_covered && !targets.lost.contains(&target) {
        return;
    }
    let mut denials = verdict.gaps.iter().filter(|gap| gap.cause.is_denial());
    let Some(first) = denials.next() else {
        targets.lost.insert(target);
        return;
    };
    for gap in std::iter::once(first).chain(denials) {
        change.denied.insert(gap.action.clone(), gap.cause);
    }
    targets.lost.remove(&target);
    targets.denied.insert(target);
}
