//! JSON schemas of what people write, for editors and reviewers.

use schemars::{JsonSchema, schema_for};
use serde_json::Value;

use super::Config;
use super::event::Event;

/// The schema of the configuration file.
pub fn config_schema() -> Value {
    schema_of::<Config>("orgscan configuration")
}

/// The schema of the Lambda's event.
pub fn event_schema() -> Value {
    schema_of::<Event>("orgscan event")
}

/// The schema of something that people write.
pub(crate) fn schema_of<T: JsonSchema>(title: &str) -> Value {
    let mut schema = schema_for!(T);
    schema.insert("title".to_owned(), title.into());
    let mut schema = schema.to_value();
    schema.sort_all_objects();
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::assert_fresh;

    fn text(schema: &Value) -> String {
        serde_json::to_string_pretty(schema).unwrap() + "\n"
    }

    #[test]
    fn the_schemas_in_docs_are_fresh() {
        assert_fresh("docs/config.schema.json", &text(&config_schema()));
        assert_fresh("docs/event.schema.json", &text(&event_schema()));
    }
}
