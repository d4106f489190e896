//! Who cannot be scanned, why, and what to do: every account against the member role and the stack set
//! that deploys it.
//!
//! `judge` and `mend` are pure; `stack_set` asks CloudFormation, `ask` the accounts.

mod ask;
mod judge;
mod mend;
mod stack_set;
mod words;

pub use ask::{Asked, ask};
pub use judge::{Centre, Tried, enrollment, of_run};
pub use stack_set::{APIS, read};
pub use words::in_short;
