//! Thresholds as text.

use crate::model::{Crossing, ExceededLimit, Limit, Severity};
use crate::settings::Threshold;
use crate::text::number;

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

/// By how much a threshold is crossed: `11 over the threshold`.
pub fn excess(crossing: &Crossing) -> String {
    let excess = |exceeded: &ExceededLimit| {
        let by = exceeded.value - exceeded.allowed;
        match exceeded.limit {
            Limit::Count => format!("{} over the threshold", number(by as u64)),
            Limit::Percent => {
                let points = (by * 100.0).round() / 100.0;
                format!("{points} percentage points over the threshold")
            }
            Limit::NewOrReopened => format!("{} new over the threshold", number(by as u64)),
        }
    };
    let parts: Vec<_> = crossing.exceeded.iter().map(excess).collect();
    parts.join(", ")
}
