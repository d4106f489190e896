//! What a trend needs of the files that runs have left: these are the lines of `summary.jsonl`, and the parts of
//! `report.json` that are read of runs without one. Fields that a newer version adds are passed over.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use orgscan_core::model::{
    AccountId, AccountOutcome, AccountSummary, Baseline, Changes, CheckChanges, CheckId, Coverage,
    IndicatorCount, IndicatorTotal, RunInfo, Severity, SeverityCounts, TargetCounts, TruncatedList,
};

use super::oldest::OpenFinding;

/// The run.
#[derive(Debug, Serialize, Deserialize)]
pub struct StoredRun {
    /// Its id.
    pub id: String,
    /// When it began.
    pub started: Timestamp,
}

/// An indicator's number.
#[derive(Debug, Serialize, Deserialize)]
pub struct StoredNumber {
    /// How many violations were known; none where nothing could be evaluated.
    pub value: Option<u64>,
    /// Whether everything was evaluated.
    pub complete: bool,
    /// Targets with a complete verdict.
    pub targets_known: u64,
    /// Targets whose verdict was unknown.
    pub targets_unknown: u64,
}

/// An indicator summed over accounts.
#[derive(Debug, Serialize, Deserialize)]
pub struct StoredTotal {
    /// The indicator's name.
    pub indicator: String,
    /// The sum.
    #[serde(flatten)]
    pub number: StoredNumber,
}

/// What became of targets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredTargets {
    /// Complete verdicts.
    pub known: u64,
    /// Verdicts with a gap.
    pub unknown: u64,
}

/// What was evaluated and what was not.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StoredCoverage {
    /// Whether every planned target has a complete verdict.
    pub complete: bool,
    /// Known targets per hundred planned ones.
    pub percent: Option<f64>,
    /// Accounts that were listed.
    pub accounts_listed: u64,
    /// Skipped accounts.
    pub accounts_skipped: u64,
    /// Accounts of which nothing could be read.
    pub accounts_failed: u64,
}

/// What changed since the runs before it.
#[derive(Debug, Serialize, Deserialize)]
pub struct StoredChanges {
    /// What the run was compared with.
    pub baseline: StoredBaseline,
    /// Findings by kind of change.
    pub counts: BTreeMap<String, SeverityCounts>,
    /// Accounts in which something could be evaluated before and not then.
    pub coverage_lost: StoredList,
    /// Accounts in which something could be evaluated again.
    pub coverage_regained: StoredList,
}

/// What a run was compared with.
#[derive(Debug, Serialize, Deserialize)]
pub struct StoredBaseline {
    /// `not_kept`, `first_run`, `compared` or `unavailable`.
    pub history: String,
}

/// A list that may be cut.
#[derive(Debug, Serialize, Deserialize)]
pub struct StoredList {
    /// How many there are.
    pub count: u64,
    /// The first of them.
    pub first: Vec<StoredEntry>,
}

/// An entry of such a list.
#[derive(Debug, Serialize, Deserialize)]
pub struct StoredEntry {
    /// The account.
    pub account_id: AccountId,
}

/// What changed in one account's findings of one check.
#[derive(Debug, Serialize, Deserialize)]
pub struct StoredCheckChanges {
    /// The check's id.
    pub check_id: CheckId,
    /// New findings.
    pub new: SeverityCounts,
    /// Reopened ones.
    pub reopened: SeverityCounts,
    /// Ones that got worse.
    pub worsened: SeverityCounts,
    /// Resolved ones.
    pub resolved: SeverityCounts,
}

/// An account's line.
#[derive(Debug, Serialize, Deserialize)]
pub struct StoredAccount {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Names of its OUs, joined with `/`.
    #[serde(default)]
    pub ou_path: String,
    /// `scanned`, `failed` or `skipped`.
    pub outcome: String,
    /// Why it was skipped.
    #[serde(default)]
    pub reason: Option<String>,
    /// Its indicators, by name.
    pub indicators: BTreeMap<String, StoredNumber>,
    /// Its findings, by severity.
    pub findings_by_severity: SeverityCounts,
    /// What changed in them.
    pub changes: Vec<StoredCheckChanges>,
    /// What became of its targets.
    pub targets: StoredTargets,
}

/// A finding of the report.
#[derive(Debug, Deserialize)]
pub(super) struct StoredFinding {
    /// Its id.
    pub id: String,
    /// The check's id.
    pub check_id: CheckId,
    /// How bad it is.
    pub severity: Severity,
    /// When it was seen first; none without a history.
    pub first_seen: Option<Timestamp>,
    /// When it was seen last.
    pub last_seen: Option<Timestamp>,
    /// The account's id.
    pub account_id: AccountId,
    /// The account's name.
    pub account_name: String,
    /// Names of the account's OUs.
    pub ou_path: String,
    /// The resource's Region.
    pub region: String,
    /// The resource's ARN.
    pub resource: String,
    /// Which part of it.
    pub part: String,
    /// The exception that suppresses it.
    pub exception: Option<serde::de::IgnoredAny>,
}

impl StoredFinding {
    /// The finding, if it is not suppressed and its first day is known.
    pub(super) fn open(self) -> Option<OpenFinding> {
        let first_seen = self.first_seen.filter(|_| self.exception.is_none())?;
        Some(OpenFinding {
            first_seen,
            last_seen: self.last_seen,
            id: self.id,
            check_id: self.check_id,
            severity: self.severity,
            account_id: self.account_id,
            account_name: self.account_name,
            ou_path: self.ou_path,
            region: self.region,
            resource: self.resource,
            part: self.part,
        })
    }
}

impl From<&RunInfo> for StoredRun {
    fn from(run: &RunInfo) -> Self {
        Self {
            id: run.id.clone(),
            started: run.started,
        }
    }
}

impl From<IndicatorCount> for StoredNumber {
    fn from(counted: IndicatorCount) -> Self {
        Self {
            value: counted.is_known().then(|| counted.value()),
            complete: counted.is_complete(),
            targets_known: counted.targets_known,
            targets_unknown: counted.targets_unknown,
        }
    }
}

impl From<&IndicatorTotal> for StoredTotal {
    fn from(total: &IndicatorTotal) -> Self {
        Self {
            indicator: total.indicator.clone(),
            number: total.total.into(),
        }
    }
}

impl From<&TargetCounts> for StoredTargets {
    fn from(targets: &TargetCounts) -> Self {
        Self {
            known: targets.known,
            unknown: targets.unknown,
        }
    }
}

impl From<&Coverage> for StoredCoverage {
    fn from(coverage: &Coverage) -> Self {
        Self {
            complete: coverage.is_complete(),
            percent: coverage.percent().map(cut),
            accounts_listed: coverage.accounts_listed,
            accounts_skipped: coverage.accounts_skipped,
            accounts_failed: coverage.accounts_failed,
        }
    }
}

/// A percentage with two decimals, cut so that 100 means all.
pub(crate) fn cut(percent: f64) -> f64 {
    (percent * 100.0).floor() / 100.0
}

impl From<&Changes> for StoredChanges {
    fn from(changes: &Changes) -> Self {
        let history = match changes.baseline {
            Baseline::NotKept => "not_kept",
            Baseline::FirstRun => "first_run",
            Baseline::Compared { .. } => "compared",
            Baseline::Unavailable { .. } => "unavailable",
        };
        let counts = changes.counts.iter();
        Self {
            baseline: StoredBaseline {
                history: history.to_owned(),
            },
            counts: counts
                .map(|(kind, counts)| (kind.as_str().to_owned(), *counts))
                .collect(),
            coverage_lost: StoredList::of(&changes.coverage_lost, |one| &one.account_id),
            coverage_regained: StoredList::of(&changes.coverage_regained, |one| &one.account_id),
        }
    }
}

impl StoredList {
    fn of<T>(list: &TruncatedList<T>, account_id: impl Fn(&T) -> &AccountId) -> Self {
        let entry = |one| StoredEntry {
            account_id: account_id(one).clone(),
        };
        Self {
            count: list.count,
            first: list.first.iter().map(entry).collect(),
        }
    }
}

impl From<CheckChanges> for StoredCheckChanges {
    fn from(changes: CheckChanges) -> Self {
        Self {
            check_id: changes.check_id,
            new: changes.new,
            reopened: changes.reopened,
            worsened: changes.worsened,
            resolved: changes.resolved,
        }
    }
}

impl From<&AccountSummary> for StoredAccount {
    fn from(summary: &AccountSummary) -> Self {
        let account = &summary.account;
        let (outcome, reason) = match &summary.outcome {
            AccountOutcome::Scanned => ("scanned", None),
            AccountOutcome::Failed { .. } => ("failed", None),
            AccountOutcome::Skipped { reason, .. } => ("skipped", Some(reason.as_str().to_owned())),
        };
        let indicators = summary.indicators.iter();
        Self {
            id: account.id.clone(),
            name: account.name.clone(),
            ou_path: account.ou_path.clone(),
            outcome: outcome.to_owned(),
            reason,
            indicators: indicators
                .map(|(name, counted)| (name.to_owned(), counted.into()))
                .collect(),
            findings_by_severity: summary.findings,
            changes: summary.changes.iter().map(Into::into).collect(),
            targets: (&summary.targets).into(),
        }
    }
}

/// A line of `changes.jsonl`.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum StoredChange {
    /// What became of a finding.
    Finding(StoredFindingChange),
    /// Something else.
    #[serde(other)]
    Other,
}

/// What became of a finding.
#[derive(Debug, Deserialize)]
pub(super) struct StoredFindingChange {
    /// `new`, `reopened`, `resolved` and so on.
    pub status: String,
    /// The finding's id.
    pub id: String,
    /// Its severity.
    pub severity: Severity,
    /// The check's id.
    pub check_id: CheckId,
    /// When it was seen first.
    pub first_seen: Timestamp,
    /// When it was closed, where it was.
    pub closed: Option<Timestamp>,
}
