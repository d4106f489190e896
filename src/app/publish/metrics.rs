//! CloudWatch metrics.
//!
//! A metric's plain name stands for a complete number. A number with gaps in it goes out as
//! `<Indicator>AtLeast`, and one of which nothing is known does not go out at all: in a graph and to
//! an alarm, unknown is missing data and never zero.

mod cost;
mod request;

use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;

pub use cost::cost_per_month;
use orgscan_core::model::{
    AccountId, AccountOutcome, AccountSummary, Coverage, IndicatorCount, Report,
};
pub use request::{batches, put_metric_data};

/// What a metric counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Unit {
    /// Things.
    Count,
    /// Hundredths, 0 to 100.
    Percent,
    /// Seconds.
    Seconds,
}

/// The dimension of an account's metrics; its value is the account's id.
pub const DIMENSION: &str = "AccountId";

/// How many thresholds are crossed.
pub const THRESHOLDS_CROSSED: &str = "ThresholdsCrossed";

/// The name of a number that is a lower bound.
pub fn at_least(indicator: &str) -> String {
    format!("{indicator}AtLeast")
}

/// The name of the number of suppressed violations.
pub fn suppressed(indicator: &str) -> String {
    format!("{indicator}Suppressed")
}

/// One value of one metric.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Metric {
    /// Its name.
    pub name: String,
    /// The value of its dimension `AccountId`; without dimensions, it is about the organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<AccountId>,
    /// Its value.
    pub value: f64,
    /// What the value counts in.
    pub unit: Unit,
    /// When collecting ended.
    pub timestamp: Timestamp,
}

/// All metrics of a report: the run's, the organization's totals, then each account's by account id.
///
/// | metric | dimension | what |
/// | --- | --- | --- |
/// | `<Indicator>` | none, `AccountId` | violations, if the number is complete |
/// | `<Indicator>AtLeast` | none, `AccountId` | known violations, if coverage is incomplete |
/// | `<Indicator>Suppressed`, `<Indicator>SuppressedAtLeast` | none, `AccountId` | suppressed violations, which the others do not include; for an account only if it has any |
/// | `AccountsIncomplete` | none | accounts with at least one number that is missing or a lower bound |
/// | `AccountsListed`, `AccountsScanned`, `AccountsSkipped`, `AccountsFailed` | none | accounts; the first is the sum of the others |
/// | `TargetsUnknown` | none, `AccountId` | targets that could not be evaluated, or not completely |
/// | `CoveragePercent` | none, `AccountId` | percentage of the planned targets that were evaluated completely |
/// | `ThresholdsCrossed` | none | thresholds that are crossed, if coverage is complete; 0 if none is |
/// | `ThresholdsCrossedAtLeast` | none | the same, if coverage is incomplete |
/// | `ScanDuration` | none | seconds |
/// | `Requests`, `ThrottledRequests` | none | AWS requests sent for the accounts, and how many AWS throttled |
///
/// They are an iterator, because a large organization has a hundred thousand of them.
pub fn render(report: &Report) -> impl Iterator<Item = Metric> {
    let mut organization = Series::new(report, None);
    for total in &report.indicators {
        organization.counted(&total.indicator, &total.total);
        organization.suppressed(&total.indicator, &total.total);
    }
    let accounts = report.accounts.iter();
    of_run(report)
        .into_iter()
        .chain(organization.metrics)
        .chain(accounts.flat_map(|account| of_account(report, account)))
}

/// Writes the metrics as JSON, one line each: for dry runs and demonstrations.
///
/// # Errors
/// The writer's own.
pub fn write_lines(mut out: impl Write, metrics: impl Iterator<Item = Metric>) -> io::Result<()> {
    for metric in metrics {
        serde_json::to_writer(&mut out, &metric)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Metrics with the same dimension.
struct Series {
    account_id: Option<AccountId>,
    timestamp: Timestamp,
    metrics: Vec<Metric>,
}

impl Series {
    fn new(report: &Report, account_id: Option<AccountId>) -> Self {
        Self {
            account_id,
            timestamp: report.run.finished,
            metrics: Vec::new(),
        }
    }

    fn add(&mut self, name: impl Into<String>, value: f64, unit: Unit) {
        self.metrics.push(Metric {
            name: name.into(),
            account_id: self.account_id.clone(),
            value,
            unit,
            timestamp: self.timestamp,
        });
    }

    fn count(&mut self, name: impl Into<String>, value: u64) {
        self.add(name, value as f64, Unit::Count);
    }

    fn percent(&mut self, name: &str, value: Option<f64>) {
        if let Some(value) = value {
            self.add(name, value, Unit::Percent);
        }
    }

    /// A lower bound if anything is unknown: what was not evaluated may cross a threshold. No value if nothing was
    /// evaluated.
    fn thresholds_crossed(&mut self, crossed: u64, coverage: &Coverage) {
        let targets = &coverage.targets;
        if coverage.is_complete() && targets.known > 0 {
            self.count(THRESHOLDS_CROSSED, crossed);
        } else if targets.known > 0 || crossed > 0 {
            self.count(at_least(THRESHOLDS_CROSSED), crossed);
        }
    }

    fn counted(&mut self, indicator: &str, counted: &IndicatorCount) {
        self.known(indicator, counted, counted.value());
    }

    fn suppressed(&mut self, indicator: &str, counted: &IndicatorCount) {
        self.known(&suppressed(indicator), counted, counted.suppressed);
    }

    /// A number of what was counted, under the name that says how much of it is known.
    fn known(&mut self, name: &str, counted: &IndicatorCount, value: u64) {
        if counted.is_complete() {
            self.count(name, value);
        } else if counted.is_known() {
            self.count(at_least(name), value);
        }
    }
}

fn of_run(report: &Report) -> Vec<Metric> {
    let coverage = &report.coverage;
    let sent =
        |account: &AccountSummary| account.requests.iter().map(|(_, sent)| sent).sum::<u64>();
    let duration = report.run.finished.duration_since(report.run.started);
    let mut run = Series::new(report, None);
    run.count("AccountsListed", coverage.accounts_listed);
    run.count("AccountsScanned", coverage.accounts_scanned);
    run.count("AccountsSkipped", coverage.accounts_skipped);
    run.count("AccountsFailed", coverage.accounts_failed);
    run.count("AccountsIncomplete", coverage.accounts_incomplete);
    run.count("TargetsUnknown", coverage.targets.unknown);
    run.percent("CoveragePercent", coverage.percent());
    run.thresholds_crossed(report.thresholds_crossed.len() as u64, coverage);
    run.add("ScanDuration", duration.as_secs_f64(), Unit::Seconds);
    run.count("Requests", report.accounts.iter().map(sent).sum());
    let throttled = report.accounts.iter().map(|account| account.throttled);
    run.count("ThrottledRequests", throttled.sum());
    run.metrics
}

fn of_account(report: &Report, account: &AccountSummary) -> Vec<Metric> {
    let mut series = Series::new(report, Some(account.account.id.clone()));
    if !matches!(account.outcome, AccountOutcome::Skipped { .. }) {
        // By the totals, because their order is the registry's.
        for total in &report.indicators {
            if let Some(counted) = account.indicators.get(&total.indicator) {
                series.counted(&total.indicator, &counted);
                // Each series costs, and most accounts have none.
                if counted.suppressed > 0 {
                    series.suppressed(&total.indicator, &counted);
                }
            }
        }
        series.count("TargetsUnknown", account.targets.unknown);
        series.percent("CoveragePercent", account.targets.percent());
    }
    series.metrics
}

#[cfg(test)]
mod tests;
