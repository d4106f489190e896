//! The last known state of all findings. It lies beside the runs, since it leads from one to the next,
//! and not among them: they expire.
//!
//! Nobody writes it but on the condition that it is still the version that was read. So of two runs that
//! end at the same time neither undoes what the other has written.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::remote::Condition;
use super::storage::off_thread;
use super::version::{Version, same};
use super::{Remote, Storage, Store, StoreError};
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
    pub location: String,
    /// Of which version; none where another process copied it.
    pub version: Option<Version>,
}

impl Store {
    /// Where the state lies, for people; none where the run leaves nothing.
    pub fn state_location(&self) -> Option<String> {
        Some(self.archive()?.location(STATE))
    }

    /// The state that the run is compared with, however often it is started again: that of its first
    /// comparison; or as it is now, which is to be kept with [`Store::keep_base`].
    ///
    /// # Errors
    /// Where it cannot be read or copied.
    pub async fn base(&self) -> Result<StateCopy, StoreError> {
        let path = self.local.path(BASE);
        if path.exists() {
            return Ok(StateCopy {
                location: path.display().to_string(),
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
        let path = self.local.path(BASE);
        if base.path == path {
            return Ok(base);
        }
        self.confirm().await?;
        if let Some(objects) = self.remote() {
            let put = objects.put_file(BASE, &base.path, &Condition::Still(Version::Absent));
            if put.await?.is_none() && !self.has_base(objects, &base.path).await? {
                return Err(objects.lost(format!("another process has written {BASE}")));
            }
        }
        fs::rename(&base.path, &path).map_err(StoreError::at(&path))?;
        Ok(StateCopy { path, ..base })
    }

    /// Whether what is kept already is this: an answer may have been lost.
    async fn has_base(&self, objects: &Remote, base: &Path) -> Result<bool, StoreError> {
        let there = self.local("there.jsonl.gz");
        Ok(objects.get_file(BASE, &there).await? != Version::Absent && same(&there, base)?)
    }

    /// Copies the state as it is now to a file of that name; if there is no state, the copy states that.
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

    /// The location that the report goes to; none where the run leaves nothing.
    pub fn archive(&self) -> Option<&Storage> {
        self.shared.as_ref().map(|shared| &shared.root)
    }
}

impl Storage {
    /// Copies the state as it is now to a file; if there is no state, the copy states that.
    ///
    /// # Errors
    /// Where it cannot be read or copied.
    pub async fn copy_state(&self, path: PathBuf) -> Result<StateCopy, StoreError> {
        let version = self.copy(STATE, &path).await?;
        let location = self.location(STATE);
        match version {
            Version::Absent => empty_copy(path, location).await,
            version => Ok(StateCopy {
                path,
                location,
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
        self.replace_with(STATE, next, read, LOCK).await
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
        let kept = self.replace_with(&name, copy, &Version::Absent, LOCK);
        let is_kept = kept.await?;
        Ok(is_kept.then(|| self.location(&name)))
    }
}

/// A file that stands for a state that is not there.
async fn empty_copy(path: PathBuf, location: String) -> Result<StateCopy, StoreError> {
    off_thread(path.clone(), |path| {
        io::copy(&mut &*history::empty()?, &mut disk::create(path)?)
    })
    .await?;
    Ok(StateCopy {
        path,
        location,
        version: Some(Version::Absent),
    })
}
