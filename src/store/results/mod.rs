//! What a run's report is made of: every account's result as it was found, with all that was held against
//! it. It is kept beside the report as `results.jsonl.gz`, so that any file of the report can be made
//! again years later, without asking AWS for more than that file.
//!
//! Its first line says what it is, which run it is of and what the results were held against; then there is
//! a line for every account of the plan and for every account that was known before, by account id. It is
//! written and read as a stream, so memory does not grow with the organization.

mod error;
mod filter;
mod inputs;
mod lines;
mod reader;
mod stored;
mod writer;

pub use error::ResultsError;
pub use filter::ExportFilter;
pub use inputs::Inputs;
pub use lines::ResultsHeader;
pub use stored::StoredResults;
pub use writer::ResultsWriter;

/// The file's name.
pub const RESULTS: &str = "results.jsonl.gz";

#[cfg(test)]
mod tests;
