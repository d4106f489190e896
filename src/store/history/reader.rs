//! Reads a state, account by account.

use std::fs::File;
use std::path::Path;

use jiff::Timestamp;
use orgscan_core::clock::Clock;
use orgscan_core::compare::KnownAccount;
use orgscan_core::jsonl::{self, JsonlReader, LineError};
use orgscan_core::model::{AccountId, BaselineRun};
use orgscan_files::disk;
use serde::de::DeserializeOwned;

use super::HistoryError;
use super::lines::{FORMAT, HistoryHeader, KnownLine, VERSION};

/// A state that is read from its beginning to its end.
#[derive(Debug)]
pub struct HistoryReader {
    lines: JsonlReader<File>,
    /// For people.
    location: String,
    run: Option<BaselineRun>,
    /// How many accounts there should be.
    accounts: u64,
    /// What nothing in it may be ahead of.
    clock: Option<Clock>,
    next: Option<KnownAccount>,
}

impl HistoryReader {
    /// Begins to read. `location` is what errors call the file: a local copy's own path says little. Nothing
    /// in it may be ahead of the clock, where there is one.
    ///
    /// # Errors
    /// [`HistoryError`]
    pub fn open(path: &Path, location: &str, clock: Option<Clock>) -> Result<Self, HistoryError> {
        let mut reader = Self {
            lines: JsonlReader::new(disk::open(path).map_err(HistoryError::io(location))?),
            location: location.to_owned(),
            run: None,
            accounts: 0,
            clock,
            next: None,
        };
        HistoryHeader {
            run: reader.run,
            accounts: reader.accounts,
            ..
        } = reader.head()?;
        if let Some(run) = &reader.run {
            let what = format!(
                "the start of the run {}, which wrote it,",
                run.id.escape_debug()
            );
            reader.refuse_ahead(what, run.started)?;
        }
        reader.next = reader.account(None)?;
        Ok(reader)
    }

    /// The run that wrote it; none where it stands for a state that was not there.
    pub fn run(&self) -> Option<&BaselineRun> {
        self.run.as_ref()
    }

    /// The next account whose id is less than this one; any account if none is given.
    ///
    /// # Errors
    /// [`HistoryError`]
    pub fn before(&mut self, id: Option<&AccountId>) -> Result<Option<KnownAccount>, HistoryError> {
        self.next_if(|next| id.is_none_or(|id| next < id))
    }

    /// The account with this id. Accounts before it have to be read first.
    ///
    /// # Errors
    /// [`HistoryError`]
    pub fn at(&mut self, id: &AccountId) -> Result<Option<KnownAccount>, HistoryError> {
        self.next_if(|next| next == id)
    }

    fn next_if(
        &mut self,
        wanted: impl FnOnce(&AccountId) -> bool,
    ) -> Result<Option<KnownAccount>, HistoryError> {
        let Some(found) = self.next.take_if(|next| wanted(&next.id)) else {
            return Ok(None);
        };
        self.next = self.account(Some(&found.id))?;
        Ok(Some(found))
    }

    fn head(&mut self) -> Result<HistoryHeader, HistoryError> {
        // A newer one need not have anything else in common with this version's.
        #[derive(serde::Deserialize)]
        struct HistoryVersion {
            format: String,
            version: u32,
        }
        let line = self.line()?;
        let Some(line) = line else {
            return Err(self.damaged("it is empty"));
        };
        let head: HistoryVersion = self.parse(&line)?;
        if head.format != FORMAT {
            return Err(self.damaged(format_args!(
                "it is no state of findings but {:?}",
                head.format
            )));
        }
        if !(1..=VERSION).contains(&head.version) {
            return Err(HistoryError::OtherVersion {
                location: self.location.clone(),
                found: head.version,
                known: VERSION,
            });
        }
        self.parse(&line)
    }

    fn account(&mut self, after: Option<&AccountId>) -> Result<Option<KnownAccount>, HistoryError> {
        let Some(line) = self.line()? else {
            // The line of the head, and the one that is not there.
            let (read, accounts) = (self.lines.number() - 2, self.accounts);
            return match read == accounts {
                true => Ok(None),
                false => Err(self.damaged(format_args!("it has {read} accounts of {accounts}"))),
            };
        };
        let line: KnownLine = self.parse(&line)?;
        let account = KnownAccount::try_from(line).map_err(|error| self.damaged(error))?;
        if after.is_some_and(|after| account.id <= *after) {
            return Err(self.damaged(format_args!("account {} is out of order", account.id)));
        }
        let what = format!("the last time that is known of account {}", account.id);
        self.refuse_ahead(what, account.latest())?;
        Ok(Some(account))
    }

    fn refuse_ahead(&self, what: String, time: Timestamp) -> Result<(), HistoryError> {
        let refused = self.clock.map(|clock| clock.refuse_ahead(what, time));
        refused
            .unwrap_or(Ok(()))
            .map_err(|ahead| HistoryError::Ahead {
                location: self.location.clone(),
                ahead,
            })
    }

    fn line(&mut self) -> Result<Option<Vec<u8>>, HistoryError> {
        let line = self.lines.line();
        line.map_err(|error| self.unreadable(error))
    }

    fn parse<T: DeserializeOwned>(&self, line: &[u8]) -> Result<T, HistoryError> {
        jsonl::parse(line).map_err(|error| self.unreadable(error))
    }

    fn unreadable(&self, error: LineError) -> HistoryError {
        match error {
            LineError::Content(why) => self.damaged(why),
            LineError::Io(error) => HistoryError::io(&self.location)(error),
        }
    }

    fn damaged(&self, why: impl std::fmt::Display) -> HistoryError {
        HistoryError::Damaged {
            location: self.location.clone(),
            line: self.lines.number(),
            why: why.to_string(),
        }
    }
}
