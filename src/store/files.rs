//! The store's files on the local disk. Written off the asynchronous threads, which have requests to
//! serve.

use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use orgscan_files::disk;
use serde::Serialize;
use tokio::sync::Semaphore;

use super::StoreError;

/// How much has to survive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Survives {
    /// The end of the process. What a power cut damages can be had again.
    Process,
    /// A power cut too.
    PowerCut,
}

/// Writes a value as JSON: whole or not at all, by way of a temporary file in the folder `scratch`. Gives
/// what was written.
pub(super) async fn write_json(
    scratch: PathBuf,
    path: PathBuf,
    value: impl Serialize + Send + 'static,
    survives: Survives,
) -> Result<Bytes, StoreError> {
    off_thread(path, move |path| {
        let bytes = Bytes::from(serde_json::to_vec(&value)?);
        write_bytes(&scratch, path, &bytes, survives)?;
        Ok(bytes)
    })
    .await
}

/// Writes a file that came from elsewhere: whole or not at all.
pub(super) async fn write(scratch: PathBuf, path: PathBuf, bytes: Bytes) -> Result<(), StoreError> {
    off_thread(path, move |path| {
        write_bytes(&scratch, path, &bytes, Survives::Process)
    })
    .await
}

/// Files that the store has open at the same time: many accounts may end at the same moment, by the
/// deadline for instance, and a process may have 64 files open in all.
static AT_ONCE: Semaphore = Semaphore::const_new(16);

/// Does file work off the asynchronous threads.
pub(super) async fn off_thread<T: Send + 'static>(
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

fn write_bytes(scratch: &Path, path: &Path, bytes: &[u8], survives: Survives) -> io::Result<()> {
    let unfinished = disk::write_temporary(scratch, bytes, survives == Survives::PowerCut)?;
    Ok(unfinished.persist(path)?)
}
