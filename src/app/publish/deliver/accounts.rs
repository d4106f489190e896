//! Sends each account's own part of the report.

use std::path::Path;

use futures::stream::{self, TryStreamExt};
use orgscan_aws::Failure;
use orgscan_core::model::{AccountId, AccountOutcome, AccountSummary};
use orgscan_core::services::s3;
use orgscan_core::settings::{Location, ReportConfig};
use orgscan_store::StoreError;
use orgscan_store::history::{History, HistoryError, Walk};

use super::Publication;
use super::files::Bucket;
use crate::publish::reports::{Part, WriteError, account_key, parts, put_part, write_parts};

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
    #[error(transparent)]
    Send(#[from] Failure),
    #[error("it cannot be made: {0}")]
    Render(#[from] std::io::Error),
}

/// Where the parts go.
enum To<'a> {
    Folder(&'a Path),
    Bucket(Bucket<'a>),
}

impl Publication<'_> {
    /// Writes the part of every account that has a result, the latest run's in place of the one
    /// before. Parts of accounts that are left out stay as they are: the run in them has its date.
    pub(super) async fn accounts(&self, config: &ReportConfig) -> Result<String, String> {
        let to = self.to(config);
        let left_out = |one: &AccountSummary| matches!(one.outcome, AccountOutcome::Skipped { .. });
        let accounts = self.report.accounts.iter();
        let accounts: Vec<_> = accounts.filter(|one| !left_out(one)).collect();
        let mut walk = self.walk().map_err(|error| error.to_string())?;
        let prepared = accounts.iter().map(|summary| {
            let parts = self.parts(summary, &mut walk);
            parts
                .map(|parts| (&summary.account.id, parts))
                .map_err(|error| about(&summary.account.id, &error))
        });
        stream::iter(prepared)
            .try_for_each_concurrent(AT_ONCE, |(id, parts)| self.account(id, parts, &to))
            .await?;
        let count = accounts.len();
        let location = config.location.to_string();
        let location = location.trim_end_matches('/');
        Ok(format!(
            "{count} accounts' own parts in {location}/accounts"
        ))
    }

    fn to<'a>(&'a self, config: &'a ReportConfig) -> To<'a> {
        match &config.location {
            Location::Folder(folder) => To::Folder(folder),
            Location::S3(prefix) => To::Bucket(self.bucket(config, prefix)),
        }
    }

    async fn account(&self, id: &AccountId, parts: [Part; 2], to: &To<'_>) -> Result<(), String> {
        let sent = async {
            self.store.check()?;
            match to {
                To::Folder(root) => write_parts(root, id, &parts)?,
                To::Bucket(bucket) => self.send(id, &parts, bucket).await?,
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

    async fn send(&self, id: &AccountId, parts: &[Part], to: &Bucket<'_>) -> Result<(), Failure> {
        for part in parts {
            let key = account_key(&to.prefix, id, part.name);
            let put = || put_part(&to.s3, to.name, &key, to.kms_key_id, part);
            self.lane.call(&s3::PUT_OBJECT, put).await?;
        }
        Ok(())
    }
}

fn about(id: &AccountId, error: &PartError) -> String {
    format!("the part of account {id}: {error}")
}
