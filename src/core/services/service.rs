//! What a service is.

use super::resource::ResourceKind;
use crate::api::Api;
use crate::checks::Check;

/// When the Regions of the services were last compared with AWS's list of endpoints, as botocore has it.
/// `tests/it/judged/availability.rs` compares them with the botocore of the tests.
///
/// Source: <https://github.com/boto/botocore/blob/develop/botocore/data/endpoints.json>
pub const OFFERED_AS_OF: &str = "2026-11-30";

/// The Regions that AWS offers a service in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceRegions {
    /// All of them.
    Everywhere,
    /// All but these.
    Except(&'static [&'static str]),
}

/// An AWS service: the APIs of it that orgscan calls, and the checks of its resources.
#[derive(Debug)]
pub struct Service {
    /// Its name in IAM actions and reports: `ec2`.
    pub name: &'static str,
    /// Where AWS offers it.
    pub offered: ServiceRegions,
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
            offered: ServiceRegions::Everywhere,
            apis,
            resources: &[],
            checks: &[],
        }
    }
}
