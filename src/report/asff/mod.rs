//! `findings.asff.jsonl.gz`: requests for Security Hub's `BatchImportFindings`, one in each line.

mod conversion;
mod finding;

use std::collections::BTreeMap;
use std::io::{self, Write};

use flate2::Compression;
use orgscan_core::checks::Check;
use orgscan_core::compare::Comparison;
use orgscan_core::jsonl;
use orgscan_core::model::RunInfo;
use serde::Serialize;

use super::events::{self, Event};
use crate::{AccountReport, Sink};
use conversion::AsffConversion;
use finding::AsffFinding;

/// How many findings a request takes. With the lengths that texts are cut to, they stay far below the 6 MB
/// that it takes too.
///
/// Source: <https://docs.aws.amazon.com/securityhub/latest/partnerguide/guidelines-batchimportfindings.html>
const AT_ONCE: usize = 100;

/// Writes `findings.asff.jsonl.gz`. Each line is a whole request of one account and one Region, for `aws
/// securityhub batch-import-findings --cli-input-json`, called in that account and Region. There is a
/// finding for every finding, for every target that could not be evaluated, and for every finding that
/// was closed since the runs before.
#[derive(Debug)]
pub struct AsffJsonl<'c, W: Write> {
    out: jsonl::JsonlWriter<W>,
    checks: &'c [&'static Check],
    conversion: AsffConversion<'c>,
}

/// A request.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Batch<'a> {
    findings: &'a [AsffFinding<'a>],
}

impl<'c, W: Write> AsffJsonl<'c, W> {
    /// Begins; there is nothing to write yet.
    pub fn start(out: W, run: &'c RunInfo, checks: &'c [&'static Check]) -> Self {
        Self {
            out: jsonl::JsonlWriter::new(out, Compression::fast()),
            checks,
            conversion: AsffConversion { run },
        }
    }

    /// Writes events of one account, by Region.
    fn write<'e>(&mut self, events: impl Iterator<Item = Event<'e>>) -> io::Result<()> {
        let mut regions: BTreeMap<&str, Vec<Event<'e>>> = BTreeMap::new();
        for event in events {
            let region = self.conversion.region(&event);
            regions.entry(region).or_default().push(event);
        }
        for events in regions.values() {
            for events in events.chunks(AT_ONCE) {
                let findings: Vec<_> = events
                    .iter()
                    .map(|one| self.conversion.finding(one))
                    .collect();
                let batch = Batch {
                    findings: &findings,
                };
                self.out.write(&batch)?;
            }
        }
        Ok(())
    }
}

impl<W: Write> Sink<W> for AsffJsonl<'_, W> {
    fn account(&mut self, account: &AccountReport<'_>) -> io::Result<()> {
        self.write(events::of_account(account, self.checks).into_iter())
    }

    fn changed(&mut self, comparison: &Comparison) -> io::Result<()> {
        self.write(events::of_closed(comparison, self.checks))
    }

    fn finish(self: Box<Self>) -> io::Result<W> {
        self.out.finish()
    }
}
