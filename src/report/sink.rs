//! What every file of a report is made with: fed with one account at a time.

use std::io;
use std::sync::OnceLock;

use orgscan_core::checks::Check;
use orgscan_core::compare::Comparison;
use orgscan_core::exceptions::ResultWithExceptions;
use orgscan_core::model::AccountSummary;

use super::findings::{Row, findings};
use super::ledger::{self, LedgerRow};

/// What came of an account, for the reader of a report.
#[derive(Debug)]
pub struct AccountReport<'r> {
    /// Its result.
    pub applied: &'r ResultWithExceptions<'r>,
    /// What became of it since the runs before, where that is known.
    pub comparison: Option<&'r Comparison>,
    checks: &'r [&'static Check],
    rows: OnceLock<Vec<Row<'r>>>,
    ledger: OnceLock<Vec<LedgerRow<'r>>>,
}

impl<'r> AccountReport<'r> {
    /// What came of an account. `checks` are those that the run selected, in registry order.
    pub fn new(
        applied: &'r ResultWithExceptions<'r>,
        comparison: Option<&'r Comparison>,
        checks: &'r [&'static Check],
    ) -> Self {
        Self {
            applied,
            comparison,
            checks,
            rows: OnceLock::new(),
            ledger: OnceLock::new(),
        }
    }

    /// Its findings, ordered by check and scope: put in order once for all files, by the first that needs them.
    pub(super) fn rows(&self) -> &[Row<'r>] {
        let rows = || findings(self.applied, self.comparison, self.checks);
        self.rows.get_or_init(rows)
    }

    /// Its rows of the ledger, made once as the findings are.
    pub(super) fn ledger(&self) -> &[LedgerRow<'r>] {
        let rows = || ledger::of_result(self.applied.result(), self.checks);
        self.ledger.get_or_init(rows)
    }
}

/// A file in the making. It is fed with the accounts of a report in the report's order, so that memory
/// does not grow with their number. `W` is what it writes to.
pub trait Sink<W> {
    /// Takes an account that has a result.
    ///
    /// # Errors
    /// The writer's own.
    fn account(&mut self, account: &AccountReport<'_>) -> io::Result<()>;

    /// Takes an account that the plan leaves out.
    ///
    /// # Errors
    /// The writer's own.
    fn skipped(&mut self, _summary: &AccountSummary) -> io::Result<()> {
        Ok(())
    }

    /// Takes what changed in an account, one of the report or not. Accounts come by id.
    ///
    /// # Errors
    /// The writer's own.
    fn changed(&mut self, _comparison: &Comparison) -> io::Result<()> {
        Ok(())
    }

    /// Writes the end, and gives the writer back.
    ///
    /// # Errors
    /// The writer's own.
    fn finish(self: Box<Self>) -> io::Result<W>;
}

/// A file that was complete from the beginning.
#[derive(Debug)]
pub struct FinishedFile<W>(pub W);

impl<W> Sink<W> for FinishedFile<W> {
    fn account(&mut self, _: &AccountReport<'_>) -> io::Result<()> {
        Ok(())
    }

    fn finish(self: Box<Self>) -> io::Result<W> {
        Ok(self.0)
    }
}
