//! What a service is.

use super::resource::ResourceKind;
use crate::api::Api;
use crate::checks::Check;

/// An AWS service: the APIs of it that orgscan calls, and the checks of its resources.
#[derive(Debug)]
pub struct Service {
    /// Its name in IAM actions and reports: `ec2`.
    pub name: &'static str,
    /// The APIs that are called.
    pub apis: &'static [&'static Api],
    /// The kinds of its resources that findings are about.
    pub resources: &'static [ResourceKind],
    /// The checks.
    pub checks: &'static [&'static Check],
}

impl Service {
    /// A service whose APIs are called, and no resource of which is checked.
    pub(super) const fn new(name: &'static str, apis: &'static [&'static Api]) -> Self {
        Self {
            name,
            apis,
            resources: &[],
            checks: &[],
        }
    }
}
