//! JSON schemas of what people write.

use schemars::{JsonSchema, schema_for};
use serde_json::Value;

/// The schema of something that people write.
pub fn schema_of<T: JsonSchema>(title: &str) -> Value {
    let mut schema = schema_for!(T);
    schema.insert("title".to_owned(), title.into());
    let mut schema = schema.to_value();
    schema.sort_all_objects();
    schema
}
