//! Thresholds as text.

use crate::model::{Crossing, Limit, Severity};
use crate::settings::Threshold;

/// `more than 5 or 2.5% or 3 new of severity high or higher`; `no limit` if no limit is set.
pub fn describe(threshold: &Threshold) -> String {
    let count = threshold.count.map(|count| count.to_string());
    let percent = threshold.percent.map(|percent| format!("{percent}%"));
    let new = threshold.new_or_reopened.map(|new| format!("{new} new"));
    let limits: Vec<_> = count.into_iter().chain(percent).chain(new).collect();
    if limits.is_empty() {
        return "no limit".to_owned();
    }
    let limits = limits.join(" or ");
    match threshold.min_severity {
        None | Some(Severity::Informational) => format!("more than {limits}"),
        Some(Severity::Critical) => format!("more than {limits} of severity critical"),
        Some(severity) => format!("more than {limits} of severity {severity} or worse"),
    }
}

/// The percentage that exceeds a threshold's limit, if it has one: ` (37.5%)`.
pub fn percentage(crossing: &Crossing) -> String {
    let mut exceeded = crossing.exceeded.iter();
    let percent = exceeded.find(|exceeded| exceeded.limit == Limit::Percent);
    percent.map_or_else(String::new, |exceeded| format!(" ({}%)", exceeded.value))
}
