//! The week as a whole.

use super::*;
use crate::trend::{DayState, Direction, FindingChanges, MissingRun};

fn counts(high: u64) -> SeverityCounts {
    SeverityCounts {
        high,
        ..SeverityCounts::default()
    }
}

#[test]
fn all_runs_count_for_what_was_new_but_the_first_one_of_all() {
    let accounts_seen = [seen(1, "", 1, 0)];
    let mut runs = ["16T05", "16T06", "17T05", "18T05"]
        .map(|time| run_at(&format!("2026-11-{time}:00:00Z"), &accounts_seen));
    (runs[0].is_first, runs[0].changes) = (true, None);
    for run in &mut runs[1..3] {
        run.changes = Some(FindingChanges {
            new: counts(2),
            resolved: counts(1),
            ..FindingChanges::default()
        });
    }
    runs[3].changes = None;
    let counting: Vec<(&PastRun, &[AccountSample])> = runs[1..]
        .iter()
        .map(|run| (run, &accounts_seen[..]))
        .collect();
    let trends = accounts(&counting);
    let weekly = weekly_of(
        Runs::new(week().period(), runs.to_vec(), Vec::new()),
        trends,
    );
    assert_eq!(weekly.changes.all.new.high, 4);
    assert_eq!(weekly.changes.all.resolved.high, 2);
    assert_eq!(weekly.changes.first_run_id.as_deref(), Some(&*runs[0].id));
    assert_eq!(weekly.changes.runs_not_compared, [runs[3].id.clone()]);
    assert!(!weekly.changes.complete);
}

#[test]
fn a_first_week_of_one_run_compares_with_nothing() {
    let seen = [seen(1, "Work", 3, 0)];
    let mut first = run(22, &seen);
    (first.is_first, first.changes) = (true, None);
    let weekly = weekly(&[(&first, &seen)]);
    assert!(!weekly.complete);
    assert_eq!(
        weekly.indicators[0].change.direction,
        Direction::NotComparable
    );
    assert_eq!(weekly.indicators[0].last.unwrap().value, Some(3));
    assert_eq!((weekly.better.len(), weekly.worse.len()), (0, 0));
    assert_eq!(weekly.coverage.days_missing, 6);
}

#[test]
fn a_week_without_any_run_has_a_report_that_states_it() {
    let weekly = weekly(&[]);
    assert!(!weekly.complete);
    assert_eq!(weekly.first_run_id, None);
    assert_eq!(weekly.coverage.days_missing, 7);
    assert!(weekly.days.iter().all(|day| day.state == DayState::NoScan));
    let mut text = Vec::new();
    crate::weekly::write(&mut text, &weekly).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(
        text.contains("No run of this week covers the organization"),
        "{text}"
    );
}

#[test]
fn a_week_is_complete_where_each_day_is_and_no_run_is_missing() {
    let seen = [seen(1, "", 1, 0)];
    let runs: Vec<PastRun> = (16..=22).map(|day| run(day, &seen)).collect();
    let counting: Vec<(&PastRun, &[AccountSample])> =
        runs.iter().map(|run| (run, &seen[..])).collect();
    assert!(weekly(&counting).complete);
    let broken = MissingRun {
        run_id: "broken".into(),
        day: "2026-11-18".parse().unwrap(),
        reason: "report.json cannot be read: line 3: it ends early".into(),
    };
    let trends = accounts(&counting);
    let runs = Runs::new(week().period(), runs.clone(), vec![broken]);
    let weekly = weekly_of(runs, trends);
    assert!(!weekly.complete);
    assert_eq!(weekly.days[2].state, DayState::Complete);
    assert_eq!(weekly.missing_runs[0].run_id, "broken");
}

#[test]
fn the_report_matches_its_schema_and_its_text_cannot_be_injected() {
    let hostile = |volumes| {
        let mut stored = seen(1, "Work", volumes, 0).stored();
        stored.name = "=cmd()\u{1b}[2J\u{202e}evil\nDays".into();
        stored
    };
    let (first, last) = (
        run(16, &[seen(1, "Work", 1, 0)]),
        run(17, &[seen(1, "Work", 4, 0)]),
    );
    let mut trends = AccountTrends::default();
    for volumes in [1, 4] {
        let mut points = Points::of(&[Arc::from(VOLUMES)].into());
        points.account(hostile(volumes));
        trends.run(points.accounts);
    }
    let weekly = weekly_of(
        Runs::new(week().period(), vec![first, last], Vec::new()),
        trends,
    );
    let schema = serde_json::to_value(crate::trend::weekly::schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let document = serde_json::to_value(&weekly).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(&document)
        .map(|e| e.to_string())
        .collect();
    assert_eq!(errors, [""; 0]);
    let mut text = Vec::new();
    crate::weekly::write(&mut text, &weekly).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(
        !text.contains('\u{1b}') && !text.contains('\u{202e}'),
        "{text}"
    );
    assert!(text.contains("=cmd()[2Jevil Days (111100000001)"), "{text}");
    assert_eq!(
        text.lines().filter(|line| line.starts_with("Days")).count(),
        1
    );
    let csv = crate::csv::write_weekly(Vec::new(), &weekly).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    assert!(
        csv.contains("2026-W47,111100000001,'=cmd()[2Jevil Days,"),
        "{csv}"
    );
    assert!(
        csv.ends_with(",Work,UnencryptedVolumes,1,false,4,false,3,worse\n"),
        "{csv}"
    );
}
