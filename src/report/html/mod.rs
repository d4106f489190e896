//! `index.html`: the report as one page that needs no network and nothing beside it.
//!
//! What a reader needs first is made here, as plain HTML that can be read and printed without scripts.
//! The rest is in the page as data, and is shown by the scripts in it. Names of accounts and resources
//! are chosen by the people who own them: here they are escaped, there they are only ever text, and the
//! page's own policy keeps anything else from running.

mod controls;
mod data;
mod format;
mod ledger;
pub mod link;
mod overview;
mod policy;
pub mod runs;
mod strings;
mod top_findings;

use std::io::{self, Write};

use askama::Template;
use orgscan_core::checks::Check;
use orgscan_core::model::{Report, Trend};

use crate::{AccountReport, Sink};
use controls::Controls;
use data::Data;
use ledger::Ledger;
use overview::Overview;
use policy::SCRIPTS;
use policy::{STYLE, hash};
use top_findings::TopFindings;

/// The page's file name.
pub const NAME: &str = "index.html";

/// Writes the page. Findings are held until the end, as many as fit: of a large organization's the
/// worst ones, and the page says how many others there are and where.
#[derive(Debug)]
pub struct PageHtml<'r, W> {
    out: W,
    report: &'r Report,
    checks: &'r [&'static Check],
    trend: Option<&'r Trend>,
    top_findings: TopFindings,
    ledger: Ledger,
    controls: Controls,
}

impl<'r, W: Write> PageHtml<'r, W> {
    /// Begins the page. `checks` are those that the run selected, in registry order, `trend`
    /// the runs before, where they are known. Each value is one small write, so hand in a buffered
    /// writer.
    pub fn start(
        out: W,
        report: &'r Report,
        checks: &'r [&'static Check],
        trend: Option<&'r Trend>,
    ) -> Self {
        Self {
            out,
            report,
            checks,
            trend,
            top_findings: TopFindings::default(),
            ledger: Ledger::new(report.accounts.len()),
            controls: Controls::new(&report.frameworks, report.accounts.len()),
        }
    }
}

impl<W: Write> Sink<W> for PageHtml<'_, W> {
    fn account(&mut self, reported: &AccountReport<'_>) -> io::Result<()> {
        let result = reported.applied.result();
        let accounts = &self.report.accounts;
        let found = accounts.binary_search_by(|one| one.account.id.cmp(&result.account.id));
        // One that the report does not have is left out.
        let Ok(position) = found else {
            return Ok(());
        };
        self.ledger.add(position, result, self.checks);
        let taken = self.controls.add(position, reported.applied, self.checks);
        self.top_findings.make_room(taken);
        for row in reported.rows() {
            self.top_findings
                .add(position, &result.account, row, self.checks);
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<W> {
        let overview = Overview::new(
            self.report,
            self.checks,
            self.trend,
            &self.top_findings,
            &self.ledger,
        );
        overview.write_into(&mut self.out)?;
        let Self {
            mut out,
            report,
            checks,
            top_findings,
            ledger,
            controls,
            ..
        } = *self;
        let data = Data::new(report, checks, top_findings, ledger, controls);
        out.write_all(b"<script type=\"application/json\" id=\"data\">")?;
        data.write(&mut out)?;
        out.write_all(b"</script>\n")?;
        for script in SCRIPTS {
            writeln!(out, "<script>{script}</script>")?;
        }
        out.write_all(b"</body>\n</html>\n")?;
        Ok(out)
    }
}

#[cfg(test)]
mod tests;
