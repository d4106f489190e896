//! What changed since the runs before, on one line.

use orgscan_core::model::{Baseline, ChangeKind, Report, SeverityCounts};
use orgscan_core::text::{clean, number};

use super::LINE;

/// `Since run nightly (2026-11-22): 3 new (1 critical), 12 resolved`; nothing where there is no history.
pub(super) fn line(report: &Report) -> Option<String> {
    let changes = &report.changes;
    let run = match &changes.baseline {
        Baseline::NotKept | Baseline::Unavailable { .. } => return None,
        Baseline::FirstRun => {
            return Some("First run: the next run shows changes.".to_owned());
        }
        Baseline::Compared { run } => run,
    };
    let day = run.started.strftime("%Y-%m-%d");
    let since = format!("Since run {} ({day})", clean(&run.id, LINE));
    let of = |kind, word: &str| part(&changes.of(kind), word);
    let parts = [
        of(ChangeKind::New, "new"),
        of(ChangeKind::Reopened, "reopened"),
        of(ChangeKind::Worsened, "worsened"),
        of(ChangeKind::Resolved, "resolved"),
        of(ChangeKind::Gone, "gone with their accounts"),
        of(ChangeKind::Unknown, "unknown this time"),
        of(ChangeKind::OutOfScope, "out of scope"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    Some(match parts.is_empty() {
        true => format!("{since}: no changes."),
        false => format!("{since}: {}", parts.join(", ")),
    })
}

/// `3 new (1 critical)`
fn part(counts: &SeverityCounts, word: &str) -> Option<String> {
    let critical = match counts.critical {
        0 => String::new(),
        critical => format!(" ({} critical)", number(critical)),
    };
    let total = counts.total();
    (total > 0).then(|| format!("{} {word}{critical}", number(total)))
}

#[cfg(test)]
mod tests {
    use orgscan_core::model::{BaselineRun, Severity};

    use super::*;
    use crate::sample;

    #[test]
    fn a_reader_sees_what_changed_since_when() {
        let mut report = sample::clean();
        assert_eq!(line(&report), None);
        report.changes.baseline = Baseline::FirstRun;
        assert!(line(&report).unwrap().starts_with("First run"));
        let run = BaselineRun {
            id: "nightly-21".into(),
            started: "2026-11-21T06:00:00Z".parse().unwrap(),
            finished: "2026-11-21T06:07:00Z".parse().unwrap(),
            alert: None,
        };
        report.changes.baseline = Baseline::Compared { run };
        let since = "Since run nightly-21 (2026-11-21)";
        assert_eq!(line(&report).unwrap(), format!("{since}: no changes."));
        let mut count = |kind, severity, times| {
            let counts = report.changes.counts.entry(kind).or_default();
            (0..times).for_each(|_| counts.count(severity));
        };
        count(ChangeKind::New, Severity::Critical, 1);
        count(ChangeKind::New, Severity::Low, 2);
        count(ChangeKind::Ongoing, Severity::Low, 9);
        count(ChangeKind::Reopened, Severity::High, 1);
        count(ChangeKind::Resolved, Severity::High, 1_200);
        count(ChangeKind::Unknown, Severity::High, 4);
        assert_eq!(
            line(&report).unwrap(),
            format!("{since}: 3 new (1 critical), 1 reopened, 1,200 resolved, 4 unknown this time")
        );
    }
}
