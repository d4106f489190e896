//! Comma-separated values: UTF-8, a header line, `\n` at the end of lines.
//!
//! The owners of accounts and resources choose their names, and spreadsheet programs run cells that
//! look like formulas. So a text that could start one gets a `'` in front.
//! Source: <https://owasp.org/www-community/attacks/CSV_Injection>

mod coverage;
mod enrollment;
mod exceptions;
mod findings;
mod frameworks;
mod trend;
mod weekly;

use std::borrow::Cow;

pub use coverage::CoverageCsv;
pub use enrollment::write_enrollment;
pub use exceptions::write_exceptions;
pub use findings::FindingsCsv;
pub use frameworks::FrameworksCsv;
pub use trend::write_trend;
pub use weekly::write_weekly;

use orgscan_core::text::{is_formatting, turns_direction};

/// A text cell that no spreadsheet program takes for a formula, wherever it cuts it.
///
/// In many locales a program separates cells at `;`, and then quotes keep nothing together that does not begin with
/// them. So what comes after a `;` is treated as a cell of its own. Control characters, among them tabs and line
/// breaks, at which programs cut too, and characters that change the direction of text are taken out.
fn cell(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| printable(c) == Some(c)) && !text.split(';').any(starts_formula) {
        return Cow::Borrowed(text);
    }
    let text: String = text.chars().filter_map(printable).collect();
    let parts = text.split(';').map(|part| match starts_formula(part) {
        true => Cow::Owned(format!("'{part}")),
        false => Cow::Borrowed(part),
    });
    parts.collect::<Vec<_>>().join(";").into()
}

/// The character as a cell may have it, if at all.
fn printable(c: char) -> Option<char> {
    match c {
        '\u{2028}' | '\u{2029}' => Some(' '),
        c if c.is_control() && c.is_whitespace() => Some(' '),
        c if c.is_control() || turns_direction(c) => None,
        c => Some(c),
    }
}

/// Whether a program that cuts here could read a formula. What cannot be seen, and the quotes of a cell that was
/// cut, do not keep every program from reading on. The full-width forms stand for the ASCII ones in some locales.
fn starts_formula(part: &str) -> bool {
    let skipped = |c: char| c.is_whitespace() || is_formatting(c) || c == '"';
    let start = part.trim_start_matches(skipped);
    start.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_starts_a_formula() {
        for bad in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            " =1",
            "\u{200b}=1",
            "\"=1",
            "＝1",
            "=cmd|' /C calc'!A0",
        ] {
            assert_eq!(cell(bad), format!("'{bad}"));
        }
        for good in [
            "",
            "prod-web",
            "a=b",
            "arn:aws:s3:::b",
            "1",
            "*",
            "tcp 22; udp 53",
            "Zoë, R&D",
            "می\u{200c}خواهم",
        ] {
            assert_eq!(cell(good), good);
        }
    }

    #[test]
    fn no_part_of_a_cell_starts_a_formula_where_programs_cut_it() {
        for (bad, safe) in [
            ("x;=1+1", "x;'=1+1"),
            ("x; +1;-1", "x;' +1;'-1"),
            (";@A1", ";'@A1"),
            ("x;\"=1+1\"", "x;'\"=1+1\""),
            ("x;\u{feff}＝1", "x;'\u{feff}＝1"),
            ("\t=1", "' =1"),
            ("\r\n-1", "'  -1"),
            ("x\t=1", "x =1"),
            (
                "x\n=1\r@2\u{b}+3\u{c}-4\u{85}=5\u{2028}=6",
                "x =1 @2 +3 -4 =5 =6",
            ),
            ("x;\t=1", "x;' =1"),
        ] {
            assert_eq!(cell(bad), safe, "{bad:?}");
        }
    }

    #[test]
    fn a_cell_has_no_characters_that_steer_or_turn_text() {
        assert_eq!(cell("a\u{1b}[2J\u{7}\u{0}\u{9b}b"), "a[2Jb");
        for turns in [
            '\u{61c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}',
        ] {
            assert_eq!(cell(&format!("a{turns}b")), "ab");
            assert_eq!(cell(&format!("{turns}=1")), "'=1");
            assert_eq!(cell(&format!("x;{turns}=1")), "x;'=1");
        }
    }
}
