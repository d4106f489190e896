//! What was found: thresholds crossed, indicators, the worst accounts.

use std::cmp::Reverse;
use std::fmt::Write;

use super::{LINES, by_severity, named};
use crate::checks::INDICATORS;
use crate::model::{AccountSummary, Counted, Crossing, Report, Scope, SeverityCounts};
use crate::render::text::{capped, number};

/// Lines of the list of thresholds crossed, at most.
const CROSSINGS: usize = 20;

pub(super) fn thresholds(out: &mut String, report: &Report) {
    if report.crossed.is_empty() {
        return;
    }
    let total = number(report.crossed.len() as u64);
    let _ = writeln!(out, "\nThresholds crossed ({total})");
    let mut crossed: Vec<_> = report.crossed.iter().collect();
    crossed.sort_by_key(|crossing| {
        let in_accounts = crossing.scope != Scope::Organization;
        (in_accounts, Reverse((crossing.severity, crossing.value)))
    });
    let shown = crossed.iter().take(CROSSINGS);
    let width = shown.map(|crossing| value(crossing).len()).max();
    let lines = crossed.into_iter().map(|crossing| {
        let (value, width) = (value(crossing), width.unwrap_or_default());
        format!(
            "{value:>width$}  {} in {} (threshold: {})",
            counts(&crossing.indicator),
            whose(crossing, report),
            crossing.limit
        )
    });
    capped(out, lines, CROSSINGS);
}

pub(super) fn indicators(out: &mut String, report: &Report) {
    if report.indicators.is_empty() {
        return;
    }
    out.push_str("\nWhat was found\n");
    let head = ["found", "accounts", "worst", ""].map(str::to_owned);
    let rows = report.indicators.iter().map(|total| {
        let worst = total.total.known.worst();
        let affected = total.total.is_known().then_some(total.accounts_affected);
        [
            known(&total.total),
            affected.map_or_else(|| "-".to_owned(), number),
            worst.map_or("-", |severity| severity.as_str()).to_owned(),
            counts(&total.indicator).to_owned(),
        ]
    });
    let rows: Vec<_> = [head].into_iter().chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max();
    let [found, accounts, worst] = [0, 1, 2].map(|column| width(column).unwrap_or_default());
    for [a, b, c, d] in &rows {
        let line = format!("  {a:>found$}  {b:>accounts$}  {c:<worst$}  {d}");
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

pub(super) fn worst_accounts(out: &mut String, report: &Report) {
    let mut accounts: Vec<&AccountSummary> = report
        .accounts
        .iter()
        .filter(|account| account.findings.total() > 0)
        .collect();
    if accounts.is_empty() {
        return;
    }
    accounts.sort_by_key(|account| Reverse(badness(&account.findings)));
    let total = number(accounts.len() as u64);
    let _ = writeln!(out, "\nAccounts with findings ({total}), the worst first");
    let lines = accounts.into_iter().map(|account| {
        let unknown = account.targets.unknown > 0;
        let at_least = if unknown { "at least " } else { "" };
        let found = by_severity(&account.findings);
        format!("{}: {at_least}{found}", named(&account.account))
    });
    capped(out, lines, LINES);
}

/// Orders counts by the worst severity first.
fn badness(counts: &SeverityCounts) -> [u64; 5] {
    let SeverityCounts {
        critical,
        high,
        medium,
        low,
        informational,
    } = *counts;
    [critical, high, medium, low, informational]
}

/// What an indicator counts, in words.
fn counts(indicator: &str) -> &str {
    let known = INDICATORS.iter().find(|known| known.name == indicator);
    known.map_or(indicator, |known| known.counts)
}

fn whose(crossing: &Crossing, report: &Report) -> String {
    let Scope::Account(id) = &crossing.scope else {
        return "the organization".to_owned();
    };
    let by_id = |account: &AccountSummary| account.account.id.cmp(id);
    match report.accounts.binary_search_by(by_id) {
        Ok(found) => named(&report.accounts[found].account),
        Err(_) => id.to_string(),
    }
}

fn value(crossing: &Crossing) -> String {
    amount(crossing.value, crossing.at_least)
}

/// The number; `unknown` where it should be known, `-` where there was nothing to look at.
fn known(counted: &Counted) -> String {
    if counted.is_known() {
        amount(counted.value(), !counted.is_complete())
    } else if counted.targets_unknown > 0 {
        "unknown".to_owned()
    } else {
        "-".to_owned()
    }
}

fn amount(value: u64, at_least: bool) -> String {
    let prefix = if at_least { "at least " } else { "" };
    format!("{prefix}{}", number(value))
}
