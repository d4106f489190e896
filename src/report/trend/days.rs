//! Which of a day's runs counts, and what became of days without one.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::period::{Period, day_of};
use super::run::PastRun;

/// What became of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayState {
    /// The run that counts evaluated everything.
    Complete,
    /// The run that counts could not evaluate everything.
    Incomplete,
    /// There were but runs that were limited to a part of the organization.
    Partial,
    /// Runs were started and none left a report that can be read.
    Failed,
    /// No run was started.
    NoScan,
}

impl DayState {
    /// The `snake_case` word used in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Incomplete => "incomplete",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::NoScan => "no_scan",
        }
    }
}

/// A run of which there is no report, or none that can be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MissingRun {
    /// Its id.
    pub run_id: String,
    /// The day in UTC on which it began.
    pub day: Date,
    /// Why it is missing.
    pub reason: String,
}

/// A day of a period.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Day {
    /// The day, in UTC.
    pub day: Date,
    /// What became of it.
    pub state: DayState,
    /// The run that counts for the trend; null where none does.
    pub run_id: Option<String>,
    /// How much of what was planned it knows, in percent.
    pub coverage_percent: Option<f64>,
    /// All runs of the day with a report, in the order in which they began.
    pub run_ids: Vec<String>,
}

/// The runs of a period, the earliest first, and what became of its days.
#[derive(Debug)]
pub struct Runs {
    /// Its days.
    pub period: Period,
    /// All runs.
    pub all: Vec<PastRun>,
    /// Those that are missing.
    pub missing: Vec<MissingRun>,
}

impl Runs {
    /// Puts them in order.
    pub fn new(period: Period, mut all: Vec<PastRun>, mut missing: Vec<MissingRun>) -> Self {
        all.retain(|run| period.has(run.day()));
        missing.retain(|run| period.has(run.day));
        all.sort_by(|a, b| (a.started, &a.id).cmp(&(b.started, &b.id)));
        missing.sort_by(|a, b| (a.day, &a.run_id).cmp(&(b.day, &b.run_id)));
        Self {
            period,
            all,
            missing,
        }
    }

    /// Whether a run was limited to a part: at fewer than half of the accounts of the one that
    /// was to scan most.
    pub fn is_partial(&self, run: &PastRun) -> bool {
        let planned = self.all.iter().map(|run| run.coverage.accounts_planned);
        let most = planned.max().unwrap_or_default();
        run.coverage.accounts_planned * 2 < most
    }

    /// The runs that count for the trend, one a day: the last complete one, or the last one.
    pub fn counting(&self) -> Vec<&PastRun> {
        let mut by_day: BTreeMap<Date, &PastRun> = BTreeMap::new();
        for run in self.all.iter().filter(|run| !self.is_partial(run)) {
            let so_far = by_day.entry(run.day()).or_insert(run);
            if run.coverage.complete >= so_far.coverage.complete {
                *so_far = run;
            }
        }
        by_day.into_values().collect()
    }

    /// What became of each day that has started by now.
    pub fn days(&self, now: Timestamp) -> Vec<Day> {
        let counting = self.counting();
        let until = day_of(now);
        let days = self.period.days().take_while(|day| *day <= until);
        days.map(|day| self.day(day, &counting)).collect()
    }

    fn day(&self, day: Date, counting: &[&PastRun]) -> Day {
        let runs: Vec<&PastRun> = self.all.iter().filter(|run| run.day() == day).collect();
        let counts = counting.iter().find(|run| run.day() == day);
        let state = match counts {
            Some(run) if run.coverage.complete => DayState::Complete,
            Some(_) => DayState::Incomplete,
            None if !runs.is_empty() => DayState::Partial,
            None if self.missing.iter().any(|run| run.day == day) => DayState::Failed,
            None => DayState::NoScan,
        };
        Day {
            day,
            state,
            run_id: counts.map(|run| run.id.clone()),
            coverage_percent: counts.and_then(|run| run.coverage.percent),
            run_ids: runs.iter().map(|run| run.id.clone()).collect(),
        }
    }
}
