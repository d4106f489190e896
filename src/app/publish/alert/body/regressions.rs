//! Coverage that was lost, and accounts that were moved or removed.

use std::collections::BTreeMap;
use std::fmt::Write;

use orgscan_core::model::{AccountId, CoverageLoss, TruncatedList};
use orgscan_core::services::sts;
use orgscan_core::text::{capped, clean, count, number};

use super::groups::account_names;
use super::{NAME, REGRESSIONS, named};
use crate::publish::alert::{AlertContext, is_failed};

const LOST: &str = "Coverage lost since the previous run";
const NEW_WITH_GAPS: &str = "New accounts with coverage gaps";

pub(super) fn render(out: &mut String, context: &AlertContext<'_>) {
    let changes = &context.report.changes;
    gaps(out, context, LOST, &changes.coverage_lost);
    gaps(out, context, NEW_WITH_GAPS, &changes.coverage_missing);
    permissions(out, context);
    let gone = changes.accounts_gone.first.iter().map(|one| {
        let name = named(&one.account_id, &one.account_name);
        let closed = count(one.findings, "finding");
        format!("{name}: {}, with {closed}", clean(&one.detail, NAME))
    });
    list(
        out,
        "Accounts closed or removed",
        &changes.accounts_gone,
        gone.collect(),
    );
    let moved = changes.accounts_moved.first.iter().map(|one| {
        let name = named(&one.account_id, &one.account_name);
        format!(
            "{name}: from {} to {}",
            unit(&one.from_ou_path),
            unit(&one.to_ou_path)
        )
    });
    list(
        out,
        "Accounts moved to another OU",
        &changes.accounts_moved,
        moved.collect(),
    );
    let regained = changes.coverage_regained.count;
    if regained > 0 {
        let accounts = count(regained, "account");
        let _ = writeln!(out, "\nCoverage restored: {accounts}.");
    }
}

/// Accounts with the most frequent cause of their gaps.
fn gaps(
    out: &mut String,
    context: &AlertContext<'_>,
    title: &str,
    listed: &TruncatedList<CoverageLoss>,
) {
    let causes = listed.first.iter().map(|one| {
        let cause = one.causes.iter().max_by_key(|(_, targets)| **targets);
        let cause = cause.map_or("", |(cause, _)| cause.describe());
        let summary = context.summary(&one.account_id);
        let what = match summary.is_some_and(|one| is_failed(&one.outcome)) {
            true => format!("not scanned, {cause}"),
            false => format!("scanned in part, {cause}"),
        };
        (what, &one.account_id)
    });
    list(out, title, listed, group_lines(context, causes));
}

/// An account whose role cannot be assumed is among those that lost coverage.
fn permissions(out: &mut String, context: &AlertContext<'_>) {
    let all = &context.report.changes.permission_lost;
    let mut lost = all.clone();
    lost.first
        .retain(|one| one.action != sts::ASSUME_ROLE.action);
    lost.count -= (all.first.len() - lost.first.len()) as u64;
    let lines = lost.first.iter().map(|one| {
        let action = clean(&one.action, NAME);
        let why = one.cause.describe();
        (format!("{action}, {why}"), &one.account_id)
    });
    let lines = group_lines(context, lines);
    list(out, "Permissions lost", &lost, lines);
}

fn list<T>(out: &mut String, title: &str, listed: &TruncatedList<T>, lines: Vec<String>) {
    if listed.count == 0 {
        return;
    }
    let total = number(listed.count);
    let kept = listed.first.len() as u64;
    let cut = match listed.count > kept {
        true => format!(", first {}", number(kept)),
        false => String::new(),
    };
    let _ = writeln!(out, "\n{title} ({total}{cut})");
    capped(out, lines.into_iter(), REGRESSIONS);
}

/// A line for each text that several accounts share, the most frequent first.
fn group_lines<'a>(
    context: &AlertContext<'_>,
    all: impl Iterator<Item = (String, &'a AccountId)>,
) -> Vec<String> {
    let mut same = BTreeMap::<String, Vec<AccountId>>::new();
    for (what, account) in all {
        same.entry(what).or_default().push(account.clone());
    }
    let mut same: Vec<_> = same.into_iter().collect();
    same.sort_by_key(|(_, accounts)| std::cmp::Reverse(accounts.len()));
    let line = |(what, accounts): &(String, Vec<AccountId>)| {
        let account_names = account_names(context, accounts, accounts.len() as u64);
        format!("{account_names}: {what}")
    };
    same.iter().map(line).collect()
}

fn unit(path: &str) -> String {
    match clean(path, NAME) {
        path if path.is_empty() => "the root".to_owned(),
        path => path,
    }
}
