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
//! | `runs/largest-accounts.json` | the accounts that took most requests in the last run |
//! | `runs/<run id>/lease.json` | in S3: who works on the run, and until when |
//!
//! A distributed run has more in its folder: see docs/architecture.md.

#![cfg_attr(
    test,
    expect(clippy::too_many_lines, reason = "a test is long by its cases")
)]

mod account_files;
mod error;
mod fenced;
pub mod history;
pub mod integrity;
mod largest_accounts;
mod lease;
mod lines;
mod part;
mod record;
mod remote;
pub mod results;
mod retry;
mod run_storage;
mod state;
mod storage;
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
use tempfile::TempDir;

pub use error::StoreError;
pub use largest_accounts::largest_accounts;
use lease::Lease;
pub use record::{Conclusion, DeliveryRecord, Record};
use remote::Condition;
pub use remote::{Content, Remote};
use retry::Health;
pub use run_storage::{LeaseObject, RunStorage};
pub use state::StateCopy;
use storage::Durability;
pub use storage::{Folder, RunFile, Storage};
pub use version::{Version, same};

/// How many objects are read or written at a time.
const AT_A_TIME: usize = 32;

const RECORD: &str = "run.json";

/// The folder of the results.
const ACCOUNTS: &str = "accounts/";

/// The stored account results of one run.
#[derive(Debug)]
pub struct Store {
    /// The run's own folder on this machine, or the copy of the one in S3.
    local: Folder,
    /// Where the same lies for other processes; none where it goes with this one.
    shared: Option<RunStorage>,
    /// None once it was given up.
    lease: Mutex<Option<Lease>>,
    /// The run's id, once it was started.
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
    /// The run's folder, where that goes when the store does.
    _temporary: Option<TempDir>,
}

impl Store {
    /// The store of a run, with what an earlier process left in it; in a temporary folder where nothing of the
    /// run is to outlive this process. Nobody else can work on the run until [`Store::release`], or the end of
    /// this process.
    ///
    /// # Errors
    /// Where its folder cannot be had, or somebody else works on the run.
    pub async fn open(shared: Option<RunStorage>) -> Result<Self, StoreError> {
        let store = Self::at(shared)?;
        store.acquire().await?;
        if let Err(error) = store.fetch_beginning().await {
            store.release().await;
            return Err(error);
        }
        Ok(store)
    }

    /// The store of a run, with nothing in its copy and taken from nobody.
    fn at(shared: Option<RunStorage>) -> Result<Self, StoreError> {
        let own = shared.as_ref().and_then(|shared| shared.run.folder());
        let (folder, temporary) = match own {
            Some(folder) => (folder.to_owned(), None),
            None => {
                let made = disk::temporary_folder();
                let made = made.map_err(StoreError::at(&std::env::temp_dir()))?;
                (made.path().to_owned(), Some(made))
            }
        };
        let accounts = folder.join(ACCOUNTS);
        disk::create_folders(&accounts).map_err(StoreError::at(&accounts))?;
        let scratch = disk::temporary_folder_in(&folder).map_err(StoreError::at(&folder))?;
        Ok(Self {
            local: Folder::with_scratch(folder, scratch.path().to_owned()),
            scratch,
            shared,
            lease: Mutex::default(),
            run: OnceLock::new(),
            record: Mutex::new(Version::Absent),
            refused: Mutex::default(),
            health: Health::default(),
            organization: OnceLock::new(),
            _temporary: temporary,
        })
    }

    /// Takes the run for this process, again after it was given up.
    ///
    /// # Errors
    /// Where somebody else works on it.
    pub async fn acquire(&self) -> Result<(), StoreError> {
        let lease = match self.shared.as_ref().map(|shared| &shared.lease) {
            Some(Some(object)) => Lease::Leased(object.acquire().await?),
            Some(None) => {
                let lease = lock(self.local.root())?;
                self.clean().map_err(StoreError::at(self.local.root()))?;
                lease
            }
            None => Lease::Alone,
        };
        *self.lease() = Some(lease);
        Ok(())
    }

    /// Removes what killed processes left in the run's folder. Nobody else writes there.
    fn clean(&self) -> io::Result<()> {
        let own = self.scratch.path();
        disk::remove_leftovers(self.local.root(), Some(own))?;
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
        self.shared.is_some()
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

    /// Begins the run, or goes on with it if it was started before: then what was written down at its
    /// beginning is the answer. Either way the record is written, with an epoch of its own, so that a process
    /// that had the run before cannot write it any more.
    ///
    /// # Errors
    /// [`StoreError::OtherSettings`] where it was started with other settings: results of both together
    /// would be a report about neither.
    pub async fn begin(&self, record: Record) -> Result<Record, StoreError> {
        let existing_record = self.existing_record(&record)?.unwrap_or(record);
        let record = Record {
            epoch: existing_record.epoch + 1,
            ..existing_record
        };
        self.write_down(record.clone()).await?;
        Ok(record)
    }

    /// What was written down when the run was started with these settings; none if it was not started.
    fn existing_record(&self, record: &Record) -> Result<Option<Record>, StoreError> {
        let path = self.local.path(RECORD);
        let bytes = match disk::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::at(&path)(error)),
        };
        let existing_record: Record =
            serde_json::from_slice(&bytes).map_err(|source| StoreError::Damaged {
                path: path.clone(),
                source,
                remediation: "use another run id",
            })?;
        let is_other = |id: &RunId| record.run_id.as_ref() != Some(id);
        if let Some(id) = existing_record.run_id.as_ref().filter(|id| is_other(id)) {
            let why = format!("it is the record of the run {id}; use another run id");
            return Err(StoreError::Foreign { path, why });
        }
        if existing_record.settings == record.settings {
            let run_id = record.run_id.clone();
            return Ok(Some(Record {
                run_id,
                ..existing_record
            }));
        }
        let location = self.storage().to_string();
        Err(StoreError::OtherSettings { location })
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
        let bytes = serde_json::to_vec(&record);
        let bytes =
            bytes.map_err(|error| StoreError::at(&self.local.path(RECORD))(error.into()))?;
        let bytes = Bytes::from(bytes);
        let Some(objects) = self.remote() else {
            return self.local.write(RECORD, bytes, Durability::PowerCut).await;
        };
        let read = self.record_version().clone();
        let version = objects.put_fenced(RECORD, &bytes, &read).await?;
        *self.record_version() = version;
        self.local.write(RECORD, bytes, Durability::Process).await
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
        let Some(objects) = self.remote() else {
            return Ok(());
        };
        let fetched = stream::iter(names).map(|name| async move {
            let Some((bytes, version)) = objects.get(&name).await? else {
                return Ok(());
            };
            if name == RECORD {
                *self.record_version() = version;
            }
            self.local.write(&name, bytes, Durability::Process).await
        });
        let fetched = fetched.buffer_unordered(AT_A_TIME);
        fetched.try_collect::<()>().await
    }

    /// Writes a file of the run, where others find it first.
    async fn put_bytes(&self, name: &str, bytes: Bytes) -> Result<(), StoreError> {
        self.check()?;
        if let Some(objects) = self.remote() {
            objects.put(name, &bytes, &Condition::Always).await?;
        }
        self.local.write(name, bytes, Durability::Process).await
    }

    /// The run's folder, where others find it first.
    fn storage(&self) -> Storage {
        match &self.shared {
            Some(shared) => shared.run.clone(),
            None => Storage::Folder(self.local.clone()),
        }
    }

    /// The run's folder in S3, of which the one on this machine is a copy.
    fn remote(&self) -> Option<&Remote> {
        match &self.shared.as_ref()?.run {
            Storage::Folder(_) => None,
            Storage::S3(remote) => Some(remote),
        }
    }

    fn path(&self, account: &AccountId) -> PathBuf {
        self.local.path(&object_name(account))
    }

    fn lease(&self) -> MutexGuard<'_, Option<Lease>> {
        self.lease.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
            tracing::warn!(path = %path.display(), "the file system has no locks: make sure that no other process works on the run");
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
