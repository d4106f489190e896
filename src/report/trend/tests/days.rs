//! Which run of a day counts.

use super::*;
use crate::trend::{DayState, MissingRun, Period};

fn at(time: &str, unknown: u64) -> PastRun {
    run_at(time, &[seen(1, "", 1, unknown), seen(2, "", 1, 0)])
}

fn missing(day: &str) -> MissingRun {
    MissingRun {
        run_id: "broken".into(),
        day: day.parse().unwrap(),
        reason: "damaged".into(),
    }
}

#[test]
fn the_last_complete_run_of_a_day_counts_or_the_last_one() {
    let all = vec![
        at("2026-11-16T05:00:00Z", 0),
        at("2026-11-16T06:00:00Z", 0),
        at("2026-11-16T07:00:00Z", 3),
        at("2026-11-17T05:00:00Z", 3),
        at("2026-11-17T23:59:59Z", 4),
        at("2026-11-18T00:00:00Z", 0),
        at("2026-11-23T00:00:00Z", 0),
    ];
    let runs = Runs::new(week().period(), all, Vec::new());
    let counting: Vec<String> = runs.counting().iter().map(|run| run.id.clone()).collect();
    assert_eq!(
        counting,
        [
            "2026-11-16T06:00:00Z",
            "2026-11-17T23:59:59Z",
            "2026-11-18T00:00:00Z"
        ]
    );
}

#[test]
fn a_day_without_a_scan_is_not_one_whose_run_failed_or_was_incomplete() {
    let part = run_at("2026-11-20T05:00:00Z", &[seen(1, "", 1, 0)]);
    let wide: Vec<AccountSample> = (1..=3).map(|n| seen(n, "", 1, 0)).collect();
    let all = vec![
        run_at("2026-11-16T05:00:00Z", &wide),
        run_at(
            "2026-11-17T05:00:00Z",
            &[seen(1, "", 1, 2), wide[1], wide[2]],
        ),
        part,
    ];
    let runs = Runs::new(
        week().period(),
        all,
        vec![missing("2026-11-18"), missing("2026-11-16")],
    );
    let states = |now: &str| -> Vec<DayState> {
        let days = runs.days(now.parse().unwrap());
        days.iter().map(|day| day.state).collect()
    };
    use DayState::{Complete, Failed, Incomplete, NoScan, Partial};
    let expected = [
        Complete, Incomplete, Failed, NoScan, Partial, NoScan, NoScan,
    ];
    assert_eq!(states("2026-12-01T00:00:00Z"), expected);
    // What has not started is not missing.
    assert_eq!(states("2026-11-19T01:00:00Z"), expected[..4]);
}

#[test]
fn the_organizations_points_have_the_known_numbers() {
    let mut first = run(16, &[seen(1, "", 5, 0)]);
    (first.is_first, first.changes) = (true, None);
    let point = first.point();
    assert_eq!((point.new_or_reopened, point.resolved), (None, None));
    assert_eq!(point.indicators[VOLUMES].value, Some(5));
    let period = Period {
        first: "2026-11-16".parse().unwrap(),
        last: "2026-11-17".parse().unwrap(),
    };
    let bound = run(17, &[seen(1, "", 4, 3)]);
    let runs = Runs::new(period, vec![bound, first], Vec::new());
    let scope = crate::trend::Scope::Organization;
    let now = "2026-11-17T12:00:00Z".parse().unwrap();
    let series = crate::trend::Series::of(runs, &scope, &AccountTrends::default(), now);
    assert_eq!(series.points.len(), 2);
    assert!(series.points[1].indicators[VOLUMES].lower_bound);
    assert_eq!(series.weeks.len(), 1);
    assert!(series.weeks[0].has_first_run);
    assert_eq!(series.weeks[0].runs_not_compared, 0);
}
