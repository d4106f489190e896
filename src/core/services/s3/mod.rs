//! Amazon S3.

mod apis;
mod checks;
mod facts;
#[cfg(test)]
mod samples;

use super::Service;
use super::resource::kind;
pub use apis::*;
pub use facts::*;

/// The service.
pub const SERVICE: Service = Service {
    resources: &[kind("", "AWS::S3::Bucket", "AwsS3Bucket")],
    checks: checks::CHECKS,
    ..Service::new("s3", APIS)
};
