//! A run that takes longer than one invocation goes on in another one of the same function.

use std::path::Path;

use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use orgscan_core::model::{Arn, Region};
use orgscan_core::services::lambda;
use orgscan_core::settings::{Config, Location};
use serde_json::Value;

use orgscan_aws::rate_limit::ApiCaller;
use orgscan_aws::{AwsContext, Failure};

/// How often a run may be continued. Lambda stops a function that invokes itself after about 16
/// invocations in a chain.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html>
pub(super) const MOST: u32 = 14;

/// Below this lie the file systems that a function shares with others. The rest of its disk is its own.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/configuration-filesystem.html>
const SHARED_FILES: &str = "/mnt";

/// Whether another invocation finds what this one has stored.
pub(super) fn is_shared(config: &Config) -> bool {
    let report = config.destinations.report.as_ref();
    report.is_some_and(|report| match &report.location {
        Location::S3(_) => true,
        Location::Folder(folder) => folder
            .strip_prefix(SHARED_FILES)
            .is_ok_and(|below| below != Path::new("")),
    })
}

/// Invokes the function again with this event, and does not wait for its end. One attempt that is
/// answered late may be sent twice; the lease on the run lets one of the two work.
///
/// # Errors
/// Where Lambda does not take the event.
pub(super) async fn invoke(
    aws: &AwsContext,
    api_caller: &ApiCaller,
    function_arn: &Arn,
    event: &Value,
) -> Result<(), Failure> {
    let region = Region::new(function_arn.region());
    let lambda = aws_sdk_lambda::Client::new(&aws.config_in(&region));
    let request = lambda
        .invoke()
        .function_name(function_arn.as_str())
        .invocation_type(InvocationType::Event)
        .payload(Blob::new(event.to_string()));
    api_caller
        .call(&lambda::INVOKE, || request.clone().send())
        .await
        .map(drop)
}
