//! Exceptions: suppressed findings and expected gaps, each with a reason, an
//! owner and the day on which it ends.
//!
//! They apply when results are read for the report: results in the store stay as they were found. An
//! suppressed finding is still found; it is counted apart and listed with its exception. Whatever is wrong
//! with the list makes findings show, never vanish.

mod add;
mod applied;
mod document;
mod entry;
mod gaps;
mod id;
mod list;
pub mod prowler;

mod read;
mod resource;
mod stored;
mod tally;
mod validate;

pub use add::{AddError, add, exception_for};
pub use applied::ResultWithExceptions;
pub use document::{Document, Exception, ExpectedGap, exceptions_schema};
pub use list::Exceptions;
pub use read::ExceptionsError;
pub use stored::StoredExceptions;
pub(crate) use tally::ExceptionTally;
