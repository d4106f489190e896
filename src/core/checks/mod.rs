//! What a check is: a pure rule over facts. What the checks of all services share, and the indicators that count what
//! some of them find. The checks themselves are with their services.

pub(crate) mod arn;
mod check;
mod counterparts;
pub(crate) mod format;
mod indicators;
mod organization;
mod parameters;
pub(crate) mod remediation;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod texts;
pub(crate) mod toggle;

pub use check::{
    AccountRule, Category, Check, Context, ControlMapping, RegionRule, Rule, covers, covers_from,
    covers_part,
};
pub use counterparts::{Counterpart, Counterparts, Unit, on_part, on_ports, part, same};
pub use indicators::{INDICATORS, Indicator};
pub(crate) use organization::Records;
pub use organization::{OrganizationReducer, OrganizationRule};
pub use parameters::{Parameters, RuleParameters};
pub use remediation::FailedResource;
