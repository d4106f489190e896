//! What a trend needs of the files that runs have left. Fields that a newer 1.x adds are passed over.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use orgscan_core::model::{AccountId, Severity, SeverityCounts};

/// The run.
#[derive(Debug, Deserialize)]
pub struct StoredRun {
    /// Its id.
    pub id: String,
    /// When it began.
    pub started: Timestamp,
}

/// An indicator's number.
#[derive(Debug, Deserialize)]
pub struct StoredNumber {
    /// How many violations were known; none where nothing could be looked at.
    pub value: Option<u64>,
    /// Whether everything was looked at.
    pub complete: bool,
    /// Targets with a complete verdict.
    pub targets_known: u64,
    /// Targets whose verdict was unknown.
    pub targets_unknown: u64,
}

/// An indicator summed over accounts.
#[derive(Debug, Deserialize)]
pub struct StoredTotal {
    /// The indicator's name.
    pub indicator: String,
    /// The sum.
    #[serde(flatten)]
    pub number: StoredNumber,
}

/// What became of targets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct StoredTargets {
    /// Complete verdicts.
    pub known: u64,
    /// Verdicts with a gap.
    pub unknown: u64,
}

/// What was looked at and what was not.
#[derive(Clone, Debug, Deserialize)]
pub struct StoredCoverage {
    /// Whether every planned target has a complete verdict.
    pub complete: bool,
    /// Known targets per hundred planned ones.
    pub percent: Option<f64>,
    /// Accounts that were listed.
    pub accounts_listed: u64,
    /// Accounts left out on purpose.
    pub accounts_skipped: u64,
    /// Accounts of which nothing could be read.
    pub accounts_failed: u64,
}

/// What changed since the runs before it.
#[derive(Debug, Deserialize)]
pub struct StoredChanges {
    /// What the run was compared with.
    pub since: StoredBase,
    /// Findings by kind of change.
    pub counts: BTreeMap<String, SeverityCounts>,
    /// Accounts in which something could be looked at before and not then.
    pub coverage_lost: StoredList,
    /// Accounts in which something could be looked at again.
    pub coverage_regained: StoredList,
}

/// What a run was compared with.
#[derive(Debug, Deserialize)]
pub struct StoredBase {
    /// `not_kept`, `first_run`, `compared` or `unavailable`.
    pub history: String,
}

/// A list that may be cut.
#[derive(Debug, Deserialize)]
pub struct StoredList {
    /// How many there are.
    pub count: u64,
    /// The first of them.
    pub first: Vec<StoredEntry>,
}

/// An entry of such a list.
#[derive(Debug, Deserialize)]
pub struct StoredEntry {
    /// The account.
    pub account_id: AccountId,
}

/// What changed in one account's findings of one check.
#[derive(Debug, Deserialize)]
pub struct StoredCheckChanges {
    /// The check's id.
    pub check: String,
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
#[derive(Debug, Deserialize)]
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
pub struct StoredFinding {
    /// Its id.
    pub id: String,
    /// The check's id.
    pub check: String,
    /// How bad it is.
    pub severity: Severity,
    /// What became of it since the runs before.
    pub status: Option<String>,
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
    /// The exception that accepts it.
    pub exception: Option<serde::de::IgnoredAny>,
}

/// A line of `changes.jsonl`.
#[derive(Debug, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
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
    pub kind: String,
    /// The finding's id.
    pub id: String,
    /// Its severity.
    pub severity: Severity,
    /// The check's id.
    pub check: String,
    /// When it was seen first.
    pub first_seen: Timestamp,
    /// When it was closed, where it was.
    pub closed: Option<Timestamp>,
}
