//! What a check is: a pure rule over facts. What the checks of all services share, and the indicators that count what
//! some of them find. The checks themselves are with their services.

pub(crate) mod arn;
mod check;
mod counterparts;
mod indicators;
pub(crate) mod mend;
mod organization;
mod parameters;
#[cfg(test)]
pub(crate) mod samples;
pub(crate) mod setting;
pub(crate) mod words;

pub use check::{
    AccountRule, Category, Check, Context, Covered, RegionRule, Rule, covers, covers_from,
};
pub use counterparts::{Counterpart, Counterparts, Unit, on_ports, part, same};
pub use indicators::{INDICATORS, Indicator};
pub use mend::Flawed;
pub(crate) use organization::Records;
pub use organization::{Organization, OrganizationRule};
pub use parameters::{Parameters, RuleParameters};
