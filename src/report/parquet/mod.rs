//! `findings.parquet` and `coverage.parquet`: the same rows as in the CSV files, with types. And the
//! events of an account as Security Lake takes them.

mod coverage;
mod fields;
mod findings;
mod lake;
mod leaf;
mod table;

pub use coverage::CoverageParquet;
pub use findings::FindingsParquet;
pub use lake::LakeParquet;
