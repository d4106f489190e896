//! `findings.parquet` and `coverage.parquet`: the same rows as in the CSV files, with types.

mod coverage;
mod findings;
mod table;

pub use coverage::CoverageParquet;
pub use findings::FindingsParquet;
