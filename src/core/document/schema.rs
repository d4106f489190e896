//! JSON schemas of what people write, and of what orgscan writes.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, schema_for};
use serde_json::Value;

/// The schema of something that people write.
pub fn schema_of<T: JsonSchema>(title: &str) -> Value {
    let mut schema = schema_for!(T);
    schema.insert("title".to_owned(), title.into());
    let mut schema = schema.to_value();
    schema.sort_all_objects();
    schema
}

/// The schema (draft 2020-12) of something that orgscan writes. The title is the type's own.
pub fn output_schema_of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<T>()
}
