//! Sends each account's own part of the report.

use futures::stream::{self, TryStreamExt};
use orgscan_core::model::{AccountId, AccountOutcome, AccountSummary};
use orgscan_store::history::{History, HistoryError, Walk};
use orgscan_store::{Content, Remote, Storage, StoreError};

use super::Publication;
use crate::publish::reports::{Part, WriteError, account_folder, parts, write_parts};

/// How many accounts' parts are under way at the same time: of each one part is in memory.
const AT_ONCE: usize = 128;

/// Why an account's part did not get to its place.
#[derive(Debug, thiserror::Error)]
enum PartError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    History(#[from] HistoryError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("it cannot be made: {0}")]
    Render(#[from] std::io::Error),
}

impl Publication<'_> {
    /// Writes the part of every account that has a result, the latest run's in place of the one
    /// before. Parts of accounts that are left out stay as they are: the run in them has its date.
    pub(super) async fn accounts(&self, to: &Storage) -> Result<String, String> {
        let excluded = |one: &AccountSummary| matches!(one.outcome, AccountOutcome::Skipped { .. });
        let accounts = self.report.accounts.iter();
        let accounts: Vec<_> = accounts.filter(|one| !excluded(one)).collect();
        let mut walk = self.walk().map_err(|error| error.to_string())?;
        let prepared = accounts.iter().map(|summary| {
            let parts = self.parts(summary, &mut walk);
            parts
                .map(|parts| (&summary.account.id, parts))
                .map_err(|error| about(&summary.account.id, &error))
        });
        stream::iter(prepared)
            .try_for_each_concurrent(AT_ONCE, |(id, parts)| self.account(id, parts, to))
            .await?;
        let count = accounts.len();
        let location = to.location("accounts");
        Ok(format!("{count} accounts' own parts in {location}"))
    }

    async fn account(&self, id: &AccountId, parts: [Part; 2], to: &Storage) -> Result<(), String> {
        let sent = async {
            self.store.check()?;
            match to {
                Storage::Folder(folder) => write_parts(folder.root(), id, &parts)?,
                Storage::S3(remote) => self.send(id, &parts, remote).await?,
            }
            // A runtime with one thread has its timers to serve meanwhile.
            tokio::task::yield_now().await;
            Ok::<_, PartError>(())
        };
        sent.await.map_err(|error| about(id, &error))
    }

    fn parts(
        &self,
        summary: &AccountSummary,
        walk: &mut Option<Walk>,
    ) -> Result<[Part; 2], PartError> {
        let result = self.store.of(&summary.account)?;
        let comparison = History::of(walk, &result)?;
        let checks = self.config.checks.select();
        let applied = self.exceptions.apply(result);
        let comparison = comparison.as_ref();
        Ok(parts(self.report, summary, &applied, comparison, &checks)?)
    }

    async fn send(&self, id: &AccountId, parts: &[Part], to: &Remote) -> Result<(), StoreError> {
        for part in parts {
            let name = format!("{}/{}", account_folder(id), part.name);
            let content = Content::Bytes(&part.bytes, part.content_type);
            to.send(self.api_caller, &name, content).await?;
        }
        Ok(())
    }
}

fn about(id: &AccountId, error: &PartError) -> String {
    format!("the part of account {id}: {error}")
}
