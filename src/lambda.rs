//! The central Lambda: event in, run, answer out.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::aws::{Aws, ConnectError, Source};
use crate::config::{Config, ConfigError, Invocation, Overlay, config_file, environment};
use crate::model::{Coverage, SeverityCounts};
use crate::observe::Silent;
use crate::pace::Deadline;
use crate::publish::Delivery;
use crate::scan::{Finished, Request, RunError, scan};

/// Kept back from the invocation's end, so that it still answers.
const ANSWER: Duration = Duration::from_secs(2);

/// What lives as long as the function's execution environment: clients are built once per cold start.
#[derive(Debug)]
pub struct Function {
    aws: Arc<Aws>,
    config_file: Option<PathBuf>,
}

/// Why an invocation failed. Lambda's own retry and failure destination take it from there.
#[derive(Debug, thiserror::Error)]
pub enum FunctionError {
    /// The event or the configuration says something impossible.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// AWS cannot be talked to.
    #[error("{0}")]
    Connect(#[from] ConnectError),
    /// The run came to no end.
    #[error("the run {run_id} failed: {source}")]
    Run {
        /// Which run.
        run_id: String,
        /// Why.
        source: RunError,
    },
    /// The run ended, but not everything was delivered.
    #[error(
        "the run {run_id} scanned, but did not deliver everything: {}; what was found: {answer}",
        missing.join("; ")
    )]
    NotDelivered {
        /// Which run.
        run_id: String,
        /// What was not delivered, and why.
        missing: Vec<String>,
        /// The answer that the invocation would have given, as JSON.
        answer: String,
    },
}

/// What an invocation answers.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The run's id.
    pub run_id: String,
    /// Whether every planned target has a verdict.
    pub complete: bool,
    /// Known targets per hundred planned ones.
    pub coverage_percent: Option<f64>,
    /// What was looked at and what was not.
    pub coverage: Coverage,
    /// Findings by severity.
    pub findings: SeverityCounts,
    /// How many thresholds were crossed.
    pub thresholds_crossed: usize,
    /// Where the report is.
    pub report: Option<String>,
    /// What became of each configured destination.
    pub deliveries: Vec<Delivered>,
    /// Whether nothing was published on purpose.
    pub dry_run: bool,
}

/// What became of one destination.
#[derive(Debug, Serialize)]
pub struct Delivered {
    /// `metrics`, `alert` or `report`.
    pub destination: &'static str,
    /// Whether it got everything.
    pub delivered: bool,
    /// What was sent where, or why it was not.
    pub detail: String,
}

impl Function {
    /// Loads the configuration and connects to AWS; for a cold start.
    ///
    /// # Errors
    /// See [`FunctionError`].
    pub async fn start() -> Result<Self, FunctionError> {
        let config_file = config_file();
        let config = load(config_file.as_ref(), Overlay::default())?;
        let aws = Arc::new(Aws::connect(&config, &Source::Environment).await?);
        Ok(Self { aws, config_file })
    }

    /// Handles one event. `deadline` is when Lambda ends the invocation.
    ///
    /// # Errors
    /// See [`FunctionError`]. A failed run is a failed invocation.
    pub async fn handle(
        &self,
        event: &Value,
        deadline: SystemTime,
    ) -> Result<Answer, FunctionError> {
        let asked = Invocation::from_event(event)?;
        let started = Timestamp::now();
        let own_account = asked.overlay.own_account;
        let config = load(self.config_file.as_ref(), asked.overlay.clone())?;
        let request = Request {
            run_id: asked.run_id(started),
            started: asked.trigger.unwrap_or(started),
            own_account,
            dry_run: asked.dry_run,
            deadline: until(deadline).or_earlier(Deadline::of(&config)),
            config,
        };
        tracing::info!(run_id = %request.run_id, dry_run = request.dry_run, "run begins");
        let run_id = request.run_id.to_string();
        let finished = scan(&self.aws, &request, Arc::new(Silent))
            .await
            .map_err(|source| FunctionError::Run {
                run_id: run_id.clone(),
                source,
            })?;
        answer(&finished, &request)
    }
}

fn load(file: Option<&PathBuf>, overlay: Overlay) -> Result<Config, ConfigError> {
    Config::load(file.map(PathBuf::as_path), environment(), overlay)
}

fn until(deadline: SystemTime) -> Deadline {
    let left = deadline.duration_since(SystemTime::now());
    Deadline::after(left.unwrap_or(Duration::ZERO)).earlier_by(ANSWER)
}

fn answer(finished: &Finished, request: &Request) -> Result<Answer, FunctionError> {
    let report = &finished.report;
    let answer = Answer {
        run_id: request.run_id.to_string(),
        complete: report.coverage.is_complete(),
        coverage_percent: report.coverage.percent(),
        coverage: report.coverage.clone(),
        findings: report.findings,
        thresholds_crossed: report.crossed.len(),
        report: finished.report_location.clone(),
        deliveries: finished.deliveries.iter().map(delivered).collect(),
        dry_run: request.dry_run,
    };
    tracing::info!(
        run_id = answer.run_id,
        accounts = answer.coverage.accounts_listed,
        failed = answer.coverage.accounts_failed,
        unknown = answer.coverage.targets.unknown,
        findings = answer.findings.total(),
        seconds = finished.timings.elapsed().as_secs(),
        requests = finished.timings.total.requests,
        throttled = finished.timings.total.throttled,
        "run ends"
    );
    if finished.is_delivered() {
        return Ok(answer);
    }
    let missing = answer.deliveries.iter().filter(|one| !one.delivered);
    Err(FunctionError::NotDelivered {
        run_id: answer.run_id.clone(),
        missing: missing
            .map(|one| format!("{}: {}", one.destination, one.detail))
            .collect(),
        answer: serde_json::to_string(&answer).unwrap_or_default(),
    })
}

fn delivered(delivery: &Delivery) -> Delivered {
    let (delivered, detail) = match &delivery.outcome {
        Ok(detail) => (true, detail.clone()),
        Err(error) => (false, error.clone()),
    };
    Delivered {
        destination: delivery.destination,
        delivered,
        detail,
    }
}
