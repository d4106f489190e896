//! Reads the list of exceptions.

use aws_config::SdkConfig;
use jiff::Timestamp;
use orgscan_aws::rate_limit::{ApiCaller, Deadline};
use orgscan_core::exceptions::{Exceptions, ExceptionsError};
use orgscan_core::settings::{ConfigSource, ExceptionsConfig};

use super::read_by;

/// Reads a list of exceptions for a run that began at a time, from S3 with the credentials of the AWS profile
/// or the environment's.
///
/// # Errors
/// Everything that is wrong with it, each with its line, its field and how to fix it.
pub async fn read_exceptions(
    source: &ConfigSource,
    require_expiry: bool,
    started: Timestamp,
    profile: Option<&str>,
) -> Result<Exceptions, ExceptionsError> {
    let file = super::read(source, None, profile, Deadline::never()).await?;
    Exceptions::parse(
        file.name,
        &file.text,
        require_expiry,
        Exceptions::day_of(started),
    )
}

/// The exceptions of a run that began at a time.
///
/// # Errors
/// Everything that is wrong with the list, each with its line, its field and how to fix it.
pub async fn exceptions_of_run(
    config: &ExceptionsConfig,
    caller: &SdkConfig,
    api_caller: &ApiCaller,
    started: Timestamp,
) -> Result<Exceptions, ExceptionsError> {
    let today = Exceptions::day_of(started);
    let Some(location) = config.location.clone() else {
        return Ok(Exceptions::none(today));
    };
    let source = ConfigSource::of_exceptions(location);
    let file = read_by(&source, caller, api_caller).await?;
    Exceptions::parse(file.name, &file.text, config.require_expiry, today)
}
