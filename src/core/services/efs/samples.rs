//! What the tests of the checks share.

use super::{FileSystem, FileSystems};
use crate::checks::samples::ago;
use crate::facts::FactStore;
use crate::model::{Arn, Reading};

/// The ARN of a file system in `eu-west-1`.
pub(super) fn arn(id: &str) -> Arn {
    format!("arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/{id}").into()
}

/// An encrypted file system that is a year old.
pub(super) fn file_system(id: &str) -> FileSystem {
    FileSystem {
        id: id.into(),
        arn: arn(id),
        created: ago(365),
        is_encrypted: true,
    }
}

/// A Region with these file systems.
pub(super) fn file_systems(all: Vec<FileSystem>) -> FactStore {
    FactStore::default().with::<FileSystems>(Reading::known(all.into()))
}
