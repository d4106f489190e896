//! The run store: one file per account, written as soon as the account is done.
//!
//! A run that stops loses nothing that is done: started again with the same run id it picks up the
//! accounts that have no result yet. The consolidation reads the same files, one at a time.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempDir};

use crate::model::{AccountId, AccountResult};

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

    /// The accounts that have a result.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn finished(&self) -> Result<BTreeSet<AccountId>, StoreError> {
        let entries = fs::read_dir(&self.accounts).map_err(at(&self.accounts))?;
        let mut finished = BTreeSet::new();
        for entry in entries {
            let name = entry.map_err(at(&self.accounts))?.file_name();
            let id = name.to_str().and_then(|name| name.strip_suffix(".json"));
            finished.extend(id.and_then(|id| id.parse().ok()));
        }
        Ok(finished)
    }

    /// Stores a result: whole or not at all.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put(&self, result: &AccountResult) -> Result<(), StoreError> {
        let path = self.path(&result.account.id);
        let write = || {
            let mut file = NamedTempFile::new_in(&self.accounts)?;
            let mut buffer = io::BufWriter::new(file.as_file_mut());
            serde_json::to_writer(&mut buffer, result)?;
            buffer.flush()?;
            drop(buffer);
            file.persist(&path)?;
            io::Result::Ok(())
        };
        write().map_err(at(&path))
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

    fn path(&self, account: &AccountId) -> PathBuf {
        self.accounts.join(format!("{account}.json"))
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::Io { path, source }
}
