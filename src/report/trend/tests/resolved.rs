//! How long it took.

use std::ops::ControlFlow;

use orgscan_core::lines::LineVisitor;

use super::*;
use crate::trend::resolved::ResolvedFindings;

fn line(status: &str, n: u64, check: &str, first: u8, closed: Option<u8>) -> String {
    let at = |day: u8| format!("2026-11-{day:02}T05:00:00Z");
    json!({
        "type": "finding", "status": status, "id": format!("{n:032x}"), "severity": "high",
        "check_id": check, "account_id": id(1), "first_seen": at(first),
        "last_seen": at(first), "closed": closed.map(at), "reopened": 0,
    })
    .to_string()
}

/// The times of these runs, the last one first.
fn times(runs: &[&[String]]) -> super::super::ResolutionTimes {
    let mut resolved = ResolvedFindings::default();
    for (n, lines) in runs.iter().enumerate() {
        let mut reader = resolved.reader();
        let lines_text = lines
            .iter()
            .find(|line| reader.line(line.as_bytes()) == ControlFlow::Break(()));
        assert!(
            lines_text.is_none() || lines_text == lines.last(),
            "{lines_text:?}"
        );
        resolved.add(&format!("run-{n}"), reader);
    }
    resolved.summarize()
}

#[test]
fn mean_and_median_are_of_what_was_resolved_for_good() {
    let made = times(&[
        &[
            line("reopened", 4, "volumes", 1, None),
            line("resolved", 5, "users", 1, Some(18)),
        ],
        &[
            r#"{"type":"coverage_lost","account_id":"111100000001","targets":3}"#.to_owned(),
            line("new", 9, "volumes", 17, None),
            line("gone", 8, "volumes", 2, Some(17)),
            line("resolved", 1, "volumes", 16, Some(17)),
            line("resolved", 2, "volumes", 15, Some(17)),
            line("resolved", 3, "volumes", 7, Some(17)),
            // It comes back on the next day.
            line("resolved", 4, "volumes", 1, Some(17)),
        ],
    ]);
    let all = made.all.unwrap();
    assert_eq!(
        (all.resolved, all.mean_days, all.median_days),
        (4, 7.5, 6.0)
    );
    let volumes = made.by_check["volumes"];
    assert_eq!(
        (volumes.resolved, volumes.mean_days, volumes.median_days),
        (3, 4.33, 2.0)
    );
    assert_eq!(made.by_severity["high"], all);
    assert_eq!(made.reopened, 1);
}

#[test]
fn what_is_resolved_again_after_it_came_back_counts_once() {
    let made = times(&[
        &[line("resolved", 1, "volumes", 10, Some(19))],
        &[line("reopened", 1, "volumes", 10, None)],
        &[line("resolved", 1, "volumes", 10, Some(12))],
    ]);
    assert_eq!(made.reopened, 1);
    assert_eq!(made.all.unwrap().mean_days, 9.0);
}

#[test]
fn damaged_changes_are_named_and_count_for_nothing() {
    let made = times(&[
        &[
            line("resolved", 1, "volumes", 10, Some(12)),
            "{\"change\":".to_owned(),
        ],
        &[line("resolved", 2, "volumes", 10, Some(11))],
    ]);
    assert_eq!(made.missing_runs, ["run-0"]);
    assert_eq!(made.all.unwrap().resolved, 1);
    assert!(times(&[]).all.is_none());
}
