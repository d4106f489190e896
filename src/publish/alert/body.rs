//! The alert's text.

mod gaps;
mod numbers;

use std::fmt::Write;

use super::{Gist, accounts_planned, gist, is_failed};
use crate::enrolment::in_short;
use crate::model::{Account, Report, Severity, SeverityCounts};
use crate::render::text::{capped, clean, count, number};

/// Lines of a list, at most.
const LINES: usize = 10;

/// Characters of a text that somebody else has chosen, at most.
const NAME: usize = 80;
const NOTE: usize = 300;

/// The whole text. What a person needs to decide whether to get up comes first.
///
/// Nothing here can fail: writing to a `String` does not.
pub(super) fn render(report: &Report, report_location: Option<&str>) -> String {
    let mut out = String::new();
    headline(&mut out, report);
    numbers::thresholds(&mut out, report);
    if accounts_planned(report) > 0 {
        numbers::indicators(&mut out, report);
    }
    numbers::worst_accounts(&mut out, report);
    gaps::render(&mut out, report);
    if let Some(words) = report.enrolment.as_ref().and_then(in_short) {
        let words = clean(&words, NOTE);
        let _ = writeln!(
            out,
            "\nEnrolment: {words}. `orgscan enrolment` says how to mend it."
        );
    }
    if !report.notes.is_empty() {
        out.push_str("\nNotes\n");
        let notes = report.notes.iter().map(|note| clean(note, NOTE));
        capped(&mut out, notes, LINES);
    }
    footer(&mut out, report, report_location);
    out
}

fn headline(out: &mut String, report: &Report) {
    let complete = report.coverage.is_complete();
    let planned = count(accounts_planned(report), "account");
    let gist = gist(report);
    let _ = match (report.crossed.len() as u64, &gist) {
        (0, Gist::NothingPlanned | Gist::NothingKnown) => Ok(()),
        (0, _) if complete => write!(out, "No threshold crossed. "),
        (0, _) => write!(out, "No threshold crossed as far as is known. "),
        (n, _) => write!(out, "{} crossed. ", count(n, "threshold")),
    };
    let _ = match &gist {
        Gist::NothingPlanned => writeln!(out, "No account was scanned: all were left out."),
        Gist::NothingKnown => writeln!(out, "Nothing could be looked at in {planned}."),
        Gist::Findings(findings) => writeln!(out, "{}.", capitalized(findings)),
        Gist::NoFindings if complete => writeln!(out, "No findings in {planned}."),
        Gist::NoFindings => writeln!(out, "No findings where it was possible to look."),
    };
    if report.findings.total() > 0 {
        let all = if complete { "All" } else { "Known" };
        let _ = writeln!(out, "{all} findings: {}.", by_severity(&report.findings));
    }
    if matches!(gist, Gist::Findings(_) | Gist::NoFindings) {
        looked_at(out, report, &planned);
    }
}

fn looked_at(out: &mut String, report: &Report, planned: &str) {
    let coverage = &report.coverage;
    let failed = coverage.accounts_failed;
    let partial = coverage.accounts_incomplete.saturating_sub(failed);
    let gaps = match (number(failed), number(partial)) {
        _ if coverage.is_complete() => {
            let checks = count(coverage.targets.known, "check");
            let _ = writeln!(out, "Everything was looked at: {checks} in {planned}.");
            return;
        }
        (failed, _) if partial == 0 => format!("{failed} of {planned} could not be scanned"),
        (_, partial) if failed == 0 => format!("{partial} of {planned} scanned only in part"),
        (failed, partial) => {
            format!("{failed} of {planned} could not be scanned, {partial} only in part")
        }
    };
    let _ = writeln!(
        out,
        "Some things are unknown: {gaps}. True numbers can be higher."
    );
}

fn footer(out: &mut String, report: &Report, report_location: Option<&str>) {
    let run = &report.run;
    out.push('\n');
    if let Some(location) = report_location {
        let _ = writeln!(out, "Every finding, and how to mend it:\n  {location}\n");
    }
    let of = run.organization.as_ref();
    let of = of.map_or_else(String::new, |o| format!(" of organization {}", o.id));
    let _ = writeln!(
        out,
        "Run {}{of}, {} to {} UTC, orgscan {}.",
        clean(&run.id, NAME),
        run.started.strftime("%Y-%m-%d %H:%M"),
        run.finished.strftime("%H:%M"),
        run.version,
    );
}

/// `111122223333 prod-web (Workloads/Production)`
fn named(account: &Account) -> String {
    let mut text = account.id.to_string();
    let name = clean(&account.name, NAME);
    if !name.is_empty() && name != text {
        let _ = write!(text, " {name}");
    }
    let ou = clean(&account.ou_path, NAME);
    if !ou.is_empty() {
        let _ = write!(text, " ({ou})");
    }
    text
}

/// `3 critical, 1 low`
fn by_severity(counts: &SeverityCounts) -> String {
    let words: Vec<_> = Severity::ALL
        .into_iter()
        .rev()
        .filter(|severity| counts.of(*severity) > 0)
        .map(|severity| format!("{} {severity}", number(counts.of(severity))))
        .collect();
    words.join(", ")
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
