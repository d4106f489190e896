//! Files that are served: those of reports, below the folder that was named, and through no symbolic link.

use std::fs::File;
use std::path::{Path, PathBuf};

use orgscan_files::disk;
use percent_encoding::percent_decode_str;

use super::DAILY;

/// How many parts the path of a report's file has: `daily`, year, month, day, run, file.
const DEPTH: usize = 6;

/// A report's file, as far as its path says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReportPath {
    parts: Vec<String>,
}

impl ReportPath {
    /// The file that a path of an address names, if a report can have it.
    pub(super) fn of(path: &str) -> Option<Self> {
        let parts: Option<Vec<String>> = path.split('/').map(part).collect();
        let parts = parts?;
        let is_report = parts.len() == DEPTH && parts[0] == DAILY;
        (is_report && content_type(parts.last()?).is_some()).then_some(Self { parts })
    }

    pub(super) fn name(&self) -> &str {
        self.parts.last().map_or("", String::as_str)
    }

    /// What kind of file it is.
    pub(super) fn content_type(&self) -> &'static str {
        content_type(self.name()).unwrap_or(BYTES)
    }

    /// The folder of its run, as an address has it: relative to the list of runs.
    pub(super) fn run(&self) -> String {
        self.parts[..DEPTH - 1].join("/")
    }

    /// Opens it below a folder, which has no symbolic link in its path. Nothing if it is not there, is no regular file
    /// or has a symbolic link in its path.
    pub(super) fn open(&self, root: &Path) -> Option<File> {
        let mut path: PathBuf = root.to_owned();
        path.extend(&self.parts);
        let file = disk::open(&path).ok()?;
        (path.canonicalize().ok()? == path).then_some(file)
    }
}

/// One part of a path, decoded. Not one that leads elsewhere, on any system.
fn part(encoded: &str) -> Option<String> {
    let part = percent_decode_str(encoded).decode_utf8().ok()?.into_owned();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let is_name = !part.is_empty() && !part.starts_with('.') && part.chars().all(is_plain);
    is_name.then_some(part)
}

const BYTES: &str = "application/octet-stream";

/// What a file is by its name; none for files that no report has.
fn content_type(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    match extension {
        "html" => Some("text/html; charset=utf-8"),
        "json" => Some("application/json"),
        "txt" | "csv" | "jsonl" | "sig" => Some("text/plain; charset=utf-8"),
        "gz" | "parquet" | "sarif" | "xml" => Some(BYTES),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const RUN: &str = "daily/2026/11/22/nightly";

    #[test]
    fn only_files_of_reports_have_a_path() {
        let path = ReportPath::of(&format!("{RUN}/index.html")).unwrap();
        assert_eq!(path.name(), "index.html");
        assert_eq!(path.run(), RUN);
        for bad in [
            "",
            "/",
            "demo-signing-key.pem",
            "state/head.json",
            "runs/nightly/run.json",
            "daily/2026/11/22/nightly",
            "daily/2026/11/22/nightly/a/index.html",
            "daily/2026/11/22/nightly/.orgscan-abcdef",
            "daily/2026/11/22/nightly/key.pem",
            "daily/2026/11/22/nightly/none",
            "daily/2026/11/../nightly/index.html",
            "daily/2026/11/22/../index.html",
            "daily/2026/11/%2e%2e/nightly/index.html",
            "daily/2026/11/22/..%2f..%2fstate/head.json",
            "daily/2026/11/22/nightly/%2fetc%2fpasswd.txt",
            "daily/2026/11/22/nightly/a%5c..%5cb.txt",
            "daily/2026/11/22/nightly/a%00.txt",
            "daily/2026/11/22/nightly/a%ff.txt",
            "daily/2026/11/22/C:/index.html",
            "daily//2026/11/22/index.html",
            "DAILY/2026/11/22/nightly/index.html",
        ] {
            assert_eq!(ReportPath::of(bad), None, "{bad}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn no_symbolic_link_is_followed() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let run = root.join(RUN);
        fs::create_dir_all(&run).unwrap();
        fs::write(run.join("a.txt"), "a").unwrap();
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("b.txt"), "b").unwrap();
        symlink(outside.path().join("b.txt"), run.join("b.txt")).unwrap();
        symlink(outside.path(), root.join("daily/2026/11/22/linked")).unwrap();
        fs::create_dir(run.join("folder.txt")).unwrap();
        let opens = |path: &str| ReportPath::of(path).unwrap().open(&root).is_some();
        assert!(opens(&format!("{RUN}/a.txt")));
        assert!(!opens(&format!("{RUN}/b.txt")));
        assert!(!opens("daily/2026/11/22/linked/b.txt"));
        assert!(!opens(&format!("{RUN}/folder.txt")));
        assert!(!opens(&format!("{RUN}/none.txt")));
    }
}
