//! The place that reports go to, as a whole: what runs that have ended have left there.

mod listed;
mod runs;

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use orgscan_aws::pace::Lane;
use orgscan_aws::{Aws, s3_client};
use orgscan_core::settings::{Location, ReportConfig};
use orgscan_files::disk;

use super::files::off_thread;
use super::remote::{Condition, ETag};
use super::version::{self, Version};
use super::{Remote, StoreError};
pub use listed::Listed;

/// The parts of a report file's name: `daily`, year, month, day, run, file.
const DEPTH: usize = 6;

/// How much of a file is read at a time.
const CHUNK: usize = 65_536;

/// How long one attempt at a file may take. A large organization's report has a few hundred megabytes.
const FILE_TIME: Duration = Duration::from_secs(300);

/// The place that reports go to. Names are relative to it, with slashes between their parts.
#[derive(Clone, Debug)]
pub enum Archive {
    /// This folder.
    Folder(PathBuf),
    /// In S3, below the prefix.
    S3(Arc<Remote>),
}

impl Archive {
    /// Where a report in S3 goes; `lane` paces the requests.
    pub fn of(report: &ReportConfig, aws: &Aws, lane: Lane) -> Self {
        let place = match &report.location {
            Location::Folder(folder) => return Self::Folder(folder.clone()),
            Location::S3(prefix) => prefix,
        };
        let region = report.region.as_ref().unwrap_or(&aws.home);
        Self::S3(Arc::new(Remote {
            s3: s3_client(&aws.config_in(region)),
            bucket: place.bucket.clone(),
            prefix: place.key_prefix(),
            kms_key_id: report.kms_key_id.clone(),
            lane: lane.with_attempt_timeout(FILE_TIME),
        }))
    }

    /// The names of all files below a folder, `daily/`; none where it is not there.
    ///
    /// # Errors
    /// Where they cannot be listed.
    pub async fn names(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        match self {
            Self::S3(remote) => remote.names_below(folder).await,
            Self::Folder(root) => {
                let name = folder.trim_end_matches('/').to_owned();
                off_thread(root.clone(), move |root| {
                    let mut found = Vec::new();
                    walk(&root.join(&name), &name, &mut found)?;
                    Ok(found)
                })
                .await
            }
        }
    }

    /// All of a file; none where there is none.
    ///
    /// # Errors
    /// Where it cannot be read, or has more than 64 MiB.
    pub async fn read(&self, name: &str) -> Result<Option<Bytes>, StoreError> {
        let append = |all: &mut Vec<u8>, chunk: &[u8]| {
            if all.len() <= disk::LARGEST {
                all.extend_from_slice(chunk);
            }
        };
        match self.fold(name, Vec::new, append).await? {
            Some(all) if all.len() > disk::LARGEST => {
                let place = PathBuf::from(self.place(name));
                Err(StoreError::at(&place)(disk::too_large()))
            }
            read => Ok(read.map(Bytes::from)),
        }
    }

    /// Goes through a file in chunks; none where there is none. A connection that breaks on the way has
    /// it begin anew.
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
            Self::S3(remote) => remote.fold(name, &new, &add).await,
            Self::Folder(root) => {
                let path = root.join(name);
                off_thread(path, move |path| read_through(path, new(), add)).await
            }
        }
    }

    /// A file with its version, for [`Archive::replace`].
    ///
    /// # Errors
    /// Where it cannot be read.
    pub async fn version(&self, name: &str) -> Result<(Option<Bytes>, Version), StoreError> {
        match self {
            Self::S3(remote) => Ok(match remote.get(name).await? {
                Some((bytes, ETag(etag))) => (Some(bytes), Version::Of(etag)),
                None => (None, Version::Absent),
            }),
            Self::Folder(_) => {
                let bytes = self.read(name).await?;
                let version = bytes
                    .as_deref()
                    .map_or(Version::Absent, version::version_of);
                Ok((bytes, version))
            }
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
            Self::S3(remote) => {
                let put = remote.put(name, &bytes, &Condition::from(read)).await?;
                Ok(put.is_some())
            }
            Self::Folder(root) => {
                let read = read.clone();
                // Apart from that of the state of findings, which may take a while.
                let lock = format!("{}.lock", name.rsplit('/').next().unwrap_or(name));
                off_thread(root.join(name), move |path| {
                    let next = unfinished(path, &bytes)?;
                    version::replace_file(path, &next, &read, &lock)
                })
                .await
            }
        }
    }

    /// Writes a file: whole or not at all.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub async fn write(&self, name: &str, bytes: Bytes) -> Result<(), StoreError> {
        match self {
            Self::S3(remote) => {
                remote.put(name, &bytes, &Condition::Always).await?;
                Ok(())
            }
            Self::Folder(root) => {
                off_thread(root.join(name), move |path| {
                    Ok(unfinished(path, &bytes)?.persist(path)?)
                })
                .await
            }
        }
    }

    /// Where a file is, for people.
    pub fn place(&self, name: &str) -> String {
        match self {
            Self::S3(remote) => remote.url_of(name),
            Self::Folder(root) => root.join(name).display().to_string(),
        }
    }
}

/// Adds the names of the files below a folder. A symbolic link is a file: it may lead anywhere.
fn walk(folder: &Path, name: &str, found: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let name = format!("{name}/{}", entry.file_name().to_string_lossy());
        match entry.file_type()?.is_dir() {
            true => walk(&entry.path(), &name, found)?,
            false => found.push(name),
        }
    }
    Ok(())
}

fn read_through<S>(
    path: &Path,
    mut state: S,
    add: impl Fn(&mut S, &[u8]),
) -> io::Result<Option<S>> {
    let mut file = match disk::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut buffer = vec![0; CHUNK];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(Some(state)),
            read => add(&mut state, buffer.get(..read).unwrap_or_default()),
        }
    }
}

/// A file that is to get this name, complete and on the disk.
fn unfinished(path: &Path, bytes: &[u8]) -> io::Result<tempfile::TempPath> {
    let folder = path.parent().unwrap_or(path);
    disk::create_folders(folder)?;
    disk::write_temporary(folder, bytes, true)
}
