//! What was evaluated, what could not be, and why.

use std::collections::{BTreeMap, BTreeSet};

use orgscan_core::model::{Cause, Report};
use orgscan_core::text::number;

use super::super::ledger::Ledger;
use super::most_critical::percent;

/// Coverage with its causes.
pub(super) struct CoverageView {
    pub(super) percent: String,
    pub(super) complete: bool,
    pub(super) known: String,
    pub(super) unknown: String,
    pub(super) listed: String,
    pub(super) scanned: String,
    pub(super) failed: String,
    pub(super) skipped: String,
    pub(super) incomplete: String,
    pub(super) regions_skipped: String,
    pub(super) buckets_skipped: String,
    pub(super) targets_skipped: String,
    /// The width of the known part, in hundredths, for a picture.
    pub(super) bar: u64,
    /// What could not be evaluated, most first.
    pub(super) causes: Vec<CauseLine>,
    /// Gaps that are declared as expected.
    pub(super) expected: Vec<CauseLine>,
}

/// A cause and an IAM action.
pub(super) struct CauseLine {
    pub(super) cause: &'static str,
    pub(super) label: &'static str,
    pub(super) action: String,
    pub(super) targets: String,
    pub(super) accounts: String,
    count: u64,
}

impl CoverageView {
    pub(super) fn new(report: &Report, ledger: &Ledger) -> Self {
        let coverage = &report.coverage;
        let targets = &coverage.targets;
        let share = coverage.percent().unwrap_or_default();
        Self {
            percent: percent(coverage.percent()),
            complete: coverage.is_complete(),
            known: number(targets.known),
            unknown: number(targets.unknown),
            listed: number(coverage.accounts_listed),
            scanned: number(coverage.accounts_scanned),
            failed: number(coverage.accounts_failed),
            skipped: number(coverage.accounts_skipped),
            incomplete: number(coverage.accounts_incomplete),
            regions_skipped: number(coverage.account_regions_skipped),
            buckets_skipped: number(coverage.buckets_skipped),
            targets_skipped: number(targets.skipped),
            // Never the whole width while anything is unknown.
            bar: match targets.unknown {
                0 => 100,
                _ => (share.floor() as u64).min(98),
            },
            causes: lines(ledger, false),
            expected: lines(ledger, true),
        }
    }
}

fn lines(ledger: &Ledger, expected: bool) -> Vec<CauseLine> {
    let mut by_cause: BTreeMap<(Cause, &str), (u64, BTreeSet<usize>)> = BTreeMap::new();
    for (kind, gaps) in ledger
        .kinds
        .iter()
        .filter(|(kind, _)| kind.expected == expected)
    {
        let slot = by_cause.entry((kind.cause, &kind.action)).or_default();
        slot.0 += gaps.iter().map(|gaps| gaps.1).sum::<u64>();
        slot.1.extend(gaps.iter().map(|gaps| gaps.0));
    }
    let lines = by_cause
        .into_iter()
        .map(|((cause, action), (targets, accounts))| CauseLine {
            cause: cause.as_str(),
            label: cause.describe(),
            action: action.to_owned(),
            targets: number(targets),
            accounts: number(accounts.len() as u64),
            count: targets,
        });
    let mut lines: Vec<_> = lines.collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.count));
    lines
}
