//! Corrects a state that is dated ahead of the clock.
//!
//! The run that wrote it had a wrong clock, or a wrong time in its event. What it found is as good as ever,
//! and when it found it nobody can tell. So everything stays, and a time that is ahead becomes the time of
//! the repair: the next run looks newer, and is compared with all of it.

use std::path::Path;

use jiff::Timestamp;
use orgscan_core::clock::Clock;
use orgscan_core::model::{AccountId, BaselineRun};

use super::{HistoryError, HistoryReader, HistoryWriter, write_state};

/// What is dated ahead in a state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FutureDates {
    /// The run that wrote the state, if its start is ahead.
    pub run: Option<BaselineRun>,
    /// How many accounts the state has.
    pub accounts: u64,
    /// How many of them have a time that is ahead.
    pub ahead: u64,
    /// The account with the latest time of all, if that is ahead.
    pub latest: Option<(AccountId, Timestamp)>,
}

impl FutureDates {
    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.run.is_none() && self.ahead == 0
    }
}

/// Writes a state without times that are ahead to `to`. `location` is what errors call it; `accounts` is a file
/// for what is made on the way.
///
/// # Errors
/// [`HistoryError`]
pub fn repair(
    (from, location): (&Path, &str),
    accounts: &Path,
    to: &Path,
    clock: Clock,
) -> Result<FutureDates, HistoryError> {
    let mut reader = HistoryReader::open(from, location, None)?;
    let mut writer = HistoryWriter::create(accounts).map_err(HistoryError::io(location))?;
    let (now, latest) = (clock.now(), clock.latest());
    let mut found = FutureDates::default();
    let mut run = reader.run().cloned();
    found.run = run.clone().filter(|run| run.started > latest);
    if let Some(run) = &mut run {
        run.started = run.started.min(now);
        run.finished = run.finished.min(now).max(run.started);
    }
    while let Some(mut account) = reader.before(None)? {
        let time = account.latest();
        if time > latest {
            found.ahead += 1;
            account.not_after(now);
            if found.latest.as_ref().is_none_or(|(_, last)| *last < time) {
                found.latest = Some((account.id.clone(), time));
            }
        }
        writer
            .account(&account)
            .map_err(HistoryError::io(location))?;
    }
    found.accounts = writer.finish().map_err(HistoryError::io(location))?;
    let all = (accounts, found.accounts);
    write_state(to, run.as_ref(), all).map_err(HistoryError::io(location))?;
    Ok(found)
}
