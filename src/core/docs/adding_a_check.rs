//! `docs/adding-a-check.md` shows a check of this program, and the stub that it was made from. No stub is left.

use std::path::{Path, PathBuf};

use crate::testing::docs::{block, page};
use crate::testing::repository;

const GUIDE: &str = "docs/adding-a-check.md";

/// What `.ci/new` writes for the example of the guide.
const WRITTEN: &str = "tests/expected/new/check.txt";

/// What stubs have where something is to be filled in.
const TO_FILL_IN: &str = concat!("TO", "DO");

/// All files below a folder, with their paths from the root.
fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(repository().join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = PathBuf::from(folder).join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => found.extend(files(path.to_str().unwrap())),
            false => found.push(path),
        }
    }
    found
}

/// The texts among these files.
fn texts(folder: &str) -> impl Iterator<Item = (PathBuf, String)> {
    let files = files(folder).into_iter();
    files.filter_map(|path| {
        let text = std::fs::read_to_string(repository().join(&path)).ok()?;
        Some((path, text))
    })
}

/// The path that stands in a marker of the guide.
fn path_of(guide: &str, marker: &str) -> PathBuf {
    let (_, rest) = guide.split_once(&format!("<!-- {marker}: ")).unwrap();
    rest.split_once(" -->").unwrap().0.into()
}

#[test]
fn the_example_is_a_check_of_this_program() {
    let guide = page(GUIDE);
    let file = path_of(&guide, "file");
    let source = page(file.to_str().unwrap());
    assert_eq!(block(&guide, "file"), source.trim_end(), "{file:?}");
    let location = path_of(&guide, "registered");
    let lines = block(&guide, "registered");
    let registered = page(location.to_str().unwrap());
    for line in lines.lines().map(str::trim) {
        let is_there = registered.lines().any(|one| one.trim() == line);
        assert!(is_there, "{location:?} has no line `{line}`");
    }
    let location = path_of(&guide, "controls");
    let line = block(&guide, "controls");
    assert!(
        page(location.to_str().unwrap()).contains(&line),
        "{location:?}"
    );
}

#[test]
fn nothing_but_its_file_and_its_lines_knows_of_the_example() {
    let guide = page(GUIDE);
    let file = path_of(&guide, "file");
    let known = [file.clone(), path_of(&guide, "registered")];
    let module = file.file_stem().unwrap().to_str().unwrap();
    let id = module.replace('_', "-");
    let others = ["src", "stacksets", "infra"].into_iter().flat_map(texts);
    for (path, text) in others.filter(|(path, _)| !known.contains(path)) {
        let is_known = text.contains(&id) || text.contains(module);
        assert!(!is_known, "{path:?} knows of {id}");
    }
}

/// The guide shows what the command wrote: the stub, and the lines that register it.
#[test]
fn the_example_begins_with_what_the_generator_writes() {
    let guide = page(GUIDE);
    let written = page(WRITTEN);
    let (command, rest) = written.split_once('\n').unwrap();
    assert!(guide.contains(&format!("\n    {}\n", &command[2..])));
    let stub = block(&guide, "stub");
    let is_same = rest.contains(&format!("\n{stub}\n"));
    assert!(is_same, "the stub in {GUIDE} is not that of {WRITTEN}");
    for line in block(&guide, "registered").lines().map(str::trim) {
        let added = format!("\n+ {}\n", line.trim_end_matches(','));
        assert!(rest.contains(&added), "`{line}` is not in {WRITTEN}");
    }
}

#[test]
fn no_stub_is_left() {
    let lines = texts("src").flat_map(|(path, text)| placeholders(&path, &text));
    let lines: Vec<String> = lines.collect();
    assert!(lines.is_empty(), "fill in:\n{}", lines.join("\n"));
}

/// What is to be filled in in a text, with its place.
fn placeholders(path: &Path, text: &str) -> Vec<String> {
    let lines = text.lines().enumerate();
    let lines = lines.filter(|(_, line)| line.contains(TO_FILL_IN));
    lines
        .map(|(at, line)| format!("{}:{}: {}", path.display(), at + 1, line.trim()))
        .collect()
}

#[test]
fn an_unfilled_placeholder_is_named_with_its_location() {
    let text = format!("one\n    // {TO_FILL_IN}: two\nthree\n");
    let line = format!("a.rs:2: // {TO_FILL_IN}: two");
    assert_eq!(placeholders(Path::new("a.rs"), &text), [line]);
}
