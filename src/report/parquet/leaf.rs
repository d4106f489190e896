//! What a column has of the row group in the making, and how it goes into the file.

use std::io::Write;

use jiff::Timestamp;
use jiff::civil::Date;
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedRowGroupWriter;

/// A value on its way into a column.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cell<'a> {
    Text(&'a str),
    Number(i64),
    Time(Timestamp),
    Day(Date),
    Null,
}

impl Cell<'_> {
    /// A number of things. More than 64 bits with a sign can hold is as many as they can.
    pub(super) fn count(count: u64) -> Self {
        Self::Number(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// A cell with what there is; null where there is nothing.
    pub(super) fn or_null<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Null, cell)
    }
}

/// Where in the row a value is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Level {
    /// How many of the fields on the way that may be missing, and of the lists, are there.
    pub(super) defined: i16,
    /// At which of the lists it goes on; 0 for the first value of a row.
    pub(super) repeated: i16,
    /// How many lists there are on the way.
    pub(super) lists: i16,
}

impl Level {
    /// One level further in, if what is there may be missing.
    pub(super) fn inside(self, may_miss: bool) -> Self {
        let defined = self.defined + i16::from(may_miss);
        Self { defined, ..self }
    }
}

/// The values that there are, without the nulls.
#[derive(Debug)]
pub(super) enum Values {
    Text(Vec<ByteArray>),
    Long(Vec<i64>),
    Int(Vec<i32>),
}

/// What a column has of the row group in the making.
#[derive(Debug)]
pub(super) struct Leaf {
    values: Values,
    /// How much of each value's path is there; only of columns where something of it may be missing.
    pub(super) defined: Option<Vec<i16>>,
    /// At which list each value goes on; only of columns in lists.
    pub(super) repeated: Option<Vec<i16>>,
}

impl Leaf {
    pub(super) fn new(values: Values, may_miss: bool, repeats: bool) -> Self {
        Self {
            values,
            defined: may_miss.then(Vec::new),
            repeated: repeats.then(Vec::new),
        }
    }

    /// Takes a value. Gives how many bytes it takes.
    ///
    /// # Errors
    /// Where the column is for other values.
    pub(super) fn push(&mut self, cell: &Cell<'_>, level: Level) -> Result<usize, String> {
        let mismatch = || format!("{cell:?} does not fit into its column");
        match (&mut self.values, cell) {
            (Values::Text(values), Cell::Text(text)) => {
                let bytes = text.as_bytes();
                // In most columns a row has the text of the one before; a copy of that shares its bytes.
                let same = values.last().filter(|last| last.data() == bytes).cloned();
                values.push(same.unwrap_or_else(|| ByteArray::from(bytes.to_vec())));
                self.at(level);
                return Ok(text.len() + size_of::<ByteArray>());
            }
            (Values::Long(values), Cell::Number(number)) => values.push(*number),
            (Values::Long(values), Cell::Time(time)) => values.push(time.as_millisecond()),
            (Values::Int(values), Cell::Day(day)) => values.push(days(*day)),
            (Values::Int(values), Cell::Number(number)) => {
                values.push(i32::try_from(*number).map_err(|_| mismatch())?);
            }
            _ => return Err(mismatch()),
        }
        Ok(self.nothing(level))
    }

    /// Takes that there is no value. Gives how many bytes it takes.
    pub(super) fn nothing(&mut self, level: Level) -> usize {
        self.at(level);
        size_of::<i64>()
    }

    fn at(&mut self, level: Level) {
        self.defined
            .iter_mut()
            .for_each(|all| all.push(level.defined));
        self.repeated
            .iter_mut()
            .for_each(|all| all.push(level.repeated));
    }

    /// Writes what there is as the group's next column, and is empty after that.
    pub(super) fn write<W: Write + Send>(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        let empty = Self {
            values: self.values.none(),
            defined: self.defined.as_ref().map(|_| Vec::new()),
            repeated: self.repeated.as_ref().map(|_| Vec::new()),
        };
        let full = std::mem::replace(self, empty);
        let levels = (full.defined.as_deref(), full.repeated.as_deref());
        full.values.write(group, levels)
    }
}

impl Values {
    /// No values of this kind.
    fn none(&self) -> Self {
        match self {
            Self::Text(_) => Self::Text(Vec::new()),
            Self::Long(_) => Self::Long(Vec::new()),
            Self::Int(_) => Self::Int(Vec::new()),
        }
    }

    fn write<W: Write + Send>(
        &self,
        group: &mut SerializedRowGroupWriter<'_, W>,
        (defined, repeated): (Option<&[i16]>, Option<&[i16]>),
    ) -> Result<(), ParquetError> {
        let Some(mut column) = group.next_column()? else {
            return Err(ParquetError::General("a column too many".to_owned()));
        };
        match self {
            Self::Text(values) => {
                let typed = column.typed::<ByteArrayType>();
                typed.write_batch(values, defined, repeated)?
            }
            Self::Long(values) => {
                let typed = column.typed::<Int64Type>();
                typed.write_batch(values, defined, repeated)?
            }
            Self::Int(values) => {
                let typed = column.typed::<Int32Type>();
                typed.write_batch(values, defined, repeated)?
            }
        };
        column.close()
    }
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
}
