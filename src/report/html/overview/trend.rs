//! How the numbers changed from run to run, as small charts of one size.

use std::fmt::Write;

use orgscan_core::checks::INDICATORS;
use orgscan_core::model::{Trend, TrendNumber, TrendPoint};
use orgscan_core::text::number;

use super::most_critical::percent;

/// The size of a chart, in its own units.
const WIDTH: f64 = 220.0;
const HEIGHT: f64 = 48.0;
/// Room for the last point's mark.
const MARGIN: f64 = 4.0;

/// How many runs a table has at most, the last ones.
const RUNS: usize = 60;

/// One number from run to run.
pub(super) struct Chart {
    pub(super) title: String,
    pub(super) last: String,
    /// The chart as text, for screen readers.
    pub(super) summary: String,
    /// SVG paths of what is known.
    pub(super) line: String,
    /// Points that are lower bounds, as small rings.
    pub(super) rings: Vec<(String, String)>,
    pub(super) end: Option<(String, String)>,
}

/// The charts: each indicator, then coverage.
pub(super) fn charts(trend: &Trend) -> Vec<Chart> {
    let made = |name: &str| {
        trend
            .points
            .iter()
            .any(|point| point.indicators.contains_key(name))
    };
    let indicators = INDICATORS.iter().filter(|one| made(one.name)).map(|one| {
        let values: Vec<_> = trend
            .points
            .iter()
            .map(|point| value(point, one.name))
            .collect();
        let texts: Vec<_> = values.iter().map(|value| describe(*value)).collect();
        let plain = values
            .iter()
            .map(|(value, least)| (value.map(|n| n as f64), *least));
        chart(one.counts, &plain.collect::<Vec<_>>(), &texts)
    });
    let coverage: Vec<_> = trend
        .points
        .iter()
        .map(|point| (point.coverage_percent, false))
        .collect();
    let texts: Vec<_> = coverage.iter().map(|(value, _)| percent(*value)).collect();
    indicators
        .chain([chart("coverage", &coverage, &texts)])
        .collect()
}

fn value(point: &TrendPoint, indicator: &str) -> (Option<u64>, bool) {
    let none = TrendNumber {
        value: None,
        lower_bound: true,
    };
    let number = point.indicators.get(indicator).unwrap_or(&none);
    (number.value, number.lower_bound)
}

fn describe((value, least): (Option<u64>, bool)) -> String {
    match value {
        None => "?".to_owned(),
        Some(value) if least => format!("≥ {}", number(value)),
        Some(value) => number(value),
    }
}

fn chart(title: &str, values: &[(Option<f64>, bool)], texts: &[String]) -> Chart {
    let known = values.iter().filter_map(|(value, _)| *value);
    let top = known.fold(0.0, f64::max).max(1.0);
    let step = (WIDTH - 2.0 * MARGIN) / (values.len().max(2) - 1) as f64;
    let at = |n: usize, value: f64| {
        let y = HEIGHT - MARGIN - value / top * (HEIGHT - 2.0 * MARGIN);
        (
            format!("{:.1}", MARGIN + step * n as f64),
            format!("{y:.1}"),
        )
    };
    let (mut line, mut rings, mut end, mut pen) = (String::new(), Vec::new(), None, 'M');
    for (n, (value, least)) in values.iter().enumerate() {
        let Some(value) = value else {
            // A gap in what is known is a gap in the line.
            pen = 'M';
            continue;
        };
        let (x, y) = at(n, *value);
        // Writing to a text does not fail.
        let _ = write!(line, "{pen}{x} {y}");
        pen = 'L';
        if *least {
            rings.push((x.clone(), y.clone()));
        }
        end = Some((x, y));
    }
    let or_unknown = |word: Option<&String>| word.map_or("?", |word| word).to_owned();
    let (first, last) = (or_unknown(texts.first()), or_unknown(texts.last()));
    Chart {
        title: title.to_owned(),
        summary: format!("{title}: from {first} to {last} over {} runs", values.len()),
        last,
        line,
        rings,
        end,
    }
}

/// The table's head.
pub(super) fn head(trend: &Trend) -> Vec<String> {
    let made = |name: &str| {
        trend
            .points
            .iter()
            .any(|point| point.indicators.contains_key(name))
    };
    let indicators = INDICATORS.iter().filter(|one| made(one.name));
    let indicators = indicators.map(|one| one.counts.to_owned());
    let fixed = ["new", "resolved", "coverage"].map(str::to_owned);
    ["run".to_owned()]
        .into_iter()
        .chain(indicators)
        .chain(fixed)
        .collect()
}

/// The same as a table, the last run first.
pub(super) fn rows(trend: &Trend) -> Vec<Vec<String>> {
    let made = |name: &str| {
        trend
            .points
            .iter()
            .any(|point| point.indicators.contains_key(name))
    };
    let names: Vec<_> = INDICATORS
        .iter()
        .map(|one| one.name)
        .filter(|name| made(name))
        .collect();
    let optional = |value: Option<u64>| value.map_or_else(|| "?".to_owned(), number);
    let row = |point: &TrendPoint| {
        let time = point.started.strftime("%Y-%m-%d %H:%M").to_string();
        let numbers = names.iter().map(|name| describe(value(point, name)));
        let fixed = [
            optional(point.new_or_reopened),
            optional(point.resolved),
            percent(point.coverage_percent),
        ];
        [time].into_iter().chain(numbers).chain(fixed).collect()
    };
    trend.points.iter().rev().take(RUNS).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart_of(values: &[(Option<f64>, bool)]) -> Chart {
        let texts: Vec<_> = values.iter().map(|_| "1".to_owned()).collect();
        chart("x", values, &texts)
    }

    #[test]
    fn what_is_not_known_is_a_gap_in_the_line_and_a_lower_bound_a_ring() {
        let some = |value| (Some(value), false);
        let chart = chart_of(&[some(0.0), (Some(2.0), true), (None, true), some(4.0)]);
        assert_eq!(chart.line.matches('M').count(), 2, "{}", chart.line);
        assert_eq!(chart.line.matches('L').count(), 1);
        assert_eq!(chart.rings.len(), 1);
        assert_eq!(chart.end.unwrap().1, "4.0");
        assert!(chart_of(&[(None, true)]).end.is_none());
    }
}
