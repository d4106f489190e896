//! How numbers went over a period. Pure.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::days::{Day, MissingRun, Runs};
use super::news::Flow;
use super::number::{Change, Number, compare};
use super::period::Week;
use super::run::{LookChange, PastRun};
use crate::model::{TrendNumber, TrendPoint};

/// How numbers went over a period.
#[derive(Debug, Serialize)]
pub struct Series {
    /// The first day.
    pub since: Date,
    /// The last day.
    pub until: Date,
    /// Its days, as far as they have begun.
    pub days: Vec<Day>,
    /// Runs of which there is no report, or none that can be read.
    pub missing_runs: Vec<MissingRun>,
    /// How many accounts the first and the last run that count were to look at.
    pub accounts: Option<(u64, u64)>,
    /// The indicators, by name.
    pub indicators: Vec<Line>,
    /// What was new and what was resolved, by ISO week: all runs count.
    pub weeks: Vec<WeekFlow>,
    /// The runs that count, one for each day, the earliest first.
    pub points: Vec<TrendPoint>,
}

/// How an indicator went.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Its name.
    pub indicator: String,
    /// In the first run that counts and has it.
    pub first: TrendNumber,
    /// In the last one.
    pub last: TrendNumber,
    /// How it changed.
    pub change: Change,
}

/// What came and went in a week.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct WeekFlow {
    /// The ISO week.
    pub week: String,
    /// How many findings came and went.
    #[serde(flatten)]
    pub flow: Flow,
    /// Runs that were compared with none before, so that their changes are not counted.
    pub runs_not_compared: u64,
}

impl Series {
    /// The runs' series, as it is to be said at that moment.
    pub fn of(runs: Runs, now: Timestamp) -> Self {
        let counting = runs.counting();
        let ends = counting.first().zip(counting.last());
        Self {
            since: runs.period.first,
            until: runs.period.last,
            days: runs.days(now),
            accounts: ends.map(|(first, last)| (accounts(first), accounts(last))),
            indicators: lines(&runs, &counting),
            weeks: weeks(&runs),
            points: counting.iter().map(|run| run.point()).collect(),
            missing_runs: runs.missing,
        }
    }

    /// The names of all indicators.
    pub fn names(&self) -> Vec<&str> {
        self.indicators
            .iter()
            .map(|line| line.indicator.as_str())
            .collect()
    }

    /// Leaves out all indicators but these.
    pub fn retain(&mut self, names: &[String]) {
        self.indicators
            .retain(|line| names.contains(&line.indicator));
        for point in &mut self.points {
            point.indicators.retain(|name, _| names.contains(name));
        }
    }

    /// The point of a day.
    pub fn on(&self, day: &Day) -> Option<&TrendPoint> {
        let id = day.run_id.as_deref()?;
        self.points.iter().find(|point| point.run_id == id)
    }
}

/// Of a part those that were there; of the organization those that were planned.
fn accounts(run: &PastRun) -> u64 {
    match run.members.inside.len() {
        0 => run.coverage.accounts_planned,
        inside => inside as u64,
    }
}

fn lines(runs: &Runs, counting: &[&PastRun]) -> Vec<Line> {
    let names = counting.iter().flat_map(|run| run.numbers.keys());
    let names: BTreeSet<&String> = names.collect();
    let lines = names.into_iter().filter_map(|name| {
        let mut with = counting.iter().filter(|run| run.numbers.contains_key(name));
        let first = with.next()?;
        let last = with.next_back().unwrap_or(first);
        let (from, to) = (first.numbers[name], last.numbers[name]);
        Some(Line {
            indicator: name.clone(),
            first: from.shown,
            last: to.shown,
            change: change(runs, (first, &from), (last, &to)),
        })
    });
    lines.collect()
}

fn change(runs: &Runs, first: (&PastRun, &Number), last: (&PastRun, &Number)) -> Change {
    let ((first, from), (last, to)) = (first, last);
    if first.members.were_moved(&last.members) {
        return Change::NOT_COMPARABLE;
    }
    let key = |run: &PastRun| (run.started, run.id.clone());
    let (begin, end) = (key(first), key(last));
    let mut between = runs
        .all
        .iter()
        .filter(|run| begin < key(run) && key(run) <= end);
    let same_look = between.all(|run| run.look == LookChange::In(BTreeSet::new()));
    compare(from, to, same_look)
}

fn weeks(runs: &Runs) -> Vec<WeekFlow> {
    let weeks = runs
        .period
        .days()
        .map(|day| (Week::of(day), (Flow::default(), 0)));
    let mut weeks: BTreeMap<Week, (Flow, u64)> = weeks.collect();
    for run in &runs.all {
        let (flow, not_compared) = weeks.entry(Week::of(run.day())).or_default();
        match &run.news {
            Some(news) => *flow += Flow::from(news),
            None => *not_compared += 1,
        }
    }
    let weeks = weeks.into_iter();
    weeks
        .map(|(week, (flow, runs_not_compared))| WeekFlow {
            week: week.to_string(),
            flow,
            runs_not_compared,
        })
        .collect()
}
