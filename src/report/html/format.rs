//! Text that others have chosen, for the page; and numbers that may be lower bounds.

use std::fmt::Write;

use orgscan_core::model::IndicatorCount;
use orgscan_core::text::{is_formatting, number};

/// How many characters of a name, a resource or a message the page shows.
pub(super) const LONGEST: usize = 600;

/// The text with what cannot be seen made visible: a right-to-left override or a zero-width space
/// could make a name pass for another one. What is longer than [`LONGEST`] is cut.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(4 * LONGEST));
    for (n, c) in text.chars().enumerate() {
        if n == LONGEST {
            shown.push('…');
            break;
        }
        match c {
            // Private use: what the page's data stands for other text with.
            '\u{e000}'..='\u{f8ff}' => shown.push('\u{fffd}'),
            c if c.is_control() || is_formatting(c) || matches!(c, '\u{2028}' | '\u{2029}') => {
                // Writing to a text does not fail.
                let _ = write!(shown, "‹U+{:04X}›", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    shown
}

/// An indicator's number as the page shows it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DisplayNumber {
    /// `1,234`, `≥ 12`, `?`, or `–` where nobody was meant to look.
    pub(super) text: String,
    /// The style's classes: `none`, `unknown`, `least` and how much there is.
    pub(super) class: String,
}

/// An indicator's number for a person.
pub(super) fn shown(counted: &IndicatorCount) -> DisplayNumber {
    let value = number(counted.value());
    let (text, class) = match code(counted) {
        None => ("–".to_owned(), "none".to_owned()),
        Some(-1) => ("?".to_owned(), "unknown".to_owned()),
        Some(0..) => (value, level(counted.value()).to_owned()),
        Some(_) => {
            let level = level(counted.value());
            (format!("≥ {value}"), format!("least {level}"))
        }
    };
    DisplayNumber { text, class }
}

/// How much there is, in the few steps that an eye tells apart; the same for all numbers, so that
/// tables can be compared.
fn level(value: u64) -> &'static str {
    match value {
        0 => "zero",
        1..3 => "level-1",
        3..10 => "level-2",
        10..50 => "level-3",
        _ => "level-4",
    }
}

/// An indicator's name as a heading: `UsersWithoutMfa` is `Users without MFA`.
pub(super) fn heading(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        match c.is_ascii_uppercase() && !text.is_empty() {
            true => text.extend([' ', c.to_ascii_lowercase()]),
            false => text.push(c),
        }
    }
    text.replace("mfa", "MFA")
}

/// The same as one number: the value where it is complete, -1 where nothing could be evaluated, and
/// -2 less the value for a lower bound. None where nobody was meant to look.
pub(super) fn code(counted: &IndicatorCount) -> Option<i64> {
    let value = i64::try_from(counted.value()).unwrap_or(i64::MAX - 2);
    match counted {
        IndicatorCount {
            targets_known: 0,
            targets_unknown: 0,
            ..
        } => None,
        _ if !counted.is_known() => Some(-1),
        _ if counted.is_complete() => Some(value),
        _ => Some(-2 - value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_shown() {
        assert_eq!(visible("prod-web ü 東"), "prod-web ü 東");
        assert_eq!(
            visible("a\u{202e}b\u{200b}\n"),
            "a‹U+202E›b‹U+200B›‹U+000A›"
        );
        assert_eq!(visible("\u{e000}"), "\u{fffd}");
        let long = visible(&"x".repeat(10_000));
        assert_eq!(long.chars().count(), LONGEST + 1);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn an_indicators_name_is_a_heading() {
        assert_eq!(
            heading("ConsoleUsersWithoutMfa"),
            "Console users without MFA"
        );
    }

    #[test]
    fn unknown_is_neither_zero_nor_a_lower_bound() {
        let counted = |high, examined, targets_known, targets_unknown| {
            let mut counted = IndicatorCount {
                resources_evaluated: examined,
                targets_known,
                targets_unknown,
                ..IndicatorCount::default()
            };
            counted.by_severity.high = high;
            (code(&counted), shown(&counted).text)
        };
        assert_eq!(counted(0, 5, 2, 0), (Some(0), "0".into()));
        assert_eq!(counted(1234, 5000, 2, 0), (Some(1234), "1,234".into()));
        assert_eq!(counted(3, 5, 1, 1), (Some(-5), "≥ 3".into()));
        assert_eq!(counted(0, 5, 1, 1), (Some(-2), "≥ 0".into()));
        assert_eq!(counted(0, 0, 0, 1), (Some(-1), "?".into()));
        assert_eq!(counted(0, 0, 0, 0), (None, "–".into()));
    }
}
