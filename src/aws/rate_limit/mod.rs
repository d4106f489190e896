//! Pacing: every attempt of every request draws from a limiter for its API in its account and
//! Region, set below AWS's published quota, so that the accounts' own workloads keep theirs.

mod api_caller;
mod clock;
mod deadline;
mod in_flight;
mod limiter;
mod registry;
mod stats;
#[cfg(test)]
mod testing;

pub use api_caller::{ApiCaller, RateLimitSettings, RateLimits};
pub use deadline::Deadline;
pub use limiter::{Limiter, RateToken};
pub use registry::RateScope;
pub use stats::{ApiStats, Stats, as_seconds};
