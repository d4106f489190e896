//! Folders, watched while a process writes there.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Counts the changes of the files below a folder, as far as somebody sees them who looks often.
pub(super) struct Changes {
    folder: Option<PathBuf>,
    seen: BTreeMap<PathBuf, (u64, u64, i64)>,
    count: usize,
}

impl Changes {
    pub(super) fn below(folder: Option<&Path>) -> Self {
        let mut changes = Self {
            folder: folder.map(Path::to_owned),
            seen: BTreeMap::new(),
            count: 0,
        };
        changes.count();
        changes.count = 0;
        changes
    }

    pub(super) fn count(&mut self) -> usize {
        let Some(folder) = &self.folder else { return 0 };
        let about = |path: PathBuf| {
            let about = fs::symlink_metadata(&path).ok()?;
            Some((path, (about.ino(), about.size(), about.mtime_nsec())))
        };
        let now: BTreeMap<_, _> = files(folder).into_iter().filter_map(about).collect();
        let new = now
            .iter()
            .filter(|(path, about)| self.seen.get(*path) != Some(about));
        self.count += new.count();
        self.seen = now;
        self.count
    }
}

/// All files below a folder; it may change meanwhile.
pub(super) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            true => found.extend(files(&entry.path())),
            false => found.push(entry.path()),
        }
    }
    found
}

pub(super) fn copy(from: &Path, to: &Path) {
    for path in files(from) {
        let to = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(&path, &to).unwrap();
    }
}
