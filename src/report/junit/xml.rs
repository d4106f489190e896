//! Texts that others have chosen, within XML.

use orgscan_core::text::clean;

/// The longest attribute, in characters.
const ATTRIBUTE: usize = 1_000;

/// The value of an attribute: one line.
pub(super) fn attribute(value: &str) -> String {
    text(&clean(value, ATTRIBUTE))
}

/// A text between tags.
///
/// Source of what XML can have at all: <https://www.w3.org/TR/xml/#charsets>
pub(super) fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_an_attribute_or_an_element_and_nothing_is_no_xml() {
        assert_eq!(
            attribute("a\"<b>&\n c\u{202e}\u{7}"),
            "a&quot;&lt;b&gt;&amp; c"
        );
        assert_eq!(text("]]>\u{0}\u{ffff}\n\t"), "]]&gt;\u{fffd}\u{fffd}\n\t");
    }
}
