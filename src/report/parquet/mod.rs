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

/// The columns of `findings.parquet` with their types in Glue.
#[cfg(test)]
pub(crate) fn findings_in_glue() -> Vec<(&'static str, &'static str)> {
    fields::in_glue(findings::COLUMNS)
}

/// The same of `coverage.parquet`.
#[cfg(test)]
pub(crate) fn coverage_in_glue() -> Vec<(&'static str, &'static str)> {
    fields::in_glue(coverage::COLUMNS)
}
