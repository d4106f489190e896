//! The trend that a run's own report shows: the runs before it, and itself. Pure.

use orgscan_core::model::{Baseline, ChangeKind, Report, Trend, TrendNumber, TrendPoint};

use super::days::MissingRun;
use super::run::PastRun;
use super::stored::cut;

/// How many runs it shows at most, with the run itself.
pub const RUNS: usize = 30;

/// The trend that a run's own report shows.
#[derive(Debug)]
pub struct RecentTrend {
    /// The runs, the earliest first; none without an earlier run.
    pub trend: Option<Trend>,
    /// Runs before it whose reports cannot be read.
    pub missing: Vec<MissingRun>,
}

impl RecentTrend {
    /// Of these runs those that began before the report's and were not limited to a part.
    pub fn of(report: &Report, runs: Vec<PastRun>, missing: Vec<MissingRun>) -> Self {
        let coverage = &report.coverage;
        let own = coverage.accounts_listed - coverage.accounts_skipped;
        let planned = runs.iter().map(|run| run.coverage.accounts_planned);
        let most = planned.chain([own]).max().unwrap_or_default();
        let mut runs: Vec<PastRun> = runs
            .into_iter()
            .filter(|run| run.coverage.accounts_planned * 2 >= most)
            .filter(|run| run.started < report.run.started && run.id != report.run.id)
            .collect();
        runs.sort_by(|a, b| (a.started, &a.id).cmp(&(b.started, &b.id)));
        let first = runs.len().saturating_sub(RUNS - 1);
        let before = runs.iter().skip(first).map(PastRun::point);
        let points: Vec<TrendPoint> = before.chain([point(report)]).collect();
        Self {
            trend: (points.len() > 1).then_some(Trend { points }),
            missing,
        }
    }
}

/// A report as a point of the organization's trend.
fn point(report: &Report) -> TrendPoint {
    let is_compared = matches!(report.changes.baseline, Baseline::Compared { .. });
    let of = |kinds: &[ChangeKind]| {
        let counts = kinds.iter().map(|kind| report.changes.of(*kind).total());
        is_compared.then(|| counts.sum())
    };
    let indicators = report.indicators.iter().map(|total| {
        let number = TrendNumber {
            value: total.total.is_known().then(|| total.total.value()),
            lower_bound: !total.total.is_complete(),
        };
        (total.indicator.clone(), number)
    });
    let percent = report.coverage.percent();
    TrendPoint {
        started: report.run.started,
        run_id: report.run.id.clone(),
        indicators: indicators.collect(),
        // As `report.json` has it.
        coverage_percent: percent.map(cut),
        new_or_reopened: of(&[ChangeKind::New, ChangeKind::Reopened]),
        resolved: of(&[ChangeKind::Resolved]),
    }
}
