//! A table in the making: rows come in as cells or as JSON, and go out as columns, so many at a time.
//!
//! Each value of a column has two levels: how much of its path is there, and at which of the lists on the way
//! it goes on. Source: <https://parquet.apache.org/docs/file-format/nestedencoding/>

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use serde_json::{Map, Value};

use super::fields::{self, Field, FieldKind};
use super::leaf::{Cell, Leaf, Level};

/// A row group is closed when it has so many rows, or its texts take so many bytes: it is held in memory
/// until then.
const ROWS: usize = 20_000;
const BYTES: usize = 4 << 20;

pub(super) struct Table<W: Write + Send> {
    out: SerializedFileWriter<W>,
    fields: &'static [Field],
    leaves: Vec<Leaf>,
    rows: usize,
    bytes: usize,
}

impl<W: Write + Send> Table<W> {
    pub(super) fn start(out: W, name: &str, fields: &'static [Field]) -> io::Result<Self> {
        let schema = fields::schema(name, fields).map_err(io::Error::other)?;
        let zstd = Compression::ZSTD(ZstdLevel::default());
        let properties = WriterProperties::builder().set_compression(zstd).build();
        let out = SerializedFileWriter::new(out, schema, Arc::new(properties));
        Ok(Self {
            out: out.map_err(io::Error::other)?,
            fields,
            leaves: fields::leaves(fields, false, false),
            rows: 0,
            bytes: 0,
        })
    }

    /// Takes a row of a table without groups and lists, with a cell for every field. It is an error if one is
    /// null that may not, or is of another kind.
    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        for ((field, leaf), cell) in self.fields.iter().zip(&mut self.leaves).zip(cells) {
            let taken = match (cell, field.2) {
                (Cell::Null, true) => Ok(leaf.nothing(Level::default())),
                (cell, may_miss) => leaf.push(cell, Level::default().inside(may_miss)),
            };
            self.bytes += taken.map_err(io::Error::other)?;
        }
        self.end_row()
    }

    /// Takes a row. It is an error if a field is missing that may not, is of another kind, or has no column.
    pub(super) fn object(&mut self, row: &Map<String, Value>) -> io::Result<()> {
        let taken = members(&mut self.leaves, self.fields, row, Level::default());
        self.bytes += taken.map_err(io::Error::other)?;
        self.end_row()
    }

    fn end_row(&mut self) -> io::Result<()> {
        self.rows += 1;
        match self.rows >= ROWS || self.bytes >= BYTES {
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
        for leaf in &mut self.leaves {
            leaf.write(&mut group).map_err(io::Error::other)?;
        }
        group.close().map_err(io::Error::other)?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

/// Puts an object's members into the columns of their fields. Gives how many bytes they take.
fn members(
    mut leaves: &mut [Leaf],
    fields: &[Field],
    object: &Map<String, Value>,
    level: Level,
) -> Result<usize, String> {
    if let Some(name) = object
        .keys()
        .find(|key| fields.iter().all(|field| field.0 != **key))
    {
        return Err(format!("there is no column for `{name}`"));
    }
    let mut bytes = 0;
    for (name, kind, may_miss) in fields {
        let (own, others) = leaves.split_at_mut(kind.columns());
        leaves = others;
        let value = object.get(*name).filter(|value| !value.is_null());
        bytes += match value {
            Some(value) => put(own, *kind, value, level.inside(*may_miss))
                .map_err(|error| format!("{name}: {error}"))?,
            None if *may_miss => nothing(own, level),
            None => return Err(format!("`{name}` is missing")),
        };
    }
    Ok(bytes)
}

fn put(leaves: &mut [Leaf], kind: FieldKind, value: &Value, level: Level) -> Result<usize, String> {
    match (kind, value) {
        (FieldKind::Group(fields), Value::Object(object)) => members(leaves, fields, object, level),
        (FieldKind::List(_), Value::Array(values)) if values.is_empty() => {
            Ok(nothing(leaves, level))
        }
        (FieldKind::List(element), Value::Array(values)) => {
            let lists = level.lists + 1;
            let mut bytes = 0;
            for (index, value) in values.iter().enumerate() {
                let level = Level {
                    defined: level.defined + 1,
                    repeated: if index == 0 { level.repeated } else { lists },
                    lists,
                };
                bytes += put(leaves, *element, value, level)?;
            }
            Ok(bytes)
        }
        (FieldKind::Group(_) | FieldKind::List(_), value) => Err(format!("{value} is no {kind:?}")),
        (_, value) => match leaves {
            [leaf] => leaf.push(&cell(value)?, level),
            _ => Err(format!("{kind:?} takes one column")),
        },
    }
}

fn cell(value: &Value) -> Result<Cell<'_>, String> {
    let number = || value.as_i64().map(Cell::Number);
    let cell = value.as_str().map(Cell::Text).or_else(number);
    cell.ok_or_else(|| format!("{value} does not fit into its column"))
}

/// Tells all columns that there is no value.
fn nothing(leaves: &mut [Leaf], level: Level) -> usize {
    leaves.iter_mut().map(|leaf| leaf.nothing(level)).sum()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FIELDS: &[Field] = &[
        ("a", FieldKind::Text, false),
        (
            "b",
            FieldKind::List(&FieldKind::Group(&[
                ("c", FieldKind::Int, true),
                ("d", FieldKind::Long, false),
            ])),
            true,
        ),
    ];

    type Levels = [Option<Vec<i16>>; 2];

    fn put_all(rows: &[Value]) -> Result<Vec<Levels>, String> {
        let mut table = Table::start(Vec::new(), "t", FIELDS).unwrap();
        for row in rows {
            let put = table.object(row.as_object().unwrap());
            put.map_err(|error| error.to_string())?;
        }
        let leaves = table.leaves.iter();
        let levels = leaves.map(|leaf| [leaf.defined.clone(), leaf.repeated.clone()]);
        let levels = levels.collect();
        table.finish().unwrap();
        Ok(levels)
    }

    #[test]
    fn levels_mark_missing_values_and_values_of_one_list() {
        let rows = [
            json!({"a": "x"}),
            json!({"a": "x", "b": []}),
            json!({"a": "x", "b": [{"c": 1, "d": 2}, {"d": 3}, {"c": null, "d": 4}]}),
        ];
        let levels = put_all(&rows).unwrap();
        assert_eq!(levels[0], [None, None]);
        assert_eq!(
            levels[1],
            [vec![0, 1, 3, 2, 2], vec![0, 0, 0, 1, 1]].map(Some)
        );
        assert_eq!(
            levels[2],
            [vec![0, 1, 2, 2, 2], vec![0, 0, 0, 1, 1]].map(Some)
        );
    }

    #[test]
    fn nothing_is_lost_or_made_up() {
        for (row, message) in [
            (json!({}), "`a` is missing"),
            (json!({"a": "x", "e": 1}), "there is no column for `e`"),
            (json!({"a": 1}), "a: Number(1) does not fit"),
            (json!({"a": true}), "a: true does not fit"),
            (
                json!({"a": "x", "b": [{"d": "y"}]}),
                "b: d: Text(\"y\") does not fit",
            ),
            (
                json!({"a": "x", "b": [{"d": 1, "c": 3_000_000_000_u32}]}),
                "b: c: Number(3000000000) does",
            ),
            (json!({"a": "x", "b": 1}), "b: 1 is no List"),
        ] {
            let error = put_all(&[row]).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
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
                    FieldKind::Text => "string",
                    FieldKind::Long => "bigint",
                    FieldKind::Time => "timestamp",
                    FieldKind::Day => "date",
                    other => panic!("{name}: no table has {other:?}"),
                };
                format!("            - {{Name: {name}, Type: {kind}}}\n")
            });
            let block = format!("          Columns:\n{}\n", lines.collect::<String>());
            assert!(template.contains(&block), "{block}");
        }
    }

    #[test]
    fn a_cell_of_another_kind_is_an_error() {
        let columns: &[Field] = &[("a", FieldKind::Text, false)];
        let mut table = Table::start(Vec::new(), "t", columns).unwrap();
        assert!(table.row(&[Cell::Number(1)]).is_err());
        assert!(table.row(&[Cell::Null]).is_err());
    }
}
