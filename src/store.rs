//! The run store: one file per account, written as soon as the account is done.
//!
//! A run that stops loses nothing that is done: started again with the same run id it picks up the
//! accounts that have no result yet. The consolidation reads the same files, one at a time.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tempfile::{NamedTempFile, TempDir};

use crate::model::{Account, AccountId, AccountResult};

/// Why the run store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file system refuses.
    #[error("{path}: {source}; check that the folder can be written and that the disk has room")]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The run was begun with other settings.
    #[error(
        "{folder} has results of a run with this id and other settings (checks, accounts, Regions, \
         role, sensitive ports, expected gaps or version): give the run another id, or the settings \
         that it was begun with"
    )]
    OtherSettings {
        /// Where.
        folder: PathBuf,
    },
    /// A result is there and cannot be read.
    #[error(
        "{path} is not an account result that this version can read: {source}; delete it to have \
         the account scanned again"
    )]
    Damaged {
        /// Where.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
}

/// What is written down when a run begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// When it began; a run that goes on keeps its date.
    pub started: Timestamp,
    /// Everything that decides what is found: checks, Regions, ports and so on.
    pub settings: serde_json::Value,
}

/// The stored account results of one run.
#[derive(Debug)]
pub struct Store {
    accounts: PathBuf,
    /// A folder that goes when the store does.
    _temporary: Option<TempDir>,
}

impl Store {
    /// The store of a run below `root`: `runs/<run id>/accounts/`.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(root: &Path, run_id: &str) -> Result<Self, StoreError> {
        let accounts = root.join("runs").join(run_id).join("accounts");
        fs::create_dir_all(&accounts).map_err(at(&accounts))?;
        Ok(Self {
            accounts,
            _temporary: None,
        })
    }

    /// A store in a temporary folder, for a run that leaves no files.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn temporary(run_id: &str) -> Result<Self, StoreError> {
        let folder = TempDir::with_prefix("orgscan-").map_err(at(&std::env::temp_dir()))?;
        let store = Self::open(folder.path(), run_id)?;
        Ok(Self {
            _temporary: Some(folder),
            ..store
        })
    }

    /// Begins the run, or goes on with it if it was begun before: then what was written down at its
    /// beginning is the answer.
    ///
    /// # Errors
    /// [`StoreError::OtherSettings`] where it was begun with other settings: results of both together
    /// would be a report about neither.
    pub fn begin(&self, record: &Record) -> Result<Record, StoreError> {
        let path = self.accounts.with_file_name("run.json");
        match fs::read(&path) {
            Ok(bytes) => {
                let begun: Record = serde_json::from_slice(&bytes)
                    .map_err(|source| StoreError::Damaged { path, source })?;
                if begun.settings == record.settings {
                    return Ok(begun);
                }
                Err(StoreError::OtherSettings {
                    folder: self.accounts.clone(),
                })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                write(&path, record).map_err(at(&path))?;
                Ok(record.clone())
            }
            Err(error) => Err(at(&path)(error)),
        }
    }

    /// The accounts that need not be scanned again. A result with a gap that may have passed, or a
    /// file that cannot be read, is none.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn finished(&self) -> Result<BTreeSet<AccountId>, StoreError> {
        let entries = fs::read_dir(&self.accounts).map_err(at(&self.accounts))?;
        let mut finished = BTreeSet::new();
        for entry in entries {
            let name = entry.map_err(at(&self.accounts))?.file_name();
            let id = name.to_str().and_then(|name| name.strip_suffix(".json"));
            let Some(id) = id.and_then(|id| id.parse().ok()) else {
                continue;
            };
            if self.get(&id).is_ok_and(|result| result.is_final()) {
                finished.insert(id);
            }
        }
        Ok(finished)
    }

    /// Stores a result: whole or not at all.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put(&self, result: &AccountResult) -> Result<(), StoreError> {
        let path = self.path(&result.account.id);
        write(&path, result).map_err(at(&path))
    }

    /// The result of one account.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn get(&self, account: &AccountId) -> Result<AccountResult, StoreError> {
        let path = self.path(account);
        let file = fs::File::open(&path).map_err(at(&path))?;
        serde_json::from_reader(io::BufReader::new(file))
            .map_err(|source| StoreError::Damaged { path, source })
    }

    /// The result of an account as it was planned: its scan may have begun before its OUs were known.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn of(&self, account: &Account) -> Result<AccountResult, StoreError> {
        let stored = self.get(&account.id)?;
        Ok(AccountResult {
            account: account.clone(),
            ..stored
        })
    }

    fn path(&self, account: &AccountId) -> PathBuf {
        self.accounts.join(format!("{account}.json"))
    }
}

/// Writes a file: whole, on the disk, or not at all.
fn write(path: &Path, value: &impl Serialize) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder)?;
    let mut buffer = io::BufWriter::new(file.as_file_mut());
    serde_json::to_writer(&mut buffer, value)?;
    buffer.flush()?;
    drop(buffer);
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::Io { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AccountOutcome, Cause, Gap};
    use crate::testing::{account, result};

    fn record(check: &str) -> Record {
        Record {
            started: Timestamp::UNIX_EPOCH,
            settings: serde_json::json!({ "check": check }),
        }
    }

    #[test]
    fn a_run_that_goes_on_keeps_its_beginning_and_its_settings() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), "nightly").unwrap();
        assert_eq!(store.begin(&record("a")).unwrap(), record("a"));
        let later = Record {
            started: Timestamp::MAX,
            ..record("a")
        };
        assert_eq!(store.begin(&later).unwrap(), record("a"));
        let error = store.begin(&record("b")).unwrap_err().to_string();
        assert!(error.contains("another id"), "{error}");
    }

    #[test]
    fn what_may_have_passed_and_what_is_damaged_is_scanned_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), "nightly").unwrap();
        let done = result(account(1, "done", ""), Vec::new());
        let mut late = result(account(2, "late", ""), Vec::new());
        late.outcome = AccountOutcome::Failed {
            gap: Gap::new("sts:AssumeRole", Cause::Deadline),
        };
        store.put(&done).unwrap();
        store.put(&late).unwrap();
        let cut = account(3, "cut", "");
        fs::write(store.path(&cut.id), "{\"run_id\":").unwrap();
        assert_eq!(
            store.finished().unwrap(),
            BTreeSet::from([done.account.id.clone()])
        );
        assert_eq!(store.get(&done.account.id).unwrap(), done);
        let error = store.get(&cut.id).unwrap_err().to_string();
        assert!(error.contains("delete it"), "{error}");
    }
}
