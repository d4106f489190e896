//! Which characters the terminal can show.
//!
//! Text is adapted before it is laid out, because a replacement can be wider than what it replaces.

use std::borrow::Cow;
use std::env;
use std::fmt::Write;

/// The variables that name the locale's character set; the first one that is not empty decides.
///
/// Source: <https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html#tag_08_02>
const VARIABLES: [&str; 3] = ["LC_ALL", "LC_CTYPE", "LANG"];

/// What stands for the characters that orgscan itself writes.
const REPLACEMENTS: [(char, &str); 10] = [
    ('≥', ">="),
    ('–', "-"),
    ('—', "-"),
    ('…', "..."),
    ('→', "->"),
    ('×', "x"),
    ('·', "."),
    ('•', "*"),
    ('‹', "<"),
    ('›', ">"),
];

/// The characters that an output can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charset {
    /// All of them.
    Unicode,
    /// ASCII only.
    Ascii,
}

impl Charset {
    /// As the environment's locale says. Without a locale it is Unicode: containers and services often set none.
    pub(crate) fn of_process() -> Self {
        Self::of(|name| env::var(name).ok())
    }

    fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let mut set = VARIABLES.into_iter().filter_map(variable);
        match set.find(|value| !value.is_empty()) {
            Some(locale) if !is_utf8(&locale) => Self::Ascii,
            _ => Self::Unicode,
        }
    }

    /// The text in characters of this set. A character that has no replacement is written by its number, as JSON
    /// writes it, so that two names that differ still do.
    pub(crate) fn shown(self, text: &str) -> Cow<'_, str> {
        if self == Self::Unicode || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        let mut shown = String::with_capacity(text.len());
        for c in text.chars() {
            match REPLACEMENTS.iter().find(|(from, _)| *from == c) {
                Some((_, to)) => shown.push_str(to),
                None if c.is_ascii() => shown.push(c),
                None => push_number(&mut shown, c),
            }
        }
        Cow::Owned(shown)
    }
}

fn is_utf8(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

/// Writes a character by its number: `\u202e`.
pub(super) fn push_number(text: &mut String, c: char) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        let _ = write!(text, "\\u{unit:04x}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Charset {
        Charset::of(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_locale_decides() {
        use Charset::{Ascii, Unicode};
        assert_eq!(of(&[]), Unicode);
        assert_eq!(of(&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")]), Ascii);
        assert_eq!(of(&[("LC_ALL", ""), ("LANG", "POSIX")]), Ascii);
        assert_eq!(of(&[("LC_CTYPE", "C"), ("LANG", "C.UTF-8")]), Ascii);
        assert_eq!(of(&[("LANG", "de_DE.ISO-8859-1")]), Ascii);
        assert_eq!(of(&[("LC_ALL", "C.utf8"), ("LANG", "C")]), Unicode);
        assert_eq!(of(&[("LANG", "en_US.UTF-8")]), Unicode);
    }

    #[test]
    fn ascii_shows_every_text_and_keeps_names_apart() {
        let shown = |text| Charset::Ascii.shown(text).into_owned();
        assert_eq!(shown("≥ 12 – a…"), ">= 12 - a...");
        assert_eq!(shown("café"), "caf\\u00e9");
        assert_eq!(shown("🦀"), "\\ud83e\\udd80");
        assert_eq!(Charset::Unicode.shown("≥ é 🦀"), "≥ é 🦀");
    }
}
