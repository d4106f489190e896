//! The accounts' results: how they are written, and which of the files that are there are results.
//!
//! A file that cannot be read, or that is about another account or run than its name says, is none. It is
//! kept in `refused/` for people, named in the report, and the account is scanned again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, MutexGuard, PoisonError};

use bytes::Bytes;
use orgscan_aws::rate_limit::Deadline;
use orgscan_core::evaluate::OrganizationChecks;
use orgscan_core::model::{Account, AccountId, AccountResult};
use orgscan_files::disk;

use super::storage::{Durability, off_thread};
use super::{ACCOUNTS, Condition, Record, Store, StoreError, account_of, object_name};

/// A result that could not be stored, with the reason.
type StoreResult = Result<(), StoreError>;

impl Store {
    /// The accounts that have a file in the place of their result. What is in it is another question.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub async fn stored(&self) -> Result<BTreeSet<AccountId>, StoreError> {
        let names = self.storage().names(ACCOUNTS).await?;
        let names = names
            .iter()
            .map(|name| name.strip_prefix(ACCOUNTS).unwrap_or(name));
        Ok(names.filter_map(account_of).collect())
    }

    /// Those of these accounts that have a result, and whether it is one to keep: one with a gap that may have
    /// passed is none. Results that are not here yet are copied. What is no result is set aside.
    ///
    /// # Errors
    /// When a result cannot be copied, or a file that is no result cannot be kept.
    pub async fn results(
        &self,
        accounts: &BTreeSet<AccountId>,
    ) -> Result<BTreeMap<AccountId, bool>, StoreError> {
        let missing = accounts.iter().filter(|id| !self.path(id).exists());
        self.fetch(missing.map(object_name).collect()).await?;
        let run = self.run.get().map(ToString::to_string);
        let paths: Vec<_> = accounts
            .iter()
            .map(|id| (id.clone(), self.path(id)))
            .collect();
        let read = off_thread(self.local.path(ACCOUNTS), move |_| {
            let read = paths.into_iter().map(|(id, path)| {
                let result = read(path, &id, run.as_deref());
                (id, result.map(|result| result.is_final()))
            });
            Ok(read.collect::<Vec<_>>())
        });
        let mut results = BTreeMap::new();
        for (id, read) in read.await? {
            match read {
                Ok(is_final) => drop(results.insert(id, is_final)),
                // A disk that refuses says nothing of the file.
                Err(StoreError::Io { .. }) => {}
                Err(error) => self.set_aside(id, &error).await?,
            }
        }
        Ok(results)
    }

    /// Files that are no results, by account, each with the reason and the location that it is kept at.
    pub fn refused(&self) -> BTreeMap<AccountId, String> {
        self.refused_files().clone()
    }

    /// Keeps a file that is no result elsewhere, so that nothing overwrites it.
    async fn set_aside(&self, id: AccountId, why: &StoreError) -> Result<(), StoreError> {
        let (name, path) = (format!("refused/{id}.json"), self.path(&id));
        let location = self.storage().location(&name);
        tracing::error!(account_id = %id, reason = %why, location, "a stored result is refused");
        if let Some(objects) = self.remote() {
            let put = objects.put_file(&name, &path, &Condition::Always);
            put.await?;
        }
        let to = self.local.path(&name);
        off_thread(path, move |path| {
            disk::create_folders(to.parent().unwrap_or(&to))?;
            fs::rename(path, &to)
        })
        .await?;
        let note = format!("{why}; it is kept as {location}");
        self.refused_files().insert(id, note);
        Ok(())
    }

    fn refused_files(&self) -> MutexGuard<'_, BTreeMap<AccountId, String>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stores a result for the process that continues the run: whole or not at all. A write that fails is tried
    /// again; the answer has the last error where it fails for good.
    ///
    /// # Errors
    /// Where nothing can be stored any more, or this process has lost the run.
    pub async fn put(
        &self,
        result: Arc<AccountResult>,
        deadline: Deadline,
    ) -> Result<StoreResult, StoreError> {
        let name = object_name(&result.account.id);
        let bytes = self.encoded(result).await?;
        let write = || self.put_bytes(&name, bytes.clone());
        self.with_retries(deadline, write).await
    }

    /// Stores a result for this process alone: that there was no time for an account is nothing to
    /// go on from. A result that is there already says more, and stays, unless it is to be replaced. So does
    /// a file that cannot be read: it may be one.
    ///
    /// # Errors
    /// When the file cannot be written, or one that is there cannot be read.
    pub async fn put_unknown(
        &self,
        result: AccountResult,
        replace: bool,
        deadline: Deadline,
    ) -> Result<(), StoreError> {
        let id = result.account.id.clone();
        let bytes = self.encoded(Arc::new(result)).await?;
        let write = async || match self.get(&id) {
            Ok(_) if !replace => Ok(()),
            Err(error) if !replace && !error.is_not_found() => Err(error),
            Ok(_) | Err(_) => {
                let name = object_name(&id);
                self.local
                    .write(&name, bytes.clone(), Durability::Process)
                    .await
            }
        };
        self.with_retries(deadline, write).await?
    }

    /// Writes the record as [`Store::write_down`], again where that fails.
    ///
    /// # Errors
    /// As [`Store::put`].
    pub async fn write_down_patiently(
        &self,
        record: Record,
        deadline: Deadline,
    ) -> Result<StoreResult, StoreError> {
        self.with_retries(deadline, || self.write_down(record.clone()))
            .await
    }

    async fn encoded(&self, result: Arc<AccountResult>) -> Result<Bytes, StoreError> {
        let path = self.path(&result.account.id);
        off_thread(path, move |_| Ok(serde_json::to_vec(&*result)?.into())).await
    }

    /// The result of one account.
    ///
    /// # Errors
    /// When there is none, or it cannot be read, or it is another one's.
    pub fn get(&self, account: &AccountId) -> Result<AccountResult, StoreError> {
        let run = self.run.get().map(ToString::to_string);
        read(self.path(account), account, run.as_deref())
    }

    /// The result of an account as it was planned: its scan may have started before its OUs were known. Verdicts of the
    /// organization's checks are in it after [`Store::evaluate_with`].
    ///
    /// # Errors
    /// As [`Store::get`].
    pub fn of(&self, account: &Account) -> Result<AccountResult, StoreError> {
        let stored = self.get(&account.id)?;
        let mut result = AccountResult {
            account: account.clone(),
            ..stored
        };
        if let Some(organization) = self.organization.get() {
            organization.evaluate(&mut result);
        }
        Ok(result)
    }

    /// Has the checks of the organization evaluated in all results that are read from now on. All accounts have been added
    /// to them; the first call counts.
    pub fn evaluate_with(&self, organization: OrganizationChecks) {
        let _ = self.organization.set(organization);
    }
}

fn read(path: PathBuf, id: &AccountId, run: Option<&str>) -> Result<AccountResult, StoreError> {
    let bytes = disk::read(&path).map_err(StoreError::at(&path))?;
    let read = serde_json::from_slice::<AccountResult>(&bytes);
    let result = read.map_err(|source| StoreError::Damaged {
        path: path.clone(),
        source,
        remediation: "start the run again to have the account scanned again",
    })?;
    let of = &result.account.id;
    let is_other = run.is_some_and(|run| run != result.run_id);
    if of == id && !is_other {
        return Ok(result);
    }
    let run = result.run_id.escape_debug();
    let why = format!("it is the result of account {of} in the run {run}");
    Err(StoreError::Foreign { path, why })
}
