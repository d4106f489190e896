//! The change in a line: the first of the text, the subject and the SMS.

use super::{Matter, accounts_planned};
use crate::model::{
    AccountSummary, Base, BaseRun, ChangeKind, ExceptionKind, Report, Severity, SeverityCounts,
};
use crate::render::text::{clean, count, number};

/// SNS: "ASCII text that begins with a letter, number, or punctuation mark; must not include line
/// breaks or control characters; and must be less than 100 characters long".
///
/// Source: <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>
const SUBJECT: usize = 99;

/// What fits into one SMS in every alphabet that SNS sends, sender and all.
///
/// Source: <https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html>
const SMS: usize = 140;

/// The whole line, as a sentence: `3 new critical in 2 accounts, 1 reopened, 12 resolved; 4 accounts
/// could not be looked at.`
pub(super) fn sentence(matter: &Matter<'_>) -> String {
    let line = line(parts(matter), usize::MAX);
    let mut chars = line.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    let sentence: String = first.into_iter().chain(chars).collect();
    format!("{sentence}.")
}

/// The most important of it. Only orgscan's own words and numbers go into it, and the route's name as
/// far as it is ASCII.
pub(super) fn subject(matter: &Matter<'_>) -> String {
    led(matter, SUBJECT)
}

/// The same for a telephone.
pub(super) fn sms(matter: &Matter<'_>) -> String {
    led(matter, SMS)
}

fn led(matter: &Matter<'_>, max: usize) -> String {
    const ROUTE: usize = 30;
    let lead = match matter.route {
        Some(route) => {
            let ascii: String = route.chars().filter(char::is_ascii).collect();
            format!("orgscan {}: ", clean(&ascii, ROUTE).replace('…', "~"))
        }
        None => "orgscan: ".to_owned(),
    };
    let line = line(parts(matter), max - lead.len());
    lead + &line
}

/// A part of the line, and what stands between it and the one before.
type Part = (&'static str, String);

/// As many of the parts, the most important first, as fit.
fn line(parts: Vec<Part>, max: usize) -> String {
    let mut line = String::new();
    for (separator, part) in parts {
        let separator = if line.is_empty() { "" } else { separator };
        if line.len() + separator.len() + part.len() <= max {
            line.push_str(separator);
            line.push_str(&part);
        }
    }
    line
}

/// What there is to say, the most important first.
fn parts(matter: &Matter<'_>) -> Vec<Part> {
    let report = matter.report;
    let mut parts = match &report.changes.since {
        _ if accounts_planned(report) == 0 => return vec![("", nothing_planned(report))],
        Base::Compared { run } => changed(matter, run),
        Base::FirstRun => vec![("", format!("first run: {}", found(report)))],
        Base::NotKept | Base::Unavailable { .. } => vec![("", found(report))],
    };
    if !is_nothing_known(report) {
        parts.extend(unseen(report));
    }
    let crossed = report.crossed.len() as u64;
    if crossed > 0 {
        parts.push(("; ", format!("{} crossed", count(crossed, "threshold"))));
    }
    if report.changes.is_unavailable() {
        parts.push(("; ", "what changed is not known".to_owned()));
    }
    parts
}

fn nothing_planned(report: &Report) -> String {
    let listed = count(report.coverage.accounts_listed, "account");
    format!("nothing scanned, {listed} left out on purpose")
}

/// Whether no target has a complete verdict, and no finding is known.
fn is_nothing_known(report: &Report) -> bool {
    let targets = &report.coverage.targets;
    report.findings.worst().is_none() && targets.known == 0 && targets.unknown > 0
}

fn changed(matter: &Matter<'_>, before: &BaseRun) -> Vec<Part> {
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

/// What there is, where nothing says what has changed: `at least 2 critical and 19 other findings in 2
/// of 3 accounts`
fn found(report: &Report) -> String {
    let planned = count(accounts_planned(report), "account");
    let is_complete = report.coverage.is_complete();
    let Some(worst) = report.findings.worst() else {
        return match is_complete {
            _ if is_nothing_known(report) => format!("nothing could be looked at in {planned}"),
            true => format!("no findings in {planned}"),
            false => "no findings where it was possible to look".to_owned(),
        };
    };
    let affected = accounts_with(report, |one| one.findings.total() > 0);
    format!(
        "{}{} in {} of {planned}",
        if is_complete { "" } else { "at least " },
        findings(&report.findings, worst),
        number(affected),
    )
}

/// `2 critical and 19 other findings`
fn findings(counts: &SeverityCounts, worst: Severity) -> String {
    let of_worst = counts.of(worst);
    match counts.total() - of_worst {
        0 => count(of_worst, &format!("{worst} finding")),
        others => {
            let others = count(others, "other finding");
            format!("{} {worst} and {others}", number(of_worst))
        }
    }
}

/// What nobody could look at: `4 accounts could not be looked at, 2 only in part`
fn unseen(report: &Report) -> Option<Part> {
    let failed = report.coverage.accounts_failed;
    let partial = report.coverage.accounts_incomplete.saturating_sub(failed);
    let text = match (failed, partial) {
        (0, 0) => return None,
        (0, _) => format!("{} looked at only in part", count(partial, "account")),
        (_, 0) => format!("{} could not be looked at", count(failed, "account")),
        _ => {
            let failed = count(failed, "account");
            let partial = number(partial);
            format!("{failed} could not be looked at, {partial} only in part")
        }
    };
    Some(("; ", text))
}

fn accounts_with(report: &Report, has: impl Fn(&AccountSummary) -> bool) -> u64 {
    report.accounts.iter().filter(|one| has(one)).count() as u64
}
