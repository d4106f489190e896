//! Where the details are, and the cost of the run.

use std::fmt::Write;

use orgscan_core::model::Report;
use orgscan_core::text::{clean, count};

use super::NAME;
use crate::publish::alert::{AlertContext, accounts_planned};

pub(super) fn render(out: &mut String, context: &AlertContext<'_>) {
    let report = context.report;
    let run = &report.run;
    out.push('\n');
    if let Some(location) = context.findings_at() {
        let _ = writeln!(out, "All findings, and how to fix them:\n  {location}");
    }
    if let Some(dashboard) = context.dashboard {
        let _ = writeln!(out, "Dashboard:\n  {dashboard}");
    }
    if context.report_location.is_some() || context.dashboard.is_some() {
        out.push('\n');
    }
    let of = run.organization.as_ref();
    let of = of.map_or_else(String::new, |o| format!(" of organization {}", o.id));
    let _ = writeln!(
        out,
        "Run {}{of}, {} to {} UTC, orgscan {}: {}.",
        clean(&run.id, NAME),
        run.started.strftime("%Y-%m-%d %H:%M"),
        run.finished.strftime("%H:%M"),
        run.orgscan_version,
        cost(report),
    );
    if let Some(manifest) = context.manifest {
        let unsigned = if manifest.signed { "" } else { ", not signed" };
        let (sequence, sha256) = (manifest.sequence, manifest.sha256);
        let _ = writeln!(out, "Manifest {sequence}: sha256 {sha256}{unsigned}");
    }
}

/// `60 accounts, 3,412 requests, 0.0% throttled, 11 s`
fn cost(report: &Report) -> String {
    let sent = report.accounts.iter().flat_map(|one| one.requests.iter());
    let sent: u64 = sent.map(|(_, sent)| sent).sum();
    let throttled: u64 = report.accounts.iter().map(|one| one.throttled).sum();
    let percent = match sent {
        0 => 0.0,
        sent => throttled as f64 * 100.0 / sent as f64,
    };
    let took = report.run.finished.duration_since(report.run.started);
    format!(
        "{}, {}, {percent:.1}% throttled, {} s",
        count(accounts_planned(report), "account"),
        count(sent, "request"),
        took.as_secs(),
    )
}
