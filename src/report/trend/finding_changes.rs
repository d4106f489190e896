//! What was new and what was resolved in a period: all of its runs count.

use std::collections::BTreeMap;

use orgscan_core::model::{AccountId, CheckId};
use schemars::JsonSchema;
use serde::Serialize;

use super::accounts::units_of;
use super::reading::{Depth, ReportVisitor};
use super::run::{FindingChanges, PastRun};
use super::stored::StoredAccount;

/// How many findings came and went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Flow {
    /// Not known before.
    pub new: u64,
    /// Found again after they had been closed.
    pub reopened: u64,
    /// No longer there.
    pub resolved: u64,
}

impl std::ops::AddAssign for Flow {
    fn add_assign(&mut self, other: Self) {
        self.new += other.new;
        self.reopened += other.reopened;
        self.resolved += other.resolved;
    }
}

impl From<&FindingChanges> for Flow {
    fn from(changes: &FindingChanges) -> Self {
        Self {
            new: changes.new.total(),
            reopened: changes.reopened.total(),
            resolved: changes.resolved.total(),
        }
    }
}

/// Keeps what changed in a report's accounts.
#[derive(Debug, Default)]
pub struct ChangeCollector {
    accounts: Vec<(AccountId, String, Flow)>,
    checks: BTreeMap<CheckId, FindingChanges>,
}

impl ReportVisitor for ChangeCollector {
    const DEPTH: Depth = Depth::Accounts;

    fn account(&mut self, account: StoredAccount) {
        if account.changes.is_empty() {
            return;
        }
        let mut flow = Flow::default();
        for of_check in account.changes {
            let changes = FindingChanges {
                new: of_check.new,
                reopened: of_check.reopened,
                worsened: of_check.worsened,
                resolved: of_check.resolved,
                ..FindingChanges::default()
            };
            flow += Flow::from(&changes);
            *self.checks.entry(of_check.check_id).or_default() += changes;
        }
        self.accounts.push((account.id, account.ou_path, flow));
    }
}

/// What was new and what was resolved in a period.
#[derive(Debug, Default)]
pub struct PeriodChanges {
    /// All findings, by severity.
    pub all: FindingChanges,
    /// By the check's id.
    pub checks: BTreeMap<CheckId, FindingChanges>,
    /// By account.
    pub accounts: BTreeMap<AccountId, Flow>,
    /// By OU, nested ones included.
    pub units: BTreeMap<String, Flow>,
    /// The first run here, if it was in the period: what it found is known since, and not new.
    pub first_run: Option<String>,
    /// Runs that were not compared with the one before, so that their changes are not counted.
    pub not_compared: Vec<String>,
}

impl PeriodChanges {
    /// Adds a run.
    pub fn add(&mut self, run: &PastRun, changed: ChangeCollector) {
        let Some(changes) = run.changes else {
            match run.is_first {
                true => self.first_run = Some(run.id.clone()),
                false => self.not_compared.push(run.id.clone()),
            }
            return;
        };
        self.all += changes;
        for (check, changes) in changed.checks {
            *self.checks.entry(check).or_default() += changes;
        }
        for (account, ou_path, flow) in changed.accounts {
            *self.accounts.entry(account).or_default() += flow;
            for unit in units_of(&ou_path) {
                *self.units.entry(unit).or_default() += flow;
            }
        }
    }
}
