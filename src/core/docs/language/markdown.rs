//! Reads the paragraphs and list items of Markdown.

use std::sync::LazyLock;

use regex_lite::Regex;

/// The paragraphs and list items, each in one line. A code span is the word `CODE`, and an address `URL`.
pub(super) fn paragraphs(markdown: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in prose_lines(markdown) {
        match line {
            Line::Break => paragraphs.push(String::new()),
            Line::Item(text) => paragraphs.push(text.to_owned()),
            Line::Text(text) => {
                if let Some(last) = paragraphs.last_mut() {
                    *last = format!("{last} {text}");
                }
            }
        }
    }
    let paragraphs = paragraphs.iter().map(|paragraph| plain(paragraph.trim()));
    paragraphs
        .filter(|paragraph| !paragraph.is_empty())
        .collect()
}

/// A line outside code blocks, tables, headings and comments.
enum Line<'a> {
    /// Ends a paragraph.
    Break,
    /// Starts a list item.
    Item(&'a str),
    Text(&'a str),
}

fn prose_lines(markdown: &str) -> impl Iterator<Item = Line<'_>> {
    let mut in_code = false;
    let mut after_break = true;
    markdown.lines().map(move |line| {
        let text = line.trim();
        let is_fence = text.starts_with("```");
        in_code ^= is_fence;
        let is_indented_code = after_break && line.starts_with("    ");
        let is_other = ["#", "|", "<!--", "!["]
            .iter()
            .any(|it| text.starts_with(it));
        let item = item(text);
        after_break = false;
        match item {
            _ if in_code || is_fence || text.is_empty() || is_other => {}
            Some(item) => return Line::Item(item),
            None if is_indented_code => {}
            None => return Line::Text(text),
        }
        after_break = true;
        Line::Break
    })
}

/// What follows the marker of a list item.
fn item(line: &str) -> Option<&str> {
    let (marker, text) = line.split_once(' ')?;
    let number = marker.strip_suffix('.').unwrap_or_default();
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (matches!(marker, "-" | "*") || is_number).then_some(text)
}

/// The text of inline Markdown.
fn plain(paragraph: &str) -> String {
    static CODE: LazyLock<Regex> = LazyLock::new(|| Regex::new("`[^`]*`").unwrap());
    static LINK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\[([^\]]*)\]\([^)]*\)").unwrap());
    static URL: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"<?https?://\S+").unwrap());
    let text = CODE.replace_all(paragraph, "CODE");
    let text = LINK.replace_all(&text, "$1");
    URL.replace_all(&text, "URL").replace("**", "")
}

#[test]
fn paragraphs_and_items_are_joined_without_code_tables_and_headings() {
    let page = "# A heading\n\nRun `orgscan scan` first. It is\n[read](x.md) once.\n\n    ls\n\n| a | b |\n| - | - |\n\
                - One\n  item.\n- See https://example.com/ there.\n\n```sh\nls\n```\n<!-- a: generated -->\n10. Last.\n";
    let expected = [
        "Run CODE first. It is read once.",
        "One item.",
        "See URL there.",
        "Last.",
    ];
    assert_eq!(paragraphs(page), expected);
}
