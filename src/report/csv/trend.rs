//! The trend as a table: one row for each day's run and indicator.

use std::io::{self, Write};

use super::cell;
use crate::trend::Series;

const HEADER: [&str; 9] = [
    "day",
    "run_id",
    "run_started",
    "indicator",
    "value",
    "lower_bound",
    "coverage_percent",
    "new_or_reopened",
    "resolved",
];

/// Writes the points of a trend. Days without a run have no rows; a value that is not known is empty.
///
/// # Errors
/// The writer's own.
pub fn write_trend(out: impl Write, series: &Series) -> io::Result<()> {
    let mut out = csv::Writer::from_writer(out);
    out.write_record(HEADER)?;
    for day in &series.days {
        let Some(point) = series.on(day) else {
            continue;
        };
        let count = |count: Option<u64>| count.map_or_else(String::new, |n| n.to_string());
        let percent = point.coverage_percent.map(|percent| percent.to_string());
        for (indicator, number) in &point.indicators {
            out.write_record([
                &day.day.to_string(),
                &*cell(&point.run_id),
                &point.started.to_string(),
                &*cell(indicator),
                &count(number.value),
                &number.lower_bound.to_string(),
                percent.as_deref().unwrap_or_default(),
                &count(point.new_or_reopened),
                &count(point.resolved),
            ])?;
        }
    }
    out.flush()
}
