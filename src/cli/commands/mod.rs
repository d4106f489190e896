//! The commands that talk to AWS.

mod alert;
mod archive;
mod checks;
mod config;
mod dashboard;
mod demo;
mod doctor;
mod enrollment;
mod exceptions;
mod explain;
mod export;
mod history;
mod plan;
mod replay;
mod scan;
mod serve;
mod timings;
mod trend;
mod verify;
mod weekly;

use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use orgscan_app::config::{ConfigLayer, config_file, environment};
use orgscan_app::publish::reports::WriteError;
use orgscan_app::publish::reports::weekly::WeeklyError;
use orgscan_app::scan::{Request, RunError};
use orgscan_aws::rate_limit::Deadline;
use orgscan_aws::{ConnectError, Descriptors, OtherEnd};
use orgscan_core::clock::{Clock, FutureTimestamp};
use orgscan_core::document::{ConfigError, Origins};
use orgscan_core::exceptions::ExceptionsError;
use orgscan_core::exceptions::prowler::MutelistError;
use orgscan_core::model::RunId;
use orgscan_core::settings::{Config, ConfigSource};
use orgscan_files::disk;
use orgscan_sim::ReplayError;
use orgscan_store::history::HistoryError;
use orgscan_store::results::ResultsError;

use super::args::GlobalArgs;

pub(super) use alert::alert;
pub(super) use checks::checks;
pub(super) use config::config;
pub(super) use dashboard::dashboard;
pub(super) use demo::demo;
pub(super) use doctor::doctor;
pub(super) use enrollment::enrollment;
pub(super) use exceptions::exceptions;
pub(super) use explain::explain;
pub(super) use export::export;
pub(super) use history::history;
pub(super) use plan::plan;
pub(super) use replay::replay;
pub(super) use scan::scan;
pub(super) use serve::serve;
pub(super) use trend::trend;
pub(super) use verify::verify;
pub(super) use weekly::weekly;

/// Why a command could not run.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandError {
    #[error(transparent)]
    Flags(#[from] super::OwnAccountConflict),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Exceptions(#[from] ExceptionsError),
    #[error(transparent)]
    NoExceptions(#[from] exceptions::NoExceptions),
    #[error(transparent)]
    NotAdded(#[from] exceptions::AddExceptionError),
    #[error(transparent)]
    Add(#[from] orgscan_core::exceptions::AddError),
    #[error(transparent)]
    NotAMutelist(#[from] MutelistError),
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Ahead(#[from] FutureTimestamp),
    #[error(transparent)]
    DemoFolder(#[from] demo::NoDemoFolder),
    #[error(transparent)]
    NoPage(#[from] super::browser::NoPage),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error(transparent)]
    History(#[from] HistoryError),
    #[error(transparent)]
    NoSuch(#[from] super::no_such::NoSuch),
    #[error(transparent)]
    NoSuchCommand(#[from] super::manual::NoSuchCommand),
    #[error(transparent)]
    NoRegion(#[from] dashboard::NoRegion),
    #[error(transparent)]
    NoSuchAlert(#[from] alert::NoSuchAlert),
    #[error(transparent)]
    NoExport(#[from] export::NoExport),
    #[error(transparent)]
    CannotRepair(#[from] history::CannotRepair),
    #[error(transparent)]
    Nowhere(#[from] archive::NoReportLocation),
    #[error(transparent)]
    Results(#[from] ResultsError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    CannotVerify(#[from] verify::CannotVerify),
    #[error(transparent)]
    NoSuchTrend(#[from] trend::NoSuchTrend),
    #[error(transparent)]
    Store(#[from] orgscan_store::StoreError),
    #[error(transparent)]
    NoRuns(#[from] weekly::NoRuns),
    #[error(transparent)]
    Weekly(#[from] WeeklyError),
    #[error(transparent)]
    Seal(#[from] orgscan_store::integrity::SealError),
    #[error(transparent)]
    NoSuchThreshold(#[from] explain::NoSuchThreshold),
    #[error(transparent)]
    Replay(#[from] ReplayError),
    #[error(transparent)]
    Serve(#[from] crate::serve::ServeError),
    #[error(transparent)]
    Interrupted(#[from] super::signals::Interruption),
    #[error("the output cannot be written: {0}")]
    Output(#[from] std::io::Error),
    #[error("the output cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// Where the configuration file is, if there is one.
fn config_source(global: &GlobalArgs) -> Result<Option<ConfigSource>, ConfigError> {
    let location = global.config.clone().or_else(config_file);
    location.map(ConfigSource::of).transpose()
}

/// File, environment and flags together, with as many requests in flight as this process has descriptors for.
async fn configure(global: &GlobalArgs, layer: ConfigLayer) -> Result<Config, ConfigError> {
    let (config, _) = configure_run(global, layer, OtherEnd::Elsewhere).await?;
    Ok(config)
}

/// The same for a run, with the source of each field.
async fn configure_run(
    global: &GlobalArgs,
    layer: ConfigLayer,
    other_end: OtherEnd,
) -> Result<(Config, Origins), ConfigError> {
    let (mut config, origins) = configure_traced(global, layer).await?;
    Descriptors::of_process().limit_in_flight(&mut config, other_end);
    Ok((config, origins))
}

/// File, environment and flags together, with the source of each field.
async fn configure_traced(
    global: &GlobalArgs,
    layer: ConfigLayer,
) -> Result<(Config, Origins), ConfigError> {
    let file = match config_source(global)? {
        None => None,
        Some(source) => Some(
            orgscan_app::config::read(&source, None, global.profile.as_deref(), Deadline::never())
                .await?,
        ),
    };
    let (mut config, origins) =
        orgscan_app::config::load_traced(file.as_ref(), environment(), layer)?;
    config.profile.clone_from(&global.profile);
    disk::share(config.is_report_shared());
    Ok((config, origins))
}

/// A run that starts now.
fn request(
    (config, origins): (Config, Origins),
    run_id: Option<RunId>,
    own_account: bool,
    dry_run: bool,
) -> Request {
    let started = Timestamp::now();
    Request {
        run_id: run_id.unwrap_or_else(|| RunId::from_timestamp(started)),
        started,
        clock: Clock::System,
        behind: SignedDuration::ZERO,
        own_account,
        dry_run,
        needs_exceptions: true,
        deadline: Deadline::of(&config),
        central_share: 1.0,
        config,
        origins: Arc::new(origins),
    }
}

/// The path as a command would have to name it.
fn shown(path: &Path) -> String {
    path.display().to_string()
}
