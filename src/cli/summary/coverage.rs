//! What could not be evaluated, why, and in which accounts.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use orgscan_core::model::{AccountOutcome, AccountSummary, Cause, Report};
use orgscan_core::text::{clean, count, number};

use super::{LINE, MOST, NAME, heading, name};
use crate::grid::{Grid, Page};
use crate::style::{FAINT, UNKNOWN, paint};

/// How many accounts a line names.
const NAMED: usize = 3;

pub(super) fn write(report: &Report, page: Page, out: &mut impl Write) -> io::Result<()> {
    let causes = causes(report);
    if !causes.is_empty() {
        heading(out, &paint(UNKNOWN, "Coverage gaps"))?;
        let mut grid = Grid::new(page, &["cause", ">checks", "accounts"]);
        for (cause, gaps) in ordered(causes) {
            grid.row([
                cause.describe().to_owned(),
                paint(UNKNOWN, number(gaps.targets)),
                named(&gaps.accounts),
            ]);
        }
        grid.write(out)?;
        gaps(report, page, out)?;
    }
    write_excluded(report, page, out)
}

/// What was excluded.
fn write_excluded(report: &Report, page: Page, out: &mut impl Write) -> io::Result<()> {
    let coverage = &report.coverage;
    let skipped = [
        (coverage.targets.skipped, "check", ""),
        (
            coverage.account_regions_skipped,
            "account-Region pair",
            " (Region disabled or not selected)",
        ),
        (
            coverage.buckets_skipped,
            "bucket",
            " in Regions that are not selected",
        ),
    ];
    let skipped = skipped.into_iter().filter(|(value, ..)| *value > 0);
    let skipped: Vec<String> = skipped
        .map(|(value, noun, which)| count(value, noun) + which)
        .collect();
    if skipped.is_empty() {
        return Ok(());
    }
    heading(out, "Skipped")?;
    let line = paint(FAINT, skipped.join(", "));
    Grid::lines(page, [line].into_iter()).write(out)
}

/// Which request failed for which resource: the gaps that make most checks unknown.
fn gaps(report: &Report, page: Page, out: &mut impl Write) -> io::Result<()> {
    let accounts = report.accounts.iter();
    let mut lines: Vec<_> = accounts
        .flat_map(|summary| summary.gaps.iter().map(move |gap| (summary, gap)))
        .collect();
    lines.sort_by_key(|(_, gap)| Reverse(gap.checks));
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let headings = ["account", "Region", "action", "resource"];
    let mut grid = Grid::new(page, &headings).whole(1).whole(2).plain(2);
    for (summary, gap) in lines.iter().take(MOST) {
        grid.row([
            name(summary, NAME),
            clean(&gap.region, NAME),
            clean(&gap.action, LINE),
            clean(&gap.resource, LINE),
        ]);
    }
    grid.write(out)?;
    let all: u64 = report.accounts.iter().map(|summary| summary.all_gaps).sum();
    match all.saturating_sub(lines.len().min(MOST) as u64) {
        0 => Ok(()),
        left => {
            let text = format!("  and {} more in coverage.csv", number(left));
            writeln!(out, "{}", paint(FAINT, text))
        }
    }
}

/// What one cause is to blame for.
#[derive(Default)]
struct Gaps<'a> {
    targets: u64,
    accounts: Vec<&'a AccountSummary>,
}

/// Every cause, over all accounts; that of a failed account too where it had no targets yet.
fn causes(report: &Report) -> BTreeMap<Cause, Gaps<'_>> {
    let mut causes: BTreeMap<Cause, Gaps<'_>> = BTreeMap::new();
    for summary in &report.accounts {
        let mut blame = summary.targets.causes.clone();
        if let AccountOutcome::Failed { gap } = &summary.outcome {
            blame.entry(gap.cause).or_default();
        }
        for (cause, targets) in blame {
            let gaps = causes.entry(cause).or_default();
            gaps.targets += targets;
            gaps.accounts.push(summary);
        }
    }
    causes
}

fn ordered(causes: BTreeMap<Cause, Gaps<'_>>) -> Vec<(Cause, Gaps<'_>)> {
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|(_, gaps)| Reverse(gaps.targets));
    causes
}

fn named(accounts: &[&AccountSummary]) -> String {
    let named = accounts.iter().take(NAMED);
    let mut names: Vec<String> = named.map(|account| name(account, NAME)).collect();
    if accounts.len() > NAMED {
        names.push(format!("{} more", number((accounts.len() - NAMED) as u64)));
    }
    names.join(", ")
}
