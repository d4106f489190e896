//! The change in one line: the first line of the text, the subject and the SMS.

mod changed;

use orgscan_core::model::{AccountSummary, Baseline, Report, Severity, SeverityCounts};
use orgscan_core::text::{clean, count, number};

use super::{AlertContext, accounts_planned};

/// SNS: "ASCII text that begins with a letter, number, or punctuation mark; must not include line
/// breaks or control characters; and must be less than 100 characters long".
///
/// Source: <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>
const SUBJECT: usize = 99;

/// What fits into one SMS in every alphabet that SNS sends, with the sender.
///
/// Source: <https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html>
const SMS: usize = 140;

/// The whole line, as a sentence: `3 new critical findings in 2 accounts, 1 reopened, 12 resolved; 4 accounts could
/// not be scanned.`
pub(super) fn sentence(context: &AlertContext<'_>) -> String {
    let line = line(parts(context), usize::MAX);
    let mut chars = line.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    let sentence: String = first.into_iter().chain(chars).collect();
    format!("{sentence}.")
}

/// The most important parts. They contain only orgscan's own text and numbers, and the ASCII part of the route's
/// name.
pub(super) fn subject(context: &AlertContext<'_>) -> String {
    led(context, SUBJECT)
}

/// The same for a phone.
pub(super) fn sms(context: &AlertContext<'_>) -> String {
    led(context, SMS)
}

fn led(context: &AlertContext<'_>, max: usize) -> String {
    const ROUTE: usize = 30;
    let lead = match context.route {
        Some(route) => {
            let ascii: String = route.chars().filter(char::is_ascii).collect();
            format!("orgscan {}: ", clean(&ascii, ROUTE).replace('…', "~"))
        }
        None => "orgscan: ".to_owned(),
    };
    let line = line(parts(context), max - lead.len());
    lead + &line
}

/// The separator before a part of the line, and the part.
type HeadlinePart = (&'static str, String);

/// As many of the parts, the most important first, as fit.
fn line(parts: Vec<HeadlinePart>, max: usize) -> String {
    let mut line = String::new();
    for (separator, part) in parts {
        let separator = if line.is_empty() { "" } else { separator };
        if line.len() + separator.len() + part.len() <= max {
            line.push_str(separator);
            line.push_str(&part);
        }
    }
    line
}

/// The parts of the line, the most important first.
fn parts(context: &AlertContext<'_>) -> Vec<HeadlinePart> {
    let report = context.report;
    let mut parts = match &report.changes.baseline {
        _ if accounts_planned(report) == 0 => return vec![("", nothing_planned(report))],
        Baseline::Compared { run } => changed::parts(context, run),
        Baseline::FirstRun => vec![("", format!("first run: {}", found(report)))],
        Baseline::NotKept | Baseline::Unavailable { .. } => vec![("", found(report))],
    };
    if !is_nothing_known(report) {
        parts.extend(gaps(report));
    }
    let crossed = report.thresholds_crossed.len() as u64;
    if crossed > 0 {
        parts.push(("; ", format!("{} crossed", count(crossed, "threshold"))));
    }
    if report.changes.is_unavailable() {
        parts.push(("; ", "changes are unknown".to_owned()));
    }
    parts
}

fn nothing_planned(report: &Report) -> String {
    let listed = count(report.coverage.accounts_listed, "account");
    format!("no account scanned, {listed} skipped")
}

/// Whether no target has a complete verdict, and no finding is known.
fn is_nothing_known(report: &Report) -> bool {
    let targets = &report.coverage.targets;
    report.findings.highest().is_none() && targets.known == 0 && targets.unknown > 0
}

/// All findings, for a run without a comparison: `at least 2 critical and 19 other findings in 2 of 3 accounts`
fn found(report: &Report) -> String {
    let planned = count(accounts_planned(report), "account");
    let is_complete = report.coverage.is_complete();
    let Some(highest) = report.findings.highest() else {
        return match is_complete {
            _ if is_nothing_known(report) => format!("no check could be evaluated in {planned}"),
            true => format!("no findings in {planned}"),
            false => "no findings in what could be evaluated".to_owned(),
        };
    };
    let affected = accounts_with(report, |one| one.findings.total() > 0);
    format!(
        "{}{} in {} of {planned}",
        if is_complete { "" } else { "at least " },
        findings(&report.findings, highest),
        number(affected),
    )
}

/// `2 critical and 19 other findings`
fn findings(counts: &SeverityCounts, highest: Severity) -> String {
    let of_highest = counts.of(highest);
    match counts.total() - of_highest {
        0 => count(of_highest, &format!("{highest} finding")),
        others => {
            let others = count(others, "other finding");
            format!("{} {highest} and {others}", number(of_highest))
        }
    }
}

/// What could not be scanned: `4 accounts could not be scanned, 2 scanned in part`
fn gaps(report: &Report) -> Option<HeadlinePart> {
    let failed = report.coverage.accounts_failed;
    let partial = report.coverage.accounts_incomplete.saturating_sub(failed);
    let text = match (failed, partial) {
        (0, 0) => return None,
        (0, _) => format!("{} scanned in part", count(partial, "account")),
        (_, 0) => format!("{} could not be scanned", count(failed, "account")),
        _ => {
            let failed = count(failed, "account");
            let partial = number(partial);
            format!("{failed} could not be scanned, {partial} scanned in part")
        }
    };
    Some(("; ", text))
}

fn accounts_with(report: &Report, has: impl Fn(&AccountSummary) -> bool) -> u64 {
    report.accounts.iter().filter(|one| has(one)).count() as u64
}
