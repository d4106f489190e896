//! Versions of files, for telling whether one is still the same.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use orgscan_files::disk;
use sha2::{Digest, Sha256};

use super::StoreError;

/// A version of a file or an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Version {
    /// There is none.
    Absent,
    /// S3's name for it, or its digest.
    Of(String),
}

/// Puts the file `next` in the place of another one, if that is still of this version. One process at a
/// time compares and replaces: the one that has locked the file `lock` beside it.
pub(super) fn replace_file(
    state: &Path,
    next: &Path,
    read: &Version,
    lock: &str,
) -> io::Result<bool> {
    let folder = state.parent().unwrap_or(state);
    disk::create_folders(folder)?;
    let _lock = disk::lock(&folder.join(lock))?;
    let is_unchanged = version(state)? == *read;
    if is_unchanged {
        fs::rename(next, state)?;
        #[cfg(unix)]
        File::open(folder)?.sync_all()?;
    }
    Ok(is_unchanged)
}

/// The version of a file with this content.
pub(super) fn version_of(bytes: &[u8]) -> Version {
    Version::Of(format!("{:x?}", &Sha256::digest(bytes)[..]))
}

pub(super) fn version(state: &Path) -> io::Result<Version> {
    let mut file = match disk::open(state) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Version::Absent),
        Err(error) => return Err(error),
    };
    let mut digest = Sha256::new();
    let mut buffer = [0; 65_536];
    loop {
        match io::Read::read(&mut file, &mut buffer)? {
            0 => return Ok(Version::Of(format!("{:x?}", &digest.finalize()[..]))),
            read => digest.update(&buffer[..read]),
        }
    }
}

/// Whether two local copies have the same content.
///
/// # Errors
/// Where one cannot be read.
pub fn same(one: &Path, other: &Path) -> Result<bool, StoreError> {
    let of = |path: &Path| version(path).map_err(StoreError::at(path));
    Ok(of(one)? == of(other)?)
}
