//! AWS IAM, and the root user.

mod apis;
mod checks;
mod facts;
#[cfg(test)]
mod samples;

use super::Service;
use super::resource::{OTHER, kind};
pub use apis::*;
pub use facts::*;

/// The service.
pub const SERVICE: Service = Service {
    resources: &[
        kind("policy", "AWS::IAM::ManagedPolicy", "AwsIamPolicy"),
        kind("server-certificate", "AWS::IAM::ServerCertificate", OTHER),
        kind("user", "AWS::IAM::User", "AwsIamUser"),
    ],
    checks: checks::CHECKS,
    ..Service::new("iam", APIS)
};
