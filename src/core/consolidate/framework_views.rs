//! What a run says to the controls of frameworks, account by account. Pure; what is kept of an account is
//! a few counts.

use std::collections::{BTreeMap, BTreeSet};

use super::unanswered;
use crate::checks::{Check, Rule};
use crate::exceptions::ResultWithExceptions;
use crate::frameworks::{CheckMapping, Control, Framework};
use crate::model::{
    AccountOutcome, ControlCounts, ControlEvidence, ControlOutcome, ControlView, FrameworkView,
    Outcome, SeverityCounts, TargetOutcome, Verdict, Violation,
};
use crate::services::by_id;

/// What the checks that were made say of an account.
#[derive(Debug)]
pub struct AccountControls<'a> {
    tallies: BTreeMap<&'a str, CheckTally>,
    /// The organization's own checks, where they are made in another account.
    elsewhere: BTreeSet<&'a str>,
}

/// What a check that was made says of an account.
#[derive(Debug, Default)]
struct CheckTally {
    /// Targets with a verdict.
    known: u64,
    /// Targets of which not all could be evaluated.
    unknown: u64,
    /// Of every part of the check, and of each that controls name.
    findings: BTreeMap<&'static str, FindingTally>,
    /// The parts that could not be evaluated, in a verdict whose gaps all name one.
    unknown_parts: BTreeSet<&'static str>,
}

/// The findings of a check, or of a part of it.
#[derive(Debug, Default)]
struct FindingTally {
    findings: SeverityCounts,
    suppressed: SeverityCounts,
}

/// A control in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountControl {
    /// What became of it.
    pub outcome: ControlOutcome,
    /// Findings that break it, suppressed ones not counted.
    pub findings: u64,
    /// Those that an exception accepts.
    pub suppressed: u64,
}

impl<'a> AccountControls<'a> {
    /// Takes the verdicts of an account together, check by check. `checks` are those that the run was told
    /// to make.
    pub fn of(applied: &'a ResultWithExceptions<'_>, checks: &'a [&Check]) -> Self {
        let result = applied.result();
        let mut tallies: BTreeMap<&str, CheckTally> = BTreeMap::new();
        tallies.extend(checks.iter().map(|check| (check.id, CheckTally::default())));
        for (check, _) in unanswered(result, checks) {
            tallies.entry(check).or_default().unknown += 1;
        }
        for target in &result.verdicts {
            let Some(tallies) = tallies.get_mut(&*target.check_id) else {
                continue;
            };
            // Somebody may accept that a thing is not evaluated; that makes no pass of it.
            let TargetOutcome::Evaluated(verdict) = &target.outcome else {
                tallies.unknown += 1;
                continue;
            };
            match verdict.outcome() {
                Outcome::Pass | Outcome::Fail if verdict.expected_gaps.is_empty() => {
                    tallies.known += 1
                }
                _ => tallies.count_unknown(verdict, &target.check_id),
            }
            for violation in &verdict.violations {
                let is_suppressed = applied.exception(target, violation).is_some();
                tallies.count(violation, is_suppressed, &target.check_id);
            }
        }
        let elsewhere = checks.iter().filter(|check| {
            let is_here = || result.verdicts.iter().any(|one| one.check_id == check.id);
            matches!(check.rule, Rule::Organization(_)) && !is_here()
        });
        Self {
            tallies,
            elsewhere: elsewhere.map(|check| check.id).collect(),
        }
    }

    /// What became of a control: whatever breaks it for certain outweighs what is not known. None where it
    /// is asked of another account.
    pub fn line(&self, control: &Control) -> Option<AccountControl> {
        let is_here = |answer: &&CheckMapping| !self.elsewhere.contains(answer.check);
        let mapped = || control.checks.iter().filter(is_here);
        if mapped().next().is_none() && !control.checks.is_empty() {
            return None;
        }
        let get = |answer: &CheckMapping| self.tallies.get(answer.check);
        let sum = |counts: fn(&FindingTally) -> &SeverityCounts| -> u64 {
            let of = |answer: &CheckMapping| {
                let tally = get(answer)?.findings.get(answer.part)?;
                Some(counts(tally).at_least(answer.at_least))
            };
            mapped().filter_map(of).sum()
        };
        let is_unknown =
            |answer: &CheckMapping| get(answer).is_some_and(|tally| tally.is_unknown(answer.part));
        let findings = sum(|tallies| &tallies.findings);
        let tallies = || mapped().map(get);
        let outcome = if let Some(uncovered) = control.uncovered() {
            uncovered
        } else if findings > 0 {
            ControlOutcome::Fail
        } else if mapped().any(is_unknown) {
            ControlOutcome::Unknown
        } else if tallies().any(|tallies| tallies.is_none()) {
            ControlOutcome::NotSelected
        } else if control.partly {
            ControlOutcome::PassInPart
        } else {
            ControlOutcome::Pass
        };
        Some(AccountControl {
            outcome,
            findings,
            suppressed: sum(|tallies| &tallies.suppressed),
        })
    }
}

impl CheckTally {
    /// Whether something could not be evaluated, or nothing was: a pass is of something.
    fn is_unknown(&self, part: &str) -> bool {
        let is_complete = self.unknown == 0 && self.known > 0;
        !is_complete || self.unknown_parts.contains(part)
    }

    /// Counts a verdict of which not all could be evaluated. If each of its gaps names a part, the others are known.
    fn count_unknown(&mut self, verdict: &Verdict, check: &str) {
        let gaps = verdict.gaps.iter();
        let gaps = gaps.chain(&verdict.expected_gaps);
        let parts: Option<Vec<_>> = gaps.map(|gap| part_of(check, &gap.resource)).collect();
        match parts {
            Some(parts) if !parts.is_empty() => {
                self.known += 1;
                self.unknown_parts.extend(parts);
            }
            _ => self.unknown += 1,
        }
    }

    fn count(&mut self, violation: &Violation, is_suppressed: bool, check: &str) {
        let part = part_of(check, &violation.part);
        for part in [""].into_iter().chain(part) {
            let tally = self.findings.entry(part).or_default();
            let counts = match is_suppressed {
                true => &mut tally.suppressed,
                false => &mut tally.findings,
            };
            counts.count(violation.severity);
        }
    }
}

/// The part of a check with this name, if a control names it.
fn part_of(check: &str, part: &str) -> Option<&'static str> {
    let check = by_id(check).filter(|_| !part.is_empty())?;
    let mut parts = check.controls.iter().map(|one| one.part);
    parts.find(|one| *one == part)
}

/// The views in the making.
#[derive(Debug)]
pub struct FrameworkViews {
    frameworks: Vec<&'static Framework>,
    views: Vec<FrameworkView>,
}

impl FrameworkViews {
    /// Before the first account. `checks` are those that the run was told to make.
    pub fn new(frameworks: &[&'static Framework], checks: &[&Check]) -> Self {
        let views = frameworks.iter().map(|one| empty(one, checks));
        Self {
            frameworks: frameworks.to_vec(),
            views: views.collect(),
        }
    }

    /// Counts an account that has a result.
    pub fn add(&mut self, applied: &ResultWithExceptions<'_>, checks: &[&Check]) {
        let result = applied.result();
        if matches!(result.outcome, AccountOutcome::Skipped { .. }) {
            return;
        }
        let is_scanned = result.outcome == AccountOutcome::Scanned;
        let evaluated = AccountControls::of(applied, checks);
        for (framework, view) in self.frameworks.iter().zip(&mut self.views) {
            for (control, counted) in framework.controls.iter().zip(&mut view.controls) {
                let Some(line) = evaluated.line(control) else {
                    continue;
                };
                counted.accounts.count(line.outcome);
                counted.findings += line.findings;
                counted.suppressed += line.suppressed;
                if is_scanned {
                    counted.evidence.add(result.started, result.finished);
                }
            }
        }
    }

    /// The views of all accounts that were counted.
    pub fn finish(self) -> Vec<FrameworkView> {
        self.views
    }
}

fn empty(framework: &'static Framework, checks: &[&Check]) -> FrameworkView {
    let controls = framework.controls.iter().map(|control| ControlView {
        id: control.id,
        title: control.title,
        assessment: control.assessment,
        checks: control.checks.iter().map(|answer| answer.check).collect(),
        partial: control.is_partial(),
        manual_review: control.manual_review(),
        evidence: ControlEvidence {
            calls: control.calls(checks),
            ..ControlEvidence::default()
        },
        accounts: ControlCounts::default(),
        findings: 0,
        suppressed: 0,
    });
    FrameworkView {
        id: framework.id,
        title: framework.title,
        source: framework.source,
        excluded_controls: framework.excluded_controls,
        controls: controls.collect(),
    }
}

#[cfg(test)]
mod tests;
