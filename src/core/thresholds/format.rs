//! Thresholds in words.

use crate::model::{Crossing, ExceededLimit, Limit, Severity};
use crate::settings::Threshold;
use crate::text::number;

/// `more than 5 or 2.5% or 3 new, of severity high or worse`; `no limit` where there is none.
pub fn describe(threshold: &Threshold) -> String {
    let count = threshold.count.map(|count| count.to_string());
    let percent = threshold.percent.map(|percent| format!("{percent}%"));
    let new = threshold.new.map(|new| format!("{new} new"));
    let limits: Vec<_> = count.into_iter().chain(percent).chain(new).collect();
    if limits.is_empty() {
        return "no limit".to_owned();
    }
    let limits = limits.join(" or ");
    match threshold.severity {
        None | Some(Severity::Informational) => format!("more than {limits}"),
        Some(Severity::Critical) => format!("more than {limits} of severity critical"),
        Some(severity) => format!("more than {limits} of severity {severity} or worse"),
    }
}

/// By how much a threshold is crossed: `11 too many`, `4.5 percentage points over, 2 too many new`.
pub fn excess(crossing: &Crossing) -> String {
    let excess = |exceeded: &ExceededLimit| {
        let by = exceeded.value - exceeded.allowed;
        match exceeded.limit {
            Limit::Count => format!("{} too many", number(by as u64)),
            Limit::Percent => format!("{} percentage points over", (by * 100.0).round() / 100.0),
            Limit::New => format!("{} too many new", number(by as u64)),
        }
    };
    let parts: Vec<_> = crossing.exceeded.iter().map(excess).collect();
    parts.join(", ")
}
