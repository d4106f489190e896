//! The files of one name that runs have left, by day and run.

use jiff::civil::Date;

use orgscan_core::model::RunFolder;
use orgscan_core::model::run_folder::DAILY;

use super::Storage;
use crate::StoreError;

/// The parts of a report file's name: `daily`, year, month, day, run, file.
const DEPTH: usize = 6;

/// A file of a run's report that is there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunFile {
    /// The day of the run, in UTC.
    pub day: Date,
    /// The run's id, as its folder is called.
    pub run: String,
    /// Where it is, for people.
    pub location: String,
    /// Its name in the storage.
    path: String,
}

impl RunFile {
    /// Its name in the storage.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The folder that it is in.
    pub fn folder(&self) -> RunFolder {
        RunFolder {
            day: self.day,
            id: self.run.clone(),
        }
    }
}

impl Storage {
    /// All files of this name, by day and run.
    ///
    /// # Errors
    /// Where they cannot be looked for.
    pub async fn all(&self, name: &str) -> Result<Vec<RunFile>, StoreError> {
        let found = self.names(DAILY).await?.into_iter();
        let mut found: Vec<_> = found.filter_map(|path| self.listed(path, name)).collect();
        found.sort();
        Ok(found)
    }

    /// The file of such a path, `daily/YYYY/MM/DD/<run id>/<name>`; none where it is another one.
    fn listed(&self, path: String, name: &str) -> Option<RunFile> {
        let parts: Vec<&str> = path.split('/').collect();
        if parts.len() != DEPTH || parts.last() != Some(&name) {
            return None;
        }
        let [_, year, month, day, run, _] = parts.as_slice() else {
            return None;
        };
        Some(RunFile {
            day: format!("{year}-{month}-{day}").parse().ok()?,
            run: (*run).to_owned(),
            location: self.location(&path),
            path,
        })
    }
}
