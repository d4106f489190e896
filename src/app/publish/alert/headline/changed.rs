//! What changed since another run, in one line.

use orgscan_core::model::{BaselineRun, ChangeKind, ExceptionKind, Report, SeverityCounts};
use orgscan_core::text::{count, number};

use super::{HeadlinePart, accounts_with};
use crate::publish::alert::AlertContext;

/// What changed, the most important first.
pub(super) fn parts(context: &AlertContext<'_>, before: &BaselineRun) -> Vec<HeadlinePart> {
    let report = context.report;
    let mut parts = worsened_findings(report);
    let has_no_finding = parts.is_empty();
    parts.extend(expired(context, before));
    if has_no_finding {
        let others = other_changes(context, before);
        if parts.is_empty() {
            parts.push(("", "no new findings".to_owned()));
        }
        parts.extend(others);
    }
    let resolved = report.changes.of(ChangeKind::Resolved).total();
    if resolved > 0 {
        parts.push((", ", format!("{} resolved", number(resolved))));
    }
    parts
}

/// New, reopened and worsened findings. A part has its highest severity if that is higher than in the parts before.
fn worsened_findings(report: &Report) -> Vec<HeadlinePart> {
    let of = |kind| report.changes.of(kind);
    let mut parts = Vec::new();
    let new = of(ChangeKind::New);
    if new.total() > 0 {
        let accounts = accounts_with(report, |one| {
            one.changes.iter().any(|change| change.new.total() > 0)
        });
        let accounts = count(accounts, "account");
        parts.push((", ", format!("{} in {accounts}", new_findings(&new))));
    }
    let mut highest = new.highest();
    let others = [
        (of(ChangeKind::Reopened), "reopened"),
        (of(ChangeKind::Worsened), "worsened"),
    ];
    for (counts, word) in others {
        if counts.total() == 0 {
            continue;
        }
        let severity = counts.highest().filter(|_| counts.highest() > highest);
        highest = highest.max(counts.highest());
        let severity = match severity {
            Some(severity) if counts.total() > 1 => {
                format!(" ({} {severity})", counts.of(severity))
            }
            Some(severity) => format!(" ({severity})"),
            None => String::new(),
        };
        let total = match parts.is_empty() {
            true => count(counts.total(), &format!("{word} finding")),
            false => format!("{} {word}", number(counts.total())),
        };
        parts.push((", ", total + &severity));
    }
    parts
}

/// Exceptions that expired, and the findings that are no longer suppressed: `1 exception expired (2 findings)`
fn expired(context: &AlertContext<'_>, before: &BaselineRun) -> Option<HeadlinePart> {
    let (today, before) = (context.day(), before.started);
    let expired = context.exceptions.iter();
    let expired: Vec<_> = expired
        .filter(|one| one.has_just_expired(today, before))
        .collect();
    let of_findings = expired
        .iter()
        .filter(|one| one.kind == ExceptionKind::Findings);
    let findings: u64 = of_findings.filter_map(|one| one.matched).sum();
    let what = match findings {
        0 => String::new(),
        findings => format!(" ({})", count(findings, "finding")),
    };
    let exceptions = count(expired.len() as u64, "exception");
    (!expired.is_empty()).then(|| (", ", format!("{exceptions} expired{what}")))
}

/// The other regressions, for a message without new findings.
fn other_changes(context: &AlertContext<'_>, before: &BaselineRun) -> Vec<HeadlinePart> {
    let changes = &context.report.changes;
    let (today, before) = (context.day(), before.started);
    let near = context.exceptions.iter();
    let near = near.filter(|one| one.is_regression(today, before) && !one.has_expired(today));
    let lost = changes.coverage_lost.count;
    // Lost coverage includes lost permissions.
    let denied = if lost == 0 {
        changes.permission_lost.count
    } else {
        0
    };
    let part = |n: u64, text: &dyn Fn(u64) -> String| (n > 0).then(|| (", ", text(n)));
    let regressions = [
        part(lost, &|n| {
            format!("coverage lost in {}", count(n, "account"))
        }),
        part(denied, &|n| format!("{} lost", count(n, "permission"))),
        part(changes.coverage_missing.count, &|n| {
            format!("coverage gaps in {}", count(n, "new account"))
        }),
        part(changes.accounts_gone.count, &|n| {
            format!("{} closed or removed", count(n, "account"))
        }),
        part(changes.accounts_moved.count, &|n| {
            format!("{} moved to another OU", count(n, "account"))
        }),
        part(near.count() as u64, &|n| {
            format!("{} about to expire", count(n, "exception"))
        }),
    ];
    regressions.into_iter().flatten().collect()
}

/// `3 new critical and 9 other new findings`
fn new_findings(counts: &SeverityCounts) -> String {
    let Some(highest) = counts.highest() else {
        return "0 new findings".to_owned();
    };
    let of_highest = counts.of(highest);
    match counts.total() - of_highest {
        0 => count(of_highest, &format!("new {highest} finding")),
        others => {
            let others = count(others, "other new finding");
            format!("{} new {highest} and {others}", number(of_highest))
        }
    }
}
