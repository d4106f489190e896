//! `report.json`: everything that a run found, for programs and for the archive.
//!
//! The document is one JSON object with its keys in a fixed order: the run, the numbers and the
//! ledger come first, then one line per account and one line per finding. Its schema is
//! `docs/report.schema.json`.

mod document;
mod enrollment;
mod schema;

use std::collections::BTreeMap;
use std::io::{self, Write};

use orgscan_core::checks::Check;
use orgscan_core::model::{IndicatorTotal, Report};
use serde::Serialize;

use crate::{AccountReport, Sink};
pub use document::{Document, ReportNumber, ReportTotal};
use document::{ReportAccount, ReportCheck, ReportCoverage, ReportFinding};
pub use enrollment::EnrollmentSection;
pub use schema::schema;

/// The version of the document's format. A program that reads 2.0 can read every 2.x.
pub const SCHEMA_VERSION: &str = "2.0";

/// Writes `report.json`, findings account by account.
#[derive(Debug)]
pub struct ReportJson<'c, W> {
    out: W,
    checks: &'c [&'static Check],
    first: bool,
}

impl<'c, W: Write> ReportJson<'c, W> {
    /// Writes all but the findings. `checks` are those that the run selected, in registry
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
            .ous
            .iter()
            .map(|(path, of)| (path, totals(of)))
            .collect();
        json.out.write_all(b"{\n\"schema_version\": ")?;
        json.value(&SCHEMA_VERSION)?;
        json.member("run", &report.run)?;
        json.member("indicators", &totals(&report.indicators))?;
        json.member("ous", &organizational_units)?;
        json.member("coverage", &ReportCoverage::from(&report.coverage))?;
        json.member("findings_by_severity", &report.findings)?;
        json.member("suppressed_by_severity", &report.suppressed)?;
        json.member("exceptions", &report.exceptions)?;
        json.member("thresholds_crossed", &report.thresholds_crossed)?;
        json.member("notes", &report.notes)?;
        json.member("frameworks", &report.frameworks)?;
        json.member("changes", &report.changes)?;
        json.member("checks", &ReportCheck::by_id(checks))?;
        json.begin_list("accounts")?;
        for account in &report.accounts {
            json.item(&ReportAccount::from(account))?;
        }
        json.out.write_all(b"\n]")?;
        json.enrollment(report.enrollment.as_ref().map(EnrollmentSection::from))?;
        json.begin_list("findings")?;
        Ok(json)
    }

    fn member(&mut self, key: &str, value: &impl Serialize) -> io::Result<()> {
        write!(self.out, ",\n\"{key}\": ")?;
        self.value(value)
    }

    /// The section as it is serialized, but with one line per account.
    fn enrollment(&mut self, section: Option<EnrollmentSection<'_>>) -> io::Result<()> {
        let Some(section) = section else {
            return self.member("enrollment", &());
        };
        self.out.write_all(b",\n\"enrollment\": {\"complete\":")?;
        self.value(&section.complete)?;
        self.out.write_all(b",\"stack_set\":")?;
        self.value(section.stack_set)?;
        self.out.write_all(b",\"by_state\":")?;
        self.value(&section.by_state)?;
        self.out.write_all(b",\"accounts\": [")?;
        self.first = true;
        for line in &section.accounts {
            self.item(line)?;
        }
        self.out.write_all(b"\n]}")
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

impl<W: Write> Sink<W> for ReportJson<'_, W> {
    fn account(&mut self, reported: &AccountReport<'_>) -> io::Result<()> {
        let account = &reported.applied.result().account;
        for row in reported.rows() {
            self.item(&ReportFinding::new(account, row, self.checks))?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<W> {
        self.out.write_all(b"\n]\n}\n")?;
        Ok(self.out)
    }
}

fn totals(totals: &[IndicatorTotal]) -> Vec<ReportTotal<'_>> {
    totals.iter().map(ReportTotal::from).collect()
}

#[cfg(test)]
mod tests;
