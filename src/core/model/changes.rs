//! What changed since the runs before: small, whatever the size of the organization.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AccountId, Cause, CheckId, Severity, SeverityCounts};

/// What became of a finding since the runs before.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Found, and not known before.
    New,
    /// Found again after it had been resolved, or had gone with its account.
    Reopened,
    /// Found again, and more severe than before.
    Worsened,
    /// Found again.
    Ongoing,
    /// Open, and nobody could look: it stays open, with the date when it was last seen.
    Unknown,
    /// Open, and this run was not meant to look: neither resolved nor lost.
    OutOfScope,
    /// No longer there: its target was evaluated completely.
    Resolved,
    /// Closed with its account, which was closed, suspended, or has left the organization.
    Gone,
}

impl ChangeKind {
    /// The `snake_case` word used in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Reopened => "reopened",
            Self::Worsened => "worsened",
            Self::Ongoing => "ongoing",
            Self::Unknown => "unknown",
            Self::OutOfScope => "out_of_scope",
            Self::Resolved => "resolved",
            Self::Gone => "gone",
        }
    }
}

/// A run that wrote the last known state, for the one that is compared with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BaselineRun {
    /// Its id.
    pub id: String,
    /// When it began.
    pub started: Timestamp,
    /// When its collecting ended.
    pub finished: Timestamp,
    /// What became of its alert; none where it had none to send.
    pub alert: Option<AlertOutcome>,
}

/// What became of a run's alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AlertOutcome {
    /// Whether it was delivered, or there was no need of one.
    pub delivered: bool,
    /// What was sent where, or why it was not.
    pub detail: String,
}

/// What a run was compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "history", rename_all = "snake_case")]
pub enum Baseline {
    /// Nothing: the run has no place to keep its results, so there is no history.
    #[default]
    NotKept,
    /// Nothing yet: it is the first run here.
    FirstRun,
    /// The state that another run has left.
    Compared {
        /// That run.
        run: BaselineRun,
    },
    /// Nothing: the state could not be used. It is left as it is.
    Unavailable {
        /// Why, and what to do about it.
        reason: String,
    },
}

/// What changed since the runs before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Changes {
    /// What the run was compared with.
    pub baseline: Baseline,
    /// Findings by kind of change and severity. A kind that does not occur is left out.
    pub counts: BTreeMap<ChangeKind, SeverityCounts>,
    /// New, reopened and worsened findings, by kind, severity (the highest severity first) and check.
    pub groups: Vec<ChangeGroup>,
    /// Accounts that were moved to another OU.
    pub accounts_moved: TruncatedList<AccountMove>,
    /// Accounts that were closed or suspended, or have left the organization, since.
    pub accounts_gone: TruncatedList<AccountRemoval>,
    /// Accounts in which something was evaluated before and could not be now.
    pub coverage_lost: TruncatedList<CoverageLoss>,
    /// Accounts that a run was to scan for the first time, and in which something could not be. None
    /// in a first run, to which all accounts are new.
    pub coverage_missing: TruncatedList<CoverageLoss>,
    /// Accounts in which something can be evaluated again.
    pub coverage_regained: TruncatedList<CoverageGain>,
    /// IAM actions that were allowed in an account and are denied now.
    pub permission_lost: TruncatedList<PermissionLoss>,
}

impl Changes {
    /// How many findings of a kind there are, by severity.
    pub fn of(&self, kind: ChangeKind) -> SeverityCounts {
        self.counts.get(&kind).copied().unwrap_or_default()
    }

    /// Whether there should have been a comparison and there is none.
    pub fn is_unavailable(&self) -> bool {
        matches!(self.baseline, Baseline::Unavailable { .. })
    }
}

/// Findings that changed in the same way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChangeGroup {
    /// How they changed: new, reopened or worsened.
    pub status: ChangeKind,
    /// Their severity now.
    pub severity: Severity,
    /// The check's id.
    pub check_id: CheckId,
    /// How many there are.
    pub findings: u64,
    /// In how many accounts.
    pub accounts: u64,
    /// The first of these accounts by id, ten at most.
    pub sample: Vec<AccountId>,
}

/// A list that is cut: the first ones, and how many there are in all.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "{T}List")]
pub struct TruncatedList<T> {
    /// How many there are.
    pub count: u64,
    /// The first of them, by account id.
    pub first: Vec<T>,
}

impl<T> TruncatedList<T> {
    /// How many are listed at most.
    pub const MOST: usize = 100;

    /// Adds one at the end.
    pub fn push(&mut self, one: T) {
        self.count += 1;
        if self.first.len() < Self::MOST {
            self.first.push(one);
        }
    }
}

impl<T> Default for TruncatedList<T> {
    fn default() -> Self {
        Self {
            count: 0,
            first: Vec::new(),
        }
    }
}

/// An account that was moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccountMove {
    /// The account's id.
    pub account_id: AccountId,
    /// Its name.
    pub account_name: String,
    /// The path of the OU that it was in.
    pub from_ou_path: String,
    /// The path of the OU that it is in.
    pub to_ou_path: String,
}

/// An account that is no longer there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccountRemoval {
    /// The account's id.
    pub account_id: AccountId,
    /// Its last known name.
    pub account_name: String,
    /// What became of it.
    pub detail: String,
    /// Findings that were closed with it.
    pub findings: u64,
}

/// An account in which something could not be evaluated, unlike before or at the first look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CoverageLoss {
    /// The account's id.
    pub account_id: AccountId,
    /// Its name.
    pub account_name: String,
    /// How many checks in how many scopes it is about.
    pub targets: u64,
    /// How many of them each cause accounts for; the first gap's cause counts.
    pub causes: BTreeMap<Cause, u64>,
}

/// An account in which something can be evaluated again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CoverageGain {
    /// The account's id.
    pub account_id: AccountId,
    /// Its name.
    pub account_name: String,
    /// How many checks in how many scopes it is about.
    pub targets: u64,
}

/// An IAM action that was allowed and is denied now: a verdict that needs it was complete before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PermissionLoss {
    /// The account's id.
    pub account_id: AccountId,
    /// Its name.
    pub account_name: String,
    /// The IAM action, `ec2:DescribeVolumes`.
    pub action: String,
    /// What denies it.
    pub cause: Cause,
}

/// What changed in the findings of one account and one check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CheckChanges {
    /// The check's id.
    pub check_id: CheckId,
    /// New findings, by severity.
    pub new: SeverityCounts,
    /// Reopened ones.
    pub reopened: SeverityCounts,
    /// Ones that are more severe than before, by their severity now.
    pub worsened: SeverityCounts,
    /// Resolved ones, by their last severity.
    pub resolved: SeverityCounts,
}
