//! A past run, as far as trends go.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use orgscan_core::model::{AccountId, ChangeKind, RunFolder, SeverityCounts, TrendPoint};

use super::number::Number;
use super::period::day_of;
use super::reading::Head;
use super::stored::{StoredChanges, StoredTotal};

/// Numbers by the indicators' names.
pub type Numbers = BTreeMap<String, Number>;

/// A past run, as far as trends go.
#[derive(Clone, Debug)]
pub struct PastRun {
    /// Where its report is.
    pub folder: RunFolder,
    /// Its id.
    pub id: String,
    /// When it began.
    pub started: Timestamp,
    /// The organization's numbers.
    pub numbers: Numbers,
    /// Those of its OUs, by path.
    pub units: BTreeMap<String, Numbers>,
    /// What was evaluated.
    pub coverage: PastCoverage,
    /// All findings, by severity.
    pub findings: SeverityCounts,
    /// What changed since the run before; none where it had nothing to compare with.
    pub changes: Option<FindingChanges>,
    /// Whether it was the first run here, to which everything is new.
    pub is_first: bool,
    /// In which accounts it could evaluate more or less than the run before.
    pub coverage_difference: CoverageDifference,
    /// How many accounts these numbers are of.
    pub accounts: u64,
}

/// What a run scanned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PastCoverage {
    /// Whether every planned target has a complete verdict.
    pub complete: bool,
    /// Known targets per hundred planned ones.
    pub percent: Option<f64>,
    /// Accounts that it was to scan.
    pub accounts_planned: u64,
    /// Those of which nothing could be read.
    pub accounts_failed: u64,
}

/// Findings that changed, by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FindingChanges {
    /// Not known before.
    pub new: SeverityCounts,
    /// Found again after they had been closed.
    pub reopened: SeverityCounts,
    /// More severe than before.
    pub worsened: SeverityCounts,
    /// No longer there.
    pub resolved: SeverityCounts,
    /// Closed with their account.
    pub gone: SeverityCounts,
}

/// In which accounts more or less could be evaluated than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CoverageDifference {
    /// In these.
    In(BTreeSet<AccountId>),
    /// Nobody knows: there was no comparison, or there were too many to list.
    Unknown,
}

impl PastRun {
    /// The run whose report in that folder begins so.
    pub fn new(folder: RunFolder, head: Head) -> Self {
        let coverage = head.coverage;
        let since = head.changes.baseline.history.as_str();
        let planned = coverage
            .accounts_listed
            .saturating_sub(coverage.accounts_skipped);
        let units = head.ous.iter();
        Self {
            folder,
            id: head.run.id,
            started: head.run.started,
            numbers: numbers(&head.indicators),
            units: units
                .map(|(path, totals)| (path.clone(), numbers(totals)))
                .collect(),
            coverage: PastCoverage {
                complete: coverage.complete,
                percent: coverage.percent,
                accounts_planned: planned,
                accounts_failed: coverage.accounts_failed,
            },
            findings: head.findings_by_severity,
            changes: (since == "compared").then(|| changes(&head.changes)),
            is_first: since == "first_run",
            coverage_difference: coverage_difference(&head.changes),
            accounts: planned,
        }
    }

    /// The day in UTC on which it began.
    pub fn day(&self) -> Date {
        day_of(self.started)
    }

    /// The run as a point of the organization's trend.
    pub fn point(&self) -> TrendPoint {
        let numbers = self.numbers.iter();
        TrendPoint {
            started: self.started,
            run_id: self.id.clone(),
            indicators: numbers
                .map(|(name, one)| (name.clone(), one.shown))
                .collect(),
            coverage_percent: self.coverage.percent,
            new_or_reopened: self
                .changes
                .map(|changes| (changes.new + changes.reopened).total()),
            resolved: self.changes.map(|changes| changes.resolved.total()),
        }
    }
}

fn numbers(totals: &[StoredTotal]) -> Numbers {
    let totals = totals.iter();
    totals
        .map(|total| (total.indicator.clone(), Number::from(&total.number)))
        .collect()
}

fn changes(changes: &StoredChanges) -> FindingChanges {
    let of = |kind: ChangeKind| changes.counts.get(kind.as_str()).copied();
    FindingChanges {
        new: of(ChangeKind::New).unwrap_or_default(),
        reopened: of(ChangeKind::Reopened).unwrap_or_default(),
        worsened: of(ChangeKind::Worsened).unwrap_or_default(),
        resolved: of(ChangeKind::Resolved).unwrap_or_default(),
        gone: of(ChangeKind::Gone).unwrap_or_default(),
    }
}

fn coverage_difference(changes: &StoredChanges) -> CoverageDifference {
    let lists = [&changes.coverage_lost, &changes.coverage_regained];
    let is_whole = lists
        .iter()
        .all(|list| list.first.len() as u64 == list.count);
    if changes.baseline.history != "compared" || !is_whole {
        return CoverageDifference::Unknown;
    }
    let entries = lists.into_iter().flat_map(|list| &list.first);
    CoverageDifference::In(entries.map(|entry| entry.account_id.clone()).collect())
}

impl std::ops::AddAssign for FindingChanges {
    fn add_assign(&mut self, other: Self) {
        self.new += other.new;
        self.reopened += other.reopened;
        self.worsened += other.worsened;
        self.resolved += other.resolved;
        self.gone += other.gone;
    }
}
