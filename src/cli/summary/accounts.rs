//! The accounts with the most findings of the highest severities.

use std::cmp::Reverse;
use std::io::{self, Write};

use orgscan_core::model::{AccountSummary, Report, Severity};
use orgscan_core::text::{clean, number};

use super::{MOST, NAME, WIDE, heading, more, name};
use crate::grid::{Grid, Page};
use crate::style::{UNKNOWN, of, paint};

/// The severities that have a column of their own.
const COLUMNS: [Severity; 4] = [
    Severity::Critical,
    Severity::High,
    Severity::Medium,
    Severity::Low,
];

pub(super) fn write(report: &Report, page: Page, out: &mut impl Write) -> io::Result<()> {
    let mut affected: Vec<&AccountSummary> = report
        .accounts
        .iter()
        .filter(|summary| summary.findings.total() > 0)
        .collect();
    if affected.is_empty() {
        return Ok(());
    }
    let severity_rank = |summary: &AccountSummary| COLUMNS.map(|s| summary.findings.of(s));
    affected.sort_by_key(|summary| (Reverse(severity_rank(summary)), &summary.account.id));
    heading(out, "Accounts with the most critical findings")?;
    let headings = [
        "account", "name", "OU", ">crit.", ">high", ">med.", ">low", ">all",
    ];
    let mut grid = Grid::new(page, &headings)
        .whole(0)
        .whole(1)
        .plain(1)
        .plain(2);
    for summary in affected.iter().take(MOST) {
        let mut cells = vec![
            summary.account.id.to_string(),
            name(summary, NAME),
            ou(&summary.account.ou_path, page.width),
        ];
        cells.extend(COLUMNS.map(|severity| cell(severity, summary.findings.of(severity))));
        cells.push(all(summary));
        grid.row(cells);
    }
    grid.write(out)?;
    more(affected.len(), "with findings", out)
}

/// The whole path of OUs on a wide terminal, the innermost on a narrow one.
fn ou(path: &str, width: u16) -> String {
    let innermost = path.rsplit('/').next().unwrap_or_default();
    let shown = if width < WIDE { innermost } else { path };
    clean(shown, usize::from(width) / 3)
}

fn cell(severity: Severity, count: u64) -> String {
    paint(of((count > 0).then_some(severity)), number(count))
}

/// All findings; at least so many, where something of the account is unknown.
fn all(summary: &AccountSummary) -> String {
    let total = number(summary.findings.total());
    if summary.targets.unknown > 0 {
        paint(UNKNOWN, format_args!("≥ {total}"))
    } else {
        total
    }
}
