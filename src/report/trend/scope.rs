//! Whose trend it is: the organization's, an OU's or an account's.

use orgscan_core::model::AccountId;

use super::accounts::{Listing, listing, units_of};
use super::number::Number;
use super::reading::{Depth, ReportVisitor};
use super::run::{FindingChanges, Numbers, PastRun};
use super::stored::{StoredAccount, StoredTargets, cut};

/// Whose trend it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The organization's.
    Organization,
    /// An OU's, by its path, with those nested in it.
    Unit(String),
    /// An account's.
    Account(AccountId),
}

/// What a run reports on an OU or an account, collected from its accounts.
#[derive(Debug)]
pub struct Part {
    scope: Scope,
    numbers: Numbers,
    targets: StoredTargets,
    changes: FindingChanges,
    accounts: u64,
}

impl Part {
    /// Begins with nothing.
    pub fn of(scope: &Scope) -> Self {
        Self {
            scope: scope.clone(),
            numbers: Numbers::new(),
            targets: StoredTargets::default(),
            changes: FindingChanges::default(),
            accounts: 0,
        }
    }

    /// The run as far as it is about this part.
    pub fn narrow(self, run: PastRun) -> PastRun {
        let numbers = match &self.scope {
            Scope::Organization => run.numbers,
            Scope::Unit(path) => run.units.get(path).cloned().unwrap_or_default(),
            Scope::Account(_) => self.numbers,
        };
        let planned = self.targets.known + self.targets.unknown;
        let percent = self.targets.known as f64 * 100.0 / planned.max(1) as f64;
        let mut coverage = run.coverage;
        coverage.complete = planned > 0 && self.targets.unknown == 0;
        coverage.percent = (planned > 0).then(|| cut(percent));
        PastRun {
            numbers,
            coverage,
            changes: run.changes.map(|_| self.changes),
            accounts: self.accounts,
            ..run
        }
    }

    fn has(&self, account: &StoredAccount) -> bool {
        match &self.scope {
            Scope::Organization => true,
            Scope::Unit(path) => units_of(&account.ou_path).any(|unit| unit == *path),
            Scope::Account(id) => account.id == *id,
        }
    }
}

impl ReportVisitor for Part {
    const DEPTH: Depth = Depth::Accounts;

    fn account(&mut self, account: StoredAccount) {
        if listing(&account) != Listing::Scanned || !self.has(&account) {
            return;
        }
        self.accounts += 1;
        self.targets.known += account.targets.known;
        self.targets.unknown += account.targets.unknown;
        for of_check in &account.changes {
            self.changes += FindingChanges {
                new: of_check.new,
                reopened: of_check.reopened,
                worsened: of_check.worsened,
                resolved: of_check.resolved,
                ..FindingChanges::default()
            };
        }
        if matches!(self.scope, Scope::Account(_)) {
            let numbers = account.indicators.iter();
            self.numbers = numbers
                .map(|(name, stored)| (name.clone(), Number::from(stored)))
                .collect();
        }
    }
}
