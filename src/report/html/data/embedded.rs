//! JSON inside of HTML.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// Writes JSON without any character that HTML or a script could take for its own: nothing in a text
/// can end the element that it stands in.
pub(super) fn embed(value: &impl Serialize, out: impl Write) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(out, Embedded);
    value.serialize(&mut serializer).map_err(io::Error::from)
}

struct Embedded;

impl Formatter for Embedded {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let is_special = |c| matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}');
        let mut rest = fragment;
        while let Some(at) = rest.find(is_special) {
            let (before, from) = rest.split_at(at);
            writer.write_all(before.as_bytes())?;
            let mut chars = from.chars();
            if let Some(special) = chars.next() {
                write!(writer, "\\u{:04x}", u32::from(special))?;
            }
            rest = chars.as_str();
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_the_element_and_all_of_it_reads_back() {
        let text = "</script><!-- <b>&amp; \u{2028}\u{2029} \" \\ ü";
        let mut out = Vec::new();
        embed(&[text], &mut out).unwrap();
        let json = String::from_utf8(out).unwrap();
        for special in ['<', '>', '&', '\u{2028}', '\u{2029}'] {
            assert!(!json.contains(special), "{json}");
        }
        assert_eq!(serde_json::from_str::<[String; 1]>(&json).unwrap(), [text]);
    }
}
