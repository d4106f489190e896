//! `summary.jsonl`: what trends need of a run, so that they do not depend on how `report.json` is laid out.
//!
//! The first line has the run's numbers, then there is a line for each account that was listed, by id, and a last one
//! with the oldest open findings. What reads it stops where it has what it needs.

use std::io::{self, Write};
use std::ops::ControlFlow;

use orgscan_core::compare::ComparedFinding;
use orgscan_core::lines::LineVisitor;
use orgscan_core::model::{Account, Report};
use serde::{Deserialize, Serialize};

use super::oldest::{OldestFindings, OpenFinding};
use super::reading::{DamagedReport, Depth, Head, ReportVisitor, other_version, parse};
use super::stored::StoredAccount;
use crate::findings::Row;
use crate::{AccountReport, Sink};

/// The file's name.
pub const SUMMARY: &str = "summary.jsonl";

/// What the format is called.
const FORMAT: &str = "orgscan summary";

/// Its version. Raised with every change that a reader notices.
const VERSION: u32 = 2;

/// What the first line begins with. A newer version need not have anything else in common with this one.
#[derive(Serialize, Deserialize)]
struct SummaryFormat {
    format: String,
    version: u32,
}

/// The last line.
#[derive(Serialize, Deserialize)]
struct SummaryEnd {
    oldest_open: Vec<OpenFinding>,
}

/// Writes `summary.jsonl`.
#[derive(Debug)]
pub struct SummaryJsonl<W> {
    out: W,
    oldest: OldestFindings,
}

impl<W: Write> SummaryJsonl<W> {
    /// Writes all but the last line. Each value is one small write, so hand in a buffered writer.
    ///
    /// # Errors
    /// The writer's own.
    pub fn start(out: W, report: &Report) -> io::Result<Self> {
        #[derive(Serialize)]
        struct SummaryStart {
            #[serde(flatten)]
            format: SummaryFormat,
            #[serde(flatten)]
            head: Head,
        }
        let format = FORMAT.to_owned();
        let version = VERSION;
        let mut summary = Self {
            out,
            oldest: OldestFindings::default(),
        };
        summary.line(&SummaryStart {
            format: SummaryFormat { format, version },
            head: Head::from(report),
        })?;
        for account in &report.accounts {
            summary.line(&StoredAccount::from(account))?;
        }
        Ok(summary)
    }

    fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, value)?;
        self.out.write_all(b"\n")
    }
}

impl<W: Write> Sink<W> for SummaryJsonl<W> {
    fn account(&mut self, reported: &AccountReport<'_>) -> io::Result<()> {
        let account = &reported.applied.result().account;
        let rows = reported.rows().iter();
        for row in rows.filter(|row| row.exception.is_none()) {
            if let Some(compared) = row.compared
                && self.oldest.may_take(compared.finding.first_seen)
            {
                self.oldest.finding(open(account, row, compared));
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<W> {
        let oldest = std::mem::take(&mut self.oldest).in_order();
        self.line(&SummaryEnd {
            oldest_open: oldest,
        })?;
        Ok(self.out)
    }
}

fn open(account: &Account, row: &Row<'_>, compared: &ComparedFinding) -> OpenFinding {
    OpenFinding {
        first_seen: compared.finding.first_seen,
        last_seen: Some(compared.finding.last_seen),
        id: row.id.clone(),
        check_id: row.check.into(),
        severity: row.severity,
        account_id: account.id.clone(),
        account_name: account.name.clone(),
        ou_path: account.ou_path.clone(),
        region: row.region.to_owned(),
        resource: row.resource.to_owned(),
        part: row.part.to_owned(),
    }
}

/// A summary that is being read.
#[derive(Debug)]
pub struct SummaryReader<K> {
    line: u64,
    head: Option<Head>,
    accounts: u64,
    has_ended: bool,
    keep: K,
    damaged: Option<DamagedReport>,
}

impl<K: ReportVisitor> SummaryReader<K> {
    /// Begins to read.
    pub fn new(keep: K) -> Self {
        Self {
            line: 0,
            head: None,
            accounts: 0,
            has_ended: false,
            keep,
            damaged: None,
        }
    }

    /// What was read.
    ///
    /// # Errors
    /// Where it was no summary, or no whole one.
    pub fn finish(self) -> Result<(Head, K), DamagedReport> {
        if let Some(damaged) = self.damaged {
            return Err(damaged);
        }
        match (self.is_done(), self.head) {
            (true, Some(head)) => Ok((head, self.keep)),
            _ => Err(DamagedReport {
                line: self.line,
                why: "it ends early".to_owned(),
            }),
        }
    }

    /// Whether everything that was asked for has come.
    fn is_done(&self) -> bool {
        match K::DEPTH {
            Depth::Head => self.head.is_some(),
            Depth::Accounts => self.has_all_accounts(),
            Depth::Findings => self.has_ended,
        }
    }

    fn has_all_accounts(&self) -> bool {
        let head = self.head.as_ref();
        head.is_some_and(|head| head.coverage.accounts_listed == self.accounts)
    }

    fn read(&mut self, line: &[u8]) -> Result<(), String> {
        if self.head.is_none() {
            self.head = Some(head(line)?);
        } else if self.has_all_accounts() {
            let end: SummaryEnd = parse(line)?;
            for finding in end.oldest_open {
                self.keep.finding(finding);
            }
            self.has_ended = true;
        } else {
            self.keep.account(parse(line)?);
            self.accounts += 1;
        }
        Ok(())
    }
}

impl<K: ReportVisitor> LineVisitor for SummaryReader<K> {
    fn line(&mut self, line: &[u8]) -> ControlFlow<()> {
        self.line += 1;
        if let Err(why) = self.read(line) {
            let line = self.line;
            self.damaged = Some(DamagedReport { line, why });
            return ControlFlow::Break(());
        }
        match self.is_done() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }
}

fn head(line: &[u8]) -> Result<Head, String> {
    let SummaryFormat { format, version } = parse(line)?;
    if format != FORMAT {
        let format = format.escape_debug();
        return Err(format!("it is no summary of a run but `{format}`"));
    }
    if version != VERSION {
        return Err(other_version(&version, &VERSION.to_string()));
    }
    parse(line)
}

impl From<&Report> for Head {
    fn from(report: &Report) -> Self {
        let units = report.ous.iter();
        Self {
            run: (&report.run).into(),
            indicators: report.indicators.iter().map(Into::into).collect(),
            ous: units
                .map(|(path, totals)| (path.clone(), totals.iter().map(Into::into).collect()))
                .collect(),
            coverage: (&report.coverage).into(),
            findings_by_severity: report.findings,
            changes: (&report.changes).into(),
        }
    }
}
