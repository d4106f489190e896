//! What a run says to the controls of frameworks, account by account. Pure; what is kept of an account is
//! a few counts.

use std::collections::{BTreeMap, BTreeSet};

use super::unanswered;
use crate::checks::{Check, Rule};
use crate::exceptions::Applied;
use crate::frameworks::{Answer, Control, Framework};
use crate::model::{
    AccountOutcome, ControlCounts, ControlOutcome, ControlView, FrameworkView, Outcome,
    SeverityCounts, TargetOutcome,
};

/// What the checks that were made say of an account.
#[derive(Debug)]
pub struct Judged<'a> {
    made: BTreeMap<&'a str, Made>,
    /// The organization's own checks, where they are made in another account.
    elsewhere: BTreeSet<&'a str>,
}

/// What a check that was made says of an account.
#[derive(Debug, Default)]
struct Made {
    /// Targets with a verdict.
    known: u64,
    /// Targets of which not all could be looked at.
    unknown: u64,
    findings: SeverityCounts,
    excepted: SeverityCounts,
}

/// A control in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// What became of it.
    pub outcome: ControlOutcome,
    /// Findings that break it, excepted ones not counted.
    pub findings: u64,
    /// Those that an exception accepts.
    pub excepted: u64,
}

impl<'a> Judged<'a> {
    /// Takes the verdicts of an account together, check by check. `checks` are those that the run was told
    /// to make.
    pub fn of(applied: &'a Applied<'_>, checks: &'a [&Check]) -> Self {
        let result = applied.result();
        let mut made: BTreeMap<&str, Made> = BTreeMap::new();
        made.extend(checks.iter().map(|check| (check.id, Made::default())));
        for (check, _) in unanswered(result, checks) {
            made.entry(check).or_default().unknown += 1;
        }
        for target in &result.verdicts {
            let Some(made) = made.get_mut(&*target.check) else {
                continue;
            };
            // Somebody may accept that a thing is not looked at; that makes no pass of it.
            let TargetOutcome::Judged(verdict) = &target.outcome else {
                made.unknown += 1;
                continue;
            };
            match verdict.outcome() {
                Outcome::Pass | Outcome::Fail if verdict.expected_gaps.is_empty() => {
                    made.known += 1
                }
                _ => made.unknown += 1,
            }
            for violation in &verdict.violations {
                let counts = match applied.exception(target, violation) {
                    Some(_) => &mut made.excepted,
                    None => &mut made.findings,
                };
                counts.count(violation.severity);
            }
        }
        let elsewhere = checks.iter().filter(|check| {
            let is_here = || result.verdicts.iter().any(|one| one.check == check.id);
            matches!(check.rule, Rule::Organization(_)) && !is_here()
        });
        Self {
            made,
            elsewhere: elsewhere.map(|check| check.id).collect(),
        }
    }

    /// What became of a control: whatever breaks it for certain outweighs what is not known. None where it
    /// is asked of another account.
    pub fn line(&self, control: &Control) -> Option<Line> {
        let is_here = |answer: &&Answer| !self.elsewhere.contains(answer.check);
        let answers = || control.checks.iter().filter(is_here);
        if answers().next().is_none() && !control.checks.is_empty() {
            return None;
        }
        let get = |answer: &Answer| self.made.get(answer.check);
        let sum = |counts: fn(&Made) -> &SeverityCounts| -> u64 {
            let of = |answer: &Answer| Some(counts(get(answer)?).at_least(answer.at_least));
            answers().filter_map(of).sum()
        };
        let findings = sum(|made| &made.findings);
        let made = || answers().map(get);
        let outcome = if let Some(uncovered) = control.uncovered() {
            uncovered
        } else if findings > 0 {
            ControlOutcome::Fail
        } else if made().flatten().any(Made::is_unknown) {
            ControlOutcome::Unknown
        } else if made().any(|made| made.is_none()) {
            ControlOutcome::NotSelected
        } else if control.partly {
            ControlOutcome::Manual
        } else {
            ControlOutcome::Pass
        };
        Some(Line {
            outcome,
            findings,
            excepted: sum(|made| &made.excepted),
        })
    }
}

impl Made {
    /// Whether something could not be looked at, or nothing was: a pass is of something.
    fn is_unknown(&self) -> bool {
        self.unknown > 0 || self.known == 0
    }
}

/// The views in the making.
#[derive(Debug)]
pub struct Views {
    frameworks: Vec<&'static Framework>,
    views: Vec<FrameworkView>,
}

impl Views {
    /// Before the first account.
    pub fn new(frameworks: &[&'static Framework]) -> Self {
        Self {
            frameworks: frameworks.to_vec(),
            views: frameworks.iter().map(|one| empty(one)).collect(),
        }
    }

    /// Counts an account that has a result.
    pub fn add(&mut self, applied: &Applied<'_>, checks: &[&Check]) {
        if matches!(applied.result().outcome, AccountOutcome::Skipped { .. }) {
            return;
        }
        let judged = Judged::of(applied, checks);
        for (framework, view) in self.frameworks.iter().zip(&mut self.views) {
            for (control, counted) in framework.controls.iter().zip(&mut view.controls) {
                let Some(line) = judged.line(control) else {
                    continue;
                };
                counted.accounts.count(line.outcome);
                counted.findings += line.findings;
                counted.excepted += line.excepted;
            }
        }
    }

    /// The views of all accounts that were counted.
    pub fn finish(self) -> Vec<FrameworkView> {
        self.views
    }
}

fn empty(framework: &'static Framework) -> FrameworkView {
    let controls = framework.controls.iter().map(|control| ControlView {
        control: control.id,
        title: control.title,
        assessed: control.assessed,
        checks: control.checks.iter().map(|answer| answer.check).collect(),
        look: control.look(),
        accounts: ControlCounts::default(),
        findings: 0,
        excepted: 0,
    });
    FrameworkView {
        framework: framework.id,
        title: framework.title,
        source: framework.source,
        leaves_out: framework.leaves_out,
        controls: controls.collect(),
    }
}

#[cfg(test)]
mod tests;
