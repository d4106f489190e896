//! What could not be looked at, why, and in which accounts.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{NAME, heading, name};
use crate::cli::grid::Grid;
use crate::cli::style::{FAINT, UNKNOWN, paint};
use crate::model::{AccountOutcome, AccountSummary, Cause, Report};
use crate::render::text::{count, number};

/// How many accounts a line names.
const NAMED: usize = 3;

pub(super) fn write(report: &Report, width: u16, out: &mut impl Write) -> io::Result<()> {
    let causes = causes(report);
    if !causes.is_empty() {
        heading(out, &paint(UNKNOWN, "Could not be looked at"))?;
        let mut grid = Grid::new(width, &["why", ">checks", "accounts"]);
        for (cause, gaps) in ordered(causes) {
            grid.row([
                cause.in_words().to_owned(),
                paint(UNKNOWN, number(gaps.targets)),
                named(&gaps.accounts),
            ]);
        }
        grid.write(out)?;
    }
    let coverage = &report.coverage;
    let skipped = [
        (coverage.targets.skipped, "check"),
        (coverage.regions_skipped, "Region"),
    ];
    let skipped: Vec<String> = skipped
        .into_iter()
        .filter(|(value, _)| *value > 0)
        .map(|(value, noun)| count(value, noun))
        .collect();
    if skipped.is_empty() {
        return Ok(());
    }
    let left_out = format!("Left out on purpose: {}.", skipped.join(" and "));
    writeln!(out, "\n{}", paint(FAINT, left_out))
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
