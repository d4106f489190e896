//! Texts and names have the field's words.

use std::collections::BTreeSet;

use super::banned::{DETAIL, NAME_WORDS, NAMES};
use super::files::{TextFile, read};
use super::rust::identifiers;
use super::words::{Phrases, Rule, words};

/// The banned words are here, and the changelog has old names.
const EXEMPT: &[&str] = &["docs/CHANGELOG.md", "src/core/docs/language/banned.rs"];

const ROOTS: &[&str] = &[
    "README.md",
    "docs",
    "src",
    "tests",
    "infra",
    "stacksets",
    ".ci/stubs",
];

const EXTENSIONS: &[&str] = &[
    "rs", "md", "json", "js", "html", "css", "snap", "yaml", "yml", "tf", "toml", "sh",
];

/// Where which rule is broken.
type Problems = BTreeSet<(String, usize, Rule)>;

#[test]
fn texts_and_names_have_the_fields_words() {
    let (phrases, parts) = (Phrases::new(DETAIL), Phrases::new(NAME_WORDS));
    let mut problems = Problems::new();
    for file in read(ROOTS, EXTENSIONS) {
        if !EXEMPT.contains(&file.path.as_str()) {
            let found = phrases.find(&words(&file.text)).into_iter();
            let found = found.chain(in_names(&file, &phrases, &parts));
            problems.extend(found.map(|(line, rule)| (file.path.clone(), line, rule)));
        }
    }
    let lines = problems.iter().map(|(path, line, (found, instead))| {
        let line = if *line == 0 {
            String::new()
        } else {
            format!(":{line}")
        };
        format!("{path}{line}: \"{found}\", use {instead}\n")
    });
    let lines: Vec<_> = lines.collect();
    let count = lines.len();
    assert!(
        lines.is_empty(),
        "{count} words to replace:\n{}",
        lines.concat()
    );
}

/// The names of Rust, and that of the file on line 0.
fn in_names(file: &TextFile, phrases: &Phrases, parts: &Phrases) -> Vec<(usize, Rule)> {
    let path = words(&file.path);
    let mut found = [phrases.find(&path), parts.find(&path)].concat();
    found.iter_mut().for_each(|(line, _)| *line = 0);
    if file.is("rs") {
        for (line, name) in identifiers(&file.text) {
            let exact = NAMES.iter().filter(|(banned, _)| *banned == name);
            let parts = parts.find(&words(&name)).into_iter();
            found.extend(parts.map(|(_, rule)| (line, rule)));
            found.extend(exact.map(|rule| (line, *rule)));
        }
    }
    found
}
