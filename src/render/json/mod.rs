//! `report.json`: everything that a run found, for programs and for the archive.
//!
//! The document is one JSON object with its keys in a fixed order: the run, the numbers and the
//! ledger come first, then one line per account and one line per finding. Its schema is
//! `docs/report.schema.json`.

mod document;
mod schema;

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::checks::Check;
use crate::compare::Comparison;
use crate::model::{AccountResult, IndicatorTotal, Report};
use crate::render::findings::findings;
pub use document::Document;
use document::{AccountLine, CheckText, CoverageLine, Finding, Total};
pub use schema::schema;

/// The version of the document's format. A program that reads 1.0 can read every 1.x.
pub const SCHEMA_VERSION: &str = "1.1";

/// Writes `report.json`, findings account by account.
#[derive(Debug)]
pub struct ReportJson<'c, W> {
    out: W,
    checks: &'c [&'static Check],
    first: bool,
}

impl<'c, W: Write> ReportJson<'c, W> {
    /// Writes all but the findings. `checks` are those that the run was told to make, in registry
    /// order. Each value is one small write, so hand in a buffered writer.
    ///
    /// # Errors
    /// The writer's own.
    pub fn start(out: W, report: &Report, checks: &'c [&'static Check]) -> io::Result<Self> {
        let mut json = Self {
            out,
            checks,
            first: true,
        };
        let organizational_units: BTreeMap<_, _> = report
            .organizational_units
            .iter()
            .map(|(path, of)| (path, totals(of)))
            .collect();
        json.out.write_all(b"{\n\"schema_version\": ")?;
        json.value(&SCHEMA_VERSION)?;
        json.member("run", &report.run)?;
        json.member("indicators", &totals(&report.indicators))?;
        json.member("organizational_units", &organizational_units)?;
        json.member("coverage", &CoverageLine::from(&report.coverage))?;
        json.member("findings_by_severity", &report.findings)?;
        json.member("crossed", &report.crossed)?;
        json.member("notes", &report.notes)?;
        json.member("changes", &report.changes)?;
        json.member("checks", &CheckText::by_id(checks))?;
        json.begin_list("accounts")?;
        for account in &report.accounts {
            json.item(&AccountLine::from(account))?;
        }
        json.out.write_all(b"\n]")?;
        json.begin_list("findings")?;
        Ok(json)
    }

    /// Writes an account's findings. Accounts come in the report's order.
    ///
    /// # Errors
    /// The writer's own.
    pub fn account_findings(
        &mut self,
        result: &AccountResult,
        comparison: Option<&Comparison>,
    ) -> io::Result<()> {
        for row in findings(result, comparison, self.checks) {
            self.item(&Finding::new(&result.account, &row, self.checks))?;
        }
        Ok(())
    }

    /// Ends the document, and gives the writer back.
    ///
    /// # Errors
    /// The writer's own.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(b"\n]\n}\n")?;
        Ok(self.out)
    }

    fn member(&mut self, key: &str, value: &impl Serialize) -> io::Result<()> {
        write!(self.out, ",\n\"{key}\": ")?;
        self.value(value)
    }

    fn begin_list(&mut self, key: &str) -> io::Result<()> {
        self.first = true;
        write!(self.out, ",\n\"{key}\": [")
    }

    fn item(&mut self, value: &impl Serialize) -> io::Result<()> {
        self.out
            .write_all(if self.first { b"\n" } else { b",\n" })?;
        self.first = false;
        self.value(value)
    }

    fn value(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, value).map_err(io::Error::from)
    }
}

fn totals(totals: &[IndicatorTotal]) -> Vec<Total<'_>> {
    totals.iter().map(Total::from).collect()
}

#[cfg(test)]
mod tests;
