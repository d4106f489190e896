//! Thresholds crossed, and the totals.

use std::cmp::Reverse;
use std::fmt::Write;

use orgscan_core::checks::INDICATORS;
use orgscan_core::model::{
    AccountSummary, ChangeKind, Crossing, IndicatorCount, Report, SeverityCounts, ThresholdScope,
};
use orgscan_core::text::{capped, clean, count, number};
use orgscan_core::thresholds::percentage;

use super::{LINES, REGRESSIONS, by_severity, describe_account};
use crate::publish::alert::{AlertContext, PATH};

/// Those with new findings first.
pub(super) fn thresholds(out: &mut String, context: &AlertContext<'_>) {
    let report = context.report;
    if report.thresholds_crossed.is_empty() {
        return;
    }
    let total = number(report.thresholds_crossed.len() as u64);
    let _ = writeln!(out, "\nThresholds crossed ({total})");
    let mut crossed: Vec<_> = report.thresholds_crossed.iter().collect();
    crossed.sort_by_key(|crossing| {
        let highest = Reverse((crossing.highest_severity, crossing.value));
        (
            crossing.new_or_reopened == 0,
            rank(&crossing.scope),
            highest,
        )
    });
    let shown = crossed.iter().take(REGRESSIONS);
    let width = shown.map(|crossing| value(crossing).len()).max();
    let width = width.unwrap_or_default();
    let lines = crossed.into_iter().map(|crossing| {
        let new = match crossing.new_or_reopened {
            0 => String::new(),
            new => format!("; {} new", number(new)),
        };
        format!(
            "{:>width$}  {}{} in {}; threshold: {}{new}",
            value(crossing),
            counts(&crossing.indicator),
            percentage(crossing),
            scope_name(crossing, context),
            crossing.threshold,
        )
    });
    capped(out, lines, REGRESSIONS);
}

fn rank(scope: &ThresholdScope) -> u8 {
    match scope {
        ThresholdScope::Organization => 0,
        ThresholdScope::Ou(_) => 1,
        ThresholdScope::Account(_) => 2,
    }
}

/// Open findings, by severity and by indicator, and the accounts with the highest severity.
pub(super) fn findings(out: &mut String, report: &Report) {
    let complete = report.coverage.is_complete();
    let known = if complete {
        ""
    } else {
        " in what could be evaluated"
    };
    let found = match report.findings.total() {
        0 => "none".to_owned(),
        _ => by_severity(&report.findings),
    };
    let _ = writeln!(out, "\nOpen findings{known}: {found}");
    let unknown = report.changes.of(ChangeKind::Unknown).total();
    if unknown > 0 {
        let findings = count(unknown, "finding");
        let _ = writeln!(out, "Open before and not evaluated this time: {findings}");
    }
    indicators(out, report);
    top_accounts(out, report);
}

fn indicators(out: &mut String, report: &Report) {
    if report.indicators.is_empty() {
        return;
    }
    let head = ["findings", "accounts", "highest severity", "indicator"].map(str::to_owned);
    let rows = report.indicators.iter().map(|total| {
        let highest = total.total.by_severity.highest();
        let affected = total.total.is_known().then_some(total.accounts_affected);
        [
            known(&total.total),
            affected.map_or_else(|| "-".to_owned(), number),
            highest.map_or("-", |severity| severity.as_str()).to_owned(),
            counts(&total.indicator).to_owned(),
        ]
    });
    let rows: Vec<_> = [head].into_iter().chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max();
    let [found, accounts, highest] = [0, 1, 2].map(|column| width(column).unwrap_or_default());
    for [a, b, c, d] in &rows {
        let line = format!("  {a:>found$}  {b:>accounts$}  {c:<highest$}  {d}");
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

fn top_accounts(out: &mut String, report: &Report) {
    let with = |account: &&AccountSummary| account.findings.total() > 0;
    let mut accounts: Vec<_> = report.accounts.iter().filter(with).collect();
    if accounts.is_empty() {
        return;
    }
    accounts.sort_by_key(|account| Reverse(severity_rank(&account.findings)));
    let total = number(accounts.len() as u64);
    let _ = writeln!(
        out,
        "\nAccounts with findings ({total}), highest severity first"
    );
    let lines = accounts.into_iter().map(|account| {
        let unknown = account.targets.unknown > 0;
        let at_least = if unknown { "at least " } else { "" };
        let found = by_severity(&account.findings);
        format!("{}: {at_least}{found}", describe_account(&account.account))
    });
    capped(out, lines, LINES);
}

/// Orders counts by the highest severity first.
fn severity_rank(counts: &SeverityCounts) -> [u64; 5] {
    let SeverityCounts {
        critical,
        high,
        medium,
        low,
        informational,
    } = *counts;
    [critical, high, medium, low, informational]
}

/// What an indicator counts.
fn counts(indicator: &str) -> &str {
    let known = INDICATORS.iter().find(|known| known.name == indicator);
    known.map_or(indicator, |known| known.counts)
}

fn scope_name(crossing: &Crossing, context: &AlertContext<'_>) -> String {
    match &crossing.scope {
        ThresholdScope::Organization => "the organization".to_owned(),
        ThresholdScope::Ou(path) => format!("OU {}", clean(path, PATH)),
        ThresholdScope::Account(id) => match context.account(id) {
            Some(account) => describe_account(account),
            None => id.to_string(),
        },
    }
}

fn value(crossing: &Crossing) -> String {
    amount(crossing.value, crossing.lower_bound)
}

/// The number; `unknown` if it could not be evaluated, `-` if there was nothing to evaluate.
fn known(counted: &IndicatorCount) -> String {
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
