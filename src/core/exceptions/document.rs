//! The shape of the file that lists the exceptions.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::document::schema_of;
use crate::model::Cause;
use crate::settings::AccountMatch;

/// Suppressed findings and expected gaps. Of several entries that match, the first applies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Document {
    /// Suppressed findings: they are reported with their exception and counted separately.
    pub exceptions: Vec<Exception>,
    /// Gaps that are meant to be: they count as skips, not as unknown.
    pub expected_gaps: Vec<ExpectedGap>,
}

/// Findings to suppress. All given conditions must match, and at least one must be given.
// What is serialized is what it matches, and of that only what is given: ids come from it, so nothing of
// it is renamed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// A name of its own in this file: letters, digits, `.`, `_` and `-`. By default one that comes
    /// from what it matches.
    #[serde(default, skip_serializing)]
    pub id: Option<String>,
    /// Ids of checks. Empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<String>,
    /// Accounts; an account matches if any of these names it. Empty: all.
    #[serde(default, skip_serializing_if = "AccountMatch::is_empty")]
    pub accounts: AccountMatch,
    /// Regions of the resource, as globs; `global` for the account as a whole. Empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// ARNs of resources: whole ones, globs (`arn:aws:s3:::logs-*`), or regular expressions where that
    /// is asked for (`regex:arn:aws:s3:::logs-[0-9]+`), which have to match the whole ARN. Empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// Parts of resources, as globs: `tcp 443 from *`. Empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    /// The reason.
    #[serde(skip_serializing)]
    pub reason: String,
    /// Who owns the risk.
    #[serde(skip_serializing)]
    pub owner: String,
    /// Where it was decided: a ticket's number or URL.
    #[serde(default, skip_serializing)]
    pub ticket: Option<String>,
    /// Who approved it.
    #[serde(default, skip_serializing)]
    pub approved_by: Option<String>,
    /// The last day on which it applies, in UTC, `2027-03-31`. It may be left out where the configuration
    /// says `require_expiry: false`.
    #[serde(default, deserialize_with = "date", skip_serializing)]
    pub expires: Option<Date>,
}

// What both kinds say of who accepts them stands in each: were it flattened into them, serde would let
// unknown keys pass.
/// Gaps that are meant to be. Fields left out match everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpectedGap {
    /// A name of its own in this file: letters, digits, `.`, `_` and `-`. By default one that comes
    /// from what it matches.
    #[serde(default, skip_serializing)]
    pub id: Option<String>,
    /// Accounts; an account matches if any of these names it. Empty: all.
    #[serde(default, skip_serializing_if = "AccountMatch::is_empty")]
    pub accounts: AccountMatch,
    /// Regions that it applies to, as globs; `global` for the account as a whole. Empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// IAM actions that it applies to, as globs: `ec2:*`. Empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<String>,
    /// Causes that it applies to; if none is named, all but `deadline_exceeded`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<Cause>,
    /// The reason.
    #[serde(skip_serializing)]
    pub reason: String,
    /// Who accepts them.
    #[serde(skip_serializing)]
    pub owner: String,
    /// Where it was decided: a ticket's number or URL.
    #[serde(default, skip_serializing)]
    pub ticket: Option<String>,
    /// Who approved it.
    #[serde(default, skip_serializing)]
    pub approved_by: Option<String>,
    /// The last day on which it applies, in UTC, `2027-03-31`. It may be left out where the configuration
    /// says `require_expiry: false`.
    #[serde(default, deserialize_with = "date", skip_serializing)]
    pub expires: Option<Date>,
}

/// A date, with an error that says how to write one.
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(|_| {
        let text = text.escape_debug();
        Error::custom(format!("`{text}` is not a date; write it as 2027-03-31"))
    })
}

/// The schema of the file that lists the exceptions.
pub fn exceptions_schema() -> Value {
    schema_of::<Document>("orgscan exceptions")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exceptions::Exceptions;
    use crate::testing::docs::{block, fields, page, with_section};
    use crate::testing::{assert_fresh, assert_fresh_schema};

    const PAGE: &str = "docs/exceptions.md";

    #[test]
    fn the_schema_in_docs_is_fresh() {
        assert_fresh_schema("docs/exceptions.schema.json", &exceptions_schema());
    }

    #[test]
    fn the_table_in_docs_is_fresh() {
        let fresh = with_section(&page(PAGE), "fields", &fields(&exceptions_schema()));
        assert_fresh(PAGE, &fresh);
    }

    #[test]
    fn the_example_in_docs_can_be_used() {
        let yaml = block(&page(PAGE), "example");
        let today = "2026-11-22".parse().unwrap();
        let exceptions = Exceptions::parse(PAGE.to_owned(), &yaml, true, today).unwrap();
        let list = exceptions.report().entries;
        assert_eq!(list.len(), 5);
        let schema = jsonschema::validator_for(&exceptions_schema()).unwrap();
        let document: Value = serde_saphyr::from_str(&yaml).unwrap();
        assert!(schema.is_valid(&document));
        assert!(!schema.is_valid(&serde_json::json!({ "exceptions": [{ "check": "x" }] })));
    }
}
