//! Colors. All output goes through anstream, which removes them if the output is not a terminal that shows them.

use std::fmt::Display;

use anstyle::AnsiColor;
pub(super) use anstyle::Style;

use orgscan_core::model::Severity;

pub(super) const PLAIN: Style = Style::new();
pub(super) const HEADING: Style = Style::new().bold();
pub(super) const FAINT: Style = Style::new().dimmed();
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
pub(super) const BAD: Style = AnsiColor::Red.on_default().bold();
/// What is not known, in a color that no number has.
pub(super) const UNKNOWN: Style = AnsiColor::Magenta.on_default().bold();

/// The color of a severity; that of none is what zero looks like.
pub(super) const fn of(severity: Option<Severity>) -> Style {
    match severity {
        Some(Severity::Critical) => AnsiColor::Red.on_default().bold(),
        Some(Severity::High) => AnsiColor::Red.on_default(),
        Some(Severity::Medium) => AnsiColor::Yellow.on_default(),
        Some(Severity::Low) => AnsiColor::Cyan.on_default(),
        Some(Severity::Informational) => PLAIN,
        None => FAINT,
    }
}

pub(super) fn paint(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}
