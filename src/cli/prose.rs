//! Texts for people that have commands in them.

use std::io::{self, Write};

use super::grid::{Grid, Page, width};

/// Text broken where the width ends, but with every command whole on a line of its own, so that it can
/// be copied.
pub(super) fn write(out: &mut impl Write, text: &str) -> io::Result<()> {
    let mut sentence = String::new();
    for (index, part) in text.split('`').enumerate() {
        let is_code = index % 2 == 1;
        if is_code && part.starts_with("aws ") {
            flush(&mut sentence, out)?;
            writeln!(out, "      {part}")?;
        } else if is_code {
            sentence.push_str(&format!("`{part}`"));
        } else {
            sentence.push_str(part);
        }
    }
    flush(&mut sentence, out)
}

/// Numbered steps, each broken where the width ends and indented behind its number.
pub(super) fn steps(out: &mut impl Write, steps: &[&str]) -> io::Result<()> {
    const BEHIND_NUMBER: u16 = 5;
    let page = Page::from(width() - BEHIND_NUMBER);
    for (step, number) in steps.iter().zip(1..) {
        let mut text = Vec::new();
        page.write(step, &mut text)?;
        let mut margin = format!("{number:>3}. ");
        for line in String::from_utf8_lossy(&text).lines() {
            writeln!(out, "{margin}{line}")?;
            margin = " ".repeat(BEHIND_NUMBER.into());
        }
    }
    Ok(())
}

fn flush(sentence: &mut String, out: &mut impl Write) -> io::Result<()> {
    // Without what ended the sentence that the command before this stood in.
    let text = sentence.trim_start_matches(['.', ',', ';', ' ']).trim_end();
    if !text.is_empty() {
        Grid::lines(width(), std::iter::once(text.to_owned())).write(out)?;
    }
    sentence.clear();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_indented_behind_its_number() {
        let long = "word ".repeat(40);
        let mut out = Vec::new();
        steps(&mut out, &[&long, "Check it."]).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("  1. word"), "{text}");
        assert!(lines[1].starts_with("     word"), "{text}");
        assert_eq!(lines.last(), Some(&"  2. Check it."));
    }

    #[test]
    fn a_command_stands_on_a_line_of_its_own_and_text_is_broken() {
        let words = "word ".repeat(60);
        let text = format!("{words}`NotPrincipal`, then run `aws s3api x --y z`. That is all.");
        let mut out = Vec::new();
        write(&mut out, &text).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.iter().all(|line| line.len() <= 140), "{text}");
        assert!(text.contains("`NotPrincipal`, then run\n"), "{text}");
        assert!(
            text.ends_with("\n      aws s3api x --y z\n  That is all.\n"),
            "{text}"
        );
    }
}
