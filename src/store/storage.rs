//! Where files lie: in a folder of this machine, or in S3. This is the only place that tells the two apart.

mod folder;
mod listed;
mod runs;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use orgscan_aws::rate_limit::ApiCaller;
use orgscan_aws::{AwsContext, s3_client};
use orgscan_core::lines::LineVisitor;
use orgscan_core::settings::{Location, ReportConfig};

use super::remote::Condition;
use super::{Remote, StoreError, Version};
pub use folder::Folder;
pub(crate) use folder::off_thread;
pub use listed::RunFile;

/// How long one attempt at a file may take. A large organization's report has a few hundred megabytes.
const FILE_TIME: Duration = Duration::from_secs(300);

/// How much a file has to survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// The end of the process. What a power cut damages can be had again.
    Process,
    /// A power cut too.
    PowerCut,
}

/// A folder, or what is below a prefix in S3. Names are relative to it, with slashes between their parts.
#[derive(Clone, Debug)]
pub enum Storage {
    /// This folder.
    Folder(Folder),
    /// In S3, below the prefix.
    S3(Arc<Remote>),
}

impl Storage {
    /// Where a report goes; in S3 `api_caller` limits the rate of requests.
    pub fn of(report: &ReportConfig, aws: &AwsContext, api_caller: ApiCaller) -> Self {
        let location = match &report.location {
            Location::Folder(folder) => return Self::in_folder(folder),
            Location::S3(location) => location,
        };
        let region = report.region.as_ref().unwrap_or(&aws.home);
        Self::S3(Arc::new(Remote {
            s3: s3_client(&aws.config_in(region)),
            bucket: location.bucket.clone(),
            prefix: location.key_prefix(),
            kms_key_id: report.kms_key_id.clone(),
            api_caller: api_caller.with_attempt_timeout(FILE_TIME),
        }))
    }

    /// A folder of this machine.
    pub fn in_folder(root: impl Into<PathBuf>) -> Self {
        Self::Folder(Folder::new(root.into()))
    }

    /// The folder; none where it is in S3.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Folder(folder) => Some(folder.root()),
            Self::S3(_) => None,
        }
    }

    /// The names of all files below a folder, `daily/`; none where it is not there.
    ///
    /// # Errors
    /// Where they cannot be listed.
    pub async fn names(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        match self {
            Self::Folder(root) => root.names_below(folder).await,
            Self::S3(remote) => remote.names_below(folder).await,
        }
    }

    /// The names of the folders in a folder.
    async fn folders_in(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        match self {
            Self::Folder(root) => root.folders_in(folder).await,
            Self::S3(remote) => remote.folders_in(folder).await,
        }
    }

    /// Goes through a file in chunks; none if it does not exist. After a broken connection it begins again.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub async fn fold<S: Send + 'static>(
        &self,
        name: &str,
        new: impl Fn() -> S + Send + 'static,
        add: impl Fn(&mut S, &[u8]) + Send + 'static,
    ) -> Result<Option<S>, StoreError> {
        match self {
            Self::Folder(root) => root.fold(name, new(), add).await,
            Self::S3(remote) => remote.fold(name, &new, &add).await,
        }
    }

    /// Reads a file line by line, as far as its reader wants; none where there is no such file. `reader` makes a
    /// new one for each attempt.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub async fn lines<L: LineVisitor>(
        &self,
        name: &str,
        reader: impl Fn() -> L,
    ) -> Result<Option<L>, StoreError> {
        match self {
            Self::Folder(root) => root.read_lines(name, reader()).await,
            Self::S3(remote) => remote.read_lines(name, reader).await,
        }
    }

    /// All of a file; none if it does not exist.
    ///
    /// # Errors
    /// Where it cannot be read, or has more than 64 MiB.
    pub async fn read(&self, name: &str) -> Result<Option<Bytes>, StoreError> {
        Ok(self.get(name).await?.map(|(bytes, _)| bytes))
    }

    /// A file with its version, for [`Storage::replace`].
    ///
    /// # Errors
    /// As [`Storage::read`].
    pub async fn version(&self, name: &str) -> Result<(Option<Bytes>, Version), StoreError> {
        Ok(match self.get(name).await? {
            Some((bytes, version)) => (Some(bytes), version),
            None => (None, Version::Absent),
        })
    }

    async fn get(&self, name: &str) -> Result<Option<(Bytes, Version)>, StoreError> {
        match self {
            Self::Folder(root) => root.get(name).await,
            Self::S3(remote) => remote.get(name).await,
        }
    }

    /// Copies a file to the local disk. Gives its version.
    pub(crate) async fn copy(&self, name: &str, to: &Path) -> Result<Version, StoreError> {
        match self {
            Self::Folder(root) => root.copy(name, to).await,
            Self::S3(remote) => remote.get_file(name, to).await,
        }
    }

    /// A file on the local disk: itself, or a copy at `copy`. None where it has gone meanwhile.
    ///
    /// # Errors
    /// Where it cannot be copied.
    pub async fn local(&self, file: &RunFile, copy: &Path) -> Result<Option<PathBuf>, StoreError> {
        match self {
            Self::Folder(root) => Ok(Some(root.path(file.path()))),
            Self::S3(remote) => {
                let version = remote.get_file(file.path(), copy).await?;
                Ok((version != Version::Absent).then(|| copy.to_owned()))
            }
        }
    }

    /// Writes a file: whole or not at all.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub async fn write(&self, name: &str, bytes: Bytes) -> Result<(), StoreError> {
        match self {
            Self::Folder(root) => root.write(name, bytes, Durability::PowerCut).await,
            Self::S3(remote) => remote.put(name, &bytes, &Condition::Always).await.map(drop),
        }
    }

    /// Writes a file, if it is still of this version. Gives whether it was.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub async fn replace(
        &self,
        name: &str,
        bytes: Bytes,
        read: &Version,
    ) -> Result<bool, StoreError> {
        match self {
            Self::Folder(root) => root.replace(name, bytes, read).await,
            Self::S3(remote) => {
                let put = remote.put(name, &bytes, &read.into()).await?;
                Ok(put.is_some())
            }
        }
    }

    /// The same with the content of a file, which a folder takes as it is. `lock` is the name of the file beside it
    /// that is locked meanwhile.
    pub(crate) async fn replace_with(
        &self,
        name: &str,
        next: &Path,
        read: &Version,
        lock: &'static str,
    ) -> Result<bool, StoreError> {
        match self {
            Self::Folder(root) => root.replace_with(name, next, read, lock).await,
            Self::S3(remote) => {
                let put = remote.put_file(name, next, &read.into()).await?;
                Ok(put.is_some())
            }
        }
    }

    /// Where a file is, for people.
    pub fn location(&self, name: &str) -> String {
        match self {
            Self::Folder(root) => root.path(name).display().to_string(),
            Self::S3(remote) => remote.url_of(name),
        }
    }
}

/// The folder itself, for people.
impl fmt::Display for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(root) => root.root().display().fmt(f),
            Self::S3(remote) => f.write_str(&remote.url()),
        }
    }
}
