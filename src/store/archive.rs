//! The report folders of runs that have ended: `daily/YYYY/MM/DD/<run id>`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use jiff::civil::Date;

use super::{Remote, StoreError};
use crate::model::RunId;

/// The folder that all of them are in.
const DAILY: &str = "daily";

/// How deep a run's folder lies in it: year, month, day, run.
const DEPTH: usize = 4;

/// The report folders of runs that have ended.
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

/// A file of a run's report that is there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// The day of the run, in UTC.
    pub day: Date,
    /// The run's id, as its folder is called.
    pub run: String,
    /// Where it is, for people.
    pub place: String,
    /// Its path, or its name below the prefix.
    path: String,
}

impl Listed {
    /// The file of such a path, `…/YYYY/MM/DD/<run id>/<name>`; none where it is another one.
    fn of(path: String, name: &str, place: impl FnOnce(&str) -> String) -> Option<Self> {
        let mut parts = path.rsplit(['/', '\\']);
        if parts.next() != Some(name) {
            return None;
        }
        let run = parts.next()?.to_owned();
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        let day = format!("{year}-{month}-{day}").parse().ok()?;
        Some(Self {
            day,
            run,
            place: place(&path),
            path,
        })
    }
}

impl Archive {
    /// A file of a run's report; without a run, of the last one by day and id that has such a file.
    ///
    /// # Errors
    /// Where it cannot be looked for or read.
    pub async fn find(
        &self,
        name: &str,
        run: Option<&RunId>,
    ) -> Result<Option<Archived>, StoreError> {
        let mut found = self.all(name).await?;
        found.retain(|one| run.is_none_or(|run| one.run == run.as_str()));
        let Some(Listed { place, path, .. }) = found.into_iter().max() else {
            return Ok(None);
        };
        match self {
            Self::Folder(_) => {
                let bytes = fs::read(&path).map_err(StoreError::at(Path::new(&path)))?;
                Ok(Some(Archived {
                    place,
                    bytes: bytes.into(),
                }))
            }
            Self::S3(remote) => {
                let found = remote.get(&path).await?;
                Ok(found.map(|(bytes, _)| Archived { place, bytes }))
            }
        }
    }

    /// All files of this name, by day and run.
    ///
    /// # Errors
    /// Where they cannot be looked for.
    pub async fn all(&self, name: &str) -> Result<Vec<Listed>, StoreError> {
        let found = match self {
            Self::Folder(root) => below(&root.join(DAILY), DEPTH, name)?,
            Self::S3(remote) => remote.names().await?,
        };
        let place = |path: &str| match self {
            Self::Folder(_) => path.to_owned(),
            Self::S3(remote) => remote.url_of(path),
        };
        let found = found.into_iter();
        let mut found: Vec<_> = found
            .filter_map(|path| Listed::of(path, name, place))
            .collect();
        found.sort();
        Ok(found)
    }

    /// A file on the local disk: itself, or a copy at `copy`. None where it has gone meanwhile.
    ///
    /// # Errors
    /// Where it cannot be copied.
    pub async fn local(&self, file: &Listed, copy: &Path) -> Result<Option<PathBuf>, StoreError> {
        match self {
            Self::Folder(_) => Ok(Some(PathBuf::from(&file.path))),
            Self::S3(remote) => {
                let found = remote.get_file(&file.path, copy).await?;
                Ok(found.map(|_| copy.to_owned()))
            }
        }
    }
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
