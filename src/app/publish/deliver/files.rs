//! Sends the run's files to S3, and what is made of them for all runs together.

use std::fs;
use std::path::Path;

use aws_sdk_s3::Client;
use futures::stream::{self, StreamExt, TryStreamExt};
use orgscan_aws::{Failure, s3_client};
use orgscan_core::model::Region;
use orgscan_core::services::s3;
use orgscan_core::settings::{ReportConfig, S3Prefix};
use orgscan_files::disk::advice;
use orgscan_store::integrity::Sealed;
use orgscan_store::{Archive, StoreError, Version};

use super::Publication;
use crate::publish::reports::{Lake, ReportFile, below, folder, put_object, table_key};

/// How many accounts' files for Security Lake are under way at the same time. They lie on the disk meanwhile.
const AT_ONCE: usize = 64;

/// A bucket that reports go to.
pub(super) struct Bucket<'a> {
    pub(super) s3: Client,
    pub(super) name: &'a str,
    pub(super) prefix: String,
    pub(super) kms_key_id: Option<&'a str>,
}

/// Why the run's files did not get to their place.
#[derive(Debug, thiserror::Error)]
pub(super) enum SendError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Send(#[from] Failure),
}

/// Why an account's file for Security Lake did not get to its place.
#[derive(Debug, thiserror::Error)]
enum LakeError {
    #[error("{}; {}", .0, advice(.0, "check that the disk has room"))]
    Write(#[from] std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Send(#[from] Failure),
}

impl Publication<'_> {
    /// The bucket that reports go to.
    pub(super) fn bucket<'a>(
        &'a self,
        config: &'a ReportConfig,
        place: &'a S3Prefix,
    ) -> Bucket<'a> {
        Bucket {
            s3: s3_client(&self.aws.config_in(self.report_region(config))),
            name: &place.bucket,
            prefix: place.key_prefix(),
            kms_key_id: config.kms_key_id.as_deref(),
        }
    }

    /// The Region that the reports are in.
    fn report_region<'a>(&'a self, config: &'a ReportConfig) -> &'a Region {
        config.region.as_ref().unwrap_or(&self.aws.home)
    }

    /// Sends the files of the run, where they go to S3. Each takes the place of the one that was there when
    /// this began: a file that a process which has lost the run has still under way is refused where
    /// another process has written it meanwhile, so that no manifest is wrong about it.
    pub(super) async fn send_files(
        &self,
        config: &ReportConfig,
        files: &[ReportFile],
    ) -> Result<(), SendError> {
        let (Some(place), Some(Archive::S3(root))) = (config.location.s3(), self.store.archive())
        else {
            return Ok(());
        };
        let bucket = self.bucket(config, place);
        let run = &self.report.run;
        let folder = format!("{}/", folder(run));
        let there = root.versions_below(&folder).await?;
        for file in files {
            self.store.check()?;
            if let Some(key) = table_key(run, file.name).filter(|_| config.tables) {
                self.put(&bucket, &below(&bucket.prefix, &key), file)
                    .await?;
            }
            let name = format!("{folder}{}", file.name);
            let read = there.get(&name).unwrap_or(&Version::Absent);
            let content_type = file.content_type;
            root.send_fenced(&name, &file.path, content_type, read, self.lane)
                .await?;
        }
        Ok(())
    }

    async fn put(&self, to: &Bucket<'_>, key: &str, file: &ReportFile) -> Result<(), Failure> {
        let put = || put_object(&to.s3, to.name, key, to.kms_key_id, file);
        self.lane.call(&s3::PUT_OBJECT, put).await.map(|_| ())
    }

    /// Completes what is in place: the files for Security Lake where they are asked for, and the manifest.
    /// `root` is the folder that the run's own are below.
    pub(super) async fn completed(
        &self,
        config: &ReportConfig,
        root: &Path,
        files: &[ReportFile],
    ) -> Result<Option<Sealed>, String> {
        if config.security_lake {
            let written = self.lake(config, root, files).await;
            written.map_err(|error| {
                format!("the report is there, but not all files for Security Lake are: {error}")
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
        let region = self.report_region(config);
        let lake = Lake::open(root, &self.report.run, region, files)?;
        let place = config.location.s3();
        let bucket = place.map(|place| self.bucket(config, place));
        stream::iter(lake.into_iter().flatten())
            .map(|written| written.map_err(LakeError::Write))
            .try_for_each_concurrent(AT_ONCE, |(key, file)| {
                let bucket = bucket.as_ref();
                async move {
                    self.store.check()?;
                    if let Some(bucket) = bucket {
                        let key = below(&bucket.prefix, &key);
                        self.put(bucket, &key, &file).await?;
                        fs::remove_file(&file.path)?;
                    }
                    // A runtime with one thread has its timers to serve meanwhile.
                    tokio::task::yield_now().await;
                    Ok(())
                }
            })
            .await
    }
}
