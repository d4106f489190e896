//! A trend for people: small charts, and what they say in numbers.

mod chart;

use std::io::{self, Write};

use jiff::civil::Date;
use orgscan_core::model::TrendNumber;
use orgscan_core::text::{clean, count, number};
use orgscan_report::trend::{Change, DayState, Direction, IndicatorSeries, Scope, Series};

pub(super) use chart::Chart;
use chart::{Cell, bar};

use super::grid::Grid;
use super::style::{BAD, FAINT, GOOD, HEADING, PLAIN, UNKNOWN, paint};
use super::text::percent;

/// How much is shown of a text that others have chosen.
const NAME: usize = 60;

/// From this width on, numbers stand beside their charts.
const WIDE: u16 = 100;

/// How wide a bar is at most.
const BAR: usize = 20;

pub(super) fn write(
    out: &mut impl Write,
    series: &Series,
    scope: &Scope,
    chart: &Chart,
) -> io::Result<()> {
    headline(out, series, scope)?;
    indicators(out, series, chart)?;
    flow(out, series, chart)?;
    coverage(out, series, chart)?;
    days(out, series, chart)
}

fn headline(out: &mut impl Write, series: &Series, scope: &Scope) -> io::Result<()> {
    let subject = match scope {
        Scope::Organization => "organization".to_owned(),
        Scope::Unit(path) => format!("OU {}", clean(path, NAME)),
        Scope::Account(id) => format!("account {id}"),
    };
    let title = paint(HEADING, "Trend");
    let (since, until) = (series.since, series.until);
    writeln!(out, "{title}  {subject}, {since} to {until} (UTC)")?;
    let scanned = series.points.len() as u64;
    let days = count(series.days.len() as u64, "day");
    let accounts = match &series.accounts {
        None => String::new(),
        Some(one) if one.first == one.last => format!(", {}", count(one.last, "account")),
        Some(one) => format!(
            ", from {} to {} accounts",
            number(one.first),
            number(one.last)
        ),
    };
    let text = format!("{} of {days} with a scan{accounts}", number(scanned));
    writeln!(out, "{}", paint(FAINT, text))
}

fn heading(out: &mut impl Write, text: &str) -> io::Result<()> {
    writeln!(out, "\n{}", paint(HEADING, text))
}

fn indicators(out: &mut impl Write, series: &Series, chart: &Chart) -> io::Result<()> {
    if series.indicators.is_empty() {
        return Ok(());
    }
    heading(out, "Indicators")?;
    let names = series.names().into_iter();
    let names = names.map(|name| clean(name, NAME).chars().count());
    let room = names.max().unwrap_or_default();
    let mut any_bound = false;
    for line in &series.indicators {
        let value = |point: &orgscan_core::model::TrendPoint| {
            point.indicators.get(&line.indicator).copied()
        };
        let columns = match chart.width >= WIDE {
            true => usize::from(chart.width).saturating_sub(room + 42),
            false => usize::from(chart.width).saturating_sub(6),
        };
        let cells = chart.cells(series, columns, value);
        any_bound |= cells.iter().any(Cell::is_bound);
        indicator(out, line, &cells, room, chart)?;
    }
    if any_bound {
        let message = "^ lower bound: not everything could be evaluated";
        writeln!(out, "  {}", paint(UNKNOWN, message))?;
    }
    Ok(())
}

fn indicator(
    out: &mut impl Write,
    line: &IndicatorSeries,
    cells: &[Cell],
    room: usize,
    chart: &Chart,
) -> io::Result<()> {
    let name = clean(&line.indicator, NAME);
    let drawn = chart.sparkline(cells);
    let bounds = chart.bounds(cells);
    let ends = format!(
        "{} {} {}",
        chart.shown(line.first),
        chart.arrow(),
        chart.shown(line.last)
    );
    let change = of_total(line, chart);
    if chart.width >= WIDE {
        writeln!(out, "  {name:<room$}  {drawn}  {ends}  {change}")?;
        let indent = room + 4;
        return bounds.map_or(Ok(()), |bounds| writeln!(out, "{:indent$}{bounds}", ""));
    }
    writeln!(out, "  {name:<room$}  {ends}  {change}")?;
    writeln!(out, "    {drawn}")?;
    bounds.map_or(Ok(()), |bounds| writeln!(out, "    {bounds}"))
}

/// How a number changed. Of a total that does not compare, what of it does.
fn of_total(line: &IndicatorSeries, chart: &Chart) -> String {
    let Some(part) = &line.comparable else {
        return changed(&line.change, chart);
    };
    let verdict = match part.delta {
        0 => Direction::Same,
        ..0 => Direction::Better,
        1.. => Direction::Worse,
    };
    let change = Change {
        direction: verdict,
        delta: Some(part.delta),
        lower_bound: part.lower_bound,
    };
    let all = part.accounts + part.accounts_not_comparable;
    let within = format!("in {} of {} accounts", number(part.accounts), number(all));
    format!("{} {}", changed(&change, chart), paint(UNKNOWN, within))
}

/// `3 more`, in the color of what is worse.
fn changed(change: &Change, chart: &Chart) -> String {
    let by = change.delta.unwrap_or_default();
    let at_least = if change.lower_bound {
        chart.at_least()
    } else {
        ""
    };
    let amount = number(by.unsigned_abs());
    match change.direction {
        Direction::Better => paint(GOOD, format_args!("{at_least}{amount} fewer")),
        Direction::Worse => paint(BAD, format_args!("{at_least}{amount} more")),
        Direction::Same => paint(FAINT, "the same"),
        Direction::NotComparable => paint(UNKNOWN, "not comparable"),
    }
}

fn flow(out: &mut impl Write, series: &Series, chart: &Chart) -> io::Result<()> {
    heading(out, "New and resolved findings by week")?;
    let largest = series
        .weeks
        .iter()
        .map(|week| (week.flow.new + week.flow.reopened).max(week.flow.resolved));
    let largest = largest.max().unwrap_or_default();
    for week in &series.weeks {
        let new = week.flow.new + week.flow.reopened;
        let resolved = week.flow.resolved;
        let label = &week.week;
        for (label, word, value, style) in [
            (label.as_str(), "new", new, BAD),
            ("", "resolved", resolved, GOOD),
        ] {
            let style = if value == 0 { FAINT } else { style };
            let drawn = match bar(value, largest, BAR, chart) {
                none if none.is_empty() => none,
                bar => format!("  {}", paint(style, bar)),
            };
            let value = paint(style, format_args!("{:>7}", number(value)));
            writeln!(out, "  {label:<8}  {word:<8} {value}{drawn}")?;
        }
        if week.has_first_run {
            let message = "findings of the very first run do not count as new";
            writeln!(out, "            {}", paint(FAINT, message))?;
        }
        if week.runs_not_compared > 0 {
            let runs = count(week.runs_not_compared, "run");
            let message = format!("{runs} without a previous run to compare with, not counted");
            writeln!(out, "            {}", paint(UNKNOWN, message))?;
        }
    }
    Ok(())
}

fn coverage(out: &mut impl Write, series: &Series, chart: &Chart) -> io::Result<()> {
    let percents = series
        .points
        .iter()
        .filter_map(|point| point.coverage_percent);
    let percents: Vec<f64> = percents.collect();
    let lowest = percents.iter().copied().min_by(f64::total_cmp);
    let (Some(lowest), Some(last)) = (lowest, percents.last()) else {
        return Ok(());
    };
    heading(out, "Coverage")?;
    let columns = usize::from(chart.width).saturating_sub(40);
    let cells = chart.cells(series, columns, |point| {
        let value = point.coverage_percent?;
        Some(TrendNumber {
            // In hundredths, from nothing to everything.
            value: Some((value * 100.0) as u64),
            lower_bound: false,
        })
    });
    let drawn = chart.levels(&cells, 0, 10_000);
    let (lowest, last) = (percent(lowest), percent(*last));
    writeln!(out, "  {drawn}  lowest {lowest}, last {last}")
}

fn days(out: &mut impl Write, series: &Series, chart: &Chart) -> io::Result<()> {
    for (state, title, style) in [
        (DayState::NoScan, "Days without a scan", UNKNOWN),
        (DayState::Failed, "Days without a readable report", BAD),
        (
            DayState::Partial,
            "Days with scans of only a part of the organization",
            PLAIN,
        ),
    ] {
        let days = series.days.iter().filter(|day| day.state == state);
        let days: Vec<Date> = days.map(|day| day.day).collect();
        if !days.is_empty() {
            heading(out, &paint(style, format_args!("{title}: {}", days.len())))?;
            Grid::lines(chart.width, std::iter::once(spans(&days))).write(out)?;
        }
    }
    if !series.missing_runs.is_empty() {
        heading(out, "Missing runs")?;
        let lines = series.missing_runs.iter().map(|run| {
            let (id, why) = (clean(&run.run_id, NAME), clean(&run.reason, 300));
            format!("{id}, {}: {why}", run.day)
        });
        Grid::lines(chart.width, lines).write(out)?;
    }
    Ok(())
}

/// `2026-11-01, 2026-11-03 to 2026-11-05`
fn spans(days: &[Date]) -> String {
    let mut spans: Vec<(Date, Date)> = Vec::new();
    for day in days {
        match spans.last_mut() {
            Some((_, end)) if end.tomorrow().is_ok_and(|next| next == *day) => *end = *day,
            _ => spans.push((*day, *day)),
        }
    }
    let texts: Vec<String> = spans
        .into_iter()
        .map(|(first, last)| match first == last {
            true => first.to_string(),
            false => format!("{first} to {last}"),
        })
        .collect();
    texts.join(", ")
}

#[cfg(test)]
mod tests;
