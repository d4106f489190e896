//! A state, joined with the results of a run.

use std::path::PathBuf;

use orgscan_core::clock::Clock;
use orgscan_core::compare::{
    AccountObservation, Comparison, ComparisonInput, KnownAccount, compare,
};
use orgscan_core::model::{AccountId, AccountResult, BaselineRun};

use super::{HistoryError, HistoryReader};

/// A state, and how to compare with it. It can be gone through any number of times, with the same result.
#[derive(Clone, Debug)]
pub struct History {
    /// A copy of the state on the local disk, which nobody changes.
    pub path: PathBuf,
    /// What errors call it.
    pub location: String,
    /// What comparing depends on.
    pub now: ComparisonInput,
    /// What nothing in it may be ahead of; none for one that was compared with before.
    pub clock: Option<Clock>,
}

impl History {
    /// Begins to go through it.
    ///
    /// # Errors
    /// [`HistoryError`]
    pub fn walk(&self) -> Result<Walk, HistoryError> {
        Ok(Walk {
            reader: self.read()?,
            now: self.now.clone(),
        })
    }

    /// Begins to read it as it is.
    ///
    /// # Errors
    /// [`HistoryError`]
    pub fn read(&self) -> Result<HistoryReader, HistoryError> {
        HistoryReader::open(&self.path, &self.location, self.clock)
    }

    /// What became of an account's findings, where there is a history; accounts come by id.
    ///
    /// # Errors
    /// [`HistoryError`]
    pub fn of(
        walk: &mut Option<Walk>,
        result: &AccountResult,
    ) -> Result<Option<Comparison>, HistoryError> {
        let compared = walk.as_mut().map(|walk| walk.result(result));
        Ok(compared.transpose()?.flatten())
    }
}

/// One way through a state, by account id.
#[derive(Debug)]
pub struct Walk {
    reader: HistoryReader,
    now: ComparisonInput,
}

impl Walk {
    /// The run that left the state; none where there was no state.
    pub fn run(&self) -> Option<&BaselineRun> {
        self.reader.run()
    }

    /// The next account before this one, which was not listed; any account if none is given.
    ///
    /// # Errors
    /// [`HistoryError`]
    pub fn unlisted(
        &mut self,
        before: Option<&AccountId>,
    ) -> Result<Option<Comparison>, HistoryError> {
        let known = self.reader.before(before)?;
        Ok(known.and_then(|known| self.compare(Some(known), AccountObservation::Unlisted)))
    }

    /// An account of the plan. Those before it that were not listed have to be asked for first.
    ///
    /// # Errors
    /// [`HistoryError`]
    pub fn listed(
        &mut self,
        id: &AccountId,
        seen: AccountObservation<'_>,
    ) -> Result<Option<Comparison>, HistoryError> {
        let known = self.reader.at(id)?;
        Ok(self.compare(known, seen))
    }

    /// An account with a result, whatever comes before it.
    ///
    /// # Errors
    /// [`HistoryError`]
    pub fn result(&mut self, result: &AccountResult) -> Result<Option<Comparison>, HistoryError> {
        let id = &result.account.id;
        while self.reader.before(Some(id))?.is_some() {}
        self.listed(id, AccountObservation::Result(result))
    }

    fn compare(
        &self,
        known: Option<KnownAccount>,
        seen: AccountObservation<'_>,
    ) -> Option<Comparison> {
        compare(known, seen, &self.now)
    }
}
