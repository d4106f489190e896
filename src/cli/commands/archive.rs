//! How a command gets at the reports that there are.

use std::path::PathBuf;

use crate::aws::{Aws, ConnectError, Source};
use crate::config::{Config, ReportConfig};
use crate::pace::{Deadline, PaceSettings, Pacer};
use crate::publish::S3;
use crate::store::Archive;

/// Nothing says where the reports are.
#[derive(Debug, thiserror::Error)]
#[error(
    "nothing says where the reports are: give {0}, or set destinations.report.location in the \
     configuration"
)]
pub(in crate::cli) struct Nowhere(&'static str);

/// Where the configuration says that the reports are. `flags` are the command's own way to say it.
pub(super) fn configured<'c>(
    config: &'c Config,
    flags: &'static str,
) -> Result<&'c ReportConfig, Nowhere> {
    config.destinations.report.as_ref().ok_or(Nowhere(flags))
}

/// The place that reports go to. Only where that is S3, AWS is asked anything.
pub(super) async fn reach(config: &Config, report: &ReportConfig) -> Result<Archive, ConnectError> {
    if !report.location.starts_with(S3) {
        return Ok(Archive::Folder(PathBuf::from(&report.location)));
    }
    let aws = Aws::connect(config, &Source::Environment).await?;
    let pacer = Pacer::new(PaceSettings::of(config));
    let lane = pacer.lane(&aws.scope(report.region.as_ref()), Deadline::of(config));
    Ok(Archive::of(report, &aws, lane))
}
