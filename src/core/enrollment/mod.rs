//! Who cannot be scanned, why, and what to do: every account against the member role and the stack set
//! that deploys it.

mod remediation;
mod state;
mod summary;

pub use state::{AccessAttempt, OrganizationAccounts, enrollment, of_run};
pub use summary::summarize;
