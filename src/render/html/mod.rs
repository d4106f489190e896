//! `index.html`: the report as one page that needs no network and nothing beside it.
//!
//! What a reader needs first is made here, as plain HTML that can be read and printed without scripts.
//! The rest is in the page as data, and is shown by the scripts in it. Names of accounts and resources
//! are chosen by whoever owns them: here they are escaped, there they are only ever text, and the
//! page's own policy keeps anything else from running.

mod data;
mod held;
mod ledger;
pub mod link;
mod overview;
mod policy;
mod strings;
mod words;

use std::io::{self, Write};

use askama::Template;

use crate::checks::Check;
use crate::compare::Comparison;
use crate::exceptions::Applied;
use crate::model::{Report, Trend};
use crate::render::findings::findings;
use data::Data;
use held::Held;
use ledger::Ledger;
use overview::Overview;
use policy::SCRIPTS;

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
    held: Held,
    ledger: Ledger,
}

impl<'r, W: Write> PageHtml<'r, W> {
    /// Begins the page. `checks` are those that the run was told to make, in registry order, `trend`
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
            held: Held::default(),
            ledger: Ledger::new(report.accounts.len()),
        }
    }

    /// Takes an account's findings and what could not be looked at in it. Accounts come in the report's
    /// order; one that the report does not have is left out.
    pub fn account(&mut self, applied: &Applied<'_>, comparison: Option<&Comparison>) {
        let result = applied.result();
        let accounts = &self.report.accounts;
        let found = accounts.binary_search_by(|one| one.account.id.cmp(&result.account.id));
        let Ok(position) = found else { return };
        self.ledger.add(position, result, self.checks);
        for row in findings(applied, comparison, self.checks) {
            self.held.add(position, &result.account, &row, self.checks);
        }
    }

    /// Writes the page, and gives the writer back.
    ///
    /// # Errors
    /// The writer's own.
    pub fn finish(mut self) -> io::Result<W> {
        let overview = Overview::new(self.report, self.trend, &self.held, &self.ledger);
        overview.write_into(&mut self.out)?;
        let data = Data::new(self.report, self.checks, self.held, self.ledger);
        self.out
            .write_all(b"<script type=\"application/json\" id=\"data\">")?;
        data.write(&mut self.out)?;
        self.out.write_all(b"</script>\n")?;
        for script in SCRIPTS {
            writeln!(self.out, "<script>{script}</script>")?;
        }
        self.out.write_all(b"</body>\n</html>\n")?;
        Ok(self.out)
    }
}

#[cfg(test)]
mod tests;
