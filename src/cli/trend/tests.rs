//! What people see.

use std::collections::BTreeMap;

use orgscan_core::model::TrendPoint;
use orgscan_report::trend::{AccountTotals, ComparableChange, Day, Flow, MissingRun, WeekFlow};

use super::*;

fn day(n: u64, state: DayState) -> Day {
    let day: Date = format!("2026-11-{n:02}").parse().unwrap();
    let run_id = matches!(state, DayState::Complete | DayState::Incomplete);
    Day {
        day,
        state,
        run_id: run_id.then(|| format!("run-{n}")),
        coverage_percent: None,
        run_ids: Vec::new(),
    }
}

fn number_of(value: u64, at_least: bool) -> TrendNumber {
    TrendNumber {
        value: Some(value),
        lower_bound: at_least,
    }
}

fn point(n: u64, volumes: TrendNumber, buckets: u64, percent: f64) -> TrendPoint {
    let buckets = number_of(buckets, false);
    TrendPoint {
        started: format!("2026-11-{n:02}T05:00:00Z").parse().unwrap(),
        run_id: format!("run-{n}"),
        indicators: BTreeMap::from([
            ("PublicBuckets".to_owned(), buckets),
            ("UnencryptedVolumes".to_owned(), volumes),
        ]),
        coverage_percent: Some(percent),
        new_or_reopened: None,
        resolved: None,
    }
}

fn line(indicator: &str, first: TrendNumber, last: TrendNumber, change: Change) -> IndicatorSeries {
    IndicatorSeries {
        indicator: indicator.to_owned(),
        first,
        last,
        change,
        comparable: None,
    }
}

/// Eight days: two without a scan, one whose run failed, one of which nothing is known.
fn example() -> Series {
    use DayState::{Complete, Failed, Incomplete, NoScan};
    let states = [
        Complete, Complete, NoScan, NoScan, Incomplete, Failed, Incomplete, Complete,
    ];
    let unknown = TrendNumber {
        value: None,
        lower_bound: true,
    };
    let better = Change {
        direction: Direction::Better,
        delta: Some(-1_200),
        lower_bound: false,
    };
    let mut volumes = line(
        "UnencryptedVolumes",
        number_of(10, false),
        number_of(14, true),
        Change::NOT_COMPARABLE,
    );
    volumes.comparable = Some(ComparableChange {
        accounts: 55,
        accounts_not_comparable: 3,
        delta: 4,
        lower_bound: true,
    });
    Series {
        since: "2026-11-16".parse().unwrap(),
        until: "2026-11-23".parse().unwrap(),
        days: (16..).zip(states).map(|(n, state)| day(n, state)).collect(),
        missing_runs: vec![MissingRun {
            run_id: "run-21\u{1b}[2J".into(),
            day: "2026-11-21".parse().unwrap(),
            reason: "it was begun and has left no report so far".into(),
        }],
        accounts: Some(AccountTotals {
            first: 57,
            last: 58,
        }),
        indicators: vec![
            line(
                "PublicBuckets",
                number_of(1_240, false),
                number_of(40, false),
                better,
            ),
            volumes,
        ],
        weeks: vec![
            WeekFlow {
                week: "2026-W47".into(),
                flow: Flow {
                    new: 10,
                    reopened: 2,
                    resolved: 1_200,
                },
                has_first_run: true,
                runs_not_compared: 1,
            },
            WeekFlow {
                week: "2026-W48".into(),
                flow: Flow::default(),
                has_first_run: false,
                runs_not_compared: 0,
            },
        ],
        points: vec![
            point(16, number_of(10, false), 1_240, 100.0),
            point(17, number_of(11, false), 900, 100.0),
            point(20, unknown, 500, 52.5),
            point(22, number_of(13, true), 300, 95.25),
            point(23, number_of(14, true), 40, 99.0),
        ],
    }
}

fn styled(width: u16, unicode: bool) -> String {
    let mut out = Vec::new();
    let chart = Chart { width, unicode };
    write(&mut out, &example(), &Scope::Organization, &chart).unwrap();
    String::from_utf8(out).unwrap()
}

fn plain(width: u16, unicode: bool) -> String {
    anstream::adapter::strip_str(&styled(width, unicode)).to_string()
}

#[test]
fn a_trend_at_80_columns_and_wider() {
    let text = plain(80, true);
    let too_long = |line: &&str| line.chars().count() > 80;
    assert_eq!(text.lines().find(too_long), None);
    insta::assert_snapshot!("at_80_columns", text);
    let wide = plain(120, true);
    assert!(
        wide.lines().all(|line| line.chars().count() <= 120),
        "{wide}"
    );
    insta::assert_snapshot!("at_120_columns", wide);
}

#[test]
fn a_terminal_without_unicode_gets_ascii() {
    let text = plain(80, false);
    assert!(text.is_ascii(), "{text}");
    assert!(text.contains(">= 14") && text.contains("10 -> "), "{text}");
}

#[test]
fn names_cannot_steer_the_terminal() {
    assert!(!styled(80, true).contains("\u{1b}[2J"));
}

#[test]
fn many_days_share_columns_and_the_last_run_of_them_shows() {
    let series = example();
    let chart = Chart {
        width: 80,
        unicode: true,
    };
    let value = |point: &TrendPoint| point.indicators.get("UnencryptedVolumes").copied();
    let cells = chart.cells(&series, 4, value);
    let expected = [
        Cell::Value(11, false),
        Cell::Gap,
        Cell::Unknown,
        Cell::Value(14, true),
    ];
    assert_eq!(cells, expected);
    assert_eq!(chart.cells(&series, 80, value).len(), 8);
}

#[test]
fn what_stays_is_drawn_in_the_middle_and_nothing_at_the_bottom() {
    let chart = Chart {
        width: 80,
        unicode: true,
    };
    let drawn = |values: &[u64]| {
        let cells: Vec<Cell> = values
            .iter()
            .map(|value| Cell::Value(*value, false))
            .collect();
        anstream::adapter::strip_str(&chart.sparkline(&cells)).to_string()
    };
    assert_eq!(drawn(&[0, 0]), "▁▁");
    assert_eq!(drawn(&[7, 7]), "▅▅");
    assert_eq!(drawn(&[1, 2, 8]), "▁▂█");
    assert_eq!(drawn(&[]), "");
}
