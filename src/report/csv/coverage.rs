//! `coverage.csv`: the ledger of what was evaluated.

use std::io::{self, Write};

use orgscan_core::model::{Account, AccountSummary};

use super::cell;
use crate::columns::COVERAGE;
use crate::ledger::{self, LedgerRow};
use crate::{AccountReport, Sink};

/// Writes `coverage.csv`: one row for every account, scope and check, passes included, so that the file
/// shows everything that was evaluated.
///
/// | column | what |
/// | --- | --- |
/// | `account_id`, `account_name`, `ou_path` | the account; the path is empty in the root |
/// | `region` | a Region, or `global` for the account as a whole; `*` if the row is about all of them |
/// | `check_id` | the check's id; `*` if the row is about all checks |
/// | `outcome` | `pass`, `fail`, `unknown` or `skipped` |
/// | `cause` | why it is unknown, or why the account or Region was skipped |
/// | `action` | the IAM action that was needed |
/// | `detail` | AWS's error message; for a skipped row, the reason |
/// | `resources_evaluated` | how many resources were evaluated |
/// | `violations` | how many of them break the check; a lower bound where the outcome is `unknown` |
/// | `resource` | the resources that the gaps are about, by name or id, each with its own Region in parentheses where that is not the row's; empty for a gap about all that the action reads |
/// | `notes` | what else there is to know: the age of the IAM credential report, for instance |
///
/// A skipped account is one row with `*` for region and check. A skipped Region is a row with `*` for
/// the check, ahead of the account's checks. Of an account that failed before its Regions were known,
/// each check is one `unknown` row with `*` for the region. A `skipped` row with a check's id is an
/// expected gap: `cause` and `action` are the gap's, `detail` has its exception.
///
/// So the rows with a check's id are as many as the targets in the report's coverage.
///
/// A target with several gaps stays one row: `cause` and `action` list the different ones, joined
/// with ` | `, and `detail` and `resource` have those of each in the same order, joined alike.
#[derive(Debug)]
pub struct CoverageCsv<W: Write> {
    out: csv::Writer<W>,
}

impl<W: Write> CoverageCsv<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// The writer's own.
    pub fn start(out: W) -> io::Result<Self> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record(COVERAGE)?;
        Ok(Self { out })
    }

    fn row(&mut self, account: &Account, row: &LedgerRow<'_>) -> io::Result<()> {
        self.out.write_record([
            account.id.as_str(),
            &cell(&account.name),
            &cell(&account.ou_path),
            &cell(row.region),
            &cell(row.check),
            row.outcome.as_str(),
            &cell(&row.cause),
            &cell(&row.action),
            &cell(&row.detail),
            &number(row.resources_evaluated),
            &number(row.violations),
            &cell(&row.resource),
            &cell(&row.notes),
        ])?;
        Ok(())
    }
}

impl<W: Write> Sink<W> for CoverageCsv<W> {
    fn account(&mut self, reported: &AccountReport<'_>) -> io::Result<()> {
        let account = &reported.applied.result().account;
        for row in reported.ledger() {
            self.row(account, row)?;
        }
        Ok(())
    }

    fn skipped(&mut self, summary: &AccountSummary) -> io::Result<()> {
        match ledger::of_skipped(summary) {
            Some(row) => self.row(&summary.account, &row),
            None => Ok(()),
        }
    }

    fn finish(self: Box<Self>) -> io::Result<W> {
        self.out
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)
    }
}

fn number(number: Option<u64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
