//! A table with nested columns in the making: rows come in as JSON, and go out as columns, so many at a time.
//!
//! Each value of a column has two levels: how much of its path is there, and at which of the lists on the way
//! it goes on. Source: <https://parquet.apache.org/docs/file-format/nestedencoding/>

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{Type, TypePtr};
use serde_json::{Map, Value};

use super::values::{Values, is_full, properties};

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Text,
    Int,
    Long,
    Group(&'static [Field]),
    List(&'static Kind),
}

/// A field's name, what it holds, and whether it may be missing.
pub(super) type Field = (&'static str, Kind, bool);

/// Where in the row a value is.
#[derive(Clone, Copy, Debug)]
struct Level {
    /// How many of the fields on the way that may be missing, and of the lists, are there.
    defined: i16,
    /// At which of the lists it goes on; 0 for the first value of a row.
    repeated: i16,
    /// How many lists there are on the way.
    lists: i16,
}

/// What a column has of the row group in the making.
#[derive(Debug)]
struct Leaf {
    values: Values,
    defined: Vec<i16>,
    repeated: Vec<i16>,
}

/// A table in the making.
pub(super) struct Nested<W: Write + Send> {
    out: SerializedFileWriter<W>,
    fields: &'static [Field],
    leaves: Vec<Leaf>,
    rows: usize,
    bytes: usize,
}

impl<W: Write + Send> Nested<W> {
    pub(super) fn start(out: W, name: &str, fields: &'static [Field]) -> io::Result<Self> {
        let schema = group(name, fields, Repetition::REQUIRED).map_err(io::Error::other)?;
        let out = SerializedFileWriter::new(out, schema, properties());
        Ok(Self {
            out: out.map_err(io::Error::other)?,
            fields,
            leaves: leaves(fields),
            rows: 0,
            bytes: 0,
        })
    }

    /// Takes a row. It is an error if a field is missing that may not, is of another kind, or has no column.
    pub(super) fn row(&mut self, row: &Map<String, Value>) -> io::Result<()> {
        let top = Level {
            defined: 0,
            repeated: 0,
            lists: 0,
        };
        let taken = members(&mut self.leaves, self.fields, row, top);
        self.bytes += taken.map_err(io::Error::other)?;
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
        for leaf in &self.leaves {
            let (defined, repeated) = (Some(&*leaf.defined), Some(&*leaf.repeated));
            let written = leaf.values.write(&mut group, defined, repeated);
            written.map_err(io::Error::other)?;
        }
        group.close().map_err(io::Error::other)?;
        self.leaves = leaves(self.fields);
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
        let defined = level.defined + i16::from(*may_miss);
        bytes += match value {
            Some(value) => put(own, *kind, value, Level { defined, ..level })
                .map_err(|error| format!("{name}: {error}"))?,
            None if *may_miss => nothing(own, level),
            None => return Err(format!("`{name}` is missing")),
        };
    }
    Ok(bytes)
}

fn put(leaves: &mut [Leaf], kind: Kind, value: &Value, level: Level) -> Result<usize, String> {
    match (kind, value) {
        (Kind::Group(fields), Value::Object(object)) => members(leaves, fields, object, level),
        (Kind::List(_), Value::Array(values)) if values.is_empty() => Ok(nothing(leaves, level)),
        (Kind::List(element), Value::Array(values)) => {
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
        (_, value) => match leaves {
            [leaf] => leaf.push(value, level),
            _ => Err(format!("{value} is no {kind:?}")),
        },
    }
}

/// Tells all columns that there is no value.
fn nothing(leaves: &mut [Leaf], level: Level) -> usize {
    leaves.iter_mut().map(|leaf| leaf.at(level)).sum()
}

impl Leaf {
    /// Takes a value. Gives how many bytes it takes.
    fn push(&mut self, value: &Value, level: Level) -> Result<usize, String> {
        let refused = || format!("{value} does not fit into its column");
        let mut bytes = self.at(level);
        match (&mut self.values, value) {
            (Values::Text(values), Value::String(text)) => {
                values.push(ByteArray::from(text.as_bytes().to_vec()));
                bytes += text.len() + size_of::<ByteArray>();
            }
            (Values::Long(values), Value::Number(number)) => {
                values.push(number.as_i64().ok_or_else(refused)?);
            }
            (Values::Int(values), Value::Number(number)) => {
                let number = number.as_i64().and_then(|long| i32::try_from(long).ok());
                values.push(number.ok_or_else(refused)?);
            }
            _ => return Err(refused()),
        }
        Ok(bytes)
    }

    fn at(&mut self, level: Level) -> usize {
        self.defined.push(level.defined);
        self.repeated.push(level.repeated);
        2 * size_of::<i16>()
    }
}

impl Kind {
    /// How many columns it takes.
    fn columns(self) -> usize {
        match self {
            Self::Text | Self::Int | Self::Long => 1,
            Self::Group(fields) => fields.iter().map(|field| field.1.columns()).sum(),
            Self::List(element) => element.columns(),
        }
    }

    fn leaves(self) -> Vec<Leaf> {
        let values = match self {
            Self::Text => Values::Text(Vec::new()),
            Self::Int => Values::Int(Vec::new()),
            Self::Long => Values::Long(Vec::new()),
            Self::Group(fields) => return leaves(fields),
            Self::List(element) => return element.leaves(),
        };
        vec![Leaf {
            values,
            defined: Vec::new(),
            repeated: Vec::new(),
        }]
    }

    fn schema(self, name: &str, repetition: Repetition) -> Result<TypePtr, ParquetError> {
        let (physical, logical) = match self {
            Self::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Self::Int => (Physical::INT32, None),
            Self::Long => (Physical::INT64, None),
            Self::Group(fields) => return group(name, fields, repetition),
            Self::List(element) => return list(name, *element, repetition),
        };
        let field = Type::primitive_type_builder(name, physical);
        let field = field.with_logical_type(logical).with_repetition(repetition);
        field.build().map(Arc::new)
    }
}

fn leaves(fields: &[Field]) -> Vec<Leaf> {
    fields.iter().flat_map(|field| field.1.leaves()).collect()
}

fn group(name: &str, fields: &[Field], repetition: Repetition) -> Result<TypePtr, ParquetError> {
    let fields = fields.iter().map(|(name, kind, may_miss)| {
        let repetition = match may_miss {
            true => Repetition::OPTIONAL,
            false => Repetition::REQUIRED,
        };
        kind.schema(name, repetition)
    });
    let group = Type::group_type_builder(name).with_fields(fields.collect::<Result<_, _>>()?);
    group.with_repetition(repetition).build().map(Arc::new)
}

/// As all readers know it. Source:
/// <https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists>
fn list(name: &str, element: Kind, repetition: Repetition) -> Result<TypePtr, ParquetError> {
    let element = element.schema("element", Repetition::REQUIRED)?;
    let repeated = Type::group_type_builder("list")
        .with_fields(vec![element])
        .with_repetition(Repetition::REPEATED)
        .build()?;
    let list = Type::group_type_builder(name)
        .with_fields(vec![Arc::new(repeated)])
        .with_logical_type(Some(LogicalType::List))
        .with_repetition(repetition);
    list.build().map(Arc::new)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FIELDS: &[Field] = &[
        ("a", Kind::Text, false),
        (
            "b",
            Kind::List(&Kind::Group(&[
                ("c", Kind::Int, true),
                ("d", Kind::Long, false),
            ])),
            true,
        ),
    ];

    fn put_all(rows: &[Value]) -> Result<Vec<[Vec<i16>; 2]>, String> {
        let mut table = Nested::start(Vec::new(), "t", FIELDS).unwrap();
        for row in rows {
            let put = table.row(row.as_object().unwrap());
            put.map_err(|error| error.to_string())?;
        }
        let leaves = table.leaves.iter();
        let levels = leaves.map(|leaf| [leaf.defined.clone(), leaf.repeated.clone()]);
        let levels = levels.collect();
        table.finish().unwrap();
        Ok(levels)
    }

    #[test]
    fn levels_tell_what_is_missing_and_which_values_are_of_one_list() {
        let rows = [
            json!({"a": "x"}),
            json!({"a": "x", "b": []}),
            json!({"a": "x", "b": [{"c": 1, "d": 2}, {"d": 3}, {"c": null, "d": 4}]}),
        ];
        let levels = put_all(&rows).unwrap();
        assert_eq!(levels[0], [vec![0, 0, 0], vec![0, 0, 0]]);
        assert_eq!(levels[1], [vec![0, 1, 3, 2, 2], vec![0, 0, 0, 1, 1]]);
        assert_eq!(levels[2], [vec![0, 1, 2, 2, 2], vec![0, 0, 0, 1, 1]]);
    }

    #[test]
    fn nothing_is_lost_or_made_up() {
        for (row, said) in [
            (json!({}), "`a` is missing"),
            (json!({"a": "x", "e": 1}), "there is no column for `e`"),
            (json!({"a": 1}), "a: 1 does not fit"),
            (
                json!({"a": "x", "b": [{"d": "y"}]}),
                "b: d: \"y\" does not fit",
            ),
            (
                json!({"a": "x", "b": [{"d": 1, "c": 3_000_000_000_u32}]}),
                "b: c: 3000000000 does",
            ),
            (json!({"a": "x", "b": 1}), "b: 1 is no List"),
        ] {
            let error = put_all(&[row]).unwrap_err();
            assert!(error.starts_with(said), "{error}");
        }
    }
}
