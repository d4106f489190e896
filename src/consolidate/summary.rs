//! One account's line in the report.

use std::borrow::Cow;
use std::sync::Arc;

use crate::checks::{Check, Indicator};
use crate::model::{
    Account, AccountOutcome, AccountResult, AccountSummary, Counted, Gap, Numbers, Outcome,
    RegionDecision, SeverityCounts, TargetCounts, TargetOutcome, Verdict,
};

/// The line of an account that the plan leaves out.
pub(super) fn of_skipped(account: Arc<Account>, outcome: AccountOutcome) -> AccountSummary {
    AccountSummary {
        account,
        outcome,
        indicators: Numbers::default(),
        findings: SeverityCounts::default(),
        changes: Box::default(),
        regions_skipped: 0,
        targets: TargetCounts::default(),
        requests: Box::default(),
        throttled: 0,
        notes: Vec::new(),
    }
}

/// The line of an account with a result.
pub(super) fn of(
    account: Arc<Account>,
    result: &AccountResult,
    checks: &[&Check],
    indicators: &[&'static Indicator],
) -> AccountSummary {
    let mut summary = AccountSummary {
        regions_skipped: regions_skipped(result),
        requests: result.requests.clone().into_iter().collect(),
        throttled: result.throttled,
        notes: result.notes.clone(),
        ..of_skipped(account, result.outcome.clone())
    };
    if !matches!(result.outcome, AccountOutcome::Skipped { .. }) {
        let zero = |i: &&'static Indicator| (i.name, Counted::default());
        summary.indicators = indicators.iter().map(zero).collect();
    }
    summary.notes.extend(notes_of_verdicts(result));
    for (check, verdict) in verdicts(result, checks) {
        let Some(verdict) = verdict else {
            summary.targets.skipped += 1;
            continue;
        };
        count_target(&mut summary.targets, &verdict);
        for violation in &verdict.violations {
            summary.findings.count(violation.severity);
        }
        for indicator in indicators.iter().filter(|i| i.check == check) {
            if let Some(counted) = summary.indicators.get_mut(indicator.name) {
                tally(counted, indicator, &verdict);
            }
        }
    }
    summary
}

fn regions_skipped(result: &AccountResult) -> u64 {
    let skipped = |decision: &&_| matches!(decision, RegionDecision::Skip { .. });
    result.regions.values().filter(skipped).count() as u64
}

/// What the verdicts' readers should know, with the check and the place.
fn notes_of_verdicts(result: &AccountResult) -> impl Iterator<Item = String> {
    result.verdicts.iter().flat_map(|target| {
        let notes = match &target.outcome {
            TargetOutcome::Judged(verdict) => verdict.notes.as_slice(),
            TargetOutcome::Skipped { .. } => &[],
        };
        let (check, place) = (&target.check, &target.place);
        notes
            .iter()
            .map(move |note| format!("{check}, {place}: {note}"))
    })
}

/// The check's id and the verdict of every target; no verdict where the target was skipped.
///
/// An account that failed as a whole may come without verdicts. Then every check is unknown once:
/// without that, a check nobody could make would leave the numbers complete.
fn verdicts<'a>(
    result: &'a AccountResult,
    checks: &[&'a Check],
) -> Vec<(&'a str, Option<Cow<'a, Verdict>>)> {
    let mut all: Vec<_> = result
        .verdicts
        .iter()
        .map(|target| match &target.outcome {
            TargetOutcome::Judged(verdict) => (&*target.check, Some(Cow::Borrowed(verdict))),
            TargetOutcome::Skipped { .. } => (&*target.check, None),
        })
        .collect();
    for (check, gap) in unanswered(result, checks) {
        all.push((check, Some(Cow::Owned(Verdict::from(Err(gap.clone()))))));
    }
    all
}

/// The checks without a verdict of an account that failed as a whole, with the gap that is to blame.
pub(crate) fn unanswered<'a>(
    result: &'a AccountResult,
    checks: &[&'a Check],
) -> Vec<(&'a str, &'a Gap)> {
    let AccountOutcome::Failed { gap } = &result.outcome else {
        return Vec::new();
    };
    let ids = checks.iter().map(|check| check.id);
    ids.filter(|id| result.verdicts.iter().all(|target| target.check != *id))
        .map(|id| (id, gap))
        .collect()
}

fn count_target(targets: &mut TargetCounts, verdict: &Verdict) {
    match verdict.gaps.first() {
        None => targets.known += 1,
        Some(gap) => {
            targets.unknown += 1;
            *targets.causes.entry(gap.cause).or_default() += 1;
        }
    }
}

/// Adds a verdict to an indicator's number. What an unknown verdict does know counts too.
fn tally(counted: &mut Counted, indicator: &Indicator, verdict: &Verdict) {
    counted.examined += verdict.examined;
    match verdict.outcome() {
        Outcome::Pass | Outcome::Fail => counted.targets_known += 1,
        Outcome::Unknown => counted.targets_unknown += 1,
    }
    for violation in &verdict.violations {
        if violation.severity >= indicator.at_least {
            counted.known.count(violation.severity);
        }
    }
}
