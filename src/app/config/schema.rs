//! JSON schemas of what people write, for editors and reviewers.

use orgscan_core::document::schema_of;
use orgscan_core::settings::Config;
use serde_json::Value;

use super::event::FunctionEvent;

/// The schema of the configuration file.
pub fn config_schema() -> Value {
    schema_of::<Config>("orgscan configuration")
}

/// The schema of the Lambda's event.
pub fn event_schema() -> Value {
    schema_of::<FunctionEvent>("orgscan event")
}

#[cfg(test)]
mod tests {
    use orgscan_core::testing::assert_fresh_schema;

    use super::*;

    #[test]
    fn the_schemas_in_docs_are_fresh() {
        assert_fresh_schema("docs/config.schema.json", &config_schema());
        assert_fresh_schema("docs/event.schema.json", &event_schema());
    }
}
