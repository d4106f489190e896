//! What has changed since another run, in a line.

use orgscan_core::model::{BaseRun, ChangeKind, ExceptionKind, Report, SeverityCounts};
use orgscan_core::text::{count, number};

use super::{HeadlinePart, accounts_with};
use crate::publish::alert::AlertContext;

/// What has changed, the most important first.
pub(super) fn parts(context: &AlertContext<'_>, before: &BaseRun) -> Vec<HeadlinePart> {
    let report = context.report;
    let mut parts = worsened_findings(report);
    let has_no_finding = parts.is_empty();
    parts.extend(ended(context, before));
    if has_no_finding {
        let others = other_changes(context, before);
        match (parts.is_empty(), others.is_empty()) {
            (true, true) => parts.push(("", "nothing new".to_owned())),
            (true, false) => parts.push(("", "no new finding".to_owned())),
            (false, _) => {}
        }
        parts.extend(others);
    }
    let resolved = report.changes.of(ChangeKind::Resolved).total();
    if resolved > 0 {
        parts.push((", ", format!("{} resolved", number(resolved))));
    }
    parts
}

/// Findings that are new, reopened or worse. How bad those are that follow is said where they are worse
/// than what comes before.
fn worsened_findings(report: &Report) -> Vec<HeadlinePart> {
    let of = |kind| report.changes.of(kind);
    let mut parts = Vec::new();
    let new = of(ChangeKind::New);
    if new.total() > 0 {
        let accounts = accounts_with(report, |one| {
            one.changes.iter().any(|change| change.new.total() > 0)
        });
        let accounts = count(accounts, "account");
        parts.push((", ", format!("{} in {accounts}", by_highest(&new, "new"))));
    }
    let mut highest = new.highest();
    let others = [
        (of(ChangeKind::Reopened), "reopened"),
        (of(ChangeKind::Worsened), "worse than before"),
    ];
    for (counts, word) in others {
        if counts.total() == 0 {
            continue;
        }
        let how_bad = counts.highest().filter(|_| counts.highest() > highest);
        highest = highest.max(counts.highest());
        let how_bad = match how_bad {
            Some(severity) if counts.total() > 1 => {
                format!(" ({} {severity})", counts.of(severity))
            }
            Some(severity) => format!(" ({severity})"),
            None => String::new(),
        };
        parts.push((", ", format!("{} {word}{how_bad}", number(counts.total()))));
    }
    parts
}

/// What counts from now on because nobody accepts it any longer: `1 exception ended (2 findings)`
fn ended(context: &AlertContext<'_>, before: &BaseRun) -> Option<HeadlinePart> {
    let (today, before) = (context.day(), before.started);
    let ended = context.exceptions.iter();
    let ended: Vec<_> = ended
        .filter(|one| one.has_just_ended(today, before))
        .collect();
    let of_findings = ended
        .iter()
        .filter(|one| one.kind == ExceptionKind::Findings);
    let findings: u64 = of_findings.filter_map(|one| one.matched).sum();
    let what = match findings {
        0 => String::new(),
        findings => format!(" ({})", count(findings, "finding")),
    };
    let exceptions = count(ended.len() as u64, "exception");
    (!ended.is_empty()).then(|| (", ", format!("{exceptions} ended{what}")))
}

/// What the message is about where no finding is new.
fn other_changes(context: &AlertContext<'_>, before: &BaseRun) -> Vec<HeadlinePart> {
    let changes = &context.report.changes;
    let (today, before) = (context.day(), before.started);
    let near = context.exceptions.iter();
    let near = near.filter(|one| one.is_regression(today, before) && !one.has_ended(today));
    let lost = changes.coverage_lost.count;
    // Of both the first says more.
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
            format!("no full coverage of {}", count(n, "new account"))
        }),
        part(changes.gone.count, &|n| {
            format!("{} gone", count(n, "account"))
        }),
        part(changes.moved.count, &|n| {
            format!("{} moved", count(n, "account"))
        }),
        part(near.count() as u64, &|n| {
            format!("{} about to end", count(n, "exception"))
        }),
    ];
    regressions.into_iter().flatten().collect()
}

/// `3 new critical and 9 other new`
fn by_highest(counts: &SeverityCounts, word: &str) -> String {
    let Some(highest) = counts.highest() else {
        return format!("0 {word}");
    };
    let of_highest = format!("{} {word} {highest}", number(counts.of(highest)));
    match counts.total() - counts.of(highest) {
        0 => of_highest,
        others => format!("{of_highest} and {} other {word}", number(others)),
    }
}
