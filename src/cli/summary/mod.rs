//! What a run found, on a terminal.

mod accounts;
mod changes;
mod coverage;
mod enrollment;
mod exceptions;
mod indicators;
mod next;

pub(super) use next::NextSteps;

use std::io::{self, Write};

use orgscan_core::model::{AccountSummary, Report, Severity, SeverityCounts, ThresholdScope};
use orgscan_core::text::{clean, count, number, report_subject};

use super::grid::{Grid, Page};
use super::style::{BAD, FAINT, GOOD, HEADING, UNKNOWN, of, paint};
use super::text::{percent, took};

/// How many lines a list has; the report has all of them.
const MOST: usize = 10;
/// How much of a name is shown.
const NAME: usize = 24;
/// How much is shown of a text that may be as long as a sentence.
const LINE: usize = 300;
/// Narrower terminals have the labels of the last lines above them.
const STACKED: usize = 60;
/// Narrower terminals are shown less.
const WIDE: u16 = 100;

/// A report, and what else its reader needs to know.
#[derive(Clone, Copy, Debug)]
pub struct Summary<'a> {
    /// What was found.
    pub report: &'a Report,
    /// Where the whole report is, if it went anywhere.
    pub report_location: Option<&'a str>,
    /// Results that did not reach their destination, each with the reason.
    pub undelivered: &'a [String],
    /// What was sent when the run ended before, and so not again.
    pub sent_before: &'a [String],
    /// The address of the report's page, if it is on this machine.
    pub page_url: Option<&'a str>,
    /// How the lines are laid out.
    pub(super) page: Page,
    /// What the next commands follow from; none if no hints are wanted.
    pub(super) next: Option<NextSteps<'a>>,
}

impl Summary<'_> {
    /// Prints the summary, with colors; `out` drops them where they do not belong.
    ///
    /// # Errors
    /// Where `out` takes no more.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        self.headline(out)?;
        indicators::write(self.report, self.page, out)?;
        accounts::write(self.report, self.page, out)?;
        coverage::write(self.report, self.page, out)?;
        enrollment::write(self.report, self.page, out)?;
        self.crossed(out)?;
        exceptions::write(self.report, self.page, out)?;
        self.notes(out)?;
        next::write(self, out)
    }

    fn headline(&self, out: &mut impl Write) -> io::Result<()> {
        let run = &self.report.run;
        let scope = report_subject(self.report);
        let name = paint(HEADING, format_args!("orgscan {}", run.orgscan_version));
        let (id, scope) = (clean(&run.id, LINE), clean(&scope, LINE));
        self.line(&format!("{name}  run {id}, {scope}"), out)?;
        let started = run.started.strftime("%Y-%m-%d %H:%M UTC");
        let took = took(run.started, run.finished);
        let when = paint(FAINT, format_args!("{started}, took {took}"));
        self.line(&when, out)?;
        writeln!(out)?;
        self.line(&self.findings(), out)?;
        if let Some(suppressed) = exceptions::headline(self.report) {
            self.line(&suppressed, out)?;
        }
        if let Some(changes) = changes::line(self.report) {
            self.line(&changes, out)?;
        }
        self.line(&self.completeness(), out)
    }

    fn line(&self, text: &str, out: &mut impl Write) -> io::Result<()> {
        self.page.write(text, out)
    }

    fn findings(&self) -> String {
        let findings = &self.report.findings;
        let complete = self.report.coverage.is_complete();
        match (findings.total(), complete) {
            (0, true) if self.report.suppressed.total() > 0 => {
                paint(GOOD, "No findings, except suppressed ones.")
            }
            (0, true) => paint(GOOD, "No findings."),
            (0, false) => paint(UNKNOWN, "No findings in what was evaluated."),
            (total, complete) => {
                let bound = if complete { "" } else { "At least " };
                let total = paint(HEADING, format_args!("{bound}{}", count(total, "finding")));
                format!("{total}: {}", by_severity(findings))
            }
        }
    }

    fn completeness(&self) -> String {
        let coverage = &self.report.coverage;
        let scanned = format!(
            "{} of {} scanned, {} skipped",
            number(coverage.accounts_scanned),
            count(coverage.accounts_listed, "account"),
            number(coverage.accounts_skipped),
        );
        if coverage.is_complete() {
            return format!("{scanned}: {}.", paint(GOOD, "complete"));
        }
        let known = coverage.percent().map_or_else(|| "0 %".to_owned(), percent);
        let incomplete = count(coverage.accounts_incomplete, "account");
        let failed = match coverage.accounts_failed {
            0 => String::new(),
            failed => format!(", {} failed", number(failed)),
        };
        let word = paint(UNKNOWN, "Incomplete");
        format!(
            "{scanned}{failed}.\n{word}: {known} of the planned checks are evaluated; {incomplete} with gaps.\n\
             A number with ≥ is a lower bound."
        )
    }

    fn crossed(&self, out: &mut impl Write) -> io::Result<()> {
        if self.report.thresholds_crossed.is_empty() {
            return Ok(());
        }
        heading(out, "Thresholds crossed")?;
        let headings = ["scope", "indicator", ">value", "threshold"];
        let mut grid = Grid::new(self.page, &headings).whole(1);
        for crossing in self.report.thresholds_crossed.iter().take(MOST) {
            let report_subject = match &crossing.scope {
                ThresholdScope::Organization => "organization".to_owned(),
                ThresholdScope::Ou(path) => clean(path, LINE),
                ThresholdScope::Account(id) => self.name_of(id.as_str()),
            };
            let bound = if crossing.lower_bound { "≥ " } else { "" };
            let value = format!("{bound}{}", number(crossing.value));
            let indicator = clean(&crossing.indicator, LINE);
            let limit = clean(&crossing.threshold, LINE);
            grid.row([
                report_subject,
                indicator,
                paint(of(crossing.highest_severity), value),
                limit,
            ]);
        }
        grid.write(out)?;
        more(self.report.thresholds_crossed.len(), "thresholds", out)
    }

    fn name_of(&self, id: &str) -> String {
        let accounts = &self.report.accounts;
        let account = accounts
            .iter()
            .find(|summary| summary.account.id.as_str() == id);
        account.map_or_else(|| id.to_owned(), |account| name(account, NAME))
    }

    fn notes(&self, out: &mut impl Write) -> io::Result<()> {
        if !self.undelivered.is_empty() {
            heading(out, &paint(BAD, "Not delivered"))?;
            list(self.page, self.undelivered, out)?;
        }
        if !self.sent_before.is_empty() {
            heading(out, "Already delivered, not sent again")?;
            list(self.page, self.sent_before, out)?;
        }
        if !self.report.notes.is_empty() {
            heading(out, "Notes")?;
            list(self.page, &self.report.notes, out)?;
        }
        Ok(())
    }
}

/// Lines of text, broken where the width ends.
fn list(page: Page, lines: &[String], out: &mut impl Write) -> io::Result<()> {
    let shown = lines.iter().take(MOST).map(|line| clean(line, LINE));
    Grid::lines(page, shown).write(out)?;
    more(lines.len(), "", out)
}

/// The number of omitted lines, if there are any.
fn more(lines: usize, what: &str, out: &mut impl Write) -> io::Result<()> {
    match lines.saturating_sub(MOST) {
        0 => Ok(()),
        left => {
            let text = format!("  and {} more {what}", number(left as u64));
            writeln!(out, "{}", paint(FAINT, text.trim_end()))
        }
    }
}

fn heading(out: &mut impl Write, text: &str) -> io::Result<()> {
    writeln!(out, "\n{}", paint(HEADING, text))
}

/// `3 critical, 12 high`, each in its color.
fn by_severity(counts: &SeverityCounts) -> String {
    let parts: Vec<String> = Severity::ALL
        .into_iter()
        .rev()
        .filter(|severity| counts.of(*severity) > 0)
        .map(|severity| {
            let text = format!("{} {severity}", number(counts.of(severity)));
            paint(of(Some(severity)), text)
        })
        .collect();
    parts.join(", ")
}

/// An account's name, safe to print; its id where it has none.
fn name(summary: &AccountSummary, most: usize) -> String {
    let name = clean(&summary.account.name, most);
    if name.is_empty() {
        summary.account.id.to_string()
    } else {
        name
    }
}

#[cfg(test)]
mod tests;
