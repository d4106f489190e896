//! What an invocation answers.

use orgscan_core::model::{Coverage, RunId, SeverityCounts};
use orgscan_report::trend::Week;
use orgscan_store::{Conclusion, DeliveryRecord};
use serde::Serialize;

use crate::scan::distributed::{BatchProgress, PlanSummary};

/// What an invocation answers.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum LambdaResponse {
    /// The run is finished, now or before.
    Finished(Summary),
    /// The run continues in another invocation, and nothing was published yet.
    HandedOver(Handover),
    /// A distributed run's plan is there.
    Planned(PlanSummary),
    /// A batch of a distributed run is scanned.
    Scanned(BatchProgress),
    /// The weekly report is there.
    Weekly(WeeklySummary),
    /// The failure of a batch is recorded.
    Noted(FailedBatch),
}

/// A run in short.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// The run's id.
    pub run_id: String,
    /// Whether every planned target has a verdict, and was compared with the runs before.
    pub complete: bool,
    /// Known targets per hundred planned ones.
    pub coverage_percent: Option<f64>,
    /// What was evaluated and what was not.
    pub coverage: Coverage,
    /// Findings by severity.
    pub findings_by_severity: SeverityCounts,
    /// How many thresholds were crossed.
    pub thresholds_crossed: usize,
    /// Where the report is.
    pub report_location: Option<String>,
    /// What became of each configured destination.
    pub deliveries: Vec<DeliveryRecord>,
    /// Whether nothing was published on purpose.
    pub dry_run: bool,
}

/// A weekly report in short.
#[derive(Debug, Serialize)]
pub struct WeeklySummary {
    /// The ISO week.
    pub week: Week,
    /// Whether a run evaluated everything on each of its days, and no run is missing.
    pub complete: bool,
    /// Where the report is.
    pub report_location: String,
    /// The names of its files.
    pub files: Vec<&'static str>,
    /// Days on which no run counts.
    pub days_missing: u64,
    /// Runs of which there is no report, or none that can be read.
    pub missing_runs: usize,
}

/// A batch that was given up.
#[derive(Debug, Serialize)]
pub struct FailedBatch {
    /// Its number.
    pub batch: usize,
}

/// How far a run has come that goes on elsewhere.
#[derive(Debug, Serialize)]
pub struct Handover {
    /// The run's id.
    pub run_id: String,
    /// Never yet.
    pub complete: bool,
    /// Which continuation has the run now; the first one is 1.
    pub continuation: u32,
    /// Accounts whose result is stored.
    pub accounts_completed: usize,
    /// Accounts without a result.
    pub accounts_remaining: usize,
}

impl Summary {
    pub(super) fn of(run_id: &RunId, dry_run: bool, conclusion: &Conclusion) -> Self {
        let coverage = conclusion.coverage.clone();
        Self {
            run_id: run_id.to_string(),
            complete: coverage.is_complete() && conclusion.history_error.is_none(),
            coverage_percent: coverage.percent(),
            coverage,
            findings_by_severity: conclusion.findings_by_severity,
            thresholds_crossed: conclusion.thresholds_crossed,
            report_location: conclusion.report_location.clone(),
            deliveries: conclusion.deliveries.clone(),
            dry_run,
        }
    }
}
