//! Writes the file, account by account.

use std::io::{self, Write};
use std::iter::Peekable;
use std::slice::Iter;

use flate2::Compression;
use orgscan_core::compare::KnownAccount;
use orgscan_core::jsonl;
use orgscan_core::model::{AccountId, AccountResult, Plan, PlannedAccount};

use super::lines::{NewResultsLine, ResultsHeader};
use crate::history::{HistoryReader, KnownLine};

/// The file in the making. The same run gives the same bytes.
#[derive(Debug)]
pub struct ResultsWriter<'p, W: Write> {
    out: jsonl::JsonlWriter<W>,
    planned: Peekable<Iter<'p, PlannedAccount>>,
    /// What was known before, where there is a history.
    known: Option<HistoryReader>,
}

impl<'p, W: Write> ResultsWriter<'p, W> {
    /// Writes the first line.
    ///
    /// # Errors
    /// The writer's own.
    pub fn start(
        out: W,
        head: &ResultsHeader,
        plan: &'p Plan,
        known: Option<HistoryReader>,
    ) -> io::Result<Self> {
        let mut out = jsonl::JsonlWriter::new(out, Compression::fast());
        out.write(head)?;
        Ok(Self {
            out,
            planned: plan.accounts.iter().peekable(),
            known,
        })
    }

    /// Writes a result as it was found, and what comes before it. Results come in the plan's order.
    ///
    /// # Errors
    /// The writer's own, and where what was known before cannot be read.
    pub fn result(&mut self, result: &AccountResult) -> io::Result<()> {
        let id = &result.account.id;
        while let Some(planned) = self.planned.next_if(|one| one.account.id < *id) {
            self.planned(planned, None)?;
        }
        match self.planned.next_if(|one| one.account.id == *id) {
            Some(planned) => self.planned(planned, Some(result)),
            None => Ok(()),
        }
    }

    /// Writes what is left, and gives the writer back.
    ///
    /// # Errors
    /// As [`ResultsWriter::result`].
    pub fn finish(mut self) -> io::Result<W> {
        while let Some(planned) = self.planned.next() {
            self.planned(planned, None)?;
        }
        self.unlisted(None)?;
        self.out.finish()
    }

    fn planned(
        &mut self,
        planned: &PlannedAccount,
        result: Option<&AccountResult>,
    ) -> io::Result<()> {
        let id = &planned.account.id;
        self.unlisted(Some(id))?;
        let known = self.known.as_mut().map(|known| known.at(id)).transpose();
        let known = known.map_err(io::Error::other)?.flatten();
        self.line(Some(planned), result, known)
    }

    fn unlisted(&mut self, before: Option<&AccountId>) -> io::Result<()> {
        while let Some(known) = self.known.as_mut().map(|known| known.before(before)) {
            match known.map_err(io::Error::other)? {
                Some(known) => self.line(None, None, Some(known))?,
                None => break,
            }
        }
        Ok(())
    }

    fn line(
        &mut self,
        planned: Option<&PlannedAccount>,
        result: Option<&AccountResult>,
        known: Option<KnownAccount>,
    ) -> io::Result<()> {
        let known = known.as_ref().map(KnownLine::from);
        let line = NewResultsLine {
            planned,
            result,
            known,
        };
        self.out.write(&line)
    }
}
