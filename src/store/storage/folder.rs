//! A folder of this machine. Its files are read and written off the asynchronous threads, which have requests
//! to serve.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use orgscan_core::lines::LineVisitor;
use orgscan_files::disk;
use tokio::sync::Semaphore;

use crate::lines::read as read_lines;
use crate::version::{Version, replace_file, version, version_of};
use crate::{Durability, StoreError};

/// How much of a file is read at a time.
const CHUNK: usize = 65_536;

/// A folder of this machine. Names are relative to it, with slashes between their parts.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
    /// Where files are until they are complete; beside their place by default.
    scratch: Option<PathBuf>,
}

/// Files that are open at the same time: many accounts may end at the same moment, by the deadline for instance,
/// and a process may have 64 files open in all.
static AT_ONCE: Semaphore = Semaphore::const_new(16);

/// Does file work off the asynchronous threads.
pub(crate) async fn off_thread<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
) -> Result<T, StoreError> {
    let of = path.clone();
    // Never closed, so this only ever waits.
    let _permit = AT_ONCE.acquire().await;
    let done = tokio::task::spawn_blocking(move || work(&of)).await;
    let done = done.unwrap_or_else(|broken| Err(io::Error::other(broken)));
    done.map_err(StoreError::at(&path))
}

impl Folder {
    pub(crate) fn new(root: PathBuf) -> Self {
        Self {
            root,
            scratch: None,
        }
    }

    /// The same with a folder for files that are not complete, on the same file system.
    pub(crate) fn with_scratch(root: PathBuf, scratch: PathBuf) -> Self {
        let scratch = Some(scratch);
        Self { root, scratch }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    pub(super) async fn names_below(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        let name = folder.trim_end_matches('/').to_owned();
        off_thread(self.root.clone(), move |root| {
            let mut found = Vec::new();
            walk(&root.join(&name), &name, &mut found)?;
            Ok(found)
        })
        .await
    }

    pub(super) async fn folders_in(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        off_thread(self.path(folder), folders).await
    }

    pub(super) async fn fold<S: Send + 'static>(
        &self,
        name: &str,
        state: S,
        add: impl Fn(&mut S, &[u8]) + Send + 'static,
    ) -> Result<Option<S>, StoreError> {
        off_thread(self.path(name), move |path| read_through(path, state, add)).await
    }

    pub(super) async fn read_lines<L: LineVisitor>(
        &self,
        name: &str,
        mut reader: L,
    ) -> Result<Option<L>, StoreError> {
        let read = move |path: &Path| {
            let is_there = read_lines(path, &mut reader)?;
            Ok(is_there.then_some(reader))
        };
        off_thread(self.path(name), read).await
    }

    pub(super) async fn get(&self, name: &str) -> Result<Option<(Bytes, Version)>, StoreError> {
        off_thread(self.path(name), |path| match disk::read(path) {
            Ok(bytes) => {
                let version = version_of(&bytes);
                Ok(Some((Bytes::from(bytes), version)))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    /// Writes a file: whole or not at all.
    pub(crate) async fn write(
        &self,
        name: &str,
        bytes: Bytes,
        durability: Durability,
    ) -> Result<(), StoreError> {
        let scratch = self.scratch.clone();
        off_thread(self.path(name), move |path| {
            let unfinished = unfinished(path, scratch.as_deref(), &bytes, durability)?;
            Ok(unfinished.persist(path)?)
        })
        .await
    }

    pub(super) async fn replace(
        &self,
        name: &str,
        bytes: Bytes,
        read: &Version,
    ) -> Result<bool, StoreError> {
        let read = read.clone();
        // Apart from that of the state of findings, which may take a while.
        let lock = format!("{}.lock", name.rsplit('/').next().unwrap_or(name));
        let scratch = self.scratch.clone();
        off_thread(self.path(name), move |path| {
            let next = unfinished(path, scratch.as_deref(), &bytes, Durability::PowerCut)?;
            replace_file(path, &next, &read, &lock)
        })
        .await
    }

    pub(super) async fn replace_with(
        &self,
        name: &str,
        next: &Path,
        read: &Version,
        lock: &'static str,
    ) -> Result<bool, StoreError> {
        let (next, read) = (next.to_owned(), read.clone());
        let replace = move |path: &Path| replace_file(path, &next, &read, lock);
        off_thread(self.path(name), replace).await
    }

    pub(super) async fn copy(&self, name: &str, to: &Path) -> Result<Version, StoreError> {
        let to = to.to_owned();
        off_thread(self.path(name), move |from| {
            let mut from = match disk::open(from) {
                Ok(from) => from,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Ok(Version::Absent);
                }
                Err(error) => return Err(error),
            };
            io::copy(&mut from, &mut disk::create(&to)?)?;
            version(&to)
        })
        .await
    }
}

/// A file that is to get this name, complete.
fn unfinished(
    path: &Path,
    scratch: Option<&Path>,
    bytes: &[u8],
    durability: Durability,
) -> io::Result<tempfile::TempPath> {
    let folder = path.parent().unwrap_or(path);
    disk::create_folders(folder)?;
    let sync = durability == Durability::PowerCut;
    disk::write_temporary(scratch.unwrap_or(folder), bytes, sync)
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

/// The names of the folders in a folder; none where there is no such folder.
fn folders(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.path().is_dir() {
            found.extend(entry.file_name().into_string().ok());
        }
    }
    Ok(found)
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
