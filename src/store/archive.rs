//! The report folders of runs that have ended: `daily/YYYY/MM/DD/<run id>`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;

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
        let mut found = match self {
            Self::Folder(root) => below(&root.join(DAILY), DEPTH, name)?,
            Self::S3(remote) => remote.names().await?,
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
                place: format!("{}{last}", remote.url()),
                bytes,
            })),
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
