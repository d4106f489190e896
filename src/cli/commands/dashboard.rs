//! `orgscan dashboard`

use std::io::Write;

use orgscan_app::config::ConfigLayer;
use orgscan_app::publish::dashboard::{Dashboard, template};
use orgscan_core::settings::{Config, Thresholds};

use super::{CommandError, configure};
use crate::args::{DashboardArgs, GlobalArgs};
use crate::exit::CLEAN;

/// The Region of the metrics is not configured.
#[derive(Debug, thiserror::Error)]
#[error(
    "the dashboard needs the Region of the metrics; set destinations.metrics.region or home_region in the \
     configuration, or AWS_REGION"
)]
pub(crate) struct NoRegion;

/// Prints the dashboard's body: of the configuration, or for the CloudFormation template.
pub(crate) async fn dashboard(
    global: &GlobalArgs,
    args: &DashboardArgs,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    if args.template {
        out.write_all(template(&Thresholds::default())?.as_bytes())?;
        return Ok(CLEAN);
    }
    let config = configure(global, ConfigLayer::default()).await?;
    let region = region(&config).ok_or(NoRegion)?;
    let body = Dashboard::of(&config, &region).body();
    writeln!(out, "{body:#}")?;
    Ok(CLEAN)
}

/// The Region that the metrics go to, as far as that is known without asking AWS.
fn region(config: &Config) -> Option<String> {
    let metrics = config.destinations.metrics.as_ref();
    let configured = metrics
        .and_then(|metrics| metrics.region.as_ref())
        .or(config.home_region.as_ref());
    let configured = configured.map(|region| region.as_str().to_owned());
    let variable = || std::env::var("AWS_REGION").ok();
    configured
        .or_else(variable)
        .filter(|region| !region.is_empty())
}
