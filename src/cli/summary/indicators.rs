//! The indicators: one line each.

use std::cmp::Reverse;
use std::io::{self, Write};

use orgscan_core::model::{IndicatorCount, IndicatorTotal, Report};
use orgscan_core::text::number;

use super::{NAME, WIDE, heading, name};
use crate::grid::{Grid, Page};
use crate::style::{FAINT, GOOD, PLAIN, UNKNOWN, of, paint};
use crate::text::percent;

pub(super) fn write(report: &Report, page: Page, out: &mut impl Write) -> io::Result<()> {
    if report.indicators.is_empty() {
        return Ok(());
    }
    heading(out, "Indicators")?;
    let (accounts_named, last) = if page.width < WIDE {
        (1, "top account")
    } else {
        (3, "top accounts")
    };
    let headings = [
        "indicator",
        ">count",
        ">evaluated",
        ">share",
        ">accounts",
        last,
    ];
    let mut grid = Grid::new(page, &headings).whole(0);
    for indicator in &report.indicators {
        let total = &indicator.total;
        grid.row([
            indicator.indicator.clone(),
            counted(total),
            examined(total),
            share(total),
            accounts(indicator),
            top_accounts(report, &indicator.indicator, accounts_named),
        ]);
    }
    grid.write(out)
}

/// The number: `12`, `≥ 12` where something is missing, `unknown` where everything is.
fn counted(counted: &IndicatorCount) -> String {
    let value = number(counted.value());
    if counted.is_complete() && counted.value() == 0 {
        paint(GOOD, value)
    } else if counted.is_complete() {
        paint(of(counted.by_severity.highest()), value)
    } else if !is_planned(counted) {
        paint(FAINT, "–")
    } else if !counted.is_known() {
        paint(UNKNOWN, "unknown")
    } else {
        let style = counted
            .by_severity
            .highest()
            .map_or(UNKNOWN, |top_accounts| of(Some(top_accounts)));
        paint(style, format_args!("≥ {value}"))
    }
}

/// Whether anything was to be scanned.
fn is_planned(counted: &IndicatorCount) -> bool {
    counted.targets_known + counted.targets_unknown > 0
}

fn examined(counted: &IndicatorCount) -> String {
    match (is_planned(counted), counted.is_known()) {
        (true, true) => number(counted.resources_evaluated),
        (true, false) => paint(UNKNOWN, "?"),
        (false, _) => paint(FAINT, "–"),
    }
}

fn share(counted: &IndicatorCount) -> String {
    match counted.percent() {
        Some(value) => percent(value),
        None if counted.is_known() || !is_planned(counted) => paint(FAINT, "–"),
        None => paint(UNKNOWN, "?"),
    }
}

fn accounts(indicator: &IndicatorTotal) -> String {
    let affected = number(indicator.accounts_affected);
    match (indicator.accounts_incomplete, indicator.accounts_affected) {
        (0, 0) => paint(FAINT, affected),
        (0, _) => paint(PLAIN, affected),
        _ if !indicator.total.is_known() => paint(UNKNOWN, "?"),
        (_, 0) => paint(UNKNOWN, format_args!("≥ {affected}")),
        _ => format!("≥ {affected}"),
    }
}

/// The accounts with most violations, `prod-web 12, data 3`.
fn top_accounts(report: &Report, indicator: &str, most: usize) -> String {
    let mut affected: Vec<_> = report
        .accounts
        .iter()
        .filter_map(|summary| Some((summary, summary.indicators.get(indicator)?)))
        .filter(|(_, counted)| counted.value() > 0)
        .collect();
    affected.sort_by_key(|(summary, counted)| (Reverse(counted.value()), &summary.account.id));
    // Names that begin alike are told apart by their ends, so rather fewer names than cut ones.
    let mut room = most * NAME / 2;
    let mut top_accounts = Vec::new();
    for (summary, counted) in affected.into_iter().take(most) {
        let one = format!("{} {}", name(summary, NAME), number(counted.value()));
        if one.len() > room && !top_accounts.is_empty() {
            break;
        }
        room = room.saturating_sub(one.len());
        top_accounts.push(one);
    }
    top_accounts.join(", ")
}
