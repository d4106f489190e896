//! The effective configuration, value by value, each with its source: `orgscan config show`.

use orgscan_core::document::{Origins, child};
use orgscan_core::settings::Config;
use serde::Serialize;
use serde_json::Value;

use super::config_schema;

/// Stands for a value that is set and must not be shown.
const HIDDEN: &str = "(set, not shown)";

/// What is not set by a file, a variable or a flag.
const DEFAULT: &str = "default";

/// One value of the configuration.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EffectiveValue {
    /// The field, `accounts.exclude.ids[2]`.
    pub field: String,
    /// Its value; null where it is not set and has no default.
    pub value: Value,
    /// What set it: `orgscan.yaml:12`, `ORGSCAN_API_SHARE`, `--api-share`, or `default`.
    pub source: String,
}

/// Every value, in the order of the documentation.
///
/// # Errors
/// Where a value cannot be represented in JSON, which validation rules out.
pub fn effective_values(
    config: &Config,
    origins: &Origins,
) -> serde_json::Result<Vec<EffectiveValue>> {
    let mut shown = serde_json::to_value(config)?;
    // It is never serialized.
    if config.role.external_id.is_some() {
        shown["role"]["external_id"] = HIDDEN.into();
    }
    let root = config_schema();
    let mut values = Values {
        root: &root,
        origins,
        found: Vec::new(),
    };
    values.add(&root, &shown, String::new());
    Ok(values.found)
}

struct Values<'a> {
    root: &'a Value,
    origins: &'a Origins,
    found: Vec<EffectiveValue>,
}

impl<'a> Values<'a> {
    /// Adds a value, or what is in it. The schema has the fields that are not set, too.
    fn add(&mut self, schema: &'a Value, value: &Value, field: String) {
        let schema = resolve(self.root, schema);
        match value {
            Value::Object(entries) if !entries.is_empty() || schema.get("properties").is_some() => {
                for (key, property) in schema["properties"].as_object().into_iter().flatten() {
                    let value = entries.get(key).unwrap_or(&Value::Null);
                    self.add(property, value, child(&field, key));
                }
                if let Some(of_each) = schema
                    .get("additionalProperties")
                    .filter(|one| one.is_object())
                {
                    for (key, value) in entries {
                        self.add(of_each, value, child(&field, key));
                    }
                }
            }
            Value::Array(items) if !items.is_empty() => {
                for (index, item) in items.iter().enumerate() {
                    self.add(&schema["items"], item, format!("{field}[{index}]"));
                }
            }
            value => {
                let source = self.origins.source(&field).unwrap_or(DEFAULT).to_owned();
                let value = match (value, schema["type"].as_str()) {
                    // An empty list is not serialized everywhere.
                    (Value::Null, Some("array")) => Value::Array(Vec::new()),
                    (value, _) => value.clone(),
                };
                self.found.push(EffectiveValue {
                    field,
                    value,
                    source,
                });
            }
        }
    }
}

/// The schema that a reference or an optional value stands for.
fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let named = schema["$ref"].as_str();
    let named = named.and_then(|name| root.pointer(name.trim_start_matches('#')));
    match (
        named,
        schema["anyOf"]
            .as_array()
            .and_then(|options| options.first()),
    ) {
        (Some(named), _) => resolve(root, named),
        (None, Some(first)) => resolve(root, first),
        (None, None) => schema,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ConfigLayer, ConfigText};

    fn shown(yaml: &str, env: &[(&str, &str)], layer: ConfigLayer) -> Vec<EffectiveValue> {
        let file = ConfigText {
            name: "orgscan.yaml".to_owned(),
            text: yaml.to_owned(),
        };
        let env = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        let (config, origins) = crate::config::load_traced(Some(&file), env, layer).unwrap();
        effective_values(&config, &origins).unwrap()
    }

    fn of<'v>(values: &'v [EffectiveValue], field: &str) -> (&'v Value, &'v str) {
        let found = values.iter().find(|one| one.field == field);
        let found = found.unwrap_or_else(|| panic!("no {field}: {values:#?}"));
        (&found.value, &found.source)
    }

    #[test]
    fn every_value_has_its_source() {
        let yaml = "\
role: { name: FromFile }
home_region:
regions:
  exclude:
    - us-*
accounts: { exclude: { ids: ['111122223333'] } }
sensitive_ports:
  add:
    - { port: 8443, name: admin }
";
        let env = [
            ("ORGSCAN_API_SHARE", "0.2"),
            ("ORGSCAN_EXCLUDE_REGIONS", "me-*"),
            ("ORGSCAN_ROLE_EXTERNAL_ID", "a-secret-id"),
        ];
        let layer = ConfigLayer::default()
            .with("destinations.report.location", "reports")
            .with("regions.include", ["eu-*", "us-east-1"])
            .with("accounts.exclude.ids", ["444455556666"]);
        let values = shown(yaml, &env, layer);
        for (field, value, source) in [
            ("role.name", Value::from("FromFile"), "orgscan.yaml:1"),
            ("role.path", "/".into(), "default"),
            (
                "role.external_id",
                HIDDEN.into(),
                "ORGSCAN_ROLE_EXTERNAL_ID",
            ),
            ("home_region", Value::Null, "default"),
            ("partition", Value::Null, "default"),
            ("api_share", 0.2.into(), "ORGSCAN_API_SHARE"),
            ("regions.include[0]", "eu-*".into(), "--region"),
            ("regions.include[1]", "us-east-1".into(), "--region"),
            ("regions.exclude[0]", "us-*".into(), "orgscan.yaml:5"),
            (
                "regions.exclude[1]",
                "me-*".into(),
                "ORGSCAN_EXCLUDE_REGIONS",
            ),
            (
                "accounts.exclude.ids[0]",
                "111122223333".into(),
                "orgscan.yaml:6",
            ),
            (
                "accounts.exclude.ids[1]",
                "444455556666".into(),
                "--exclude-account",
            ),
            ("sensitive_ports.add[0].port", 8443.into(), "orgscan.yaml:9"),
            ("sensitive_ports.add[0].protocol", "tcp".into(), "default"),
            ("sensitive_ports.replace", Value::Null, "default"),
            (
                "sensitive_ports.remove",
                Value::Array(Vec::new()),
                "default",
            ),
            ("destinations.report.location", "reports".into(), "--report"),
            ("destinations.report.shared", false.into(), "default"),
            ("destinations.metrics", Value::Null, "default"),
            (
                "thresholds.organization.PublicBuckets.count",
                0.into(),
                "default",
            ),
            ("concurrency.accounts", 256.into(), "default"),
        ] {
            assert_eq!(of(&values, field), (&value, source), "{field}");
        }
        let json = serde_json::to_string(&values).unwrap();
        assert!(!json.contains("a-secret-id"), "{json}");
    }

    /// A field that is added to the configuration is shown without more ado.
    #[test]
    fn every_field_of_the_schema_is_shown() {
        let values = shown("", &[], ConfigLayer::default());
        let properties = config_schema()["properties"].as_object().unwrap().clone();
        for field in properties.keys() {
            let is_within = |one: &EffectiveValue| {
                let rest = one.field.strip_prefix(field.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            assert!(values.iter().any(is_within), "{field}");
        }
        assert!(values.iter().all(|one| one.source == DEFAULT));
    }
}
