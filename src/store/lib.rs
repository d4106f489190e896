//! The run store: one file per account, written as soon as the account is done.
//!
//! A run that stops loses nothing that is done: started again with the same run id it picks up the
//! accounts that have no result yet. The consolidation reads the same files, one at a time.
//!
//! It lies where the report goes: in a folder, or in S3 with a copy in a temporary folder, so that
//! what is read is always local. One process at a time works on a run: see `lease`.
//!
//! | name | what |
//! | --- | --- |
//! | `runs/<run id>/run.json` | the run's [`Record`] |
//! | `runs/<run id>/accounts/<account id>.json` | an account's result |
//! | `runs/<run id>/lock` | in a folder: locked while a process works on the run |
//! | `runs/<run id>/base.jsonl.gz` | the state that the run is compared with |
//! | `state/findings.jsonl.gz` | the last known state of all findings: see [`crate::history`] |
//! | `state/head.json` | the last link of the chain of manifests: see [`crate::integrity`] |
//! | `runs/heaviest.json` | the accounts that took most requests in the last run |
//! | `runs/<run id>/lease.json` | in S3: who works on the run, and until when |
//!
//! A distributed run has more in its folder: see docs/architecture.md.

#![cfg_attr(
    test,
    expect(clippy::too_many_lines, reason = "a test is long by its cases")
)]

mod account_files;
mod archive;
mod error;
mod fenced;
mod files;
mod heaviest;
pub mod history;
pub mod integrity;
mod lease;
mod lines;
mod part;
mod place;
mod record;
mod remote;
pub mod results;
mod retry;
mod state;
#[cfg(test)]
mod testing;
mod version;

use std::collections::BTreeMap;
use std::fs::TryLockError;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use bytes::Bytes;
use futures::stream::{self, StreamExt, TryStreamExt};
use orgscan_core::evaluate::OrganizationChecks;
use orgscan_core::model::{AccountId, RunId};
use orgscan_files::disk;
use serde::Serialize;
use tempfile::TempDir;

pub use archive::{Archive, Listed};
pub use error::StoreError;
use files::Survives;
pub use heaviest::heaviest;
use lease::Lease;
pub use place::{Bucket, Place};
pub use record::{Conclusion, Delivered, Record};
pub use remote::Remote;
use remote::{Condition, ETag};
use retry::Health;
pub use state::StateCopy;
pub use version::{Version, same};

/// How many objects are read or written at a time.
const AT_A_TIME: usize = 32;

const RECORD: &str = "run.json";

/// The folder of the results.
const ACCOUNTS: &str = "accounts/";

/// The stored account results of one run.
#[derive(Debug)]
pub struct Store {
    /// The run's own, or that of its copy.
    folder: PathBuf,
    /// Where the same lies in S3.
    bucket: Option<Bucket>,
    /// None once it was given up.
    lease: Mutex<Option<Lease>>,
    /// The run's id, once it was begun.
    run: OnceLock<RunId>,
    /// The version of `run.json` that the next one takes the place of.
    record: Mutex<Version>,
    /// Files that are no results of this run.
    refused: Mutex<BTreeMap<AccountId, String>>,
    health: Health,
    /// What makes verdicts of the accounts' records, once all are there.
    organization: OnceLock<OrganizationChecks>,
    /// In the folder: for what is written on the way, until it gets its name.
    scratch: TempDir,
    /// A folder that goes when the store does.
    temporary: Option<TempDir>,
}

impl Store {
    /// The store of a run, with what an earlier process left in it. Nobody else can work on the run
    /// until [`Store::release`], or the end of this process.
    ///
    /// # Errors
    /// Where its folder cannot be had, or somebody else works on the run.
    pub async fn open(place: Place) -> Result<Self, StoreError> {
        let store = Self::at(place)?;
        store.acquire().await?;
        if let Err(error) = store.fetch_beginning().await {
            store.release().await;
            return Err(error);
        }
        Ok(store)
    }

    /// The store of a run, with nothing in its copy and taken from nobody.
    fn at(place: Place) -> Result<Self, StoreError> {
        let (folder, temporary, bucket) = match place {
            Place::Folder(folder) => (folder, None, None),
            Place::Temporary => temporary(None)?,
            Place::S3(bucket) => temporary(Some(*bucket))?,
        };
        let accounts = folder.join(ACCOUNTS);
        disk::create_folders(&accounts).map_err(StoreError::at(&accounts))?;
        let scratch = disk::temporary_folder_in(&folder).map_err(StoreError::at(&folder))?;
        Ok(Self {
            folder,
            scratch,
            bucket,
            lease: Mutex::default(),
            run: OnceLock::new(),
            record: Mutex::new(Version::Absent),
            refused: Mutex::default(),
            health: Health::default(),
            organization: OnceLock::new(),
            temporary,
        })
    }

    /// Takes the run for this process, again after it was given up.
    ///
    /// # Errors
    /// Where somebody else works on it.
    pub async fn acquire(&self) -> Result<(), StoreError> {
        let lease = match &self.bucket {
            Some(bucket) => bucket.acquire().await?,
            None if self.temporary.is_some() => Lease::Alone,
            None => {
                let lease = lock(&self.folder)?;
                self.clean().map_err(StoreError::at(&self.folder))?;
                lease
            }
        };
        *self.lease() = Some(lease);
        Ok(())
    }

    /// Removes what killed processes left in the run's folder. Nobody else writes there.
    fn clean(&self) -> io::Result<()> {
        let own = self.scratch.path();
        disk::remove_leftovers(&self.folder, Some(own))?;
        // Somebody who had the run meanwhile took it for a leftover too.
        disk::create_folders(own)
    }

    /// Gives the run up for others to go on with it. What is stored can still be read.
    pub async fn release(&self) {
        let lease = self.lease().take();
        if let Some(lease) = lease {
            lease.release().await;
        }
    }

    /// Whether another process can go on with the run.
    pub fn outlives_the_process(&self) -> bool {
        self.bucket.is_some() || self.temporary.is_none()
    }

    /// Whether nobody else works on the run, as far as this process can tell without asking.
    ///
    /// # Errors
    /// [`StoreError::Lost`]
    pub fn check(&self) -> Result<(), StoreError> {
        self.lease().as_ref().map_or(Ok(()), Lease::check)
    }

    /// The same for certain: a lease in S3 is renewed, which nobody can who has lost it. A process that was
    /// suspended knows nothing of the time that has passed.
    ///
    /// # Errors
    /// [`StoreError::Lost`]
    pub async fn confirm(&self) -> Result<(), StoreError> {
        let renewing = self.lease().as_ref().and_then(Lease::renewing);
        if let Some(renewing) = renewing
            && let Err(error @ StoreError::Lost { .. }) = renewing.renew().await
        {
            return Err(error);
        }
        // A lease that could not be renewed holds until its end.
        self.check()
    }

    /// Begins the run, or goes on with it if it was begun before: then what was written down at its
    /// beginning is the answer. Either way the record is written, with an epoch of its own, so that a process
    /// that had the run before cannot write it any more.
    ///
    /// # Errors
    /// [`StoreError::OtherSettings`] where it was begun with other settings: results of both together
    /// would be a report about neither.
    pub async fn begin(&self, record: Record) -> Result<Record, StoreError> {
        let begun = self.begun(&record)?.unwrap_or(record);
        let record = Record {
            epoch: begun.epoch + 1,
            ..begun
        };
        self.write_down(record.clone()).await?;
        Ok(record)
    }

    /// What was written down when the run was begun with these settings; none if it was not begun.
    fn begun(&self, record: &Record) -> Result<Option<Record>, StoreError> {
        let path = self.folder.join(RECORD);
        let bytes = match disk::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::at(&path)(error)),
        };
        let begun: Record =
            serde_json::from_slice(&bytes).map_err(|source| StoreError::Damaged {
                path: path.clone(),
                source,
                mend: "give the run another id",
            })?;
        let is_other = |id: &RunId| record.run_id.as_ref() != Some(id);
        if let Some(id) = begun.run_id.as_ref().filter(|id| is_other(id)) {
            let why = format!("it is the record of the run {id}; give the run another id");
            return Err(StoreError::Foreign { path, why });
        }
        if begun.settings == record.settings {
            let run_id = record.run_id.clone();
            return Ok(Some(Record { run_id, ..begun }));
        }
        let place = self.place();
        Err(StoreError::OtherSettings { place })
    }

    /// Writes the record again: with how the run ended, say. It has to be the one that this process has read
    /// or written last.
    ///
    /// # Errors
    /// When it cannot be written; [`StoreError::Lost`] where another process has written it.
    pub async fn write_down(&self, record: Record) -> Result<(), StoreError> {
        self.check()?;
        if let Some(id) = &record.run_id {
            let _ = self.run.set(id.clone());
        }
        let path = self.folder.join(RECORD);
        let Some(bucket) = &self.bucket else {
            let written = self.write_json(path, record, Survives::PowerCut).await;
            return written.map(drop);
        };
        let bytes =
            serde_json::to_vec(&record).map_err(|error| StoreError::at(&path)(error.into()))?;
        let bytes = Bytes::from(bytes);
        let read = self.record_version().clone();
        let version = bucket.objects.put_fenced(RECORD, &bytes, &read).await?;
        *self.record_version() = version;
        self.write(path, bytes).await
    }

    fn record_version(&self) -> MutexGuard<'_, Version> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Copies what an earlier process left in S3 at the run's beginning. Results are only copied when they
    /// are read: nothing is scanned any sooner for their contents.
    async fn fetch_beginning(&self) -> Result<(), StoreError> {
        let names = [RECORD, state::BASE];
        self.fetch(names.map(str::to_owned).to_vec()).await
    }

    /// Copies these objects, as far as they are there.
    async fn fetch(&self, names: Vec<String>) -> Result<(), StoreError> {
        let Some(bucket) = &self.bucket else {
            return Ok(());
        };
        let fetched = stream::iter(names).map(|name| async move {
            let Some((bytes, ETag(etag))) = bucket.objects.get(&name).await? else {
                return Ok(());
            };
            if name == RECORD {
                *self.record_version() = Version::Of(etag);
            }
            self.write(self.folder.join(name), bytes).await
        });
        let fetched = fetched.buffer_unordered(AT_A_TIME);
        fetched.try_collect::<()>().await
    }

    async fn write_json(
        &self,
        path: PathBuf,
        value: impl Serialize + Send + 'static,
        survives: Survives,
    ) -> Result<Bytes, StoreError> {
        let scratch = self.scratch.path().to_owned();
        files::write_json(scratch, path, value, survives).await
    }

    async fn write(&self, path: PathBuf, bytes: Bytes) -> Result<(), StoreError> {
        files::write(self.scratch.path().to_owned(), path, bytes).await
    }

    /// Writes a file of the run, where others find it first.
    async fn put_bytes(&self, name: &str, bytes: Bytes) -> Result<(), StoreError> {
        self.check()?;
        if let Some(bucket) = &self.bucket {
            bucket.objects.put(name, &bytes, &Condition::Always).await?;
        }
        self.write(self.folder.join(name), bytes).await
    }

    /// The run's folder, for people.
    fn place(&self) -> String {
        match &self.bucket {
            Some(bucket) => bucket.objects.url(),
            None => self.folder.display().to_string(),
        }
    }

    fn path(&self, account: &AccountId) -> PathBuf {
        self.folder.join(object_name(account))
    }

    fn lease(&self) -> MutexGuard<'_, Option<Lease>> {
        self.lease.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Opened = (PathBuf, Option<TempDir>, Option<Bucket>);

fn temporary(bucket: Option<Bucket>) -> Result<Opened, StoreError> {
    let folder = disk::temporary_folder();
    let folder = folder.map_err(StoreError::at(&std::env::temp_dir()))?;
    Ok((folder.path().to_owned(), Some(folder), bucket))
}

/// Keeps other processes from a folder until this one ends.
fn lock(folder: &Path) -> Result<Lease, StoreError> {
    let path = folder.join("lock");
    let file = disk::open_lock(&path).map_err(StoreError::at(&path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let folder = folder.to_owned();
            return Err(StoreError::InUse { folder });
        }
        // Some network file systems have no locks. That is no reason to have no results.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
            tracing::warn!(path = %path.display(), "the folder has no locks: see to it that no other process works on the run");
        }
        Err(TryLockError::Error(error)) => return Err(StoreError::at(&path)(error)),
    }
    Ok(Lease::Locked { file, path })
}

fn object_name(account: &AccountId) -> String {
    format!("{ACCOUNTS}{account}.json")
}

/// Whose result it is, by the name of the file.
fn account_of(file: &str) -> Option<AccountId> {
    file.strip_suffix(".json")?.parse().ok()
}

#[cfg(test)]
mod tests;
