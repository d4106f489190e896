//! The tables of all runs together: each run's Parquet files once more, by day.
//!
//! Athena reads every file below a table's folder, so they cannot share the run's.

use std::io;
use std::path::Path;

use orgscan_core::model::RunInfo;
use orgscan_files::disk;

use super::{ReportFile, folder};

/// How a Parquet file ends.
const PARQUET: &str = ".parquet";

/// Where a file of a run lies in its table, below the configured location:
/// `tables/findings/day=2026-11-30/<run id>.parquet`. None where it is part of no table.
pub fn table_key(run: &RunInfo, name: &str) -> Option<String> {
    let table = name.strip_suffix(PARQUET)?;
    let folder = folder(run);
    let mut parts = folder.rsplit('/');
    let (id, day, month, year) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    Some(format!(
        "tables/{table}/day={year}-{month}-{day}/{id}{PARQUET}"
    ))
}

/// Puts the files of a run into the tables below a local folder.
///
/// # Errors
/// The file system's.
pub fn write_tables(dir: &Path, run: &RunInfo, files: &[ReportFile]) -> io::Result<()> {
    for file in files {
        let Some(key) = table_key(run, file.name) else {
            continue;
        };
        let path = dir.join(key);
        let folder = path.parent().unwrap_or(dir);
        disk::create_folders(folder)?;
        let mut copy = disk::temporary(folder)?;
        io::copy(&mut disk::open(&file.path)?, &mut copy)?;
        copy.persist(&path)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use orgscan_core::testing::run;

    use super::*;

    #[test]
    fn a_run_has_one_file_in_each_table_of_its_day() {
        let key = |name| table_key(&run(), name);
        let expected = "tables/findings/day=2026-11-15/2026-11-15T03-00-00Z.parquet";
        assert_eq!(key("findings.parquet").as_deref(), Some(expected));
        assert_eq!(key("findings.csv"), None);
    }
}
