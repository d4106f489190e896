//! `findings.parquet`

use std::io::{self, Write};

use orgscan_core::checks::Check;
use orgscan_core::model::{ChangeKind, RunInfo};

use super::fields::{Field, FieldKind};
use super::leaf::Cell;
use super::table::Table;
use crate::{AccountReport, Sink};

pub(super) const COLUMNS: &[Field] = &[
    ("run_id", FieldKind::Text, false),
    ("run_started", FieldKind::Time, false),
    ("account_id", FieldKind::Text, false),
    ("account_name", FieldKind::Text, false),
    ("ou_path", FieldKind::Text, false),
    ("region", FieldKind::Text, false),
    ("check_id", FieldKind::Text, false),
    ("check_title", FieldKind::Text, false),
    ("category", FieldKind::Text, true),
    ("severity", FieldKind::Text, false),
    ("resource", FieldKind::Text, false),
    ("part", FieldKind::Text, false),
    ("message", FieldKind::Text, false),
    ("finding_id", FieldKind::Text, false),
    ("status", FieldKind::Text, true),
    ("first_seen", FieldKind::Time, true),
    ("last_seen", FieldKind::Time, true),
    ("exception_id", FieldKind::Text, true),
    ("exception_owner", FieldKind::Text, true),
    ("exception_reason", FieldKind::Text, true),
    ("exception_expires", FieldKind::Day, true),
];

/// Writes `findings.parquet`: the rows of `findings.csv` with the title and the category of their checks.
/// What is empty there and may be unknown is null here.
pub struct FindingsParquet<'c, W: Write + Send> {
    table: Table<W>,
    run: &'c RunInfo,
    checks: &'c [&'static Check],
}

impl<'c, W: Write + Send> FindingsParquet<'c, W> {
    /// Begins the file.
    ///
    /// # Errors
    /// The writer's own.
    pub fn start(out: W, run: &'c RunInfo, checks: &'c [&'static Check]) -> io::Result<Self> {
        Ok(Self {
            table: Table::start(out, "findings", COLUMNS)?,
            run,
            checks,
        })
    }
}

impl<W: Write + Send> Sink<W> for FindingsParquet<'_, W> {
    fn account(&mut self, reported: &AccountReport<'_>) -> io::Result<()> {
        let account = &reported.applied.result().account;
        for row in reported.rows() {
            let check = self.checks.iter().find(|check| check.id == row.check);
            let known = row.compared.map(|compared| &compared.finding);
            let change = row.compared.and_then(|compared| compared.kind);
            let exception = row.exception;
            self.table.row(&[
                Cell::Text(&self.run.id),
                Cell::Time(self.run.started),
                Cell::Text(account.id.as_str()),
                Cell::Text(&account.name),
                Cell::Text(&account.ou_path),
                Cell::Text(row.region),
                Cell::Text(row.check),
                Cell::Text(check.map_or(row.check, |check| check.title)),
                Cell::or_null(check, |check| Cell::Text(check.category.id())),
                Cell::Text(row.severity.as_str()),
                Cell::Text(row.resource),
                Cell::Text(row.part),
                Cell::Text(row.message),
                Cell::Text(&row.id),
                Cell::or_null(change.map(ChangeKind::as_str), Cell::Text),
                Cell::or_null(known, |known| Cell::Time(known.first_seen)),
                Cell::or_null(known, |known| Cell::Time(known.last_seen)),
                Cell::or_null(exception, |one| Cell::Text(&one.id)),
                Cell::or_null(exception, |one| Cell::Text(&one.owner)),
                Cell::or_null(exception, |one| Cell::Text(&one.reason)),
                Cell::or_null(exception.and_then(|one| one.expires), Cell::Day),
            ])?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> io::Result<W> {
        self.table.finish()
    }
}
