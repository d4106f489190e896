//! What a run says to the controls of a framework.

use jiff::Timestamp;
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
    /// Whether the checks cover only a part of it. It never passes then: the best outcome is `pass_in_part`, and
    /// `manual_review` has the rest.
    pub partial: bool,
    /// What to review by hand, or how what is found differs from what it asks; nothing where
    /// the checks answer all of it.
    pub manual_review: &'static str,
    /// What its outcomes are based on.
    pub evidence: ControlEvidence,
    /// How many accounts have which outcome; those that were skipped have none. A control of the organization
    /// itself has the outcome of the one account that can tell; where that was not evaluated, of none.
    pub accounts: ControlCounts,
    /// Findings that break it, suppressed ones not counted.
    pub findings: u64,
    /// Those that an exception accepts. They do not break it.
    pub suppressed: u64,
}

/// What the outcomes of a control are based on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ControlEvidence {
    /// The API calls that its checks read, where they are needed. Checks that the run did not select are not part of it.
    pub calls: Vec<&'static str>,
    /// When work on the first of the scanned accounts with an outcome began; null without calls or without such an account.
    pub collected_from: Option<Timestamp>,
    /// When work on the last of them ended.
    pub collected_until: Option<Timestamp>,
}

impl ControlEvidence {
    /// Adds the time in which an account was read.
    pub fn add(&mut self, from: Timestamp, until: Timestamp) {
        if self.calls.is_empty() {
            return;
        }
        let earliest = self.collected_from.map_or(from, |known| known.min(from));
        let latest = self.collected_until.map_or(until, |known| known.max(until));
        (self.collected_from, self.collected_until) = (Some(earliest), Some(latest));
    }
}

/// How many accounts have which outcome of a control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ControlCounts {
    /// All was evaluated, and nothing breaks it.
    pub pass: u64,
    /// Checks cover it in part. All of that was evaluated, and nothing breaks it; a person must review the rest.
    pub pass_in_part: u64,
    /// Something breaks it.
    pub fail: u64,
    /// Nothing is known to break it, and not all could be evaluated, whether somebody accepts that or not.
    pub unknown: u64,
    /// Nothing is known to break it, and not all checks that answer it were made.
    pub not_selected: u64,
    /// No check covers it.
    pub not_covered: u64,
    /// It requires manual review: no program can evaluate it.
    pub manual: u64,
}

impl ControlCounts {
    /// Counts one account.
    pub fn count(&mut self, outcome: ControlOutcome) {
        *match outcome {
            ControlOutcome::Pass => &mut self.pass,
            ControlOutcome::PassInPart => &mut self.pass_in_part,
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
            ControlOutcome::PassInPart => self.pass_in_part,
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
        use ControlOutcome::{Fail, Manual, NotCovered, NotSelected, Pass, PassInPart, Unknown};
        let outweighing = [
            Fail,
            Unknown,
            NotSelected,
            NotCovered,
            Manual,
            PassInPart,
            Pass,
        ];
        let found = outweighing.into_iter().find(|one| self.of(*one) > 0);
        found.unwrap_or(Unknown)
    }
}

/// What became of a control in an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControlOutcome {
    /// All was evaluated, and nothing breaks it.
    Pass,
    /// Checks cover it in part. All of that was evaluated, and nothing breaks it; a person must review the rest.
    PassInPart,
    /// Something breaks it.
    Fail,
    /// Nothing is known to break it, and not all could be evaluated.
    Unknown,
    /// Nothing is known to break it, and not all checks that answer it were made.
    NotSelected,
    /// No check covers it.
    NotCovered,
    /// It requires manual review: no program can evaluate it.
    Manual,
}

impl ControlOutcome {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::Pass,
        Self::PassInPart,
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
            Self::PassInPart => "pass_in_part",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::NotSelected => "not_selected",
            Self::NotCovered => "not_covered",
            Self::Manual => "manual",
        }
    }

    /// Whether a person must review the control, in whole or for the part that checks do not cover.
    pub const fn needs_review(self) -> bool {
        matches!(self, Self::PassInPart | Self::NotCovered | Self::Manual)
    }

    /// What people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::PassInPart => "pass (in part)",
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
        use ControlOutcome::{Fail, Manual, NotCovered, NotSelected, Pass, PassInPart, Unknown};
        let overall = |outcomes: &[ControlOutcome]| {
            let mut counts = ControlCounts::default();
            outcomes.iter().for_each(|one| counts.count(*one));
            assert_eq!(counts.total(), outcomes.len() as u64);
            counts.overall()
        };
        assert_eq!(overall(&[]), Unknown);
        assert_eq!(overall(&[Pass, Pass]), Pass);
        assert_eq!(overall(&[Pass, PassInPart, Pass]), PassInPart);
        assert_eq!(overall(&[PassInPart, Manual]), Manual);
        assert_eq!(overall(&[Manual, NotCovered]), NotCovered);
        assert_eq!(overall(&[NotCovered, NotSelected]), NotSelected);
        assert_eq!(overall(&[NotSelected, Unknown, Pass]), Unknown);
        assert_eq!(overall(&[Unknown, Fail]), Fail);
        assert_eq!(overall(&[PassInPart, Fail]), Fail);
    }

    #[test]
    fn every_outcome_is_counted_on_its_own() {
        for outcome in ControlOutcome::ALL {
            let mut counts = ControlCounts::default();
            counts.count(outcome);
            let found = ControlOutcome::ALL.into_iter().map(|one| counts.of(one));
            let expected = ControlOutcome::ALL.map(|one| u64::from(one == outcome));
            assert_eq!(found.collect::<Vec<_>>(), expected);
            assert_eq!(
                serde_json::to_value(counts).unwrap()[outcome.as_str()],
                1,
                "{outcome:?}"
            );
        }
    }

    #[test]
    fn the_time_of_the_evidence_is_that_of_all_accounts() {
        let at = |time: &str| time.parse::<Timestamp>().unwrap();
        let times = [
            "2026-11-15T03:02:00Z",
            "2026-11-15T03:05:00Z",
            "2026-11-15T03:09:00Z",
        ]
        .map(at);
        let mut evidence = ControlEvidence::default();
        evidence.add(times[0], times[1]);
        assert_eq!(evidence, ControlEvidence::default(), "nothing was called");
        evidence.calls.push("ec2:DescribeVpcs");
        evidence.add(times[1], times[2]);
        evidence.add(times[0], times[1]);
        assert_eq!(evidence.collected_from, Some(times[0]));
        assert_eq!(evidence.collected_until, Some(times[2]));
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

impl Assessment {
    /// The word for it in files, and what people read.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Automated => "automated",
            Self::Manual => "manual",
        }
    }
}
