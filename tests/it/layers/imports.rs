//! What source files use, as their text says.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use regex_lite::Regex;

/// A source file without its comments and its tests.
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    /// Its path from the crate's folder.
    pub(crate) within: PathBuf,
    pub(crate) code: String,
}

impl Source {
    /// Whether it is a module of the crate, or lies below it.
    pub(crate) fn is_below(&self, module: &str) -> bool {
        self.module() == module
    }

    /// The crate's module that it is a part of.
    pub(crate) fn module(&self) -> &str {
        let first = self.within.iter().next().unwrap().to_str().unwrap();
        first.strip_suffix(".rs").unwrap_or(first)
    }
}

/// The sources of a crate, those of tests left out.
pub(crate) fn sources(folder: &Path) -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    let text = |path: &Path| std::fs::read_to_string(path).unwrap();
    let tests: BTreeSet<PathBuf> = found
        .iter()
        .flat_map(|path| tested_in(path, &text(path)))
        .collect();
    let is_test = |path: &PathBuf| path.ancestors().any(|part| tests.contains(part));
    let of_tests = |path: &PathBuf| is_test(path) || is_test(&path.with_extension(""));
    let found = found.into_iter().filter(|path| !of_tests(path));
    found.map(|path| source(folder, path)).collect()
}

fn source(folder: &Path, path: PathBuf) -> Source {
    let text = std::fs::read_to_string(&path).unwrap();
    let own = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = own
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    Source {
        within: path.strip_prefix(folder).unwrap().to_owned(),
        code: lines.collect::<Vec<_>>().join("\n"),
        path,
    }
}

/// The paths, without `.rs`, of the modules that a file has for tests alone.
fn tested_in(path: &Path, text: &str) -> Vec<PathBuf> {
    let is_root = ["lib", "mod"]
        .iter()
        .any(|stem| path.file_stem().unwrap() == *stem);
    let folder = match is_root {
        true => path.parent().unwrap().to_owned(),
        false => path.with_extension(""),
    };
    let declared = Regex::new(r"#\[cfg\(test\)\]\s*(?:pub(?:\([a-z]+\))? )?mod (\w+);").unwrap();
    let names = declared.captures_iter(text);
    names.map(|found| folder.join(&found[1])).collect()
}

/// The crates of the workspace that a source uses.
pub(crate) fn crates_in(code: &str) -> BTreeSet<String> {
    let uses = Regex::new(r"\borgscan_(\w+)::").unwrap();
    uses.captures_iter(code)
        .map(|found| found[1].to_owned())
        .collect()
}
