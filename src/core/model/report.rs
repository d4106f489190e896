//! The consolidated outcome of a run: small, whatever the size of the organization's findings.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Account, AccountChanges, AccountId, AccountOutcome, Cause, Changes, Enrollment,
    ExceptionsReport, FrameworkView, Numbers, Organization, SeverityCounts, TargetScope,
};

/// The consolidated outcome of a run. Findings and the ledger's rows are not in it: they stream from
/// the stored account results.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The run.
    pub run: RunInfo,
    /// Totals of every indicator for the organization, in registry order.
    pub indicators: Vec<IndicatorTotal>,
    /// The same for every OU, by path (`Workloads/Production`), nested accounts included.
    pub ous: BTreeMap<String, Vec<IndicatorTotal>>,
    /// One line for every account listed, ordered by account id.
    pub accounts: Vec<AccountSummary>,
    /// What was evaluated and what was not.
    pub coverage: Coverage,
    /// All findings of all checks, by severity, suppressed ones not counted.
    pub findings: SeverityCounts,
    /// The suppressed ones.
    pub suppressed: SeverityCounts,
    /// Findings by check, suppressed ones not counted, of those checks that have findings; nothing in a report on
    /// some of the accounts only.
    pub findings_by_check: BTreeMap<&'static str, SeverityCounts>,
    /// What has been accepted, and what that did.
    pub exceptions: ExceptionsReport,
    /// Thresholds that were crossed, organization first.
    pub thresholds_crossed: Vec<Crossing>,
    /// How the accounts stand with the member role; none outside an organization.
    pub enrollment: Option<Enrollment>,
    /// What it says to the controls of frameworks; nothing in a report on some of the accounts only.
    pub frameworks: Vec<FrameworkView>,
    /// What changed since the runs before.
    pub changes: Changes,
    /// What the reader should know about the run as a whole.
    pub notes: Vec<String>,
}

/// Which run this is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RunInfo {
    /// The run's id, from its trigger.
    pub id: String,
    /// orgscan's version.
    pub orgscan_version: String,
    /// When the run began.
    pub started: Timestamp,
    /// When collecting ended.
    pub finished: Timestamp,
    /// The organization, where there is one.
    pub organization: Option<Organization>,
    /// The account that orgscan ran in.
    pub central_account: AccountId,
    /// The AWS partition.
    pub partition: String,
}

/// An indicator's number for one account, one OU or the organization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IndicatorCount {
    /// Violations that are known, those that an exception accepts not counted.
    pub by_severity: SeverityCounts,
    /// Violations that an exception accepts.
    pub suppressed: u64,
    /// Resources that were evaluated.
    pub resources_evaluated: u64,
    /// Targets with a complete verdict.
    pub targets_known: u64,
    /// Targets whose verdict is unknown.
    pub targets_unknown: u64,
}

impl IndicatorCount {
    /// How many violations are known.
    pub fn value(&self) -> u64 {
        self.by_severity.total()
    }

    /// Whether everything was evaluated, so that the number may carry the indicator's plain name.
    pub fn is_complete(&self) -> bool {
        self.targets_unknown == 0 && self.targets_known > 0
    }

    /// Whether anything was evaluated, so that there is a number to give at all.
    pub fn is_known(&self) -> bool {
        self.targets_known > 0 || self.resources_evaluated > 0
    }

    /// Violations per hundred resources evaluated; none where nothing was.
    pub fn percent(&self) -> Option<f64> {
        (self.resources_evaluated > 0)
            .then(|| self.value() as f64 * 100.0 / self.resources_evaluated as f64)
    }

    /// Adds another number to this one.
    pub fn add(&mut self, other: &Self) {
        self.by_severity += other.by_severity;
        self.suppressed += other.suppressed;
        self.resources_evaluated += other.resources_evaluated;
        self.targets_known += other.targets_known;
        self.targets_unknown += other.targets_unknown;
    }
}

/// An indicator summed over accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IndicatorTotal {
    /// The indicator's name, `UnencryptedVolumes`.
    pub indicator: String,
    /// The sum.
    #[serde(flatten)]
    pub total: IndicatorCount,
    /// Accounts with at least one violation.
    pub accounts_affected: u64,
    /// Accounts whose own number is missing or a lower bound.
    pub accounts_incomplete: u64,
}

/// One account's line in the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSummary {
    /// The account.
    pub account: Arc<Account>,
    /// Scanned, failed or skipped.
    pub outcome: AccountOutcome,
    /// Its indicators. Empty where it was skipped.
    pub indicators: Numbers,
    /// All its findings of all checks, by severity, suppressed ones not counted.
    pub findings: SeverityCounts,
    /// The suppressed ones.
    pub suppressed: SeverityCounts,
    /// What changed in its findings, by check, of those checks that have a change.
    pub changes: AccountChanges,
    /// Its Regions that were left out.
    pub regions_skipped: u64,
    /// Its buckets that were left out, being in Regions that are not selected.
    pub buckets_skipped: u64,
    /// What became of its targets.
    pub targets: TargetCounts,
    /// API requests sent for it, by scope, retries included.
    pub requests: Box<[(TargetScope, u64)]>,
    /// How many of them AWS throttled.
    pub throttled: u64,
    /// IAM actions that the role's own policies turned out not to allow.
    pub lacking: Box<[String]>,
    /// The first of its gaps, those of which most checks are unknown first.
    pub gaps: Box<[GapLine]>,
    /// How many gaps it has in all.
    pub all_gaps: u64,
    /// What the reader should know about how it was scanned.
    pub notes: Vec<String>,
}

/// What one gap of an account is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GapLine {
    /// Why.
    pub cause: Cause,
    /// The IAM action that was needed.
    pub action: String,
    /// A Region, `global` for the account as a whole, or `*` for an account of which nothing is known.
    pub region: String,
    /// The resource; empty if it is about all that the action reads.
    pub resource: String,
    /// How many checks are unknown by it.
    pub checks: u64,
}

/// What became of a number of targets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TargetCounts {
    /// Complete verdicts.
    pub known: u64,
    /// Verdicts with a gap.
    pub unknown: u64,
    /// Skipped: expected gaps.
    pub skipped: u64,
    /// How many unknown targets each cause accounts for; the first gap's cause counts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub causes: BTreeMap<Cause, u64>,
}

impl TargetCounts {
    /// Known targets per hundred planned ones; none where none were planned.
    pub fn percent(&self) -> Option<f64> {
        let planned = self.known + self.unknown;
        (planned > 0).then(|| self.known as f64 * 100.0 / planned as f64)
    }

    /// Adds the counts of other targets.
    pub fn add(&mut self, other: &Self) {
        self.known += other.known;
        self.unknown += other.unknown;
        self.skipped += other.skipped;
        for (cause, count) in &other.causes {
            *self.causes.entry(*cause).or_default() += count;
        }
    }
}

/// What was evaluated and what was not. `accounts_listed` is always the sum of the next three.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// Accounts that Organizations listed.
    pub accounts_listed: u64,
    /// Accounts with a session, whose targets all have a verdict.
    pub accounts_scanned: u64,
    /// Skipped accounts.
    pub accounts_skipped: u64,
    /// Accounts of which nothing could be read.
    pub accounts_failed: u64,
    /// Accounts with at least one target unknown, failed ones included.
    pub accounts_incomplete: u64,
    /// Account-Region pairs that were left out.
    pub account_regions_skipped: u64,
    /// Buckets that were listed and left out, being in Regions that are not selected, over all accounts.
    #[serde(default)]
    pub buckets_skipped: u64,
    /// What became of all targets.
    pub targets: TargetCounts,
}

impl Coverage {
    /// Known targets per hundred planned ones; none where none were planned.
    pub fn percent(&self) -> Option<f64> {
        self.targets.percent()
    }

    /// Whether every planned target has a complete verdict.
    pub fn is_complete(&self) -> bool {
        self.accounts_incomplete == 0 && self.targets.unknown == 0
    }
}

/// What a threshold is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ThresholdScope {
    /// The whole organization.
    Organization,
    /// All accounts of an OU and of those nested in it, by its path.
    Ou(String),
    /// One account.
    Account(AccountId),
}

/// A threshold that was crossed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Crossing {
    /// Whose number it is.
    pub scope: ThresholdScope,
    /// The indicator's name.
    pub indicator: String,
    /// How many violations the threshold counts: those of its severity and worse.
    pub value: u64,
    /// Whether the number is only a lower bound.
    pub lower_bound: bool,
    /// The highest severity among them.
    pub highest_severity: Option<super::Severity>,
    /// The threshold in words: `more than 0 of severity high or worse`.
    pub threshold: String,
    /// Which of its limits are exceeded, and by what.
    pub exceeded: Vec<ExceededLimit>,
    /// How many of the violations are new or reopened; 0 where there is no history to tell.
    pub new_or_reopened: u64,
}

/// A limit that is exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExceededLimit {
    /// What it limits.
    pub limit: Limit,
    /// The most that is allowed.
    pub allowed: f64,
    /// What there is; percentages are rounded to two decimals.
    pub value: f64,
}

/// What a threshold limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// How many violations there are.
    Count,
    /// How many there are per hundred resources evaluated.
    Percent,
    /// How many are new or reopened.
    NewOrReopened,
}
