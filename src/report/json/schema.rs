//! The schema of `report.json`, made from its types.

use schemars::Schema;
use schemars::generate::SchemaSettings;

use super::Document;

/// The JSON Schema (draft 2020-12) of `report.json`.
pub fn schema() -> Schema {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Document<'static>>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_in_the_documentation_is_the_one_of_the_types() {
        // Raise SCHEMA_VERSION when readers would notice the change.
        let mut made = serde_json::to_string_pretty(&schema()).unwrap();
        made.push('\n');
        orgscan_core::testing::assert_fresh("docs/report.schema.json", &made);
    }
}
