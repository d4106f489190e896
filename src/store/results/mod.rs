//! What a run's report is made of: every account's result as it was found, with all that was held against
//! it. It is kept beside the report as `results.jsonl.gz`, so that any file of the report can be made
//! anew years later, without asking AWS for more than that file.
//!
//! Its first line says what it is, which run it is of and what the results were held against; then there is
//! a line for every account of the plan and for every account that was known before, by account id. It is
//! written and read as a stream, so memory does not grow with the organization.

mod error;
mod inputs;
mod lines;
mod narrow;
mod reader;
mod stored;
mod writer;

pub use error::ResultsError;
pub use inputs::Inputs;
pub use lines::Head;
pub use narrow::Narrow;
pub use stored::Stored;
pub use writer::Writer;

/// The file's name.
pub const RESULTS: &str = "results.jsonl.gz";

#[cfg(test)]
mod tests;
