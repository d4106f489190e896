//! The schema of `report.json`, made from its types.

use orgscan_core::document::output_schema_of;
use schemars::Schema;

use super::Document;

/// The JSON Schema (draft 2020-12) of `report.json`.
pub fn schema() -> Schema {
    output_schema_of::<Document<'static>>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_in_the_documentation_is_the_one_of_the_types() {
        // Raise SCHEMA_VERSION when readers would notice the change.
        orgscan_core::testing::assert_fresh_schema("docs/report.schema.json", &schema());
    }
}
