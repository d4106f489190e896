//! Thresholds crossed, and what there is in all.

use std::cmp::Reverse;
use std::fmt::Write;

use orgscan_core::checks::INDICATORS;
use orgscan_core::model::{AccountSummary, Counted, Crossing, Report, Scope, SeverityCounts};
use orgscan_core::text::{capped, clean, number};
use orgscan_core::thresholds::over;

use super::{LINES, NEWS, by_severity, placed};
use crate::publish::alert::{Matter, PATH};

/// Those that have something new first.
pub(super) fn thresholds(out: &mut String, matter: &Matter<'_>) {
    let report = matter.report;
    if report.crossed.is_empty() {
        return;
    }
    let total = number(report.crossed.len() as u64);
    let _ = writeln!(out, "\nThresholds crossed ({total})");
    let mut crossed: Vec<_> = report.crossed.iter().collect();
    crossed.sort_by_key(|crossing| {
        let worst = Reverse((crossing.severity, crossing.value));
        (crossing.new == 0, rank(&crossing.scope), worst)
    });
    let shown = crossed.iter().take(NEWS);
    let width = shown.map(|crossing| value(crossing).len()).max();
    let width = width.unwrap_or_default();
    let lines = crossed.into_iter().map(|crossing| {
        let new = match crossing.new {
            0 => String::new(),
            new => format!(", {} new", number(new)),
        };
        format!(
            "{:>width$}  {} in {}: {} ({}){new}",
            value(crossing),
            counts(&crossing.indicator),
            whose(crossing, matter),
            over(crossing),
            crossing.limit,
        )
    });
    capped(out, lines, NEWS);
}

fn rank(scope: &Scope) -> u8 {
    match scope {
        Scope::Organization => 0,
        Scope::OrganizationalUnit(_) => 1,
        Scope::Account(_) => 2,
    }
}

/// All that is found, by indicator, and the accounts that have most of it.
pub(super) fn findings(out: &mut String, report: &Report) {
    let complete = report.coverage.is_complete();
    let known = if complete { "" } else { ", as far as is known" };
    let _ = match report.findings.total() {
        0 => writeln!(out, "\nIn all{known}: no findings"),
        _ => writeln!(out, "\nIn all{known}: {}", by_severity(&report.findings)),
    };
    indicators(out, report);
    worst_accounts(out, report);
}

fn indicators(out: &mut String, report: &Report) {
    if report.indicators.is_empty() {
        return;
    }
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

fn worst_accounts(out: &mut String, report: &Report) {
    let with = |account: &&AccountSummary| account.findings.total() > 0;
    let mut accounts: Vec<_> = report.accounts.iter().filter(with).collect();
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
        format!("{}: {at_least}{found}", placed(&account.account))
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

fn whose(crossing: &Crossing, matter: &Matter<'_>) -> String {
    match &crossing.scope {
        Scope::Organization => "the organization".to_owned(),
        Scope::OrganizationalUnit(path) => format!("OU {}", clean(path, PATH)),
        Scope::Account(id) => match matter.account(id) {
            Some(account) => placed(account),
            None => id.to_string(),
        },
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
