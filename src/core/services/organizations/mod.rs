//! AWS Organizations: its accounts and OUs, the policies that bind them, and who administers what.

mod apis;
mod checks;
mod facts;
#[cfg(test)]
pub(super) mod samples;

use super::Service;
use super::resource::{OTHER, kind};
pub use apis::*;
pub use facts::*;

/// The service.
pub const SERVICE: Service = Service {
    resources: &[
        kind("organization", "AWS::Organizations::Organization", OTHER),
        kind("root", "AWS::Organizations::Root", OTHER),
        kind("ou", "AWS::Organizations::OrganizationalUnit", OTHER),
        kind("account", "AWS::Organizations::Account", "AwsAccount"),
    ],
    checks: checks::CHECKS,
    ..Service::new("organizations", APIS)
};
