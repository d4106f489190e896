//! Sentences are short enough to be understood at once, and the documentation is short enough to be read.

use std::fmt::Write;

use super::files::{TextFile, pages};
use super::markdown::paragraphs;

/// The most words of a sentence.
const LONGEST: usize = 30;

/// The most words of a page's sentences on average.
const MEAN: f64 = 16.0;

/// The most words of `docs` outside tables, without the changelog and the generated page of checks.
const DETAIL: usize = 26_500;

#[test]
fn sentences_are_short() {
    let mut problems = String::new();
    for page in pages() {
        let sentences = sentences(&page.text);
        let lengths = sentences.iter().map(|sentence| words(sentence));
        let total: usize = lengths.clone().sum();
        let mean = total as f64 / sentences.len().max(1) as f64;
        if mean > MEAN {
            writeln!(problems, "{}: {mean:.1} words on average", page.path).unwrap();
        }
        for (length, sentence) in lengths.zip(&sentences).filter(|one| one.0 > LONGEST) {
            writeln!(problems, "{}: {length} words: {sentence}", page.path).unwrap();
        }
    }
    assert!(
        problems.is_empty(),
        "a sentence has at most {LONGEST} words, and {MEAN} on average:\n{problems}"
    );
}

#[test]
fn the_documentation_is_short() {
    let is_written = |page: &TextFile| page.path != "README.md" && page.path != "docs/checks.md";
    let pages = pages().into_iter().filter(is_written);
    let words = |page: TextFile| {
        let lines = page.text.lines();
        let outside_tables = lines.filter(|line| !line.trim_start().starts_with('|'));
        let words = outside_tables.flat_map(str::split_whitespace);
        words.count()
    };
    let total: usize = pages.map(words).sum();
    assert!(
        total <= DETAIL,
        "docs has {total} words, more than {DETAIL}"
    );
}

#[test]
fn the_readme_is_short() {
    let pages = pages();
    let readme = pages.iter().find(|page| page.path == "README.md").unwrap();
    let lines = readme.text.lines();
    let long = lines.clone().filter(|line| line.chars().count() > 130);
    assert_eq!(long.collect::<Vec<_>>(), Vec::<&str>::new());
    assert!(lines.count() <= 200, "the README has more than 200 lines");
}

/// The sentences of paragraphs and list items.
fn sentences(markdown: &str) -> Vec<String> {
    let paragraphs = paragraphs(markdown);
    paragraphs.iter().flat_map(|text| split(text)).collect()
}

/// The sentences of a text. A colon ends a sentence if a capital letter follows.
fn split(text: &str) -> Vec<String> {
    let mut sentences = vec![String::new()];
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        if let Some(last) = sentences.last_mut() {
            last.push_str(word);
            last.push(' ');
        }
        let end = word.trim_end_matches([')', '"', '*']);
        let is_capital = |next: &&str| next.starts_with(char::is_uppercase);
        let ends = match end.chars().last() {
            Some('.' | '!' | '?') => !["e.g.", "i.e.", "etc.", "vs."].contains(&end),
            Some(':') => words.peek().is_some_and(is_capital),
            _ => false,
        };
        if ends {
            sentences.push(String::new());
        }
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

fn words(sentence: &str) -> usize {
    let words = sentence.split_whitespace();
    words
        .filter(|word| word.contains(char::is_alphanumeric))
        .count()
}

#[test]
fn a_code_span_is_one_word_and_a_dash_is_none() {
    let text = "Run `orgscan scan --region eu-*` first (version 7.0). It is - mostly - read only. Two kinds: one, e.g. this.";
    let lengths: Vec<_> = sentences(text).iter().map(|one| words(one)).collect();
    assert_eq!(lengths, [5, 5, 5]);
}
