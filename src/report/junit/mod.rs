//! `findings.junit.xml`: JUnit's format of test reports, for GitLab and other CI systems.
//!
//! Source: <https://docs.gitlab.com/ci/testing/unit_test_reports>

mod case;
mod xml;

use std::io::{self, Write};

use orgscan_core::model::{AccountSummary, Report};

use super::bounded::Bounded;
use super::ledger;
use crate::{AccountReport, Sink};
use case::{Case, CaseKind};
use xml::{attribute, text};

/// The most test cases. GitLab reads files of up to 30 MB and, since version 17.6, up to 250,000 objects,
/// of which a case is about ten.
///
/// Source: <https://docs.gitlab.com/ci/testing/unit_test_reports>,
/// <https://gitlab.com/gitlab-org/gitlab/-/issues/507482>
const CASES: usize = 15_000;

/// Writes `findings.junit.xml`: a test suite for each account, a test case for each check in each scope.
#[derive(Debug)]
pub struct Junit<'c, W> {
    out: W,
    report: &'c Report,
    cases: Bounded<(usize, Case), { CaseKind::ALL.len() }>,
    suites: Vec<String>,
}

impl<'c, W: Write> Junit<'c, W> {
    /// Begins; there is nothing to write yet.
    pub fn start(out: W, report: &'c Report) -> Self {
        Self::within(out, report, CASES)
    }

    fn within(out: W, report: &'c Report, most: usize) -> Self {
        Self {
            out,
            report,
            cases: Bounded::new(most),
            suites: Vec::new(),
        }
    }

    fn push(&mut self, suite: String, cases: impl Iterator<Item = Case>) {
        self.suites.push(suite);
        for case in cases {
            self.cases
                .push(case.kind as usize, (self.suites.len(), case));
        }
    }

    fn suite(&mut self, name: &str, cases: &[Case]) -> io::Result<()> {
        let counts = case::counts(cases.iter());
        let started = self.report.run.started.strftime("%Y-%m-%dT%H:%M:%S");
        writeln!(
            self.out,
            "  <testsuite name=\"{}\" {counts} timestamp=\"{started}\">",
            attribute(name)
        )?;
        for case in cases {
            self.case(name, case)?;
        }
        writeln!(self.out, "  </testsuite>")
    }

    fn case(&mut self, suite: &str, case: &Case) -> io::Result<()> {
        let (class, name) = (attribute(suite), attribute(&case.name));
        write!(
            self.out,
            "    <testcase classname=\"{class}\" name=\"{name}\""
        )?;
        if case.parts.is_empty() {
            return writeln!(self.out, "/>");
        }
        writeln!(self.out, ">")?;
        for part in &case.parts {
            let (element, kind) = (part.element, attribute(&part.kind));
            let message = attribute(&part.message);
            let body = text(&part.body);
            writeln!(
                self.out,
                "      <{element} type=\"{kind}\" message=\"{message}\">{body}</{element}>"
            )?;
        }
        writeln!(self.out, "    </testcase>")
    }
}

impl<W: Write> Sink<W> for Junit<'_, W> {
    fn account(&mut self, account: &AccountReport<'_>) -> io::Result<()> {
        let result = account.applied.result();
        let suite = format!("{} {}", result.account.id, result.account.name);
        let rows = account.ledger();
        let cases: Vec<_> = rows
            .iter()
            .map(|row| case::of(row, account.rows()))
            .collect();
        self.push(suite, cases.into_iter());
        Ok(())
    }

    fn skipped(&mut self, summary: &AccountSummary) -> io::Result<()> {
        let suite = format!("{} {}", summary.account.id, summary.account.name);
        let row = ledger::of_skipped(summary);
        self.push(suite, row.iter().map(|row| case::of(row, &[])));
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<W> {
        let cases = std::mem::replace(&mut self.cases, Bounded::new(0));
        let mut suites: Vec<Vec<Case>> = self.suites.iter().map(|_| Vec::new()).collect();
        let mut omitted = Vec::new();
        for (kept, others) in cases.finish() {
            omitted.push(others);
            for (suite, case) in kept {
                // Counted from 1.
                if let Some(cases) = suites.get_mut(suite - 1) {
                    cases.push(case);
                }
            }
        }
        let mut names = std::mem::take(&mut self.suites);
        if let Some(case) = case::omitted(&omitted) {
            names.push("orgscan".to_owned());
            suites.push(vec![case]);
        }
        let counts = case::counts(suites.iter().flatten());
        writeln!(self.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        writeln!(self.out, "<testsuites name=\"orgscan\" {counts}>")?;
        for (name, cases) in names.iter().zip(&suites) {
            if !cases.is_empty() {
                self.suite(name, cases)?;
            }
        }
        writeln!(self.out, "</testsuites>")?;
        Ok(self.out)
    }
}

#[cfg(test)]
mod tests;
