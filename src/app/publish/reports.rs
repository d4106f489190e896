//! The report files: written to a folder, and from there to S3.

mod entry;
mod fill;
mod lake;
mod parallel;
mod parts;
mod tables;
pub mod weekly;
mod write;

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

pub use entry::Entry;
pub use fill::{ReportSource, fill};
pub use lake::{Lake, lake_key};
use orgscan_core::model::{AccountId, RunInfo};
pub(crate) use parts::{GZIP, JSONL};
pub use parts::{JUNIT, Part, SARIF, parts};
pub use tables::{table_key, write_tables};
pub(crate) use write::FileOrder;
pub use write::{ReportFiles, ReportFormats, WriteError, write_parts};

/// The file with the run's messages in all their forms, sent or not.
pub const MESSAGES: &str = "messages.json";

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportFile {
    /// Its name, `report.json`.
    pub name: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// Where it is.
    pub path: PathBuf,
}

/// The folder of a run's files, below the configured location: `daily/YYYY/MM/DD/<run-id>`, by the
/// day in UTC on which the run began.
///
/// A run id can come from an event, so what is not a letter, a digit, `.`, `_` or `-` becomes `-`:
/// nothing leads out of the folder.
pub fn folder(run: &RunInfo) -> String {
    let day = run.started.to_zoned(TimeZone::UTC);
    let id: String = run
        .id
        .chars()
        .map(|c| match c {
            '.' | '_' | '-' => c,
            c if c.is_ascii_alphanumeric() => c,
            _ => '-',
        })
        .collect();
    // `.` and `..` are folders too.
    let id = if id.trim_matches('.').is_empty() {
        id.replace('.', "-")
    } else {
        id
    };
    format!("{}/{id}", day.strftime("daily/%Y/%m/%d"))
}

/// The folder of a run's files below a local one.
pub fn local_folder(dir: &Path, run: &RunInfo) -> PathBuf {
    dir.join(folder(run))
}

/// The folder of an account's own part, below the configured location: `accounts/<account id>`. It
/// holds the latest run's.
pub fn account_folder(account: &AccountId) -> String {
    format!("accounts/{account}")
}

#[cfg(test)]
mod tests;
