//! Links between the pages lead to files and headings that exist.

use std::path::Path;
use std::sync::LazyLock;

use regex_lite::Regex;

use super::files::{TextFile, pages};
use crate::testing::repository;

#[test]
fn links_lead_to_files_and_headings() {
    let pages = pages();
    let broken = pages.iter().flat_map(|page| {
        let broken = links(page).filter(|(path, anchor)| !exists(path, anchor, &pages));
        broken.map(|(path, anchor)| format!("{}: {path}#{anchor}\n", page.path))
    });
    assert_eq!(broken.collect::<String>(), "");
}

/// The path in the repository and the anchor of each relative link.
fn links(page: &TextFile) -> impl Iterator<Item = (String, String)> {
    static LINK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\]\(([^)\s]+)\)").unwrap());
    let (_, relative): (Vec<_>, Vec<_>) = LINK
        .captures_iter(&page.text)
        .map(|found| found[1].to_owned())
        .partition(|target| target.starts_with("https://"));
    relative.into_iter().map(|target| {
        let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
        (resolve(&page.path, path), anchor.to_owned())
    })
}

fn resolve(page: &str, link: &str) -> String {
    if link.is_empty() {
        return page.to_owned();
    }
    let (folder, _) = page.rsplit_once('/').unwrap_or(("", page));
    let mut parts: Vec<_> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in link.split('/') {
        match part {
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn exists(path: &str, anchor: &str, pages: &[TextFile]) -> bool {
    match pages.iter().find(|page| page.path == path) {
        Some(page) if !anchor.is_empty() => headings(&page.text).any(|one| one == anchor),
        _ => Path::new(&repository()).join(path).exists(),
    }
}

/// The anchors of the headings.
fn headings(markdown: &str) -> impl Iterator<Item = String> {
    let lines = markdown.lines().filter(|line| line.starts_with('#'));
    lines.map(|line| crate::docs::anchor(line.trim_start_matches('#').trim()))
}
