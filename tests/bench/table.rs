//! The table that the benchmark prints.

use crate::bare;
use crate::bound::Bound;
use crate::organization::Counts;
use crate::scan;

/// One size of organization.
pub(crate) struct Row(Vec<String>);

const COLUMNS: [(&str, usize); 14] = [
    ("accounts", 8),
    ("wall s", 8),
    ("bound s", 8),
    ("by", 9),
    ("ratio", 6),
    ("requests", 9),
    ("throttled", 9),
    ("µs/req", 7),
    ("x bare", 6),
    ("MiB", 7),
    ("conn.", 6),
    ("opened", 7),
    ("findings", 9),
    ("unknown", 8),
];

/// Prints what the columns are, and what they compare with.
pub(crate) fn head(bare: &bare::BareMeasurement) {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    println!(
        "{cores} cores, shared with the organization; bare SDK client: {:.0} µs of processor time a \
         request ({} requests), mean answer {:.1} ms",
        bare.cpu_per_request * 1e6,
        bare.requests,
        bare.mean_answer * 1e3
    );
    let head = COLUMNS.map(|(name, width)| format!("{name:>width$}"));
    println!("{}", head.join("  "));
}

impl Row {
    pub(crate) fn new(
        accounts: usize,
        scan: &scan::ScanMeasurement,
        counts: &Counts,
        bare: &bare::BareMeasurement,
        bound: &Bound,
    ) -> Self {
        let cpu = scan.used.cpu / scan.requests.max(1) as f64;
        Self(vec![
            accounts.to_string(),
            format!("{:.1}", scan.seconds),
            format!("{:.1}", bound.seconds()),
            bound.by().to_owned(),
            format!("{:.2}", scan.seconds / bound.seconds()),
            counts.requests.to_string(),
            scan.throttled.to_string(),
            format!("{:.0}", cpu * 1e6),
            format!("{:.2}", cpu / bare.cpu_per_request),
            format!("{:.0}", scan.used.memory),
            scan.connections_peak.to_string(),
            scan.connections_opened.to_string(),
            scan.findings.to_string(),
            scan.targets_unknown.to_string(),
        ])
    }

    pub(crate) fn print(&self) {
        let cells: Vec<String> = self
            .0
            .iter()
            .zip(COLUMNS)
            .map(|(cell, (_, width))| format!("{cell:>width$}"))
            .collect();
        println!("{}", cells.join("  "));
    }
}
