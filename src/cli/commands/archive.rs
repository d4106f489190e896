//! Access to the stored reports.

use std::io::{self, Write};

use orgscan_app::config::ConfigLayer;
use orgscan_app::past;
use orgscan_aws::rate_limit::{Deadline, RateLimitSettings, RateLimits};
use orgscan_aws::{AwsContext, ConnectError, Source};
use orgscan_core::clock::Clock;
use orgscan_core::model::RunFolder;
use orgscan_core::settings::{Config, Location, ReportConfig};
use orgscan_report::trend::day_of;
use orgscan_store::{RunFile, Storage};

use super::CommandError;
use crate::args::ReportsArg;
use crate::terminal;

/// Nothing says where the reports are.
#[derive(Debug, thiserror::Error)]
#[error(
    "no report location: add --report with a folder or s3://BUCKET/PREFIX, or set destinations.report.location \
     in the configuration"
)]
pub(crate) struct NoReportLocation;

impl ReportsArg {
    /// The location, over the configuration's.
    pub(super) fn layer(&self) -> ConfigLayer {
        ConfigLayer::of_flags(self)
    }
}

/// Where the reports are.
pub(super) fn configured(config: &Config) -> Result<&ReportConfig, NoReportLocation> {
    config.destinations.report.as_ref().ok_or(NoReportLocation)
}

/// The location that reports go to. Only where that is S3, AWS is asked anything.
pub(super) async fn open_storage(
    config: &Config,
    report: &ReportConfig,
) -> Result<Storage, ConnectError> {
    if let Location::Folder(folder) = &report.location {
        return Ok(Storage::in_folder(folder));
    }
    let aws = AwsContext::connect(config, &Source::Environment).await?;
    let rate_limits = RateLimits::new(RateLimitSettings::of(config));
    let api_caller =
        rate_limits.api_caller(&aws.scope(report.region.as_ref()), Deadline::of(config));
    Ok(Storage::of(report, &aws, api_caller))
}

/// Names the runs that are dated ahead of the clock, from tomorrow on.
pub(super) async fn name_runs_ahead(archive: &Storage, clock: Clock) -> Result<(), CommandError> {
    for run in archive.runs_after(day_of(clock.latest())).await? {
        name_run_ahead(&run, &run.day.to_string(), clock)?;
    }
    Ok(())
}

/// Takes out the runs that are dated ahead of the clock, and names them.
pub(super) async fn without_runs_ahead(
    archive: &Storage,
    runs: Vec<RunFile>,
    clock: Clock,
) -> Result<Vec<RunFile>, CommandError> {
    let (now, latest) = (clock.now(), clock.latest());
    let mut kept = Vec::new();
    for run in runs {
        let started = match run.day {
            day if day > day_of(latest) => Some(day.to_string()),
            day if day < day_of(now) => None,
            _ => {
                let started = past::start_of(archive, &run.folder()).await?;
                let ahead = started.filter(|started| *started > latest);
                ahead.map(|started| started.to_string())
            }
        };
        match started {
            Some(started) => name_run_ahead(&run.folder(), &started, clock)?,
            None => kept.push(run),
        }
    }
    Ok(kept)
}

fn name_run_ahead(run: &RunFolder, started: &str, clock: Clock) -> io::Result<()> {
    let (id, now) = (run.id.escape_debug(), clock.now());
    writeln!(
        terminal::stderr(),
        "Skipped the run {id}: its date {started} is ahead of this machine's clock ({now})"
    )
}
