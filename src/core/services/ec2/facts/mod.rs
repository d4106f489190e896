//! The facts.

mod instances;
mod network;
mod security_groups;

pub use instances::*;
pub use network::*;
pub use security_groups::*;
