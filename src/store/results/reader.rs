//! Reads the file, line by line.

use std::fs::File;
use std::path::Path;

use orgscan_core::jsonl::{self, JsonlReader};
use orgscan_core::model::{AccountId, AccountResult};
use orgscan_files::disk;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::ResultsError;
use super::lines::{FORMAT, ResultsHeader, ResultsLine, VERSION};

/// A file of results that is read from its beginning to its end.
#[derive(Debug)]
pub(super) struct ResultsReader {
    lines: JsonlReader<File>,
    /// For people.
    location: String,
}

impl ResultsReader {
    /// Begins to read. `location` is what errors call the file.
    ///
    /// # Errors
    /// [`ResultsError`]
    pub(super) fn open(path: &Path, location: &str) -> Result<(Self, ResultsHeader), ResultsError> {
        let mut reader = Self {
            lines: JsonlReader::new(disk::open(path).map_err(ResultsError::io(location))?),
            location: location.to_owned(),
        };
        let head = reader.head()?;
        Ok((reader, head))
    }

    /// The next account; none at the end.
    ///
    /// # Errors
    /// [`ResultsError`]
    pub(super) fn next(&mut self) -> Result<Option<ResultsLine>, ResultsError> {
        let line = self.line()?;
        line.map(|line| self.parse(&line)).transpose()
    }

    /// The result of an account. They are asked for in the file's order.
    ///
    /// # Errors
    /// [`ResultsError`], also if the account has no result.
    pub(super) fn result(&mut self, id: &AccountId) -> Result<AccountResult, ResultsError> {
        while let Some(line) = self.next()? {
            if line
                .planned
                .is_some_and(|planned| planned.account.id == *id)
            {
                let result = line.result;
                return result.ok_or_else(|| self.damaged(format_args!("{id} has no result")));
            }
        }
        Err(self.damaged(format_args!("{id} is not in it")))
    }

    /// What is wrong with the line that was read last.
    pub(super) fn damaged(&self, why: impl std::fmt::Display) -> ResultsError {
        ResultsError::Damaged {
            location: self.location.clone(),
            line: self.lines.number(),
            why: why.to_string(),
        }
    }

    fn head(&mut self) -> Result<ResultsHeader, ResultsError> {
        // A newer one need not have anything else in common with this version's.
        #[derive(Deserialize)]
        struct ResultsVersion {
            format: String,
            version: u32,
        }
        let Some(line) = self.line()? else {
            return Err(self.damaged("it is empty"));
        };
        let head: ResultsVersion = self.parse(&line)?;
        if head.format != FORMAT {
            let format = head.format.escape_debug();
            return Err(self.damaged(format_args!("it has no results but `{format}`")));
        }
        if head.version != VERSION {
            return Err(ResultsError::OtherVersion {
                location: self.location.clone(),
                found: head.version,
                known: VERSION,
            });
        }
        self.parse(&line)
    }

    fn line(&mut self) -> Result<Option<Vec<u8>>, ResultsError> {
        let line = self.lines.line();
        let number = self.lines.number();
        line.map_err(|error| ResultsError::unreadable(&self.location, number, error))
    }

    fn parse<T: DeserializeOwned>(&self, line: &[u8]) -> Result<T, ResultsError> {
        let number = self.lines.number();
        jsonl::parse(line).map_err(|error| ResultsError::unreadable(&self.location, number, error))
    }
}
