//! What has changed since another run, in a line.

use orgscan_core::model::{BaseRun, ChangeKind, ExceptionKind, Report, SeverityCounts};
use orgscan_core::text::{count, number};

use super::{Part, accounts_with};
use crate::publish::alert::Matter;

/// What has changed, the most important first.
pub(super) fn parts(matter: &Matter<'_>, before: &BaseRun) -> Vec<Part> {
    let report = matter.report;
    let mut parts = found_worse(report);
    let has_no_finding = parts.is_empty();
    parts.extend(ended(matter, before));
    if has_no_finding {
        let others = other_news(matter, before);
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
fn found_worse(report: &Report) -> Vec<Part> {
    let of = |kind| report.changes.of(kind);
    let mut parts = Vec::new();
    let new = of(ChangeKind::New);
    if new.total() > 0 {
        let accounts = accounts_with(report, |one| {
            one.changes.iter().any(|change| change.new.total() > 0)
        });
        let accounts = count(accounts, "account");
        parts.push((", ", format!("{} in {accounts}", by_worst(&new, "new"))));
    }
    let mut worst = new.worst();
    let others = [
        (of(ChangeKind::Reopened), "reopened"),
        (of(ChangeKind::Worsened), "worse than before"),
    ];
    for (counts, word) in others {
        if counts.total() == 0 {
            continue;
        }
        let how_bad = counts.worst().filter(|_| counts.worst() > worst);
        worst = worst.max(counts.worst());
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
fn ended(matter: &Matter<'_>, before: &BaseRun) -> Option<Part> {
    let (today, before) = (matter.day(), before.started);
    let ended = matter.exceptions.iter();
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
fn other_news(matter: &Matter<'_>, before: &BaseRun) -> Vec<Part> {
    let changes = &matter.report.changes;
    let (today, before) = (matter.day(), before.started);
    let near = matter.exceptions.iter();
    let near = near.filter(|one| one.is_news(today, before) && !one.has_ended(today));
    let lost = changes.coverage_lost.count;
    // Of both the first says more.
    let denied = if lost == 0 {
        changes.permission_lost.count
    } else {
        0
    };
    let part = |n: u64, text: &dyn Fn(u64) -> String| (n > 0).then(|| (", ", text(n)));
    let news = [
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
    news.into_iter().flatten().collect()
}

/// `3 new critical and 9 other new`
fn by_worst(counts: &SeverityCounts, word: &str) -> String {
    let Some(worst) = counts.worst() else {
        return format!("0 {word}");
    };
    let of_worst = format!("{} {word} {worst}", number(counts.of(worst)));
    match counts.total() - counts.of(worst) {
        0 => of_worst,
        others => format!("{of_worst} and {} other {word}", number(others)),
    }
}
