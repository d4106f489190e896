//! The whole pipeline: discover, assume, collect, evaluate, consolidate, compare, publish.

mod account;
mod accounts;
mod begun;
mod compared;
pub mod distributed;
mod gathered;
mod preview;
mod selection;
mod timings;
mod trend;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tracing::Instrument;

pub use begun::{Begun, begin};
pub use gathered::Gathered;
pub use preview::{Preview, preview};
pub(crate) use selection::refuse_unknown_accounts;
pub use timings::{Timings, peak_memory};

use crate::aws::Aws;
use crate::config::Config;
use crate::consolidate::Unaccounted;
use crate::discover::DiscoverError;
use crate::exceptions::Exceptions;
use crate::history::History;
use crate::model::{Plan, Report, RunId};
use crate::observe::Observer;
use crate::pace::Deadline;
use crate::publish::{Delivery, PublishError};
use crate::store::{Conclusion, Store, StoreError};

/// What a run is asked to do.
#[derive(Clone, Debug)]
pub struct Request {
    /// The validated configuration.
    pub config: Config,
    /// The run's id, from its trigger.
    pub run_id: RunId,
    /// When the run began; the report's date.
    pub started: Timestamp,
    /// How far the run's clock is behind, so that it ends on its own day: by nothing, but where days are
    /// simulated.
    pub behind: SignedDuration,
    /// Scan the caller's own account alone, without asking Organizations.
    pub own_account: bool,
    /// Publish nothing.
    pub dry_run: bool,
    /// When the run has to be over, publishing included.
    pub deadline: Deadline,
    /// The part of the central account's request rates that this process may use: 1, or less where
    /// others work on the same run beside it.
    pub central_share: f64,
}

impl Request {
    /// The run's day, by which declarations expire.
    pub fn today(&self) -> jiff::civil::Date {
        self.started.to_zoned(jiff::tz::TimeZone::UTC).date()
    }
}

/// A run that came to its end.
#[derive(Debug)]
pub struct Finished {
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

impl Finished {
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
    /// What was selected does not exist, so the run would look at nothing and seem clean.
    #[error("nothing is named by {}; correct it or leave it out", .0.join(", "))]
    NamesNothing(Vec<String>),
    /// Results could not be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Accounts have gone missing on the way.
    #[error(transparent)]
    Unaccounted(#[from] Unaccounted),
    /// The report could not be written.
    #[error(transparent)]
    Publish(#[from] PublishError),
}

impl RunError {
    /// Whether the same may well end otherwise after a while.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Discover(error) => error.failure().cause.may_pass(),
            Self::Store(error) | Self::Publish(PublishError::Store(error)) => error.may_pass(),
            Self::NamesNothing(_) | Self::Unaccounted(_) | Self::Publish(_) => false,
        }
    }
}

/// Scans the organization and publishes what was found.
///
/// # Errors
/// See [`RunError`]. Accounts that could not be read and destinations that could not be reached are
/// no errors; they are in the answer.
pub async fn scan(
    aws: &Arc<Aws>,
    request: &Request,
    observer: Arc<dyn Observer>,
) -> Result<Finished, RunError> {
    let span = tracing::info_span!("run", run_id = %request.run_id);
    let stages = async {
        let begun = begin(aws, request, observer).await?;
        let gathered = begun.gather().await?;
        gathered.publish(None).await
    };
    stages.instrument(span).await
}
