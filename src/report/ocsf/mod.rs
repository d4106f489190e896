//! `findings.ocsf.jsonl.gz`: OCSF Compliance Findings, a line of JSON for each.

mod conversion;
mod event;

use std::io::{self, Write};

use flate2::Compression;
use orgscan_core::checks::Check;
use orgscan_core::compare::Comparison;
use orgscan_core::jsonl;
use orgscan_core::model::RunInfo;
use orgscan_core::settings::OcsfVersion;

use super::events;
use crate::{AccountReport, Sink};
use conversion::OcsfConversion;

/// Writes `findings.ocsf.jsonl.gz`: an event of class 2003 for every finding, for every target that could
/// not be evaluated, and for every finding that was closed since the runs before.
///
/// Source: <https://schema.ocsf.io/1.3.0/classes/compliance_finding>
#[derive(Debug)]
pub struct OcsfJsonl<'c, W: Write> {
    out: jsonl::JsonlWriter<W>,
    checks: &'c [&'static Check],
    conversion: OcsfConversion<'c>,
}

impl<'c, W: Write> OcsfJsonl<'c, W> {
    /// Begins; there is nothing to write yet.
    pub fn start(
        out: W,
        run: &'c RunInfo,
        checks: &'c [&'static Check],
        version: OcsfVersion,
    ) -> Self {
        Self {
            out: jsonl::JsonlWriter::new(out, Compression::fast()),
            checks,
            conversion: OcsfConversion { run, version },
        }
    }
}

impl<W: Write> Sink<W> for OcsfJsonl<'_, W> {
    fn account(&mut self, account: &AccountReport<'_>) -> io::Result<()> {
        for event in events::of_account(account, self.checks) {
            self.out.write(&self.conversion.event(&event))?;
        }
        Ok(())
    }

    fn changed(&mut self, comparison: &Comparison) -> io::Result<()> {
        for event in events::of_closed(comparison, self.checks) {
            self.out.write(&self.conversion.event(&event))?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> io::Result<W> {
        self.out.finish()
    }
}
