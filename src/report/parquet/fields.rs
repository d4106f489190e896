//! The fields of a table: names and kinds, the columns that they take, and the schema of the file.

use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::errors::ParquetError;
use parquet::schema::types::{Type, TypePtr};

use super::leaf::{Leaf, Values};

/// What a field holds. Times are milliseconds since 1970 in UTC.
#[derive(Clone, Copy, Debug)]
pub(super) enum FieldKind {
    Text,
    Int,
    Long,
    Time,
    Day,
    Group(&'static [Field]),
    List(&'static FieldKind),
}

/// A field's name, what it holds, and whether it may be missing.
pub(super) type Field = (&'static str, FieldKind, bool);

impl FieldKind {
    /// How many columns it takes.
    pub(super) fn columns(self) -> usize {
        match self {
            Self::Text | Self::Int | Self::Long | Self::Time | Self::Day => 1,
            Self::Group(fields) => fields.iter().map(|field| field.1.columns()).sum(),
            Self::List(element) => element.columns(),
        }
    }

    fn leaves(self, may_miss: bool, repeats: bool) -> Vec<Leaf> {
        let values = match self {
            Self::Text => Values::Text(Vec::new()),
            Self::Int | Self::Day => Values::Int(Vec::new()),
            Self::Long | Self::Time => Values::Long(Vec::new()),
            Self::Group(fields) => return leaves(fields, may_miss, repeats),
            Self::List(element) => return element.leaves(true, true),
        };
        vec![Leaf::new(values, may_miss, repeats)]
    }

    fn schema(self, name: &str, repetition: Repetition) -> Result<TypePtr, ParquetError> {
        let (physical, logical) = match self {
            Self::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Self::Int => (Physical::INT32, None),
            Self::Long => (Physical::INT64, None),
            Self::Time => (
                Physical::INT64,
                Some(LogicalType::timestamp(true, TimeUnit::MILLIS)),
            ),
            Self::Day => (Physical::INT32, Some(LogicalType::Date)),
            Self::Group(fields) => return group(name, fields, Some(repetition)),
            Self::List(element) => return list(name, *element, repetition),
        };
        let field = Type::primitive_type_builder(name, physical);
        let field = field.with_logical_type(logical).with_repetition(repetition);
        field.build().map(Arc::new)
    }
}

/// The columns of fields, which are inside of something that may be missing, and of a list, or not.
pub(super) fn leaves(fields: &[Field], may_miss: bool, repeats: bool) -> Vec<Leaf> {
    let leaves = fields
        .iter()
        .map(|field| field.1.leaves(may_miss || field.2, repeats));
    leaves.flatten().collect()
}

/// The schema of a table with these fields.
pub(super) fn schema(name: &str, fields: &[Field]) -> Result<TypePtr, ParquetError> {
    group(name, fields, None)
}

fn group(
    name: &str,
    fields: &[Field],
    repetition: Option<Repetition>,
) -> Result<TypePtr, ParquetError> {
    let fields = fields.iter().map(|(name, kind, may_miss)| {
        let repetition = match may_miss {
            true => Repetition::OPTIONAL,
            false => Repetition::REQUIRED,
        };
        kind.schema(name, repetition)
    });
    let mut group = Type::group_type_builder(name).with_fields(fields.collect::<Result<_, _>>()?);
    if let Some(repetition) = repetition {
        group = group.with_repetition(repetition);
    }
    group.build().map(Arc::new)
}

/// As all readers know it. Source:
/// <https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists>
fn list(name: &str, element: FieldKind, repetition: Repetition) -> Result<TypePtr, ParquetError> {
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

/// The fields as a table of Glue has them.
#[cfg(test)]
pub(super) fn in_glue(fields: &[Field]) -> Vec<(&'static str, &'static str)> {
    let kind = |kind| match kind {
        FieldKind::Text => "string",
        FieldKind::Int => "int",
        FieldKind::Long => "bigint",
        FieldKind::Time => "timestamp",
        FieldKind::Day => "date",
        FieldKind::Group(_) => "struct",
        FieldKind::List(_) => "array",
    };
    fields
        .iter()
        .map(|(name, of, _)| (*name, kind(*of)))
        .collect()
}
