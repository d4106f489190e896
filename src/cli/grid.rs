//! Tables without lines, as wide as the terminal. Columns that do not fit fold into lines below their row, so that
//! no word is broken unless it is longer than a whole line.

use std::io::{self, Write};

use anstream::adapter::strip_str;
use comfy_table::{
    CellAlignment, Column, ColumnConstraint, ContentArrangement, Table, Width, presets,
};
use unicode_width::UnicodeWidthStr;

use super::charset::Charset;
use super::style::{FAINT, paint};

/// How wide output is that goes to no terminal.
const WIDTH: u16 = 100;
/// Narrower output folds no further.
const NARROWEST: u16 = 40;
/// Wider lines are hard to read.
const WIDEST: u16 = 140;
/// How far a table is indented.
const INDENT: usize = 2;
/// How far the folded columns of a row are indented.
const FOLDED: usize = 4;
/// The space between two columns.
const GAP: usize = 2;
/// A column of several words becomes no narrower than this.
const TEXT: usize = 16;

/// A space at which no line is broken. Texts of others have none: `clean` makes all white space plain.
const TIED: char = '\u{a0}';

/// How wide the output is, in characters: by `COLUMNS`, or as the terminal is.
pub(super) fn width() -> u16 {
    let columns = std::env::var("COLUMNS").ok();
    let columns = columns.and_then(|columns| columns.parse().ok());
    let columns = columns.filter(|columns| *columns > 0);
    let width = columns.or_else(|| Table::new().width());
    width.unwrap_or(WIDTH).clamp(NARROWEST, WIDEST)
}

/// What text is laid out for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    /// How wide the lines may be, in characters.
    pub(super) width: u16,
    pub(super) charset: Charset,
}

impl Page {
    /// The terminal, or the file that stands for it.
    pub(super) fn of_terminal() -> Self {
        width().into()
    }

    /// Writes text with line breaks where the width ends.
    pub(super) fn write(self, text: &str, out: &mut impl Write) -> io::Result<()> {
        self.indented(0, &self.charset.shown(text), out)
    }

    /// Writes text of the page's characters, each line indented by this many spaces.
    fn indented(self, indent: usize, text: &str, out: &mut impl Write) -> io::Result<()> {
        let mut table = table();
        table.add_row([text]);
        let room = usize::from(self.width).saturating_sub(indent);
        table.column_iter_mut().for_each(|column| fix(column, room));
        let margin = " ".repeat(indent);
        for line in table.lines() {
            writeln!(out, "{margin}{}", line.replace(TIED, " ").trim_end())?;
        }
        Ok(())
    }
}

impl From<u16> for Page {
    fn from(width: u16) -> Self {
        let charset = Charset::of_process();
        Self { width, charset }
    }
}

/// A table without lines.
pub(super) struct Grid {
    page: Page,
    headings: Vec<Heading>,
    rows: Vec<Row>,
}

struct Heading {
    name: String,
    is_number: bool,
    /// Whether it is never broken into lines.
    is_whole: bool,
    /// Whether its cells need no heading in a folded line.
    is_plain: bool,
}

enum Row {
    Cells(Vec<String>),
    /// A line of text across all columns.
    Line(String),
}

/// The columns that stand side by side, with their widths, and those that are folded.
struct Layout {
    columns: Vec<(usize, usize)>,
    folded: Vec<usize>,
}

impl Grid {
    /// A table with a heading for each column. Headings that begin with `>` have their columns
    /// aligned to the right, as numbers are.
    pub(super) fn new(page: impl Into<Page>, headings: &[&str]) -> Self {
        let page = page.into();
        let heading = |name: &&str| Heading {
            name: page.charset.shown(name.trim_start_matches('>')).into(),
            is_number: name.starts_with('>'),
            is_whole: name.starts_with('>'),
            is_plain: false,
        };
        Self {
            page,
            headings: headings.iter().map(heading).collect(),
            rows: Vec::new(),
        }
    }

    /// Lines of text, broken where the width ends.
    pub(super) fn lines(page: impl Into<Page>, lines: impl Iterator<Item = String>) -> Self {
        let mut grid = Self::new(page, &[]);
        lines.for_each(|line| grid.line(line));
        grid
    }

    /// Keeps a column from being broken into lines.
    pub(super) fn whole(mut self, column: usize) -> Self {
        if let Some(heading) = self.headings.get_mut(column) {
            heading.is_whole = true;
        }
        self
    }

    /// Leaves the heading of a column out of folded lines: its cells explain themselves.
    pub(super) fn plain(mut self, column: usize) -> Self {
        if let Some(heading) = self.headings.get_mut(column) {
            heading.is_plain = true;
        }
        self
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let mut cells: Vec<String> = cells.into_iter().map(|cell| self.shown(&cell)).collect();
        cells.resize(self.headings.len(), String::new());
        self.rows.push(Row::Cells(cells));
    }

    /// Adds a line of text across all columns.
    pub(super) fn line(&mut self, text: String) {
        self.rows.push(Row::Line(self.shown(&text)));
    }

    fn shown(&self, text: &str) -> String {
        self.page.charset.shown(text).into_owned()
    }

    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let layout = self.layout();
        if !layout.columns.is_empty() {
            let name = |column: usize| paint(FAINT, &self.headings[column].name);
            self.side_by_side(&layout, name, out)?;
        }
        for row in &self.rows {
            match row {
                Row::Line(text) => self.page.indented(INDENT, text, out)?,
                Row::Cells(cells) => {
                    self.side_by_side(&layout, |column| cells[column].clone(), out)?;
                    let folded = self.folded(&layout, cells);
                    if !folded.is_empty() {
                        self.page.indented(FOLDED, &folded, out)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn side_by_side(
        &self,
        layout: &Layout,
        cell: impl Fn(usize) -> String,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let mut table = table();
        table.add_row(layout.columns.iter().map(|(index, _)| cell(*index)));
        for (column, (index, width)) in table.column_iter_mut().zip(&layout.columns) {
            fix(column, *width);
            if self.headings[*index].is_number {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let margin = " ".repeat(INDENT);
        for line in table.lines() {
            writeln!(out, "{margin}{}", line.trim_end())?;
        }
        Ok(())
    }

    /// The folded cells of a row, each with its heading, and in one piece if it fits on a line.
    fn folded(&self, layout: &Layout, cells: &[String]) -> String {
        let room = usize::from(self.page.width).saturating_sub(FOLDED);
        let folded = layout.folded.iter().copied();
        let folded = folded.filter(|column| width_of(&cells[*column]) > 0);
        let folded = folded.map(|column| {
            let Heading { name, is_plain, .. } = &self.headings[column];
            let cell = cells[column].replace('\n', " ");
            let item = match is_plain {
                true => cell,
                false => format!("{} {cell}", paint(FAINT, format_args!("{name}:"))),
            };
            match width_of(&item) < room {
                true => item.replace(' ', &TIED.to_string()),
                false => item,
            }
        });
        folded.collect::<Vec<_>>().join(", ")
    }

    /// Folds columns until the others fit with each of their words in one piece: texts first, then numbers, each from
    /// the right. The first column stays, and a column without content is left out.
    fn layout(&self) -> Layout {
        let room = usize::from(self.page.width).saturating_sub(INDENT);
        let is_used = |column: &usize| self.cells(*column).any(|cell| width_of(cell) > 0);
        let mut columns: Vec<usize> = (0..self.headings.len()).filter(is_used).collect();
        let mut folded = Vec::new();
        while self.least(&columns) > room {
            let texts = columns.iter().skip(1).rev();
            let text = texts
                .copied()
                .find(|column| !self.headings[*column].is_number);
            let Some(column) = text.or(columns.get(1..).and_then(|rest| rest.last().copied()))
            else {
                break;
            };
            columns.retain(|one| *one != column);
            folded.push(column);
        }
        folded.sort_unstable();
        Layout {
            columns: self.widths(columns, room),
            folded,
        }
    }

    /// As much as each column would like to have; where that is too much, the widest give way.
    fn widths(&self, columns: Vec<usize>, room: usize) -> Vec<(usize, usize)> {
        let natural = |column| (column, self.natural(column).min(room));
        let mut widths: Vec<(usize, usize)> = columns.into_iter().map(natural).collect();
        let gaps = GAP * widths.len().saturating_sub(1);
        while widths.iter().map(|(_, width)| width).sum::<usize>() + gaps > room {
            let shrinking = widths.iter_mut();
            let shrinking = shrinking.filter(|(column, width)| *width > self.least_of(*column));
            let Some((_, width)) = shrinking.max_by_key(|(_, width)| *width) else {
                break;
            };
            *width -= 1;
        }
        widths
    }

    /// How wide these columns are at least, side by side.
    fn least(&self, columns: &[usize]) -> usize {
        let gaps = GAP * columns.len().saturating_sub(1);
        gaps + columns.iter().map(|one| self.least_of(*one)).sum::<usize>()
    }

    fn least_of(&self, column: usize) -> usize {
        let natural = self.natural(column);
        if self.headings[column].is_whole {
            return natural;
        }
        let words = |text: &str| text.split_whitespace().map(width_of).max().unwrap_or(0);
        let longest = self
            .cells(column)
            .map(|cell| words(&strip_str(cell).to_string()));
        let name = words(&self.headings[column].name);
        longest.max().unwrap_or(0).max(name).max(natural.min(TEXT))
    }

    fn natural(&self, column: usize) -> usize {
        let widths = self.cells(column).flat_map(str::lines).map(width_of);
        let name = width_of(&self.headings[column].name);
        widths.max().unwrap_or(0).max(name)
    }

    fn cells(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().filter_map(move |row| match row {
            Row::Cells(cells) => Some(cells[column].as_str()),
            Row::Line(_) => None,
        })
    }
}

/// How wide a text is on a terminal, its styles aside.
fn width_of(text: &str) -> usize {
    strip_str(text).to_string().width()
}

fn table() -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::MAX);
    table
}

/// Gives a column exactly this width, and the gap to the next one.
fn fix(column: &mut Column, width: usize) {
    let gap = GAP as u16;
    let width = u16::try_from(width.max(1)).unwrap_or(WIDEST);
    column.set_padding((0, gap));
    column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width + gap)));
}

#[cfg(test)]
mod tests;
