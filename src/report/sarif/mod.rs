//! `findings.sarif`: SARIF 2.1.0, for code scanning.
//!
//! Source: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

mod conversion;
mod notifications;
mod size;

use std::io::{self, Write};

use orgscan_core::checks::Check;
use orgscan_core::model::{Report, Severity};
use serde_json::{Value, json};

use super::bounded::Bounded;
use super::events::{self, EventStatus};
use crate::{AccountReport, Sink};
use conversion::SarifConversion;
use notifications::Notifications;
use size::CompressedSize;

/// The most results of a run that GitHub takes; it shows the 5,000 of the highest severity.
///
/// Source: <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>
const RESULTS: usize = 25_000;

/// The most bytes of a file that GitHub takes, compressed with gzip: 10 MB, and room for what comes after
/// the results.
const COMPRESSED: u64 = 9_000_000;

/// Severities, and after them suppressed findings.
const RANKS: usize = Severity::ALL.len() + 1;

/// Writes `findings.sarif`: a result for every finding, within the limits of GitHub; a notification for what
/// could not be evaluated.
#[derive(Debug)]
pub struct Sarif<'c, W> {
    out: W,
    report: &'c Report,
    checks: &'c [&'static Check],
    results: Bounded<String, RANKS>,
    notifications: Notifications,
    most_compressed: u64,
}

impl<'c, W: Write> Sarif<'c, W> {
    /// Begins; there is nothing to write yet.
    pub fn start(out: W, report: &'c Report, checks: &'c [&'static Check]) -> Self {
        Self::within(out, report, checks, RESULTS, COMPRESSED)
    }

    fn within(
        out: W,
        report: &'c Report,
        checks: &'c [&'static Check],
        results: usize,
        most_compressed: u64,
    ) -> Self {
        Self {
            out,
            report,
            checks,
            results: Bounded::new(results),
            notifications: Notifications::default(),
            most_compressed,
        }
    }

    /// The results, as far as they fit; gives how many of each rank do not.
    fn write_results(&mut self, results: Bounded<String, RANKS>) -> io::Result<[u64; RANKS]> {
        let mut omitted = [0; RANKS];
        let mut size = CompressedSize::default();
        let mut written = 0_u64;
        for ((results, others), omitted) in results.finish().zip(&mut omitted) {
            *omitted = others;
            for result in results {
                if size.of(&result)? > self.most_compressed {
                    *omitted += 1;
                    continue;
                }
                let before = if written == 0 { "\n" } else { ",\n" };
                write!(self.out, "{before}{result}")?;
                written += 1;
            }
        }
        Ok(omitted)
    }

    fn value(&mut self, value: &Value) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, value).map_err(io::Error::from)
    }
}

impl<W: Write> Sink<W> for Sarif<'_, W> {
    fn account(&mut self, account: &AccountReport<'_>) -> io::Result<()> {
        let conversion = SarifConversion {
            checks: self.checks,
        };
        for event in events::of_account(account, self.checks) {
            if let EventStatus::NotEvaluated { cause, action, .. } = &event.status {
                self.notifications.gap(&event, cause, action);
                continue;
            }
            let severity = event.severity.unwrap_or(Severity::Informational);
            let rank = match event.exception {
                Some(_) => RANKS - 1,
                None => Severity::ALL.len() - 1 - severity as usize,
            };
            self.results
                .push(rank, conversion.result(&event).to_string());
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<W> {
        let run = &self.report.run;
        let driver = json!({
            "name": "orgscan",
            "version": run.orgscan_version,
            "semanticVersion": run.orgscan_version,
            "rules": conversion::rules(self.checks),
        });
        self.out.write_all(
            b"{\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n\"version\": \"2.1.0\",\n\
              \"runs\": [{\"tool\": {\"driver\": ",
        )?;
        self.value(&driver)?;
        let automation = json!({ "id": format!("orgscan/{}", run.id) });
        self.out.write_all(b"},\n\"automationDetails\": ")?;
        self.value(&automation)?;
        self.out.write_all(b",\n\"results\": [")?;
        let results = std::mem::replace(&mut self.results, Bounded::new(0));
        let omitted = self.write_results(results)?;
        let invocation = json!({
            "executionSuccessful": self.report.coverage.is_complete(),
            "startTimeUtc": run.started,
            "endTimeUtc": run.finished,
            "toolExecutionNotifications": self.notifications.finish(self.report, &omitted),
        });
        self.out.write_all(b"\n],\n\"invocations\": [")?;
        self.value(&invocation)?;
        self.out.write_all(b"]}]}\n")?;
        Ok(self.out)
    }
}

#[cfg(test)]
mod tests;
