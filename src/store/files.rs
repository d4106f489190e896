//! The store's files on the local disk. Written off the asynchronous threads, which have requests to
//! serve.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde::Serialize;

use super::StoreError;

/// How much has to survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Survives {
    /// The end of the process. What a power cut damages can be had again.
    Process,
    /// A power cut too.
    PowerCut,
}

/// Writes a value as JSON: whole or not at all. Gives what was written.
pub(super) async fn write_json(
    path: PathBuf,
    value: impl Serialize + Send + 'static,
    survives: Survives,
) -> Result<Bytes, StoreError> {
    off_thread(path, move |path| {
        let bytes = Bytes::from(serde_json::to_vec(&value)?);
        write_bytes(path, &bytes, survives)?;
        Ok(bytes)
    })
    .await
}

/// Writes a file that came from elsewhere: whole or not at all.
pub(super) async fn write(path: PathBuf, bytes: Bytes) -> Result<(), StoreError> {
    off_thread(path, move |path| {
        write_bytes(path, &bytes, Survives::Process)
    })
    .await
}

/// Does file work off the asynchronous threads.
pub(super) async fn off_thread<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
) -> Result<T, StoreError> {
    let of = path.clone();
    let done = tokio::task::spawn_blocking(move || work(&of)).await;
    let done = done.unwrap_or_else(|broken| Err(io::Error::other(broken)));
    done.map_err(StoreError::at(&path))
}

/// The lease lets one process at a time write here, so the unfinished file's name needs not be
/// unique, and one that a killed process leaves behind is overwritten.
fn write_bytes(path: &Path, bytes: &[u8], survives: Survives) -> io::Result<()> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".part");
    let mut file = File::create(&unfinished)?;
    file.write_all(bytes)?;
    if survives == Survives::PowerCut {
        file.sync_all()?;
    }
    fs::rename(&unfinished, path)
}
