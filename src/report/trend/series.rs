//! How numbers went over a period. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use orgscan_core::model::{TrendNumber, TrendPoint};
use serde::Serialize;

use super::accounts::{AccountTrends, ComparableChange};
use super::days::{Day, MissingRun, Runs};
use super::finding_changes::Flow;
use super::number::{Change, Number};
use super::period::Week;
use super::run::PastRun;
use super::scope::Scope;

/// How numbers went over a period.
#[derive(Debug, Serialize)]
pub struct Series {
    /// The first day.
    pub since: Date,
    /// The last day.
    pub until: Date,
    /// Its days, as far as they have started.
    pub days: Vec<Day>,
    /// Runs of which there is no report, or none that can be read.
    pub missing_runs: Vec<MissingRun>,
    /// How many accounts the first and the last run that count were to scan.
    pub accounts: Option<AccountTotals>,
    /// The indicators, by name.
    pub indicators: Vec<IndicatorSeries>,
    /// What was new and what was resolved, by ISO week: all runs count.
    pub weeks: Vec<WeekFlow>,
    /// The runs that count, one for each day, the earliest first.
    pub points: Vec<TrendPoint>,
}

/// How many accounts two runs were to scan.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct AccountTotals {
    /// The first run that counts.
    pub first: u64,
    /// The last one.
    pub last: u64,
}

/// How an indicator went.
#[derive(Debug, Serialize)]
pub struct IndicatorSeries {
    /// Its name.
    pub indicator: String,
    /// In the first run that counts and has it.
    pub first: TrendNumber,
    /// In the last one.
    pub last: TrendNumber,
    /// How it changed.
    pub change: Change,
    /// Of a total that does not compare: how it changed over the accounts that do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparable: Option<ComparableChange>,
}

/// What came and went in a week.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct WeekFlow {
    /// The ISO week.
    pub week: String,
    /// How many findings came and went.
    #[serde(flatten)]
    pub flow: Flow,
    /// Whether it contains the first scan run, whose findings count as known and not as new.
    pub has_first_run: bool,
    /// Other runs that were not compared with the one before, so that their changes are not counted.
    pub runs_not_compared: u64,
}

impl Series {
    /// The runs' series, as it is to be said at that moment. `accounts` are those of the first and the last
    /// run that count, with the indicators that are in the order of their names.
    pub fn of(runs: Runs, scope: &Scope, accounts: &AccountTrends, now: Timestamp) -> Self {
        let counting = runs.counting();
        let ends = counting.first().zip(counting.last());
        Self {
            since: runs.period.first,
            until: runs.period.last,
            days: runs.days(now),
            accounts: ends.map(|(first, last)| AccountTotals {
                first: first.accounts,
                last: last.accounts,
            }),
            indicators: lines(&counting, scope, accounts),
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

fn lines(counting: &[&PastRun], scope: &Scope, accounts: &AccountTrends) -> Vec<IndicatorSeries> {
    let names = names(counting);
    let lines = names.iter().enumerate().filter_map(|(at, name)| {
        let mut with = counting.iter().filter_map(|run| run.numbers.get(&**name));
        let first = with.next()?;
        let last = with.next_back();
        let (change, comparable) = match last {
            None => (Change::NOT_COMPARABLE, None),
            Some(last) => compared(scope, accounts, at, (first, last)),
        };
        Some(IndicatorSeries {
            indicator: name.to_string(),
            first: first.shown,
            last: last.unwrap_or(first).shown,
            change,
            comparable,
        })
    });
    lines.collect()
}

/// The names of all indicators of these runs, in order.
pub fn names(runs: &[&PastRun]) -> Arc<[Arc<str>]> {
    let names = runs.iter().flat_map(|run| run.numbers.keys());
    let names: BTreeSet<&String> = names.collect();
    names
        .into_iter()
        .map(|name| Arc::from(name.as_str()))
        .collect()
}

fn compared(
    scope: &Scope,
    accounts: &AccountTrends,
    at: usize,
    (first, last): (&Number, &Number),
) -> (Change, Option<ComparableChange>) {
    let unit = match scope {
        Scope::Organization => None,
        Scope::Unit(path) => Some(path.as_str()),
        Scope::Account(id) => {
            let own = accounts.of(id).and_then(|trend| trend.change(at));
            return (own.unwrap_or(Change::NOT_COMPARABLE), None);
        }
    };
    let within = accounts.within(unit, at);
    let change = within.change(first, last);
    let comparable = within.comparable(&change);
    (change, comparable)
}

fn weeks(runs: &Runs) -> Vec<WeekFlow> {
    let weeks = runs
        .period
        .days()
        .map(|day| (Week::of(day), (Flow::default(), false, 0)));
    let mut weeks: BTreeMap<Week, (Flow, bool, u64)> = weeks.collect();
    for run in &runs.all {
        let (flow, has_first_run, not_compared) = weeks.entry(Week::of(run.day())).or_default();
        match &run.changes {
            Some(changes) => *flow += Flow::from(changes),
            None if run.is_first => *has_first_run = true,
            None => *not_compared += 1,
        }
    }
    let weeks = weeks.into_iter();
    weeks
        .map(
            |(week, (flow, has_first_run, runs_not_compared))| WeekFlow {
                week: week.to_string(),
                flow,
                has_first_run,
                runs_not_compared,
            },
        )
        .collect()
}
