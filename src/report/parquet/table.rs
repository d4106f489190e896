//! A table in the making: rows come in, and go out as columns, so many at a time.

use std::io::{self, Write};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

use super::values::{Values, is_full, properties};

/// What a column holds. Times are milliseconds since 1970 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Count,
    Time,
    Day,
}

/// A column's name, what it holds, and whether it may be null.
pub(super) type Column = (&'static str, Kind, bool);

/// A cell.
#[derive(Clone, Debug)]
pub(super) enum Cell<'a> {
    Text(&'a str),
    Count(u64),
    Time(Timestamp),
    Day(Date),
    Null,
}

impl Cell<'_> {
    /// A cell with what there is; null where there is nothing.
    pub(super) fn or_null<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Null, cell)
    }
}

/// What a column has of the row group in the making.
#[derive(Debug)]
struct Held {
    values: Values,
    /// For each row 1 where there is a value; only of columns that may be null.
    defined: Option<Vec<i16>>,
}

/// A table in the making.
pub(super) struct Table<W: Write + Send> {
    out: SerializedFileWriter<W>,
    columns: &'static [Column],
    held: Vec<Held>,
    rows: usize,
    bytes: usize,
}

impl<W: Write + Send> Table<W> {
    pub(super) fn start(out: W, name: &str, columns: &'static [Column]) -> io::Result<Self> {
        let schema = schema(name, columns).map_err(io::Error::other)?;
        let out = SerializedFileWriter::new(out, Arc::new(schema), properties());
        Ok(Self {
            out: out.map_err(io::Error::other)?,
            columns,
            held: columns.iter().map(Held::of).collect(),
            rows: 0,
            bytes: 0,
        })
    }

    /// Takes a row, with a cell for every column.
    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        for (held, cell) in self.held.iter_mut().zip(cells) {
            self.bytes += held.push(cell)?;
        }
        self.rows += 1;
        match is_full(self.rows, self.bytes) {
            true => self.flush(),
            false => Ok(()),
        }
    }

    /// Writes what is held and the end of the file.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.flush()?;
        self.out.into_inner().map_err(io::Error::other)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.out.next_row_group().map_err(io::Error::other)?;
        for held in &mut self.held {
            held.write(&mut group).map_err(io::Error::other)?;
        }
        group.close().map_err(io::Error::other)?;
        self.held = self.columns.iter().map(Held::of).collect();
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl Held {
    fn of((_, kind, nullable): &Column) -> Self {
        Self {
            values: match kind {
                Kind::Text => Values::Text(Vec::new()),
                Kind::Count | Kind::Time => Values::Long(Vec::new()),
                Kind::Day => Values::Int(Vec::new()),
            },
            defined: nullable.then(Vec::new),
        }
    }

    /// Takes a cell. Gives how many bytes it takes.
    fn push(&mut self, cell: &Cell<'_>) -> io::Result<usize> {
        if let Some(defined) = &mut self.defined {
            defined.push(i16::from(!matches!(cell, Cell::Null)));
        }
        match (&mut self.values, cell) {
            (_, Cell::Null) if self.defined.is_some() => {}
            (Values::Text(values), Cell::Text(text)) => {
                let bytes = text.as_bytes();
                // In most columns a row has the text of the one before; a copy of that shares its bytes.
                let same = values.last().filter(|last| last.data() == bytes).cloned();
                values.push(same.unwrap_or_else(|| ByteArray::from(bytes.to_vec())));
                return Ok(text.len() + size_of::<ByteArray>());
            }
            (Values::Long(values), Cell::Count(count)) => {
                values.push(i64::try_from(*count).unwrap_or(i64::MAX));
            }
            (Values::Long(values), Cell::Time(time)) => values.push(time.as_millisecond()),
            (Values::Int(values), Cell::Day(day)) => values.push(days(*day)),
            (values, cell) => {
                let what = format!("{cell:?} does not fit into a column of {values:?}");
                return Err(io::Error::other(what));
            }
        }
        Ok(size_of::<i64>())
    }

    fn write<W: Write + Send>(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        self.values.write(group, self.defined.as_deref(), None)?;
        // What was written of it is in the file by now.
        self.values = Values::Long(Vec::new());
        Ok(())
    }
}

fn schema(name: &str, columns: &[Column]) -> Result<Type, ParquetError> {
    let fields = columns.iter().map(|(name, kind, nullable)| {
        let (physical, logical) = match kind {
            Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Count => (Physical::INT64, None),
            Kind::Time => (
                Physical::INT64,
                Some(LogicalType::timestamp(true, TimeUnit::MILLIS)),
            ),
            Kind::Day => (Physical::INT32, Some(LogicalType::Date)),
        };
        let repetition = match nullable {
            true => Repetition::OPTIONAL,
            false => Repetition::REQUIRED,
        };
        let field = Type::primitive_type_builder(name, physical);
        let field = field.with_logical_type(logical).with_repetition(repetition);
        field.build().map(Arc::new)
    });
    let fields = fields.collect::<Result<Vec<_>, _>>()?;
    Type::group_type_builder(name).with_fields(fields).build()
}

/// Days since 1970.
fn days(day: Date) -> i32 {
    let epoch = Date::constant(1970, 1, 1);
    let span = day.duration_since(epoch);
    i32::try_from(span.as_hours() / 24).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_counted_from_1970() {
        let day = |text: &str| days(text.parse().unwrap());
        assert_eq!(day("1970-01-01"), 0);
        assert_eq!(day("2000-03-01"), 11_017);
        assert_eq!(day("1969-12-31"), -1);
    }

    #[test]
    fn the_tables_of_the_template_have_the_columns_of_the_files() {
        let path = orgscan_core::testing::repository().join("infra/orgscan.yaml");
        let template = std::fs::read_to_string(path).unwrap();
        for columns in [
            super::super::findings::COLUMNS,
            super::super::coverage::COLUMNS,
        ] {
            let lines = columns.iter().map(|(name, kind, _)| {
                let kind = match kind {
                    Kind::Text => "string",
                    Kind::Count => "bigint",
                    Kind::Time => "timestamp",
                    Kind::Day => "date",
                };
                format!("            - {{Name: {name}, Type: {kind}}}\n")
            });
            let block = format!("          Columns:\n{}\n", lines.collect::<String>());
            assert!(template.contains(&block), "{block}");
        }
    }

    #[test]
    fn a_cell_of_another_kind_is_an_error() {
        let columns: &[Column] = &[("a", Kind::Text, false)];
        let mut table = Table::start(Vec::new(), "t", columns).unwrap();
        assert!(table.row(&[Cell::Count(1)]).is_err());
        assert!(table.row(&[Cell::Null]).is_err());
    }
}
