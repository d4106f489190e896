//! The checks: pure rules over facts, and the indicators that count what they find.

mod indicators;
mod registry;

pub use indicators::{INDICATORS, Indicator};
pub use registry::{CHECKS, Category, Check, Context, Need, Rule, by_id};
