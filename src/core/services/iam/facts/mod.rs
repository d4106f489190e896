//! The facts.

mod account;
mod policies;
mod users;

pub use account::*;
pub use policies::*;
pub use users::*;
