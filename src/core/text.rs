//! Words and numbers for people.

use std::fmt::Write;

use crate::model::Report;

/// Text that others have chosen, account names say, made fit for one line of a message: control and
/// formatting characters go, white space becomes single spaces, and what is longer than `max`
/// characters is cut.
///
/// Formatting characters can reorder or hide text: a name with a right-to-left override could make
/// the line around it say something else.
pub fn clean(text: &str, max: usize) -> String {
    let visible: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control() && !is_formatting(*c))
        .collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= max {
        return line;
    }
    let mut cut: String = line.chars().take(max.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// Unicode's zero-width and direction-changing characters, and its tags.
pub fn is_formatting(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

/// Unicode's characters that change the direction of the text around them.
///
/// Source: <https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters>
pub fn turns_direction(c: char) -> bool {
    matches!(c,
        '\u{61c}' | '\u{200e}' | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}')
}

/// `1,234,567`
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 account`, `2,000 accounts`
pub fn count(n: u64, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", number(n))
}

/// How long an alias may be.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccountAlias.html>
const NAME: usize = 63;

/// Whose report it is: the organization's, or that of one account, by its alias where that is known.
pub fn report_subject(report: &Report) -> String {
    let run = &report.run;
    if let Some(organization) = &run.organization {
        return format!("organization {}", organization.id);
    }
    let id = &run.central_account;
    let mut accounts = report.accounts.iter().map(|summary| &summary.account);
    match accounts.find(|account| account.id == *id && account.name != id.as_str()) {
        Some(account) => format!("account {} ({id})", clean(&account.name, NAME)),
        None => format!("account {id}"),
    }
}

/// The lines given, at most `max` of them, and how many more there are.
pub fn capped<L: AsRef<str>>(
    out: &mut String,
    lines: impl ExactSizeIterator<Item = L>,
    max: usize,
) {
    let more = lines.len().saturating_sub(max);
    for line in lines.take(max) {
        let _ = writeln!(out, "  {}", line.as_ref());
    }
    if more > 0 {
        let _ = writeln!(out, "  and {} more", number(more as u64));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_others_stays_on_its_line_and_in_its_direction() {
        assert_eq!(
            clean("a\r\nSubject: b\t\u{7}c\u{1b}[31m", 80),
            "a Subject: b c[31m"
        );
        assert_eq!(clean("a\u{202e}b\u{200b}c\u{2028}d", 80), "abc d");
        assert_eq!(clean("  prod  web ", 80), "prod web");
        assert_eq!(clean("ééééé", 4), "ééé…");
        assert_eq!(clean("\u{7f}\u{0}", 4), "");
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(
            [0, 999, 1000, 1234567].map(number),
            ["0", "999", "1,000", "1,234,567"]
        );
        assert_eq!(
            [1, 2].map(|n| count(n, "account")),
            ["1 account", "2 accounts"]
        );
    }

    #[test]
    fn a_list_ends_with_the_number_of_omitted_items() {
        let mut out = String::new();
        capped(&mut out, ["a", "b", "c"].iter(), 2);
        assert_eq!(out, "  a\n  b\n  and 1 more\n");
    }
}
