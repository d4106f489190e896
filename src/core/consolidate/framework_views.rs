//! What a run says to the controls of frameworks, account by account. Pure; what is kept of an account is
//! a few counts.

use std::collections::{BTreeMap, BTreeSet};

use super::unanswered;
use crate::checks::{Check, Rule};
use crate::exceptions::ResultWithExceptions;
use crate::frameworks::{CheckMapping, Control, Framework};
use crate::model::{
    AccountOutcome, ControlCounts, ControlEvidence, ControlOutcome, ControlView, FrameworkView,
    Outcome, SeverityCounts, TargetOutcome,
};

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
                _ => tallies.unknown += 1,
            }
            for violation in &verdict.violations {
                let counts = match applied.exception(target, violation) {
                    Some(_) => &mut tallies.suppressed,
                    None => &mut tallies.findings,
                };
                counts.count(violation.severity);
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
        let sum = |counts: fn(&CheckTally) -> &SeverityCounts| -> u64 {
            let of = |answer: &CheckMapping| Some(counts(get(answer)?).at_least(answer.at_least));
            mapped().filter_map(of).sum()
        };
        let findings = sum(|tallies| &tallies.findings);
        let tallies = || mapped().map(get);
        let outcome = if let Some(uncovered) = control.uncovered() {
            uncovered
        } else if findings > 0 {
            ControlOutcome::Fail
        } else if tallies().flatten().any(CheckTally::is_unknown) {
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
    fn is_unknown(&self) -> bool {
        self.unknown > 0 || self.known == 0
    }
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
