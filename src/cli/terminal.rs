//! The last step before a terminal. Names and error texts are chosen by others: a character in one of them
//! that steers the terminal, or changes the direction of text, is written by its number.
//!
//! The number is written as JSON writes it, `\u202e`. So JSON stays the same document.

use std::io::{self, Write};

use orgscan_core::text::is_formatting;

use super::charset::{Charset, push_number};

/// How the sequence of a style begins. Its end is `m`, after digits and `;`.
const STYLE: &[u8] = b"\x1b[";

/// Standard output, for text in these characters.
pub(super) fn stdout(charset: Charset) -> Terminal<anstream::AutoStream<io::Stdout>> {
    Terminal::new(anstream::stdout(), charset)
}

pub(super) fn stderr() -> Terminal<anstream::AutoStream<io::Stderr>> {
    Terminal::new(anstream::stderr(), Charset::of_process())
}

/// Writes text so that nothing in it but styles and line breaks steers a terminal.
pub(super) struct Terminal<W> {
    out: W,
    charset: Charset,
    /// A character, or the sequence of a style, of which only the beginning was written yet.
    partial: Vec<u8>,
}

impl<W: Write> Terminal<W> {
    fn new(out: W, charset: Charset) -> Self {
        let partial = Vec::new();
        Self {
            out,
            charset,
            partial,
        }
    }
}

impl<W: Write> Write for Terminal<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut all = std::mem::take(&mut self.partial);
        all.extend_from_slice(bytes);
        let whole = all.len() - unfinished(&all);
        self.partial = all.split_off(whole);
        let text = shown(&String::from_utf8_lossy(&all));
        unless_closed(self.out.write_all(self.charset.shown(&text).as_bytes()))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        unless_closed(self.out.flush())
    }
}

/// A reader that has had enough, `orgscan plan | head`, changes neither what a command does nor its exit
/// code.
pub(super) fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    written.or_else(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(error),
    })
}

/// How many bytes at the end are the beginning of a character or of a style.
fn unfinished(bytes: &[u8]) -> usize {
    if let Err(error) = std::str::from_utf8(bytes) {
        let end = bytes.len() - error.valid_up_to();
        if error.error_len().is_none() {
            return end;
        }
    }
    let Some(escape) = bytes.iter().rposition(|byte| *byte == STYLE[0]) else {
        return 0;
    };
    let tail = &bytes[escape..];
    let is_partial = STYLE.starts_with(tail)
        || tail.starts_with(STYLE) && tail[STYLE.len()..].iter().all(is_parameter);
    if is_partial { tail.len() } else { 0 }
}

fn is_parameter(byte: &u8) -> bool {
    byte.is_ascii_digit() || *byte == b';'
}

/// The text with what steers a terminal written by its number, styles too.
pub(super) fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    text.chars().for_each(|c| push(&mut shown, c));
    shown
}

/// A log line: what it quotes cannot begin another one.
pub(super) fn log_line(text: &str) -> String {
    let (line, end) = match text.strip_suffix('\n') {
        Some(line) => (line, "\n"),
        None => (text, ""),
    };
    format!("{}{end}", shown(line).replace('\n', "\n    "))
}

/// The text with what steers a terminal, except styles, written by its number.
fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match style(rest) {
            Some(length) => {
                shown.push_str(&rest[..length]);
                length
            }
            None => {
                push(&mut shown, c);
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    shown
}

/// How long the sequence of a style is that the text begins with.
fn style(text: &str) -> Option<usize> {
    let parameters = text.as_bytes().strip_prefix(STYLE)?;
    let end = parameters.iter().position(|byte| !is_parameter(byte))?;
    (parameters[end] == b'm').then_some(STYLE.len() + end + 1)
}

fn push(shown: &mut String, c: char) {
    let steers = c.is_control() && !matches!(c, '\n' | '\t');
    if !steers && !is_formatting(c) && !matches!(c, '\u{2028}' | '\u{2029}') {
        shown.push(c);
        return;
    }
    push_number(shown, c);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::{BAD, paint};

    fn written(pieces: &[&[u8]]) -> String {
        let mut out = Vec::new();
        let mut terminal = Terminal::new(&mut out, Charset::Unicode);
        for piece in pieces {
            terminal.write_all(piece).unwrap();
        }
        terminal.flush().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_steers_a_terminal_is_written_by_its_number() {
        for (text, expected) in [
            ("a\u{1b}[2Jb", r"a\u001b[2Jb"),
            ("a\u{1b}]0;title\u{7}b", r"a\u001b]0;title\u0007b"),
            ("a\u{9b}31mb", r"a\u009b31mb"),
            ("a\rb\u{8}\u{7f}", r"a\u000db\u0008\u007f"),
            ("invoice\u{202e}gpj.exe", r"invoice\u202egpj.exe"),
            (
                "\u{2066}a\u{2069}\u{200f}\u{61c}",
                r"\u2066a\u2069\u200f\u061c",
            ),
            ("a\u{2028}b", r"a\u2028b"),
            ("a\u{e0041}b", r"a\udb40\udc41b"),
            ("a\tb\nc é 名 🦀\n", "a\tb\nc é 名 🦀\n"),
        ] {
            assert_eq!(written(&[text.as_bytes()]), expected);
        }
    }

    struct ClosedOutput(io::ErrorKind);

    impl Write for ClosedOutput {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn a_reader_that_has_gone_is_no_error_and_a_full_disk_is() {
        let mut closed = Terminal::new(ClosedOutput(io::ErrorKind::BrokenPipe), Charset::Unicode);
        closed.write_all(b"more").unwrap();
        closed.flush().unwrap();
        let mut full = Terminal::new(ClosedOutput(io::ErrorKind::StorageFull), Charset::Unicode);
        assert!(full.write_all(b"more").is_err());
        assert!(full.flush().is_err());
    }

    #[test]
    fn json_stays_the_same_document() {
        let document = serde_json::json!({"name": "a\u{202e}b\u{9b}c\u{e0041}\u{7f}\n\"\\"});
        let text = written(&[document.to_string().as_bytes()]);
        assert!(!text.contains('\u{202e}'), "{text}");
        let back: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(back, document);
    }

    #[test]
    fn errors_have_no_styles_and_a_log_line_stays_one() {
        assert_eq!(plain("a\u{1b}[8mb\nc\u{202e}"), "a\\u001b[8mb\nc\\u202e");
        assert_eq!(log_line("a\nERROR b\u{202e}\n"), "a\n    ERROR b\\u202e\n");
        assert_eq!(log_line("a"), "a");
    }

    #[test]
    fn styles_stay() {
        let text = paint(BAD, "bad");
        assert!(text.contains("\u{1b}["));
        assert_eq!(written(&[text.as_bytes()]), text);
    }

    #[test]
    fn pieces_may_end_anywhere() {
        let text = format!("é\u{202e}名{}\u{1b}[2J🦀", paint(BAD, "bad"));
        let expected = written(&[text.as_bytes()]);
        for at in 0..=text.len() {
            let (first, rest) = text.as_bytes().split_at(at);
            assert_eq!(written(&[first, rest]), expected, "{at}");
        }
        let single: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
        assert_eq!(written(&single), expected);
    }
}
