//! Tables without lines, indented and as wide as the terminal.

use std::io::{self, Write};

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, presets};

use super::style::{FAINT, paint};

/// How wide output is that goes to no terminal.
const WIDTH: u16 = 100;
/// Wider lines are hard to read.
const WIDEST: u16 = 140;
const INDENT: &str = "  ";

/// How wide the output is, in characters.
pub(super) fn width() -> u16 {
    Table::new().width().unwrap_or(WIDTH).clamp(40, WIDEST)
}

/// A table without lines.
pub(super) struct Grid {
    table: Table,
}

impl Grid {
    /// A table with a heading for each column. Headings that begin with `>` have their columns
    /// aligned to the right, as numbers are.
    pub(super) fn new(width: u16, headings: &[&str]) -> Self {
        let mut grid = Self::bare(width);
        let names = headings.iter().map(|name| name.trim_start_matches('>'));
        grid.table.set_header(names.map(|name| paint(FAINT, name)));
        let last = headings.len().saturating_sub(1);
        for (index, column) in grid.table.column_iter_mut().enumerate() {
            column.set_padding((0, if index == last { 0 } else { 2 }));
            if headings[index].starts_with('>') {
                column.set_cell_alignment(CellAlignment::Right);
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        grid
    }

    /// Lines of text, broken where the width ends.
    pub(super) fn lines(width: u16, lines: impl Iterator<Item = String>) -> Self {
        let mut grid = Self::bare(width);
        for line in lines {
            grid.row([line]);
        }
        if let Some(column) = grid.table.column_mut(0) {
            column.set_padding((0, 0));
        }
        grid
    }

    fn bare(width: u16) -> Self {
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width.saturating_sub(INDENT.len() as u16));
        Self { table }
    }

    /// Keeps a column from being broken into lines.
    pub(super) fn whole(mut self, column: usize) -> Self {
        if let Some(column) = self.table.column_mut(column) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
        self
    }

    /// Adds a row.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.table.add_row(cells.into_iter().collect::<Vec<_>>());
    }

    /// Prints the table.
    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        for line in self.table.lines() {
            writeln!(out, "{INDENT}{}", line.trim_end())?;
        }
        Ok(())
    }
}
