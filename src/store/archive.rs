//! What runs leave where their reports go: `daily/YYYY/MM/DD/<run id>`, and `runs/<run id>`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use jiff::civil::Date;

use super::files::off_thread;
use super::lines::{Lines, read as read_lines};
use super::{RECORD, Record, Remote, StoreError};
use crate::aws::{Aws, s3_client};
use crate::config::ReportConfig;
use crate::model::RunId;
use crate::pace::Lane;
use crate::publish::S3;

/// The folder that all reports of runs are in.
const DAILY: &str = "daily";

/// How deep a run's folder lies in it: year, month, day, run.
const DEPTH: usize = 4;

/// How long one attempt at a file may take. A large organization's report has a few hundred megabytes.
const FILE_TIME: Duration = Duration::from_secs(300);

/// What runs leave where their reports go.
#[derive(Debug)]
pub enum Archive {
    /// Below this folder.
    Folder(PathBuf),
    /// In S3, below the prefix.
    S3(Box<Remote>),
}

/// A file of a run's report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archived {
    /// Where it is, for people.
    pub place: String,
    /// What is in it.
    pub bytes: Bytes,
}

/// The folder of a run's report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunFolder {
    /// The day in UTC on which the run began.
    pub day: Date,
    /// The folder's own name: the run's id, fit for a path.
    pub id: String,
}

impl RunFolder {
    /// The name of one of its files, from where the reports go.
    pub fn file(&self, name: &str) -> String {
        format!("{}/{name}", self.path())
    }

    fn path(&self) -> String {
        format!("{}{}", day_folder(self.day), self.id)
    }
}

fn day_folder(day: Date) -> String {
    format!("{DAILY}/{}/", day.strftime("%Y/%m/%d"))
}

impl Archive {
    /// Where a report in S3 goes; `lane` paces the requests.
    pub fn of(report: &ReportConfig, aws: &Aws, lane: Lane) -> Self {
        let Some(place) = report.location.strip_prefix(S3) else {
            return Self::Folder(PathBuf::from(&report.location));
        };
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        let region = report.region.as_ref().unwrap_or(&aws.home);
        Self::S3(Box::new(Remote {
            s3: s3_client(&aws.config_in(region)),
            bucket: bucket.to_owned(),
            prefix: match prefix.trim_matches('/') {
                "" => String::new(),
                prefix => format!("{prefix}/"),
            },
            kms_key_id: report.kms_key_id.clone(),
            lane: lane.with_attempt_timeout(FILE_TIME),
        }))
    }

    /// The reports of runs that began on a day, by id.
    ///
    /// # Errors
    /// Where they cannot be looked for.
    pub async fn runs_of(&self, day: Date) -> Result<Vec<RunFolder>, StoreError> {
        let found = self.folders_in(&day_folder(day)).await?.into_iter();
        let mut found: Vec<RunFolder> = found.map(|id| RunFolder { day, id }).collect();
        found.sort();
        Ok(found)
    }

    /// The ids of all runs that were begun and are not forgotten yet, with or without a report.
    ///
    /// # Errors
    /// Where they cannot be looked for.
    pub async fn begun(&self) -> Result<Vec<String>, StoreError> {
        let mut found = self.folders_in("runs/").await?;
        found.sort();
        Ok(found)
    }

    /// What is written down of a run; none where nothing that can be read is.
    ///
    /// # Errors
    /// Where it cannot be looked for.
    pub async fn record(&self, run: &str) -> Result<Option<Record>, StoreError> {
        let name = format!("runs/{run}/{RECORD}");
        let bytes = match self {
            Self::Folder(root) => {
                let read = |path: &Path| match fs::read(path) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                    read => read.map(Some),
                };
                off_thread(root.join(name), read).await?.map(Bytes::from)
            }
            Self::S3(remote) => remote.get(&name).await?.map(|(bytes, _)| bytes),
        };
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// Reads a file line by line, as far as its reader wants; none where there is no such file. `name` is
    /// its path from where the reports go; `reader` makes a new one for each attempt.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub async fn lines<L: Lines>(
        &self,
        name: &str,
        reader: impl Fn() -> L,
    ) -> Result<Option<L>, StoreError> {
        match self {
            Self::S3(remote) => remote.read_lines(name, reader).await,
            Self::Folder(root) => {
                let mut reader = reader();
                let read = move |path: &Path| {
                    let is_there = read_lines(path, &mut reader)?;
                    Ok(is_there.then_some(reader))
                };
                off_thread(root.join(name), read).await
            }
        }
    }

    /// A file's place, for people.
    pub fn place(&self, name: &str) -> String {
        match self {
            Self::Folder(root) => root.join(name).display().to_string(),
            Self::S3(remote) => remote.url_of(name),
        }
    }

    async fn folders_in(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        match self {
            Self::Folder(root) => off_thread(root.join(folder), folders).await,
            Self::S3(remote) => remote.folders_in(folder).await,
        }
    }

    /// A file of a run's report; without a run, of the last one by day and id that has such a file.
    ///
    /// # Errors
    /// Where it cannot be looked for or read.
    pub async fn find(
        &self,
        name: &str,
        run: Option<&RunId>,
    ) -> Result<Option<Archived>, StoreError> {
        let mut found = match self {
            Self::Folder(root) => below(&root.join(DAILY), DEPTH, name)?,
            Self::S3(remote) => remote.names_in(&format!("{DAILY}/")).await?,
        };
        let is_one = |path: &String| {
            let mut parts = path.rsplit(['/', '\\']);
            let is_named = parts.next() == Some(name);
            let folder = parts.next();
            is_named && folder.is_some() && run.is_none_or(|run| folder == Some(run.as_str()))
        };
        found.retain(is_one);
        let Some(last) = found.into_iter().max() else {
            return Ok(None);
        };
        match self {
            Self::Folder(_) => {
                let bytes = fs::read(&last).map_err(StoreError::at(Path::new(&last)))?;
                Ok(Some(Archived {
                    place: last,
                    bytes: bytes.into(),
                }))
            }
            Self::S3(remote) => Ok(remote.get(&last).await?.map(|(bytes, _)| Archived {
                place: remote.url_of(&last),
                bytes,
            })),
        }
    }
}

/// The names of the folders in a folder; none where there is no such folder.
fn folders(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.path().is_dir() {
            found.extend(entry.file_name().into_string().ok());
        }
    }
    Ok(found)
}

/// The paths of all files of this name so deep below a folder.
fn below(folder: &Path, depth: usize, name: &str) -> Result<Vec<String>, StoreError> {
    if depth == 0 {
        let file = folder.join(name);
        let found = file.exists().then(|| file.display().to_string());
        return Ok(found.into_iter().collect());
    }
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::at(folder)(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(StoreError::at(folder))?.path();
        if path.is_dir() {
            found.extend(below(&path, depth - 1, name)?);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_file_of_a_run_is_found_and_without_one_the_last() {
        let root = tempfile::tempdir().unwrap();
        let archive = Archive::Folder(root.path().to_owned());
        let find = async |run: Option<&str>| {
            let run = run.map(|run| run.parse::<RunId>().unwrap());
            let found = archive.find("alert.json", run.as_ref()).await.unwrap();
            found.map(|found| String::from_utf8(found.bytes.to_vec()).unwrap())
        };
        assert_eq!(find(None).await, None);
        for (folder, text) in [
            ("daily/2026/11/14/before", "b"),
            ("daily/2026/11/15/after", "a"),
            ("daily/2026/11/16/none", ""),
        ] {
            let folder = root.path().join(folder);
            fs::create_dir_all(&folder).unwrap();
            if !text.is_empty() {
                fs::write(folder.join("alert.json"), text).unwrap();
            }
        }
        assert_eq!(find(None).await.as_deref(), Some("a"));
        assert_eq!(find(Some("before")).await.as_deref(), Some("b"));
        assert_eq!(find(Some("none")).await, None);
    }
}
