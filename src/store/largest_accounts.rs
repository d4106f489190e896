//! Which accounts took most requests the last time. They are scanned first: the one with most to do
//! must not be the one that was started last.
//!
//! This is a hint for the order and nothing else, so that it cannot be had is never an error.

use std::collections::HashSet;
use std::path::Path;

use bytes::Bytes;
use orgscan_core::model::{AccountId, AccountSummary};

use super::{Storage, Store, StoreError};

/// Beside the runs, since it leads from one to the next.
const NAME: &str = "largest-accounts.json";

/// How many accounts are remembered at most.
const REMEMBERED: usize = 500;

/// An account is heavy if it took so many times the requests of the median account.
const TIMES: u64 = 2;

/// The accounts that took far more requests than most, the largest first.
pub fn largest_accounts(accounts: &[AccountSummary]) -> Vec<AccountId> {
    let sent = |account: &AccountSummary| account.requests.iter().map(|(_, n)| n).sum::<u64>();
    let mut all: Vec<(u64, &AccountId)> = accounts
        .iter()
        .map(|account| (sent(account), &account.account.id))
        .filter(|(sent, _)| *sent > 0)
        .collect();
    all.sort_by(|a, b| b.cmp(a));
    let median = all.get(all.len() / 2).map_or(0, |(sent, _)| *sent);
    let large = all
        .into_iter()
        .take_while(|(sent, _)| *sent > TIMES * median);
    large.take(REMEMBERED).map(|(_, id)| id.clone()).collect()
}

impl Store {
    /// The accounts that were heavy in the last run here.
    pub async fn largest_accounts(&self) -> HashSet<AccountId> {
        self.read_largest_accounts().await.into_iter().collect()
    }

    async fn read_largest_accounts(&self) -> Vec<AccountId> {
        let Some(shared) = &self.shared else {
            return Vec::new();
        };
        let bytes = match shared.runs.read(NAME).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Vec::new(),
            Err(error) => return unknown(&error),
        };
        let read = serde_json::from_slice(&bytes);
        let mut accounts: Vec<AccountId> = read.unwrap_or_else(|error| unknown(&error));
        accounts.truncate(REMEMBERED);
        accounts
    }

    /// Remembers the heavy ones of these accounts for the next run. What is known of accounts that this
    /// run did not scan stays: it may have been meant to scan a few.
    pub async fn save_largest_accounts(&self, accounts: &[AccountSummary]) {
        let before = self.read_largest_accounts().await;
        let scanned = |id: &AccountId| {
            let found = accounts.binary_search_by(|one| one.account.id.cmp(id));
            found.is_ok_and(|at| !accounts[at].requests.is_empty())
        };
        let mut large = largest_accounts(accounts);
        large.extend(before.iter().filter(|id| !scanned(id)).cloned());
        large.truncate(REMEMBERED);
        if let Some(shared) = &self.shared
            && large != before
            && let Err(error) = write(&shared.runs, &large).await
        {
            unknown(&error);
        }
    }
}

async fn write(runs: &Storage, accounts: &[AccountId]) -> Result<(), StoreError> {
    let bytes = serde_json::to_vec(accounts);
    let bytes = bytes.map_err(|error| StoreError::at(Path::new(NAME))(error.into()))?;
    runs.write(NAME, Bytes::from(bytes)).await
}

fn unknown(error: &dyn std::fmt::Display) -> Vec<AccountId> {
    tracing::info!(%error, "the largest accounts of the previous run cannot be read");
    Vec::new()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use orgscan_core::model::TargetScope;
    use orgscan_core::testing::{account, id, report_of, result};

    use super::*;
    use crate::RunStorage;

    /// The lines of accounts that took so many requests.
    fn summaries(sent: &[(u64, u64)]) -> Vec<AccountSummary> {
        let results: Vec<_> = sent
            .iter()
            .map(|(n, sent)| {
                let mut result = result(account(*n, "a", ""), Vec::new());
                result.requests.insert(TargetScope::Global, *sent);
                result
            })
            .collect();
        report_of(&results).accounts
    }

    #[test]
    fn an_account_with_far_more_requests_than_most_is_large() {
        let accounts = summaries(&[(1, 60), (2, 400), (3, 61), (4, 3_000), (5, 62)]);
        assert_eq!(largest_accounts(&accounts), [id(4), id(2)]);
        assert_eq!(largest_accounts(&[]), Vec::<AccountId>::new());
    }

    #[tokio::test]
    async fn one_run_stores_a_hint_for_the_next_and_damage_is_no_error() {
        let folder = tempfile::tempdir().unwrap();
        let run = |name: &str| Some(RunStorage::in_folder(folder.path().to_owned(), name));
        let first = Store::open(run("one")).await.unwrap();
        assert!(first.largest_accounts().await.is_empty());
        let accounts = summaries(&[(1, 60), (2, 400), (3, 61), (4, 3_000), (5, 62)]);
        first.save_largest_accounts(&accounts).await;
        let second = Store::open(run("two")).await.unwrap();
        assert_eq!(
            second.largest_accounts().await,
            HashSet::from([id(2), id(4)])
        );
        fs::write(folder.path().join("runs").join(NAME), "[").unwrap();
        assert!(second.largest_accounts().await.is_empty());
        let temporary = Store::open(None).await.unwrap();
        temporary.save_largest_accounts(&accounts).await;
        assert!(temporary.largest_accounts().await.is_empty());
    }

    #[tokio::test]
    async fn a_run_over_a_few_accounts_forgets_none_of_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let run = RunStorage::in_folder(folder.path().to_owned(), "one");
        let store = Store::open(Some(run)).await.unwrap();
        let file = folder.path().join("runs").join(NAME);
        let of_all = summaries(&[(1, 60), (2, 400), (3, 61), (4, 3_000), (5, 62)]);
        store.save_largest_accounts(&[]).await;
        assert!(!file.exists());
        store.save_largest_accounts(&of_all).await;
        store
            .save_largest_accounts(&summaries(&[(1, 60), (4, 70)]))
            .await;
        assert_eq!(store.largest_accounts().await, HashSet::from([id(2)]));
    }
}
