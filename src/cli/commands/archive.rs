//! How a command gets at the reports that there are.

use std::path::PathBuf;
use std::sync::Arc;

use crate::aws::{Aws, ConnectError, Source, s3_client};
use crate::config::{Config, ReportConfig};
use crate::pace::{Deadline, PaceSettings, Pacer};
use crate::publish::S3;
use crate::store::{Archive, Remote};

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
    let Some(place) = report.location.strip_prefix(S3) else {
        return Ok(Archive::Folder(PathBuf::from(&report.location)));
    };
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    let aws = Aws::connect(config, &Source::Environment).await?;
    let region = report.region.as_ref().unwrap_or(&aws.home);
    let prefix = match prefix.trim_matches('/') {
        "" => String::new(),
        prefix => format!("{prefix}/"),
    };
    Ok(Archive::S3(Arc::new(Remote {
        s3: s3_client(&aws.config_in(region)),
        bucket: bucket.to_owned(),
        prefix,
        kms_key_id: report.kms_key_id.clone(),
        lane: Pacer::new(PaceSettings::of(config)).lane(Deadline::of(config)),
    })))
}
