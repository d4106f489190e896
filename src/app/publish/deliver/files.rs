//! Sends the run's files to S3, and what is made of them for all runs together.

use std::fs;
use std::path::Path;

use futures::stream::{self, StreamExt, TryStreamExt};
use orgscan_core::settings::ReportConfig;
use orgscan_files::disk::advice;
use orgscan_store::integrity::SealedLink;
use orgscan_store::{Content, Remote, Storage, StoreError, Version};

use super::Publication;
use crate::publish::reports::{Lake, ReportFile, folder, table_key};

/// How many accounts' files for Security Lake are under way at the same time. They lie on the disk meanwhile.
const AT_ONCE: usize = 64;

/// Why an account's file for Security Lake did not get to its place.
#[derive(Debug, thiserror::Error)]
enum LakeError {
    #[error("{}; {}", .0, advice(.0, "check that the disk has room"))]
    Write(#[from] std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Publication<'_> {
    /// The folder in S3 that reports go to; none where they go to one of this machine.
    pub(super) fn remote(&self) -> Option<&Remote> {
        match self.store.archive()? {
            Storage::Folder(_) => None,
            Storage::S3(remote) => Some(remote),
        }
    }

    /// Sends the files of the run, where they go to S3. Each takes the place of the one that was there when
    /// this began: a file that a process which has lost the run has still under way is refused where
    /// another process has written it meanwhile, so that no manifest is wrong about it.
    pub(super) async fn send_files(
        &self,
        config: &ReportConfig,
        files: &[ReportFile],
    ) -> Result<(), StoreError> {
        let Some(root) = self.remote() else {
            return Ok(());
        };
        let run = &self.report.run;
        let folder = format!("{}/", folder(run));
        let there = root.versions_below(&folder).await?;
        for file in files {
            self.store.check()?;
            if let Some(key) = table_key(run, file.name).filter(|_| config.tables) {
                self.put(root, &key, file).await?;
            }
            let name = format!("{folder}{}", file.name);
            let read = there.get(&name).unwrap_or(&Version::Absent);
            let content_type = file.content_type;
            root.send_fenced(&name, &file.path, content_type, read, self.api_caller)
                .await?;
        }
        Ok(())
    }

    async fn put(&self, to: &Remote, name: &str, file: &ReportFile) -> Result<(), StoreError> {
        let content = Content::File(&file.path, file.content_type);
        to.send(self.api_caller, name, content).await
    }

    /// Completes what is in place: the files for Security Lake where they are asked for, and the manifest.
    /// `root` is the folder that the run's own are below.
    pub(super) async fn completed(
        &self,
        config: &ReportConfig,
        root: &Path,
        files: &[ReportFile],
    ) -> Result<Option<SealedLink>, String> {
        if config.security_lake {
            let written = self.lake(config, root, files).await;
            written.map_err(|error| {
                format!(
                    "the report is written, but some files for Security Lake are missing: {error}"
                )
            })?;
        }
        self.sealed(config, files).await
    }

    /// Writes the run's events for Security Lake, an account at a time, and sends them where they go to S3.
    async fn lake(
        &self,
        config: &ReportConfig,
        root: &Path,
        files: &[ReportFile],
    ) -> Result<(), LakeError> {
        let region = config.region.as_ref().unwrap_or(&self.aws.home);
        let lake = Lake::open(root, &self.report.run, region, files)?;
        let remote = self.remote();
        stream::iter(lake.into_iter().flatten())
            .map(|written| written.map_err(LakeError::Write))
            .try_for_each_concurrent(AT_ONCE, |(key, file)| async move {
                self.store.check()?;
                if let Some(remote) = remote {
                    self.put(remote, &key, &file).await?;
                    fs::remove_file(&file.path)?;
                }
                // A runtime with one thread has its timers to serve meanwhile.
                tokio::task::yield_now().await;
                Ok(())
            })
            .await
    }
}
