//! Who cannot be scanned, why, and what to do: every account against the member role and the stack set
//! that deploys it.

mod judge;
mod mend;
mod words;

pub use judge::{Centre, Tried, enrollment, of_run};
pub use words::in_short;
