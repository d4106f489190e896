//! `coverage.parquet`

use std::io::{self, Write};

use orgscan_core::model::{Account, AccountSummary, RunInfo};

use super::fields::{Field, FieldKind};
use super::leaf::Cell;
use super::table::Table;
use crate::ledger::{self, LedgerRow};
use crate::{AccountReport, Sink};

pub(super) const COLUMNS: &[Field] = &[
    ("run_id", FieldKind::Text, false),
    ("run_started", FieldKind::Time, false),
    ("account_id", FieldKind::Text, false),
    ("account_name", FieldKind::Text, false),
    ("ou_path", FieldKind::Text, false),
    ("region", FieldKind::Text, false),
    ("check_id", FieldKind::Text, false),
    ("outcome", FieldKind::Text, false),
    ("cause", FieldKind::Text, true),
    ("action", FieldKind::Text, true),
    ("detail", FieldKind::Text, true),
    ("resources_evaluated", FieldKind::Long, true),
    ("violations", FieldKind::Long, true),
    ("resource", FieldKind::Text, true),
    ("notes", FieldKind::Text, true),
];

/// Writes `coverage.parquet`: the rows of `coverage.csv`. What is empty there is null here.
pub struct CoverageParquet<'c, W: Write + Send> {
    table: Table<W>,
    run: &'c RunInfo,
}

impl<'c, W: Write + Send> CoverageParquet<'c, W> {
    /// Begins the file.
    ///
    /// # Errors
    /// The writer's own.
    pub fn start(out: W, run: &'c RunInfo) -> io::Result<Self> {
        Ok(Self {
            table: Table::start(out, "coverage", COLUMNS)?,
            run,
        })
    }

    fn row(&mut self, account: &Account, row: &LedgerRow<'_>) -> io::Result<()> {
        let text = |text| {
            Cell::or_null(
                Some(text).filter(|text: &&str| !text.is_empty()),
                Cell::Text,
            )
        };
        self.table.row(&[
            Cell::Text(&self.run.id),
            Cell::Time(self.run.started),
            Cell::Text(account.id.as_str()),
            Cell::Text(&account.name),
            Cell::Text(&account.ou_path),
            Cell::Text(row.region),
            Cell::Text(row.check),
            Cell::Text(row.outcome.as_str()),
            text(&row.cause),
            text(&row.action),
            text(&row.detail),
            Cell::or_null(row.resources_evaluated, Cell::count),
            Cell::or_null(row.violations, Cell::count),
            text(&row.resource),
            text(&row.notes),
        ])
    }
}

impl<W: Write + Send> Sink<W> for CoverageParquet<'_, W> {
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
        self.table.finish()
    }
}
