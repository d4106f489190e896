//! The central Lambda: event in, run, answer out.

mod answer;
mod continuation;
mod running;
mod step;
mod weekly;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::SignedDuration;
use orgscan_aws::rate_limit::Deadline;
use orgscan_aws::{AwsContext, ConnectError, Descriptors, OtherEnd, Source};
use orgscan_core::clock::{Clock, FutureTimestamp};
use orgscan_core::document::{ConfigError, Origins};
use orgscan_core::model::Arn;
use orgscan_core::settings::{Config, ConfigSource};
use orgscan_files::disk;
use orgscan_report::trend::Week;
use tracing::Instrument;

pub use answer::{FailedBatch, Handover, LambdaResponse, Summary, WeeklySummary};
use running::RunInvocation;

use crate::config::{ConfigLayer, Invocation, Step, WeeklyReport, config_file, environment};
use crate::publish::reports::weekly::WeeklyError;
use crate::scan::distributed::BatchProgress;
use crate::scan::{Request, RunError};

/// Kept back from the invocation's end, so that it still answers.
const ANSWER: Duration = Duration::from_secs(2);

/// What lives as long as the function's execution environment: clients are built once per cold start.
#[derive(Debug)]
pub struct Function {
    aws: Arc<AwsContext>,
    config_source: Option<ConfigSource>,
}

/// Why an invocation failed. Lambda's own retry and failure destination take it from there.
#[derive(Debug, thiserror::Error)]
pub enum FunctionError {
    /// The event or the configuration is invalid.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// No connection to AWS.
    #[error("{0}")]
    Connect(#[from] ConnectError),
    /// The run came to no end.
    #[error("the run {run_id} failed: {source}")]
    Run {
        /// Which run.
        run_id: String,
        /// Why.
        source: Box<RunError>,
    },
    /// The run ended, but not everything was delivered.
    #[error(
        "the run {run_id} is scanned, but not everything was delivered: {}; the answer: {answer}",
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
    /// The event asks for a time that is ahead of the clock.
    #[error("{0}")]
    Ahead(#[from] FutureTimestamp),
    /// The weekly report was not written.
    #[error("the weekly report of {week} was not written: {source}")]
    Weekly {
        /// Which week.
        week: Week,
        /// Why.
        source: WeeklyError,
    },
    /// The configuration has no report location.
    #[error(
        "the weekly report needs the reports of the runs, and no report location is configured; set \
         destinations.report.location to s3://bucket/prefix"
    )]
    ReportLocationMissing,
    /// The invocation's time was not enough for a batch of a distributed run.
    #[error(
        "the time limit ended the scan with {} of {} accounts of batch {} of the run {run_id} remaining; the next \
         invocation for the batch scans them; if this happens often, use smaller batches",
        done.accounts_remaining, done.accounts_remaining + done.accounts_completed, done.batch
    )]
    OutOfTime {
        /// Which run.
        run_id: String,
        /// How far it has come.
        done: BatchProgress,
    },
}

impl FunctionError {
    /// The error's name, for the caller who decides whether to try again: `infra/statemachine.asl.json`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Config(_) | Self::Ahead(_) => "InvalidEvent",
            Self::Run { source, .. } if source.is_ahead() => "InvalidEvent",
            Self::Connect(_) => "NotConnected",
            Self::Run { source, .. } if source.may_pass() => "RunInterrupted",
            Self::Run { .. } => "RunFailed",
            Self::NotDelivered { .. } => "NotDelivered",
            Self::Weekly { .. } => "WeeklyFailed",
            Self::ReportLocationMissing => "ReportLocationMissing",
            Self::OutOfTime { .. } => "OutOfTime",
        }
    }
}

/// One call of the function.
#[derive(Clone, Debug)]
pub struct Call {
    /// When Lambda ends it.
    pub deadline: SystemTime,
    /// What was invoked: the function, with the version or alias that was asked for.
    pub function_arn: Arn,
}

impl Function {
    /// Loads the configuration and connects to AWS; for a cold start.
    ///
    /// # Errors
    /// See [`FunctionError`].
    pub async fn start() -> Result<Self, FunctionError> {
        let config_source = config_file().map(ConfigSource::of).transpose()?;
        let file = match &config_source {
            Some(source) => Some(crate::config::read(source, None, None, Deadline::never()).await?),
            None => None,
        };
        let layer = ConfigLayer::default();
        let (config, _) = crate::config::load_in_function(file.as_ref(), environment(), layer)?;
        let config = limit_in_flight(config);
        let aws = Arc::new(AwsContext::connect(&config, &Source::Environment).await?);
        Ok(Self { aws, config_source })
    }

    /// Handles one event, a JSON text. A run that had come to its end before gives the same answer again, and
    /// nothing is sent twice.
    ///
    /// # Errors
    /// See [`FunctionError`]. A failed run is a failed invocation.
    pub async fn handle(&self, event: &str, call: &Call) -> Result<LambdaResponse, FunctionError> {
        let event = &Invocation::document(event)?;
        if let Some(asked) = WeeklyReport::from_event(event)? {
            return self.weekly(asked, call).await.map(LambdaResponse::Weekly);
        }
        let asked = Invocation::from_event(event)?;
        let request = self.request(&asked, call).await?;
        let (dry_run, continuation) = (request.dry_run, asked.continuation);
        tracing::info!(run_id = %request.run_id, dry_run, continuation, step = ?asked.step, "run started");
        let span = tracing::info_span!("run", run_id = %request.run_id);
        let work = async {
            match &asked.step {
                Some(step) => step::take(&self.aws, &request, step).await,
                None => {
                    let running = RunInvocation {
                        aws: &self.aws,
                        event,
                        call,
                        continuation,
                        request: &request,
                    };
                    running.run().await
                }
            }
        };
        let ended = work.instrument(span).await;
        let run_id = request.run_id.to_string();
        match ended {
            Ok(LambdaResponse::Finished(run)) => delivered(run).map(LambdaResponse::Finished),
            Ok(LambdaResponse::Scanned(done)) if done.accounts_remaining > 0 => {
                Err(FunctionError::OutOfTime { run_id, done })
            }
            Ok(answer) => Ok(answer),
            Err(source) => Err(FunctionError::Run {
                run_id,
                source: source.into(),
            }),
        }
    }

    /// What the event asks for, over the configuration.
    async fn request(&self, asked: &Invocation, call: &Call) -> Result<Request, FunctionError> {
        let started = Clock::System.now();
        let until = until(call.deadline);
        let (config, origins) = self.load(asked.layer.clone(), until).await?;
        let central_share = match asked.step {
            Some(Step::Scan { central_share, .. }) => central_share,
            _ => 1.0,
        };
        Ok(Request {
            run_id: asked.run_id(started),
            started: asked.trigger.unwrap_or(started),
            clock: Clock::System,
            behind: SignedDuration::ZERO,
            own_account: false,
            dry_run: asked.dry_run,
            needs_exceptions: false,
            deadline: until.or_earlier(Deadline::of(&config)),
            central_share,
            config,
            origins: Arc::new(origins),
        })
    }

    /// The configuration of an invocation. The file is read each time, so that a change counts at once.
    async fn load(
        &self,
        layer: ConfigLayer,
        deadline: Deadline,
    ) -> Result<(Config, Origins), ConfigError> {
        let file = match &self.config_source {
            Some(source) => {
                Some(crate::config::read(source, Some(&self.aws.config), None, deadline).await?)
            }
            None => None,
        };
        let (config, origins) =
            crate::config::load_in_function(file.as_ref(), environment(), layer)?;
        disk::share(config.is_report_shared());
        Ok((limit_in_flight(config), origins))
    }
}

/// The configuration, with as many requests in flight as the function has descriptors for.
fn limit_in_flight(mut config: Config) -> Config {
    Descriptors::of_process().limit_in_flight(&mut config, OtherEnd::Elsewhere);
    config
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
