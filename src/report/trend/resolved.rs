//! How long it took to resolve what was resolved.

use std::collections::{BTreeMap, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use orgscan_core::lines::LineVisitor;
use orgscan_core::model::{ChangeKind, CheckId, Severity};
use schemars::JsonSchema;
use serde::Serialize;

use super::reading::{DamagedReport, parse};
use super::stored::{StoredChange, StoredFindingChange};

/// Findings by their ids, as numbers: 16 bytes each.
type Ids = HashSet<u128>;

/// How many took how many seconds. Findings are first seen and closed by runs, so there are few different
/// times, however many findings there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct DurationCounts(BTreeMap<u64, u64>);

impl DurationCounts {
    fn add(&mut self, other: &Self) {
        for (seconds, count) in &other.0 {
            *self.0.entry(*seconds).or_default() += count;
        }
    }

    fn count(&self) -> u64 {
        self.0.values().sum()
    }

    fn summarize(&self) -> TimeToResolve {
        const DAY: f64 = 86_400.0;
        let count = self.count();
        let sum: u128 = self
            .0
            .iter()
            .map(|(s, n)| u128::from(*s) * u128::from(*n))
            .sum();
        let at = |rank: u64| {
            let mut left = rank;
            let found = self.0.iter().find(|(_, count)| {
                let is_here = left < **count;
                left = left.saturating_sub(**count);
                is_here
            });
            found.map_or(0.0, |(seconds, _)| *seconds as f64)
        };
        let median = (at(count.saturating_sub(1) / 2) + at(count / 2)) / 2.0;
        let days = |seconds: f64| (seconds / DAY * 100.0).round() / 100.0;
        TimeToResolve {
            resolved: count,
            mean_days: days(sum as f64 / count.max(1) as f64),
            median_days: days(median),
        }
    }
}

/// How long it took to resolve findings, from the run that saw them first to the one that no longer did.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TimeToResolve {
    /// How many were resolved.
    pub resolved: u64,
    /// Days on the average, to two decimals.
    pub mean_days: f64,
    /// Days that half of them took at most, to two decimals.
    pub median_days: f64,
}

/// The same by severity and by check.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct ResolutionTimes {
    /// Of all; null where nothing was resolved.
    pub all: Option<TimeToResolve>,
    /// By severity.
    pub by_severity: BTreeMap<&'static str, TimeToResolve>,
    /// By the check's id.
    pub by_check: BTreeMap<CheckId, TimeToResolve>,
    /// Findings that were resolved and came back within the period, so that they do not count.
    pub reopened: u64,
    /// Runs whose changes could not be read, so that what they resolved is not counted.
    pub missing_runs: Vec<String>,
}

/// What was resolved in a period. Runs are read from the last to the first, so that what comes back later
/// is known.
#[derive(Debug, Default)]
pub struct ResolvedFindings {
    times: BTreeMap<(CheckId, Severity), DurationCounts>,
    reopened: Arc<Ids>,
    came_back: u64,
    missing: Vec<String>,
}

impl ResolvedFindings {
    /// Reads the changes of the run before those that were read.
    pub fn reader(&self) -> ChangesReader {
        ChangesReader {
            later: self.reopened.clone(),
            found: Self::default(),
            reopened: Ids::new(),
            line: 0,
            damaged: None,
        }
    }

    /// Adds what was read of a run; or, where that was not what a run leaves, that it is missing.
    pub fn add(&mut self, run: &str, read: ChangesReader) {
        if let Some(damaged) = read.damaged {
            tracing::warn!(run_id = run, %damaged, "the changes of a run cannot be read, so they do not count");
            self.missing.insert(0, run.to_owned());
            return;
        }
        for (key, times) in &read.found.times {
            self.times.entry(key.clone()).or_default().add(times);
        }
        self.came_back += read.found.came_back;
        // The reader has let go of its own.
        drop(read.later);
        Arc::make_mut(&mut self.reopened).extend(read.reopened);
    }

    /// What came of it.
    pub fn summarize(&self) -> ResolutionTimes {
        let mut all = DurationCounts::default();
        let mut severities: BTreeMap<&'static str, DurationCounts> = BTreeMap::new();
        let mut checks: BTreeMap<CheckId, DurationCounts> = BTreeMap::new();
        for ((check, severity), times) in &self.times {
            all.add(times);
            severities.entry(severity.as_str()).or_default().add(times);
            checks.entry(check.clone()).or_default().add(times);
        }
        ResolutionTimes {
            all: (all.count() > 0).then(|| all.summarize()),
            by_severity: severities
                .into_iter()
                .map(|(severity, times)| (severity, times.summarize()))
                .collect(),
            by_check: checks
                .into_iter()
                .map(|(check, times)| (check, times.summarize()))
                .collect(),
            reopened: self.came_back,
            missing_runs: self.missing.clone(),
        }
    }
}

/// A run's `changes.jsonl` that is being read.
#[derive(Debug)]
pub struct ChangesReader {
    /// What comes back in a later run.
    later: Arc<Ids>,
    found: ResolvedFindings,
    reopened: Ids,
    line: u64,
    damaged: Option<DamagedReport>,
}

impl ChangesReader {
    fn finding(&mut self, finding: &StoredFindingChange) -> Result<(), String> {
        let is = |kind: ChangeKind| finding.status == kind.as_str();
        if !is(ChangeKind::Reopened) && !is(ChangeKind::Resolved) {
            return Ok(());
        }
        let id = u128::from_str_radix(&finding.id, 16);
        let id = id.map_err(|_| format!("`{}` is no finding's id", finding.id.escape_debug()))?;
        if is(ChangeKind::Reopened) {
            self.reopened.insert(id);
            return Ok(());
        }
        if self.later.contains(&id) {
            self.found.came_back += 1;
            return Ok(());
        }
        let Some(closed) = finding.closed else {
            return Err(format!(
                "the finding {} is resolved and has no `closed`",
                finding.id
            ));
        };
        let took = closed.duration_since(finding.first_seen).as_secs();
        let key = (finding.check_id.clone(), finding.severity);
        let times = self.found.times.entry(key).or_default();
        *times.0.entry(took.max(0).unsigned_abs()).or_default() += 1;
        Ok(())
    }
}

impl LineVisitor for ChangesReader {
    fn line(&mut self, line: &[u8]) -> ControlFlow<()> {
        self.line += 1;
        let read = match parse(line) {
            Ok(StoredChange::Finding(finding)) => self.finding(&finding),
            Ok(StoredChange::Other) => Ok(()),
            Err(why) => Err(why),
        };
        match read {
            Ok(()) => ControlFlow::Continue(()),
            Err(why) => {
                let line = self.line;
                self.damaged = Some(DamagedReport { line, why });
                ControlFlow::Break(())
            }
        }
    }
}
