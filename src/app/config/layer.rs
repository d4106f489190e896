//! The settings of one source, and how they go over those before it.

use std::collections::BTreeMap;
use std::fmt;
use std::mem;

use orgscan_core::document::{Origins, Problem, child};
use serde::Serialize;
use serde_json::{Value, json};

use super::settings::{SETTINGS, source_of};

/// Where the settings of a [`ConfigLayer`] come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LayerSource {
    /// Environment variables.
    Environment,
    /// Command line flags.
    #[default]
    Flags,
    /// The Lambda's event.
    Event,
}

/// The settings of one source: a value for each field that it sets. Other fields stay as they are.
///
/// An include list replaces the one before it; for accounts, all kinds of includes together, and for
/// checks what names them with what narrows it. Exclude lists add up, so nothing comes back that was excluded before.
/// An event's destinations replace those before them as a whole.
#[derive(Clone, Default, PartialEq)]
pub struct ConfigLayer {
    source: LayerSource,
    values: BTreeMap<String, Value>,
}

impl ConfigLayer {
    /// A layer that sets nothing.
    pub fn of(source: LayerSource) -> Self {
        Self {
            source,
            values: BTreeMap::new(),
        }
    }

    /// The settings among a command's flags, by the flags' names. A flag sets its field because the table of
    /// settings names both.
    pub fn of_flags(flags: &impl Serialize) -> Self {
        let flags = json!(flags);
        let given = SETTINGS.iter().filter_map(|setting| {
            let name = setting.flag?.trim_start_matches('-');
            Some((setting.field, flags.get(name)?))
        });
        given.fold(Self::default(), |layer, (field, value)| {
            layer.with(field, value)
        })
    }

    /// The same with a value for a field. Nothing, or a list of nothing, sets nothing.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Serialize) -> Self {
        let value = json!(value);
        if !value.is_null() && value != json!([]) {
            self.values.insert(field.to_owned(), value);
        }
        self
    }

    /// The same with a value for each field of a part of the configuration.
    #[must_use]
    pub(super) fn with_each(self, part: &str, values: &impl Serialize) -> Self {
        match json!(values) {
            Value::Object(values) => values.iter().fold(self, |layer, (key, value)| {
                layer.with(&child(part, key), value)
            }),
            _ => self,
        }
    }

    /// Puts these settings over a document, and notes their source.
    pub(super) fn put_over(self, document: &mut Value, origins: &mut Origins) {
        for field in self.values.keys().flat_map(|field| covered_by(field)) {
            *slot(document, field) = Value::Null;
            origins.forget(field);
        }
        for (field, value) in self.values {
            put(self.source, &field, value, document, origins);
        }
    }

    /// An event names the location of a report, and not who signs what is written there: that would begin
    /// another chain under the same name. Returns what is wrong with the event.
    pub(super) fn keep_signing(&mut self, document: &Value) -> Option<Problem> {
        const FIELD: &str = "destinations.report";
        if self.source != LayerSource::Event {
            return None;
        }
        let configured = &document["destinations"]["report"]["signing"];
        let report = self.values.get_mut(FIELD)?;
        let asked = mem::replace(&mut report["signing"], configured.clone());
        let mut asked = asked.as_object()?.iter();
        let is_other = asked.any(|(key, value)| configured[key] != *value);
        is_other.then(|| Problem {
            origin: "event".to_owned(),
            field: child(FIELD, "signing"),
            message:
                "is another key than the configuration's, which signs all reports; leave it out"
                    .to_owned(),
        })
    }
}

/// Without the values: one of them may be the external id.
impl fmt::Debug for ConfigLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<_> = self.values.keys().collect();
        write!(f, "{:?}{fields:?}", self.source)
    }
}

/// What a value covers besides its own field. Naming accounts or checks is a new question: the other names go, and
/// what narrowed the checks that were named.
fn covered_by(field: &str) -> &'static [&'static str] {
    match field {
        "checks.include" | "checks.frameworks" => &[
            "checks.include",
            "checks.frameworks",
            "checks.categories",
            "checks.min_severity",
        ],
        _ if field.starts_with("accounts.include.") => &["accounts.include"],
        _ => &[],
    }
}

/// Puts a value over the one before it: exclude lists add up, and so do the entries of a mapping.
fn put(
    source: LayerSource,
    field: &str,
    value: Value,
    document: &mut Value,
    origins: &mut Origins,
) {
    let slot = slot(document, field);
    let name = source_of(source, field);
    let is_exclude = field.split('.').any(|key| key == "exclude");
    let is_whole = source == LayerSource::Event && field.starts_with("destinations.");
    match (value, slot.take()) {
        (Value::Array(items), before) if is_exclude => {
            let mut list = before.as_array().cloned().unwrap_or_default();
            for item in items {
                origins.set(&format!("{field}[{}]", list.len()), &name);
                list.push(item);
            }
            *slot = list.into();
        }
        (Value::Object(entries), before) if !is_whole => {
            let mut mapping = before.as_object().cloned().unwrap_or_default();
            for (key, value) in entries {
                origins.set(&child(field, &key), &name);
                mapping.insert(key, value);
            }
            *slot = mapping.into();
        }
        (value, _) => {
            *slot = value;
            origins.set(field, &name);
        }
    }
}

/// Removes an alert without a topic and a report without a location: the other settings of a destination count only if
/// some layer names where it is.
pub(super) fn drop_unaddressed_destinations(document: &mut Value) {
    for (destination, address) in [("alert", "topic_arn"), ("report", "location")] {
        if document["destinations"][destination][address].is_null() {
            document["destinations"][destination] = Value::Null;
        }
    }
}

/// The value of a field, which is null unless something is there. A document that fits has mappings around it.
fn slot<'d>(document: &'d mut Value, field: &str) -> &'d mut Value {
    field
        .split('.')
        .fold(document, |around, key| &mut around[key])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ConfigText, Invocation, load};

    #[test]
    fn an_event_replaces_a_destination_as_a_whole_and_adds_to_what_is_excluded() {
        let yaml = r"
accounts: { include: { ous: [Workloads] }, exclude: { tags: { scan: 'off', a.b: c } } }
destinations:
  metrics: { namespace: FromFile, region: eu-west-1 }
  report: { location: s3://reports, tables: true }
";
        let file = ConfigText {
            name: "orgscan.yaml".to_owned(),
            text: yaml.to_owned(),
        };
        let env = [(
            "ORGSCAN_REPORT_KMS_KEY_ID".to_owned(),
            "alias/audit".to_owned(),
        )];
        let event = json!({
            "accounts": {
                "include": {"tags": {"x.y": "z"}},
                "exclude": {"tags": {"scan": "no", "d.e": "f"}},
            },
            "destinations": {"metrics": {}, "report": {"location": "s3://other"}},
        });
        let event = Invocation::from_event(&event).unwrap();
        let config = load(Some(&file), env.into_iter(), event.layer).unwrap();
        let entries = |tags: &[(&str, &str)]| {
            let tags = tags.iter();
            tags.map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect()
        };
        assert_eq!(config.accounts.include.tags, entries(&[("x.y", "z")]));
        assert_eq!(config.accounts.include.ous, [""; 0]);
        let excluded = entries(&[("scan", "no"), ("a.b", "c"), ("d.e", "f")]);
        assert_eq!(config.accounts.exclude.tags, excluded);
        let metrics = config.destinations.metrics.unwrap();
        assert_eq!((&*metrics.namespace, metrics.region), ("OrgScan", None));
        let report = config.destinations.report.unwrap();
        assert_eq!(report.location.to_string(), "s3://other");
        assert_eq!((report.tables, report.kms_key_id), (false, None));
    }

    #[test]
    fn a_layer_does_not_show_the_external_id() {
        let layer = ConfigLayer::default().with("role.external_id", "a-secret");
        assert_eq!(format!("{layer:?}"), r#"Flags["role.external_id"]"#);
    }
}
