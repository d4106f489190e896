//! `--timings`: where the time went, and what the run took.

use std::io::{self, Write};

use orgscan_app::scan::FinishedRun;
use orgscan_aws::rate_limit::ApiStats;

use crate::style::{FAINT, HEADING, paint};

/// Prints where the time went.
pub(super) fn write(finished: &FinishedRun, out: &mut impl Write) -> io::Result<()> {
    let timings = &finished.timings;
    writeln!(out, "\n{}", paint(HEADING, "Timings"))?;
    for (stage, seconds) in &timings.stages {
        writeln!(out, "  {stage:<24}{seconds:>9.2} s")?;
    }
    let elapsed = timings.elapsed().as_secs_f64();
    writeln!(out, "  {:<24}{elapsed:>9.2} s", "total")?;
    let listed = timings.listed_after.as_secs_f64();
    writeln!(out, "  {:<24}{listed:>9.2} s", "accounts listed after")?;
    let head = format!(
        "\n  {:<44}{:>9}{:>10}{:>8}{:>11}{:>11}{:>11}",
        "requests and waits by API", "sent", "throttled", "failed", "AWS", "limiter", "in flight"
    );
    writeln!(out, "{}", paint(FAINT, head))?;
    for (api, stats) in &timings.apis {
        line(out, api, stats)?;
    }
    line(out, "total", &timings.total)?;
    per_account(finished, out)?;
    writeln!(
        out,
        "  connections: {} opened, at most {} at a time",
        timings.connections_opened, timings.connections_peak
    )?;
    match timings.peak_memory {
        Some(bytes) => {
            let mebibytes = bytes as f64 / 1_048_576.0;
            writeln!(out, "  peak memory: {mebibytes:.1} MiB")
        }
        None => writeln!(out, "  peak memory: not available on this system"),
    }
}

fn line(out: &mut impl Write, name: &str, stats: &ApiStats) -> io::Result<()> {
    writeln!(
        out,
        "  {name:<44}{:>9}{:>10}{:>8}{:>9.2} s{:>9.2} s{:>9.2} s",
        stats.requests,
        stats.throttled,
        stats.failed,
        stats.waited_for_aws.as_secs_f64(),
        stats.waited_for_limiter.as_secs_f64(),
        stats.waited_for_slot.as_secs_f64()
    )
}

/// Requests per account and Region, the most and on average.
fn per_account(finished: &FinishedRun, out: &mut impl Write) -> io::Result<()> {
    let accounts = finished.report.accounts.iter();
    let (mut global, mut regional) = (Vec::new(), Vec::new());
    for (scope, requests) in accounts.flat_map(|account| &account.requests) {
        match scope {
            orgscan_core::model::TargetScope::Global => global.push(*requests),
            orgscan_core::model::TargetScope::Region(_) => regional.push(*requests),
        }
    }
    writeln!(out)?;
    for (name, requests) in [("account as a whole", global), ("Region", regional)] {
        let sum: u64 = requests.iter().sum();
        let average = sum as f64 / requests.len().max(1) as f64;
        let most = requests.iter().max().copied().unwrap_or_default();
        let count = requests.len();
        writeln!(
            out,
            "  requests per {name}: {average:.1} on average, {most} at most ({count} scanned)"
        )?;
    }
    Ok(())
}
