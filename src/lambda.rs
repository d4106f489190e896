//! The central Lambda: event in, run, answer out.

mod answer;
mod continuation;
mod running;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use serde_json::Value;
use tracing::Instrument;

pub use answer::{Answer, HandedOver, Summary};
use running::Running;

use crate::aws::{Aws, ConnectError, Source};
use crate::config::{Config, ConfigError, Invocation, Overlay, config_file, environment};
use crate::pace::Deadline;
use crate::scan::{Request, RunError};

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

/// One call of the function.
#[derive(Clone, Debug)]
pub struct Call {
    /// When Lambda ends it.
    pub deadline: SystemTime,
    /// What was invoked: the function, with the version or alias that was asked for.
    pub function_arn: String,
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

    /// Handles one event. A run that had come to its end before gives the same answer again, and
    /// nothing is sent twice.
    ///
    /// # Errors
    /// See [`FunctionError`]. A failed run is a failed invocation.
    pub async fn handle(&self, event: &Value, call: &Call) -> Result<Answer, FunctionError> {
        let asked = Invocation::from_event(event)?;
        let started = Timestamp::now();
        let own_account = asked.overlay.own_account;
        let config = load(self.config_file.as_ref(), asked.overlay.clone())?;
        let request = Request {
            run_id: asked.run_id(started),
            started: asked.trigger.unwrap_or(started),
            own_account,
            dry_run: asked.dry_run,
            deadline: until(call.deadline).or_earlier(Deadline::of(&config)),
            config,
        };
        let (dry_run, continuation) = (request.dry_run, asked.continuation);
        tracing::info!(run_id = %request.run_id, dry_run, continuation, "run begins");
        let span = tracing::info_span!("run", run_id = %request.run_id);
        let running = Running {
            aws: &self.aws,
            event,
            call,
            continuation,
            request: &request,
        };
        let ended = running.run().instrument(span).await;
        match ended.map_err(|source| FunctionError::Run {
            run_id: request.run_id.to_string(),
            source,
        })? {
            Answer::Finished(summary) => delivered(summary).map(Answer::Finished),
            handed_over => Ok(handed_over),
        }
    }
}

fn load(file: Option<&PathBuf>, overlay: Overlay) -> Result<Config, ConfigError> {
    Config::load(file.map(PathBuf::as_path), environment(), overlay)
}

fn until(deadline: SystemTime) -> Deadline {
    let left = deadline.duration_since(SystemTime::now());
    Deadline::after(left.unwrap_or(Duration::ZERO)).earlier_by(ANSWER)
}

/// The answer, if everything was delivered.
fn delivered(answer: Summary) -> Result<Summary, FunctionError> {
    let missing = answer.deliveries.iter().filter(|one| !one.delivered);
    let missing: Vec<String> = missing
        .map(|one| format!("{}: {}", one.destination, one.detail))
        .collect();
    if missing.is_empty() {
        return Ok(answer);
    }
    Err(FunctionError::NotDelivered {
        run_id: answer.run_id.clone(),
        missing,
        answer: serde_json::to_string(&answer).unwrap_or_default(),
    })
}
