//! The facts.

mod acls;
mod instances;
mod network;
mod routes;
mod security_groups;

pub use acls::*;
pub use instances::*;
pub use network::*;
pub use routes::*;
pub use security_groups::*;
