//! Asks CloudFormation and the accounts what [`orgscan_core::enrollment`] judges.

mod ask;
mod stack_set;

pub use ask::{Asked, ask};
pub use stack_set::{APIS, read};
