//! Pacing: every attempt of every request draws from a limiter for its API in its account and
//! Region, set below AWS's published quota, so that the accounts' own workloads keep theirs.

mod clock;
mod deadline;
mod in_flight;
mod lane;
mod limiter;
mod registry;
mod stats;
#[cfg(test)]
mod testing;

pub use deadline::Deadline;
pub use lane::{Lane, PaceSettings, Pacer};
pub use limiter::{Limiter, Turn};
pub use registry::RateScope;
pub use stats::{ApiStats, Stats, as_seconds};
