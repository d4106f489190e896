//! What could not be evaluated, and what was skipped.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

use orgscan_core::model::{
    AccountOutcome, AccountSummary, Cause, ChangeKind, Report, TargetCounts,
};
use orgscan_core::text::{capped, count, number};

use super::{LINES, describe_account};
use crate::publish::alert::{is_failed, is_incomplete};

pub(super) fn render(out: &mut String, report: &Report) {
    if !report.coverage.is_complete() {
        causes(out, &report.coverage.targets);
        accounts(out, report);
    }
    write_excluded(out, report);
}

/// How many checks each cause accounts for, the most frequent first.
fn causes(out: &mut String, targets: &TargetCounts) {
    let unknown = number(targets.unknown);
    let planned = count(targets.known + targets.unknown, "target");
    let _ = writeln!(
        out,
        "\nCoverage gaps: {unknown} of {planned} not evaluated (target: one check in one account and Region)"
    );
    let causes = by_count(targets);
    let width = causes.first().map(|(_, n)| number(*n).len());
    let lines = causes.iter().map(|(cause, n)| {
        let width = width.unwrap_or_default();
        format!("{:>width$}  {}", number(*n), cause.describe())
    });
    capped(out, lines, LINES);
}

fn by_count(targets: &TargetCounts) -> Vec<(Cause, u64)> {
    let mut causes: Vec<_> = targets.causes.iter().map(|(c, n)| (*c, *n)).collect();
    causes.sort_by_key(|(_, n)| Reverse(*n));
    causes
}

/// The accounts with gaps: those of which nothing is known first.
fn accounts(out: &mut String, report: &Report) {
    let mut accounts: Vec<&AccountSummary> = report
        .accounts
        .iter()
        .filter(|account| is_incomplete(account))
        .collect();
    accounts.sort_by_key(|account| {
        let scanned = !is_failed(&account.outcome);
        (scanned, Reverse(account.targets.unknown))
    });
    let total = number(accounts.len() as u64);
    let _ = writeln!(out, "\nAccounts with gaps ({total})");
    let lines = accounts
        .into_iter()
        .map(|account| format!("{}: {}", describe_account(&account.account), why(account)));
    capped(out, lines, LINES);
}

/// `not scanned, the role cannot be assumed`; `2 of 30 targets not evaluated, throttled`
fn why(account: &AccountSummary) -> String {
    if let AccountOutcome::Failed { gap } = &account.outcome {
        return format!("not scanned, {}", gap.cause.describe());
    }
    let targets = &account.targets;
    let planned = count(targets.known + targets.unknown, "target");
    let causes = by_count(targets);
    let cause = causes.first().map_or("", |(cause, _)| cause.describe());
    let mainly = if causes.len() > 1 { "mainly " } else { "" };
    format!(
        "{} of {planned} not evaluated, {mainly}{cause}",
        number(targets.unknown)
    )
}

fn write_excluded(out: &mut String, report: &Report) {
    let coverage = &report.coverage;
    let mut reasons = BTreeMap::<_, u64>::new();
    for account in &report.accounts {
        if let AccountOutcome::Skipped { reason, .. } = &account.outcome {
            *reasons.entry(*reason).or_default() += 1;
        }
    }
    let reasons: Vec<_> = reasons
        .iter()
        .map(|(reason, n)| format!("{} {}", number(*n), reason.describe()))
        .collect();
    let mut parts = Vec::new();
    if coverage.accounts_skipped > 0 {
        let accounts = count(coverage.accounts_skipped, "account");
        parts.push(format!("{accounts} ({})", reasons.join(", ")));
    }
    if coverage.account_regions_skipped > 0 {
        parts.push(count(
            coverage.account_regions_skipped,
            "account-Region pair",
        ));
    }
    if coverage.buckets_skipped > 0 {
        let buckets = count(coverage.buckets_skipped, "bucket");
        parts.push(format!("{buckets} in Regions that are not selected"));
    }
    if coverage.targets.skipped > 0 {
        let targets = count(coverage.targets.skipped, "target");
        parts.push(format!("{targets} with an expected gap"));
    }
    let known = report.changes.of(ChangeKind::OutOfScope).total();
    if known > 0 {
        let known = count(known, "finding");
        parts.push(format!("{known} of earlier runs (status unchanged)"));
    }
    if !parts.is_empty() {
        let _ = writeln!(out, "\nSkipped: {}.", parts.join(", "));
    }
}
