//! The whole pipeline: discover, assume, collect, evaluate, consolidate, compare, publish.

mod account;
mod accounts;
mod compared_run;
pub mod distributed;
mod preview;
mod run_handle;
mod scanned_run;
mod selection;
mod timings;
mod trend;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use orgscan_aws::AwsContext;
use orgscan_aws::assume::Sessions;
use orgscan_aws::discover::{DiscoverError, Discovery};
use orgscan_aws::rate_limit::{Deadline, RateLimits};
use orgscan_core::clock::{Clock, FutureTimestamp};
use orgscan_core::consolidate::PlanMismatch;
use orgscan_core::document::Origins;
use orgscan_core::exceptions::{Exceptions, ExceptionsError};
use orgscan_core::model::{Plan, Report, RunId};
use orgscan_core::settings::{AccountDetails, Config, EnrollmentConfig};
use orgscan_store::history::History;
use orgscan_store::integrity::demo_key;
use orgscan_store::{Conclusion, Record, Store, StoreError};
use tracing::Instrument;

pub use preview::{AccountRegions, Events, Preview, preview};
pub(crate) use run_handle::exceptions;
pub use run_handle::{RunHandle, begin};
pub use scanned_run::ScannedRun;
pub(crate) use selection::validate_accounts;
pub use timings::{Timings, peak_memory};

use crate::observe::Observer;
use crate::publish::{Delivery, PublishError};
use crate::stop::StopSignal;

/// What a run is asked to do.
#[derive(Clone, Debug)]
pub struct Request {
    /// The validated configuration.
    pub config: Config,
    /// The source of each of its fields, for messages.
    pub origins: Arc<Origins>,
    /// The run's id, from its trigger.
    pub run_id: RunId,
    /// When the run began; the report's date.
    pub started: Timestamp,
    /// The time of day, which nothing of the run may be ahead of.
    pub clock: Clock,
    /// How far the run's clock is behind, so that it ends on its own day: by nothing, but where days are
    /// simulated.
    pub behind: SignedDuration,
    /// Scan the caller's own account alone, without asking Organizations.
    pub own_account: bool,
    /// Publish nothing.
    pub dry_run: bool,
    /// Refuse to begin where the list of exceptions cannot be used. Otherwise nothing is suppressed then, and
    /// the report says so: a run that nobody watches had better find too much than not take place.
    pub needs_exceptions: bool,
    /// When the run has to be over, publishing included.
    pub deadline: Deadline,
    /// The part of the central account's request rates that this process may use: 1, or less where
    /// others work on the same run beside it.
    pub central_share: f64,
}

impl Request {
    /// Sessions of the run in its accounts.
    fn sessions(
        &self,
        aws: &Arc<AwsContext>,
        rate_limits: &Arc<RateLimits>,
        deadline: Deadline,
    ) -> Sessions {
        let (role, run_id) = (&self.config.role, self.run_id.as_str());
        Sessions::new(aws.clone(), rate_limits.clone(), deadline, role, run_id)
    }

    /// How the accounts of the run are listed.
    pub(crate) fn discovery<'a>(
        &'a self,
        aws: &'a AwsContext,
        rate_limits: &'a Arc<RateLimits>,
        account_details: &'a AccountDetails<'a>,
    ) -> Discovery<'a> {
        Discovery {
            aws,
            rate_limits,
            deadline: self.deadline,
            config: &self.config,
            own_account: self.own_account,
            account_details,
            organization: Arc::default(),
        }
    }

    /// Refuses a run, or the plan of one, that would be dated ahead of the clock or write beside a demo.
    pub fn validate(&self) -> Result<(), RunError> {
        self.refuse_ahead()?;
        self.refuse_demo_folder()
    }

    /// Refuses a run that is dated ahead of the clock: all runs after it would be taken for older ones.
    fn refuse_ahead(&self) -> Result<(), RunError> {
        self.clock.refuse_ahead("the run's start", self.started)?;
        if let Some(named) = self.run_id.moment() {
            let what = format!("the time in the run id {}", self.run_id);
            self.clock.refuse_ahead(what, named)?;
        }
        Ok(())
    }

    /// Refuses to write real reports beside those of a demo, whose key lies with them.
    fn refuse_demo_folder(&self) -> Result<(), RunError> {
        let report = self.config.destinations.report.as_ref();
        let report = report.filter(|_| !self.dry_run);
        let demo = report.and_then(|report| demo_key(report.location.folder()?));
        let own = report.and_then(|report| report.signing.key_file.as_ref());
        match demo.filter(|key| own.map(Path::new) != Some(key)) {
            Some(key) => Err(RunError::DemoFolder(key)),
            None => Ok(()),
        }
    }

    /// Refuses to go on with a run that was started ahead of the clock.
    pub(super) fn refuse_future_start(&self, record: &Record) -> Result<(), RunError> {
        let what = format!("the start of the existing run {}", self.run_id);
        let refused = self.clock.refuse_ahead(what, record.started);
        refused.map_err(RunError::StartedInFuture)
    }

    /// How accounts are enrolled; none where the organization is not asked.
    pub(crate) fn enrollment(&self) -> Option<&EnrollmentConfig> {
        (!self.own_account).then_some(&self.config.enrollment)
    }

    /// The run's day, by which declarations expire.
    pub fn today(&self) -> jiff::civil::Date {
        self.started.to_zoned(jiff::tz::TimeZone::UTC).date()
    }
}

/// A run that came to its end.
#[derive(Debug)]
pub struct FinishedRun {
    /// What was found.
    pub report: Report,
    /// What became of each configured destination.
    pub deliveries: Vec<Delivery>,
    /// The same in short, as it is written down.
    pub conclusion: Conclusion,
    /// Where the report is, if it went anywhere.
    pub report_location: Option<String>,
    /// US dollars a month that the metrics' series cost at one run a day.
    pub metrics_cost: f64,
    /// How many series there are.
    pub metrics_series: usize,
    /// Where the time went.
    pub timings: Timings,
    /// What was planned.
    pub plan: Plan,
    /// The results behind the report, account by account.
    pub store: Arc<Store>,
    /// What has been accepted of them.
    pub exceptions: Arc<Exceptions>,
    /// What they were compared with, where there is a history.
    pub history: Option<History>,
}

impl FinishedRun {
    /// Whether everything that was configured was delivered.
    pub fn is_delivered(&self) -> bool {
        self.deliveries.iter().all(|one| one.outcome.is_ok())
    }
}

/// Why a run came to no end.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The accounts could not be listed.
    #[error(transparent)]
    Discover(#[from] DiscoverError),
    /// The run is dated ahead of the clock.
    #[error(transparent)]
    Ahead(#[from] FutureTimestamp),
    /// The run was started before, when a clock was ahead.
    #[error("{0}; or use another run id")]
    StartedInFuture(FutureTimestamp),
    /// The report would go to the folder of a demo.
    #[error(
        "the report folder contains the reports and the signing key of a demo ({}); use another folder, or move \
         the demo's reports away", .0.display()
    )]
    DemoFolder(PathBuf),
    /// The exceptions cannot be used.
    #[error(
        "the exceptions file cannot be used, so nothing was scanned: {0}\n\
         Correct the file (`orgscan exceptions check` lists all errors), or run without it."
    )]
    Exceptions(#[from] ExceptionsError),
    /// A filter matches nothing, so the run would evaluate nothing and appear clean. A message for each filter.
    #[error("{}", .0.join("\n"))]
    NoMatch(Vec<String>),
    /// Results could not be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Accounts have gone missing on the way.
    #[error(transparent)]
    Unaccounted(#[from] PlanMismatch),
    /// The report could not be written.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// Somebody requested to stop. What is stored is kept.
    #[error("the run was interrupted")]
    Interrupted,
}

impl RunError {
    /// Whether the run is dated ahead of the clock.
    pub fn is_ahead(&self) -> bool {
        matches!(self, Self::Ahead(_) | Self::StartedInFuture(_))
    }

    /// Whether the same may well end otherwise after a while.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Discover(error) => error.may_pass(),
            Self::Store(error) | Self::Publish(PublishError::Store(error)) => error.may_pass(),
            Self::Interrupted => true,
            Self::Ahead(_)
            | Self::StartedInFuture(_)
            | Self::DemoFolder(_)
            | Self::Exceptions(_)
            | Self::NoMatch(_)
            | Self::Unaccounted(_)
            | Self::Publish(_) => false,
        }
    }
}

/// Scans the organization and publishes what was found. When `stop` is requested, no account goes on, and
/// what is being published has a few seconds to complete; then the run is free for others to continue it.
///
/// # Errors
/// See [`RunError`]. Accounts that could not be read and destinations that could not be reached are
/// no errors; they are in the answer.
pub async fn scan(
    aws: &Arc<AwsContext>,
    request: &Request,
    observer: Arc<dyn Observer>,
    stop: &StopSignal,
) -> Result<FinishedRun, RunError> {
    let span = tracing::info_span!("run", run_id = %request.run_id);
    let stages = async {
        let run = stop.grace(begin(aws, request, observer)).await;
        let run = run.ok_or(RunError::Interrupted)??.until(stop);
        let scanned = run.collect().await?;
        scanned.publish(None).await
    };
    stages.instrument(span).await
}

#[cfg(test)]
mod tests {
    use orgscan_core::settings::{Location, ReportConfig};

    use super::*;

    pub(super) fn request(run_id: &str, started: &str) -> Request {
        Request {
            config: Config::default(),
            origins: Arc::default(),
            run_id: run_id.parse().unwrap(),
            started: started.parse().unwrap(),
            clock: Clock::Fixed("2026-11-22T06:00:00Z".parse().unwrap()),
            behind: SignedDuration::ZERO,
            own_account: false,
            dry_run: false,
            needs_exceptions: false,
            deadline: Deadline::never(),
            central_share: 1.0,
        }
    }

    #[test]
    fn a_run_that_is_dated_ahead_of_the_clock_is_refused() {
        let on_time = request("20261122T061000Z", "2026-11-22T06:10:00Z");
        on_time.refuse_ahead().unwrap();
        request("nightly", "1999-01-01T00:00:00Z")
            .refuse_ahead()
            .unwrap();
        for (ahead, part) in [
            (
                request("nightly", "2026-11-22T06:10:01Z"),
                "the run's start is 2026",
            ),
            (
                request("20990101T000000Z-x", "2026-11-22T06:00:00Z"),
                "the run id 2099",
            ),
        ] {
            let error = ahead.refuse_ahead().unwrap_err();
            assert!(error.is_ahead() && !error.may_pass());
            assert!(error.to_string().contains(part), "{error}");
        }
        let run = Record {
            run_id: None,
            epoch: 0,
            started: "2099-01-01T00:00:00Z".parse().unwrap(),
            settings: serde_json::Value::Null,
            conclusion: None,
        };
        let error = on_time.refuse_future_start(&run).unwrap_err();
        assert!(error.is_ahead(), "{error}");
        assert!(error.to_string().ends_with("another run id"), "{error}");
    }

    #[test]
    fn a_real_run_does_not_write_beside_a_demo() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Folder(folder.path().to_owned());
        let mut real = request("nightly", "2026-11-22T06:00:00Z");
        real.config.destinations.report = Some(ReportConfig::at(location));
        real.refuse_demo_folder().unwrap();
        let key = orgscan_store::integrity::demo_key_file(folder.path());
        std::fs::write(&key, "").unwrap();
        let error = real.refuse_demo_folder().unwrap_err().to_string();
        assert!(error.contains("demo-signing-key.pem"), "{error}");
        let dry = Request {
            dry_run: true,
            ..real.clone()
        };
        dry.refuse_demo_folder().unwrap();
        let report = real.config.destinations.report.as_mut().unwrap();
        report.signing.key_file = Some(key.display().to_string());
        real.refuse_demo_folder().unwrap();
    }
}
