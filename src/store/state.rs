//! The last known state of all findings. It lies beside the runs, since it leads from one to the next,
//! and not among them: they expire.
//!
//! Nobody writes it but on the condition that it is still the version that was read. So of two runs that
//! end at the same time neither undoes what the other has written.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::files::{self, off_thread};
use super::remote::{Condition, ETag};
use super::version::{Version, replace_file, same, version};
use super::{Archive, Remote, Store, StoreError};
use crate::history;
use orgscan_files::disk;

/// The state's name, from where the reports go.
const STATE: &str = "state/findings.jsonl.gz";

/// The name of the file beside it that is locked while it is replaced.
const LOCK: &str = "lock";

/// The name of the state that a run is compared with, in the run's folder.
pub(super) const BASE: &str = "base.jsonl.gz";

/// A copy of the state on the local disk.
#[derive(Clone, Debug)]
pub struct StateCopy {
    /// Where.
    pub path: PathBuf,
    /// What errors call it.
    pub place: String,
    /// Of which version; none where another process copied it.
    pub version: Option<Version>,
}

impl Store {
    /// Where the state lies, for people; none where the run leaves nothing.
    pub fn state_place(&self) -> Option<String> {
        Some(self.archive()?.place(STATE))
    }

    /// The state that the run is compared with, however often it is started again: that of its first
    /// comparison; or as it is now, which is to be kept with [`Store::keep_base`].
    ///
    /// # Errors
    /// Where it cannot be read or copied.
    pub async fn base(&self) -> Result<StateCopy, StoreError> {
        let path = self.folder.join(BASE);
        if path.exists() {
            return Ok(StateCopy {
                place: path.display().to_string(),
                path,
                version: None,
            });
        }
        self.copy_state(BASE).await
    }

    /// Keeps the state that the run was compared with for the next time.
    ///
    /// # Errors
    /// Where it cannot be kept.
    pub async fn keep_base(&self, base: StateCopy) -> Result<StateCopy, StoreError> {
        let path = self.folder.join(BASE);
        if base.path == path {
            return Ok(base);
        }
        self.confirm().await?;
        if let Some(bucket) = &self.bucket {
            let put = bucket
                .objects
                .put_file(BASE, &base.path, &Condition::Absent);
            if put.await?.is_none() && !self.has_base(&bucket.objects, &base.path).await? {
                return Err(bucket
                    .objects
                    .lost(format!("another process has written {BASE}")));
            }
        }
        fs::rename(&base.path, &path).map_err(StoreError::at(&path))?;
        Ok(StateCopy { path, ..base })
    }

    /// Whether what is kept already is this: an answer may have been lost.
    async fn has_base(&self, objects: &Remote, base: &Path) -> Result<bool, StoreError> {
        let there = self.local("there.jsonl.gz");
        Ok(objects.get_file(BASE, &there).await?.is_some() && same(&there, base)?)
    }

    /// Copies the state as it is now to a file of that name; where there is none, one that says so.
    ///
    /// # Errors
    /// Where it cannot be read or copied.
    pub async fn copy_state(&self, name: &str) -> Result<StateCopy, StoreError> {
        let path = self.local(name);
        match self.archive() {
            Some(archive) => archive.copy_state(path).await,
            None => empty_copy(path, String::new()).await,
        }
    }

    /// Puts the file `next` in the place of the state, if that is still the version that was read. Gives
    /// whether it was.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub async fn replace_state(&self, next: &Path, read: &Version) -> Result<bool, StoreError> {
        self.confirm().await?;
        match self.archive() {
            Some(archive) => archive.replace_state(next, read).await,
            None => Ok(false),
        }
    }

    /// A file of this process's own on the local disk. It goes with the store, unless it gets another
    /// name.
    pub fn local(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    /// The folder that the report goes to; none where that is S3, or the run leaves nothing.
    fn root(&self) -> Option<&Path> {
        if self.temporary.is_some() {
            return None;
        }
        self.folder.parent()?.parent()
    }

    /// The place that the report goes to; none where the run leaves nothing.
    pub fn archive(&self) -> Option<Archive> {
        match &self.bucket {
            Some(bucket) => Some(Archive::S3(bucket.root.clone())),
            None => Some(Archive::Folder(self.root()?.to_owned())),
        }
    }
}

impl Archive {
    /// Copies the state as it is now to a file; where there is none, one that says so.
    ///
    /// # Errors
    /// Where it cannot be read or copied.
    pub async fn copy_state(&self, path: PathBuf) -> Result<StateCopy, StoreError> {
        let version = match self {
            Self::S3(root) => {
                let etag = root.get_file(STATE, &path).await?;
                etag.map_or(Version::Absent, |ETag(etag)| Version::Of(etag))
            }
            Self::Folder(root) => copy(root.join(STATE), path.clone()).await?,
        };
        let place = self.place(STATE);
        match version {
            Version::Absent => empty_copy(path, place).await,
            version => Ok(StateCopy {
                path,
                place,
                version: Some(version),
            }),
        }
    }

    /// Puts the file `next` in the place of the state, if that is still the version that was read. Gives
    /// whether it was.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub async fn replace_state(&self, next: &Path, read: &Version) -> Result<bool, StoreError> {
        self.replace_with(STATE, next, read).await
    }

    /// Keeps a copy of the state beside it, under a name that tells when. Gives where, unless something is
    /// there. In a folder the copy is moved.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub async fn keep_state(
        &self,
        copy: &Path,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let name = STATE.trim_end_matches(".jsonl.gz");
        let name = format!("{name}.before-{}.jsonl.gz", now.strftime("%Y%m%dT%H%M%SZ"));
        let is_kept = self.replace_with(&name, copy, &Version::Absent).await?;
        Ok(is_kept.then(|| self.place(&name)))
    }

    async fn replace_with(
        &self,
        name: &str,
        next: &Path,
        read: &Version,
    ) -> Result<bool, StoreError> {
        match self {
            Self::S3(root) => {
                let put = root.put_file(name, next, &Condition::from(read)).await?;
                Ok(put.is_some())
            }
            Self::Folder(root) => replace(root.join(name), next.to_owned(), read.clone()).await,
        }
    }
}

/// A file that stands for a state that is not there.
async fn empty_copy(path: PathBuf, place: String) -> Result<StateCopy, StoreError> {
    let empty = history::empty().map_err(StoreError::at(&path))?;
    let scratch = path.parent().unwrap_or(&path).to_owned();
    files::write(scratch, path.clone(), empty.into()).await?;
    Ok(StateCopy {
        path,
        place,
        version: Some(Version::Absent),
    })
}

async fn copy(from: PathBuf, to: PathBuf) -> Result<Version, StoreError> {
    off_thread(from, move |from| {
        let mut from = match disk::open(from) {
            Ok(from) => from,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Version::Absent),
            Err(error) => return Err(error),
        };
        io::copy(&mut from, &mut disk::create(&to)?)?;
        version(&to)
    })
    .await
}

async fn replace(state: PathBuf, next: PathBuf, read: Version) -> Result<bool, StoreError> {
    off_thread(state, move |state| replace_file(state, &next, &read, LOCK)).await
}
