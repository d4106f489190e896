//! Deserializes a document, and collects everything that does not fit the type.

use std::collections::BTreeSet;
use std::slice;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;

use super::error::MOST;
use super::field_error::{FieldError, FieldErrorKind};
use super::node::{Node, Tree, child};

/// A field, and what is wrong with it.
pub type FieldProblem = (String, String);

/// Makes a `T` of a document. serde stops at the first error. So that people see all errors at once, each one is
/// noted, its field is taken out, and what is left is tried again. If there is a `T`, it is what is left of the document.
///
/// A key without a value counts as not given.
pub fn deserialize_all<T: DeserializeOwned>(root: &mut Node) -> (Option<T>, Vec<FieldProblem>) {
    let mut findings = Vec::new();
    let mut removed = BTreeSet::new();
    // Each error costs another pass over the whole document.
    while findings.len() <= MOST {
        let error = match T::deserialize(&*root) {
            Ok(value) => return (Some(value), findings),
            Err(error) => error,
        };
        let at = error.field.clone().unwrap_or_default();
        match &error.what {
            FieldErrorKind::Empty if !at.ends_with(']') => {}
            FieldErrorKind::Missing(key) => {
                let missing = child(&at, key);
                if !removed.contains(&missing) {
                    findings.push((missing, error.to_string()));
                }
            }
            FieldErrorKind::Empty | FieldErrorKind::Other(_) => {
                findings.push((at.clone(), error.to_string()))
            }
        }
        if !root.remove(&at) {
            return (None, findings);
        }
        if !matches!(error.what, FieldErrorKind::Empty) {
            removed.insert(at);
        }
    }
    (None, findings)
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = FieldError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        match &self.tree {
            Tree::Null => visitor.visit_unit(),
            Tree::Bool(value) => visitor.visit_bool(*value),
            Tree::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(value), _) => visitor.visit_u64(value),
                (None, Some(value)) => visitor.visit_i64(value),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Tree::Text(text) => visitor.visit_str(text),
            Tree::List(items) => visitor.visit_seq(NodeItems(items.iter())),
            Tree::Map(entries) => visitor.visit_map(Entries {
                rest: entries.iter(),
                value: None,
            }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        match self.tree {
            Tree::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        visitor.visit_newtype_struct(self)
    }

    /// serde would also take a list, field by field; people mean a mapping.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        match &self.tree {
            Tree::List(_) => Err(FieldError::invalid_type(Unexpected::Seq, &visitor)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        match &self.tree {
            Tree::Text(word) => visitor.visit_enum(word.as_str().into_deserializer()),
            _ => self.deserialize_str(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

/// The items of a list; an error gets the field of the one that it is about.
struct NodeItems<'de>(slice::Iter<'de, Node>);

impl<'de> SeqAccess<'de> for NodeItems<'de> {
    type Error = FieldError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, FieldError> {
        let fitted = self
            .0
            .next()
            .map(|item| seed.deserialize(item).map_err(|error| error.at(item)));
        fitted.transpose()
    }
}

/// The entries of a mapping; an error gets the field of the one that it is about.
struct Entries<'de> {
    rest: slice::Iter<'de, (String, Node)>,
    value: Option<&'de Node>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = FieldError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, FieldError> {
        let Some((key, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        let key = key.as_str().into_deserializer();
        let fitted = seed
            .deserialize(key)
            .map_err(|error: FieldError| error.at(value));
        fitted.map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, FieldError> {
        let value = self
            .value
            .take()
            .ok_or_else(|| FieldError::custom("a value without a key"))?;
        seed.deserialize(value).map_err(|error| error.at(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Config;

    fn findings(yaml: &str) -> Vec<String> {
        let (_, findings) = deserialize_all::<Config>(&mut Node::from_yaml(yaml).unwrap());
        findings
            .into_iter()
            .map(|(field, message)| format!("{field}: {message}"))
            .collect()
    }

    #[test]
    fn all_errors_are_found_at_once_each_with_its_field_and_fix() {
        let yaml = r#"
acounts: {}
accounts:
  include:
    ids: [012345678901, "123456789012", 12, "12"]
    tags: { environment: true }
  exclude: "123456789012"
role:
  nme: x
api_share: "0.5"
concurrency: { accounts: many, requests: -1 }
sensitive_ports: { add: [{ port: 70000, name: x }, { name: y }], removed: [] }
destinations:
  alert: { topic_arn: 5 }
"#;
        insta::assert_snapshot!(findings(yaml).join("\n"), @r"
        acounts: unknown key; did you mean `accounts`?
        accounts.include.ids[0]: the number 12345678901 where a text belongs; put it in quotes, because a number loses leading zeros
        accounts.include.ids[2]: the number 12 where a text belongs; put it in quotes, because a number loses leading zeros
        accounts.include.ids[3]: `12` is not an AWS account id; use 12 digits, quoted in YAML
        accounts.include.tags.environment: `true` where a text belongs; put it in quotes
        accounts.exclude: the text `123456789012` where a mapping belongs; give a mapping
        role.nme: unknown key; did you mean `name`?
        api_share: the text `0.5` where a number belongs; remove the quotes
        concurrency.accounts: the text `many` where a whole number belongs; give a whole number
        concurrency.requests: the number -1 is out of range; use a whole number, 0 or above
        sensitive_ports.add[0].port: the number 70000 is out of range; use a whole number from 0 to 65535
        sensitive_ports.add[1].port: missing; add it
        sensitive_ports.removed: unknown key; did you mean `remove`?
        destinations.alert.topic_arn: the number 5 where a text belongs; put it in quotes, because a number loses leading zeros
        ");
    }

    #[test]
    fn a_key_without_a_value_counts_as_unset() {
        assert_eq!(findings("accounts:\nregions:\n  include:\n"), [""; 0]);
        assert_eq!(
            findings("destinations:\n  alert:\n    topic_arn:\n"),
            ["destinations.alert.topic_arn: missing; add it"]
        );
        assert_eq!(findings("regions: { include: [~] }").len(), 1);
        assert_eq!(findings("wrong:\n").len(), 1);
    }

    #[test]
    fn the_root_is_a_mapping() {
        assert_eq!(findings("").len(), 0);
        assert_eq!(findings("- a").len(), 1);
        assert_eq!(findings("[]").len(), 1);
        assert_eq!(findings("role: [OrgScanMember]").len(), 1);
        assert_eq!(findings("a").len(), 1);
    }
}
