//! What a run says to the controls of a framework.

use schemars::JsonSchema;
use serde::Serialize;

/// What a run says to the controls of a framework.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FrameworkView {
    /// The framework's id, `cis-7.0`.
    pub id: &'static str,
    /// Its name.
    pub title: &'static str,
    /// Where its publisher has it.
    pub source: &'static str,
    /// What orgscan's list of its controls leaves out; nothing where it is whole.
    pub excluded_controls: &'static str,
    /// Its controls, in its own order.
    pub controls: Vec<ControlView>,
}

/// What a run says to a control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ControlView {
    /// Its id in the framework.
    pub id: &'static str,
    /// Its title, in the framework's own words.
    pub title: &'static str,
    /// How the framework has it assessed.
    pub assessment: Assessment,
    /// The checks that answer it, as a whole or in part.
    pub checks: Vec<&'static str>,
    /// What to review by hand, or how what is found differs from what it asks; nothing where
    /// the checks answer all of it.
    pub manual_review: &'static str,
    /// How many accounts have which outcome; those that were skipped have none. A control of the organization
    /// itself has the outcome of the one account that can tell; where that was not evaluated, of none.
    pub accounts: ControlCounts,
    /// Findings that break it, suppressed ones not counted.
    pub findings: u64,
    /// Those that an exception accepts. They do not break it.
    pub suppressed: u64,
}

/// How many accounts have which outcome of a control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ControlCounts {
    /// All was evaluated, and nothing breaks it.
    pub pass: u64,
    /// Something breaks it.
    pub fail: u64,
    /// Nothing is known to break it, and not all could be evaluated, whether somebody accepts that or not.
    pub unknown: u64,
    /// Nothing is known to break it, and not all checks that answer it were made.
    pub not_selected: u64,
    /// No check covers it.
    pub not_covered: u64,
    /// It requires manual review: no program can evaluate it, or checks cover it in part and found nothing.
    pub manual: u64,
}

impl ControlCounts {
    /// Counts one account.
    pub fn count(&mut self, outcome: ControlOutcome) {
        *match outcome {
            ControlOutcome::Pass => &mut self.pass,
            ControlOutcome::Fail => &mut self.fail,
            ControlOutcome::Unknown => &mut self.unknown,
            ControlOutcome::NotSelected => &mut self.not_selected,
            ControlOutcome::NotCovered => &mut self.not_covered,
            ControlOutcome::Manual => &mut self.manual,
        } += 1;
    }

    /// How many accounts have this outcome.
    pub fn of(&self, outcome: ControlOutcome) -> u64 {
        match outcome {
            ControlOutcome::Pass => self.pass,
            ControlOutcome::Fail => self.fail,
            ControlOutcome::Unknown => self.unknown,
            ControlOutcome::NotSelected => self.not_selected,
            ControlOutcome::NotCovered => self.not_covered,
            ControlOutcome::Manual => self.manual,
        }
    }

    /// How many accounts there are.
    pub fn total(&self) -> u64 {
        ControlOutcome::ALL
            .into_iter()
            .map(|one| self.of(one))
            .sum()
    }

    /// The outcome over all accounts, by the order that holds in one: it passes only where it does in
    /// each. What no account tells is unknown.
    pub fn overall(&self) -> ControlOutcome {
        use ControlOutcome::{Fail, Manual, NotCovered, NotSelected, Pass, Unknown};
        let outweighing = [Fail, Unknown, NotSelected, NotCovered, Manual, Pass];
        let found = outweighing.into_iter().find(|one| self.of(*one) > 0);
        found.unwrap_or(Unknown)
    }
}

/// What became of a control in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControlOutcome {
    /// All was evaluated, and nothing breaks it.
    Pass,
    /// Something breaks it.
    Fail,
    /// Nothing is known to break it, and not all could be evaluated.
    Unknown,
    /// Nothing is known to break it, and not all checks that answer it were made.
    NotSelected,
    /// No check covers it.
    NotCovered,
    /// It requires manual review: no program can evaluate it, or checks cover it in part and found nothing.
    Manual,
}

impl ControlOutcome {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 6] = [
        Self::Pass,
        Self::Fail,
        Self::Unknown,
        Self::NotSelected,
        Self::NotCovered,
        Self::Manual,
    ];

    /// The word for it in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::NotSelected => "not_selected",
            Self::NotCovered => "not_covered",
            Self::Manual => "manual",
        }
    }

    /// What people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::NotSelected => "not selected",
            Self::NotCovered => "not covered",
            Self::Manual => "manual",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_passes_over_all_accounts_only_where_it_does_in_each() {
        use ControlOutcome::{Fail, Manual, NotCovered, NotSelected, Pass, Unknown};
        let overall = |outcomes: &[ControlOutcome]| {
            let mut counts = ControlCounts::default();
            outcomes.iter().for_each(|one| counts.count(*one));
            assert_eq!(counts.total(), outcomes.len() as u64);
            counts.overall()
        };
        assert_eq!(overall(&[]), Unknown);
        assert_eq!(overall(&[Pass, Pass]), Pass);
        assert_eq!(overall(&[Pass, Manual]), Manual);
        assert_eq!(overall(&[Manual, NotCovered]), NotCovered);
        assert_eq!(overall(&[NotCovered, NotSelected]), NotSelected);
        assert_eq!(overall(&[NotSelected, Unknown, Pass]), Unknown);
        assert_eq!(overall(&[Unknown, Fail]), Fail);
    }
}

/// How a framework has a control assessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Assessment {
    /// By a program.
    Automated,
    /// By a person, whatever a program can say of it.
    Manual,
}
