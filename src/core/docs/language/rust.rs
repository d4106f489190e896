//! Finds the identifiers of Rust.

use std::sync::LazyLock;

use regex_lite::{Captures, Regex};

/// The identifiers and keywords, each with its line.
pub(super) fn identifiers(source: &str) -> Vec<(usize, String)> {
    static OTHER: LazyLock<Regex> = LazyLock::new(other_than_code);
    let lines_only =
        |found: &Captures<'_>| " ".to_owned() + &"\n".repeat(found[0].matches('\n').count());
    let code = OTHER.replace_all(source, lines_only);
    let is_identifier = |c: char| c.is_alphanumeric() || c == '_';
    let lines = code.lines().enumerate();
    let of_line = |(line, code): (usize, &str)| {
        let parts = code.split(|c| !is_identifier(c));
        let parts = parts.filter(|part| part.starts_with(|c: char| c.is_alphabetic() || c == '_'));
        parts
            .map(|part| (line + 1, part.to_owned()))
            .collect::<Vec<_>>()
    };
    lines.flat_map(of_line).collect()
}

/// Comments, raw strings, strings and characters. A lifetime has no second quote.
fn other_than_code() -> Regex {
    let raw = ["###", "##", "#", ""].map(|hashes| format!(r#"\bb?r{hashes}(?s:".*?"){hashes}"#));
    let others = [
        r"//[^\n]*",
        r"(?s:/\*.*?\*/)",
        &raw.join("|"),
        r#"(?s:"(?:[^"\\]|\\.)*")"#,
        r"'(?:[^'\\\n]|\\u\{[^}]*\}|\\x[0-9a-fA-F]{2}|\\.)'",
    ];
    Regex::new(&others.join("|")).unwrap()
}

#[test]
fn strings_characters_and_comments_are_no_identifiers() {
    let source = "/// A comment.\nfn f<'a>(x: &'a str) -> char { g(\"a \\\" b\", r#\"c \" d\"#, '\"', '\\'') } // end\n/* two\nlines */ let last = b'x';";
    let found = identifiers(source);
    let names: Vec<_> = found.iter().map(|(_, name)| name.as_str()).collect();
    let expected = [
        "fn", "f", "a", "x", "a", "str", "char", "g", "let", "last", "b",
    ];
    assert_eq!(names, expected);
    assert_eq!(found.last().map(|one| one.0), Some(4));
}
