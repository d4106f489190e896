//! All accounts of a run, compared with a state: what changed, and the state that follows.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use orgscan_core::compare::{AccountObservation, ChangesTally, Comparison, by_check};
use orgscan_core::exceptions::ResultWithExceptions;
use orgscan_core::model::{AccountChanges, AccountId, Baseline, BaselineRun, Changes, Report};
use orgscan_core::settings::Thresholds;
use orgscan_core::thresholds::crossings;

use super::writer::BackgroundWriter;
use super::{History, HistoryError, Walk};

/// A comparison under way.
#[derive(Debug)]
pub struct HistoryJoin {
    walk: Walk,
    tally: ChangesTally,
    accounts: BTreeMap<AccountId, AccountChanges>,
    /// That the new state cannot be written does not keep the old one from being read.
    next: io::Result<BackgroundWriter>,
}

/// What came of a comparison.
#[derive(Debug)]
pub struct JoinResult {
    /// What changed.
    pub changes: Changes,
    /// What changed in each account, of those in which something did.
    pub accounts: BTreeMap<AccountId, AccountChanges>,
    /// How many accounts the new state has, if it could be written.
    pub next: io::Result<u64>,
}

impl JoinResult {
    /// Enters what changed in the report of the same accounts. Gives how many of them the new state has,
    /// if it could be written.
    ///
    /// # Errors
    /// The file system's.
    pub fn enter(mut self, report: &mut Report, thresholds: &Thresholds) -> io::Result<u64> {
        report.changes = self.changes;
        for summary in &mut report.accounts {
            if let Some(changes) = self.accounts.remove(&summary.account.id) {
                summary.changes = changes;
            }
        }
        // Only now it is known what is new.
        report.thresholds_crossed = crossings(report, thresholds);
        self.next
    }
}

impl HistoryJoin {
    /// Begins. The accounts of the new state go to the file `next`.
    ///
    /// # Errors
    /// [`HistoryError`]
    pub fn start(history: &History, next: &Path) -> Result<Self, HistoryError> {
        Ok(Self {
            walk: history.walk()?,
            tally: ChangesTally::default(),
            accounts: BTreeMap::new(),
            next: BackgroundWriter::create(next),
        })
    }

    /// The run that left the state; none where there was no state.
    pub fn since(&self) -> Option<&BaselineRun> {
        self.walk.run()
    }

    /// Compares an account of the plan. They come by id, each once. What `applied` accepts of a result is
    /// no change.
    ///
    /// # Errors
    /// [`HistoryError`]
    pub fn add(
        &mut self,
        id: &AccountId,
        seen: AccountObservation<'_>,
        applied: Option<&ResultWithExceptions<'_>>,
    ) -> Result<(), HistoryError> {
        self.unlisted(Some(id))?;
        if let Some(mut comparison) = self.walk.listed(id, seen)? {
            if let Some(applied) = applied {
                comparison.except(applied);
            }
            self.enter(comparison);
        }
        Ok(())
    }

    /// Compares what is left.
    ///
    /// # Errors
    /// [`HistoryError`]
    pub fn finish(mut self) -> Result<JoinResult, HistoryError> {
        self.unlisted(None)?;
        let since = match self.walk.run() {
            Some(run) => Baseline::Compared { run: run.clone() },
            None => Baseline::FirstRun,
        };
        Ok(JoinResult {
            changes: self.tally.finish(since),
            accounts: self.accounts,
            next: self.next.and_then(BackgroundWriter::finish),
        })
    }

    fn unlisted(&mut self, before: Option<&AccountId>) -> Result<(), HistoryError> {
        while let Some(comparison) = self.walk.unlisted(before)? {
            self.enter(comparison);
        }
        Ok(())
    }

    fn enter(&mut self, comparison: Comparison) {
        self.tally.add(&comparison);
        let checks = by_check(&comparison);
        if !checks.is_empty() {
            let id = comparison.account.id.clone();
            self.accounts.insert(id, checks.into_iter().collect());
        }
        let Some(known) = comparison.into_known() else {
            return;
        };
        if let Ok(next) = &self.next {
            next.account(known);
        }
    }
}
