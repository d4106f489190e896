//! The accounts, column by column.

use orgscan_core::model::{
    AccountOutcome, AccountSummary, Report, Severity, SeverityCounts, SkipReason,
};
use serde::Serialize;

use super::super::format::{code, visible};

/// Every account listed, in the report's order.
#[derive(Debug, Default, Serialize)]
pub(super) struct Accounts<'r> {
    id: Vec<&'r str>,
    name: Vec<String>,
    ou: Vec<String>,
    /// 0 scanned, 1 failed, 2 skipped.
    outcome: Vec<u8>,
    /// Why it failed or was skipped.
    why: Vec<(usize, String)>,
    /// For each indicator, the accounts' numbers; see [`code`].
    numbers: Vec<Vec<Option<i64>>>,
    /// For each severity, from the mildest, how many findings there are, suppressed ones not counted.
    findings: [Vec<u64>; 5],
    suppressed: Vec<u64>,
    known: Vec<u64>,
    unknown: Vec<u64>,
    skipped: Vec<u64>,
    /// New and reopened findings, and resolved ones.
    new: Vec<u64>,
    resolved: Vec<u64>,
    /// What became of each scope.
    shape: Vec<Option<u32>>,
    notes: Vec<(usize, Vec<String>)>,
}

/// How many notes of an account are shown.
const NOTES: usize = 20;

impl<'r> Accounts<'r> {
    pub(super) fn new(report: &'r Report, shape: Vec<Option<u32>>) -> Self {
        let numbers = report.indicators.iter().map(|total| {
            let of =
                |one: &AccountSummary| one.indicators.get(&total.indicator).as_ref().and_then(code);
            report.accounts.iter().map(of).collect()
        });
        let mut accounts = Self {
            numbers: numbers.collect(),
            shape,
            ..Self::default()
        };
        for (position, summary) in report.accounts.iter().enumerate() {
            accounts.push(position, summary);
        }
        accounts
    }

    fn push(&mut self, position: usize, summary: &'r AccountSummary) {
        let account = &summary.account;
        self.id.push(account.id.as_str());
        self.name.push(visible(&account.name));
        self.ou.push(visible(&account.ou_path));
        let (outcome, why) = outcome(&summary.outcome);
        self.outcome.push(outcome);
        self.why.extend(why.map(|why| (position, why)));
        for severity in Severity::ALL {
            self.findings[severity as usize].push(summary.findings.of(severity));
        }
        self.suppressed.push(summary.suppressed.total());
        self.known.push(summary.targets.known);
        self.unknown.push(summary.targets.unknown);
        self.skipped.push(summary.targets.skipped);
        let sum = |of: fn(&orgscan_core::model::CheckChanges) -> SeverityCounts| {
            let changes = summary.changes.iter();
            changes.map(|change| of(&change).total()).sum()
        };
        self.new.push(sum(|change| change.new + change.reopened));
        self.resolved.push(sum(|change| change.resolved));
        let notes = summary.notes.iter().take(NOTES).map(|note| visible(note));
        let notes: Vec<_> = notes.collect();
        if !notes.is_empty() {
            self.notes.push((position, notes));
        }
    }
}

fn outcome(outcome: &AccountOutcome) -> (u8, Option<String>) {
    match outcome {
        AccountOutcome::Scanned => (0, None),
        AccountOutcome::Failed { gap } => {
            let detail = visible(&gap.detail);
            (1, Some(with_detail(gap.cause.describe(), &detail)))
        }
        AccountOutcome::Skipped { reason, detail } => {
            let label = match reason {
                SkipReason::AccountNotActive => "not active",
                SkipReason::NotIncluded => "not included",
                SkipReason::Excluded => "excluded",
                SkipReason::RegionDisabled => "its Regions are off",
                SkipReason::ExpectedGap => "an expected gap",
            };
            (2, Some(with_detail(label, &visible(detail))))
        }
    }
}

fn with_detail(label: &str, detail: &str) -> String {
    match detail {
        "" => label.to_owned(),
        detail => format!("{label}: {detail}"),
    }
}
