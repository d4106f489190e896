//! The repository's files that people read.

use std::path::{Path, PathBuf};

use crate::testing::repository;

/// A text file of the repository.
pub(super) struct TextFile {
    /// Its path in the repository.
    pub path: String,
    pub text: String,
}

impl TextFile {
    pub(super) fn is(&self, extension: &str) -> bool {
        let path = Path::new(&self.path);
        path.extension().is_some_and(|own| own == extension)
    }
}

/// The README and the pages of `docs`, without the changelog.
pub(super) fn pages() -> Vec<TextFile> {
    let mut pages = read(&["README.md", "docs"], &["md"]);
    pages.retain(|page| page.path != "docs/CHANGELOG.md");
    pages
}

/// The files with these extensions, in these files and folders, sorted.
pub(super) fn read(roots: &[&str], extensions: &[&str]) -> Vec<TextFile> {
    let mut paths = Vec::new();
    for root in roots {
        add(repository().join(root), &mut paths);
    }
    paths.sort();
    let files = paths.into_iter().map(|path| TextFile {
        text: String::new(),
        path: relative(&path),
    });
    let mut files: Vec<_> = files
        .filter(|file| extensions.iter().any(|one| file.is(one)))
        .collect();
    for file in &mut files {
        file.text = std::fs::read_to_string(repository().join(&file.path)).unwrap();
    }
    files
}

fn relative(path: &Path) -> String {
    let path = path.strip_prefix(repository()).unwrap();
    path.to_str().unwrap().replace('\\', "/")
}

fn add(path: PathBuf, paths: &mut Vec<PathBuf>) {
    if !path.is_dir() {
        paths.push(path);
        return;
    }
    for entry in path.read_dir().unwrap() {
        let entry = entry.unwrap();
        let installed = ["target", "node_modules", "vendor"];
        if installed.iter().all(|name| entry.file_name() != *name) {
            add(entry.path(), paths);
        }
    }
}
