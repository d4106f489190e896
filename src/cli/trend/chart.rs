//! Charts of one line each.

use orgscan_core::model::{TrendNumber, TrendPoint};
use orgscan_core::text::number;
use orgscan_report::trend::Series;

use crate::charset::Charset;
use crate::style::{FAINT, PLAIN, UNKNOWN, paint};

/// How charts are drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chart {
    /// How wide the output is, in characters.
    pub(crate) width: u16,
    /// Whether it can show more than ASCII.
    pub(crate) unicode: bool,
}

/// What a chart shows of one day, or of a few.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// No run counts.
    Gap,
    /// A run counts, and nothing could be evaluated.
    Unknown,
    /// A number, and whether it is a lower bound.
    Value(u64, bool),
}

impl Cell {
    pub(super) fn is_bound(&self) -> bool {
        matches!(self, Self::Value(_, true))
    }
}

/// From the lowest to the highest.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII: [char; 8] = ['_', '.', ':', '-', '=', '+', '*', '#'];

impl Chart {
    /// As the terminal can show them, by what the environment says of its character set.
    pub(crate) fn of_terminal(width: u16) -> Self {
        Self {
            width,
            unicode: Charset::of_process() == Charset::Unicode,
        }
    }

    /// The cells of a series, in as many columns as there are days, or fewer: then each stands for a few
    /// days, by the last run of them that counts.
    pub(super) fn cells(
        &self,
        series: &Series,
        columns: usize,
        value: impl Fn(&TrendPoint) -> Option<TrendNumber>,
    ) -> Vec<Cell> {
        let columns = columns.max(1);
        let days = series.days.len().div_ceil(columns).max(1);
        let cell = |days: &[orgscan_report::trend::Day]| {
            let mut points = days.iter().rev().filter_map(|day| series.on(day));
            match points.find_map(&value) {
                None => Cell::Gap,
                Some(TrendNumber { value: None, .. }) => Cell::Unknown,
                Some(TrendNumber {
                    value: Some(value),
                    lower_bound: at_least,
                }) => Cell::Value(value, at_least),
            }
        };
        series.days.chunks(days).map(cell).collect()
    }

    /// The cells, drawn from the lowest of their values to the highest.
    pub(super) fn sparkline(&self, cells: &[Cell]) -> String {
        let values = cells.iter().filter_map(|cell| match cell {
            Cell::Value(value, _) => Some(*value),
            Cell::Gap | Cell::Unknown => None,
        });
        let (low, high) = values.fold((u64::MAX, 0), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        // What stays is drawn in the middle, unless it is nothing.
        let (low, high) = match low == high && high > 0 {
            true => (0, high * 2),
            false => (low.min(high), high),
        };
        self.levels(cells, low, high)
    }

    /// The cells, drawn between these ends.
    pub(super) fn levels(&self, cells: &[Cell], low: u64, high: u64) -> String {
        let levels = if self.unicode { BARS } else { ASCII };
        let draw = |cell: &Cell| match cell {
            Cell::Gap if self.unicode => paint(FAINT, '·'),
            Cell::Gap => " ".to_owned(),
            Cell::Unknown => paint(UNKNOWN, '?'),
            Cell::Value(value, at_least) => {
                let above = value.saturating_sub(low).min(high - low) as f64;
                let share = above / (high - low).max(1) as f64;
                let level = levels[((share * 7.0).round() as usize).min(7)];
                let style = if *at_least { UNKNOWN } else { PLAIN };
                paint(style, level)
            }
        };
        cells.iter().map(draw).collect()
    }

    /// Marks below the cells that are lower bounds, where there are such.
    pub(super) fn bounds(&self, cells: &[Cell]) -> Option<String> {
        let mark = |cell: &Cell| if cell.is_bound() { '^' } else { ' ' };
        let marks: String = cells.iter().map(mark).collect();
        let marks = marks.trim_end();
        (!marks.is_empty()).then(|| paint(UNKNOWN, marks))
    }

    /// `12`, `≥ 12`, `unknown`
    pub(super) fn shown(&self, value: TrendNumber) -> String {
        match value.value {
            None => paint(UNKNOWN, "unknown"),
            Some(value_known) if value.lower_bound => {
                let at_least = self.at_least();
                paint(UNKNOWN, format_args!("{at_least}{}", number(value_known)))
            }
            Some(value_known) => number(value_known),
        }
    }

    pub(super) const fn at_least(&self) -> &'static str {
        if self.unicode { "≥ " } else { ">= " }
    }

    pub(super) const fn arrow(&self) -> &'static str {
        if self.unicode { "→" } else { "->" }
    }
}

/// A bar as long as the value's share of the largest.
pub(super) fn bar(value: u64, largest: u64, room: usize, chart: &Chart) -> String {
    let share = value as f64 / largest.max(1) as f64;
    let length = (share * room as f64).ceil() as usize;
    let block = if chart.unicode { "█" } else { "#" };
    block.repeat(length.min(room))
}
