//! A field whose value does not fit the shape of the configuration, in words of the file.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::node::Node;
use crate::suggest::instead;

/// What is wrong with a field. As serde's error type it keeps what serde would turn into text.
#[derive(Debug)]
pub struct FieldError {
    /// The field, as far as it is known.
    pub(crate) field: Option<String>,
    pub(crate) what: FieldErrorKind,
}

/// What is wrong with a value.
#[derive(Debug)]
pub(crate) enum FieldErrorKind {
    /// Nothing is given.
    Empty,
    /// A key that is needed is not there.
    Missing(&'static str),
    /// Anything else, with the fix.
    Other(String),
}

impl FieldError {
    fn other(message: String) -> Self {
        Self {
            field: None,
            what: FieldErrorKind::Other(message),
        }
    }

    /// Names the field, unless one further in has been named.
    pub(crate) fn at(mut self, node: &Node) -> Self {
        self.field.get_or_insert_with(|| node.field.clone());
        self
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            FieldErrorKind::Empty => f.write_str("no value; give one, or remove the key"),
            FieldErrorKind::Missing(_) => f.write_str("missing; add it"),
            FieldErrorKind::Other(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for FieldError {}

impl de::Error for FieldError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::other(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        if found == Unexpected::Unit {
            return Self {
                field: None,
                what: FieldErrorKind::Empty,
            };
        }
        let wanted = wanted(&expected.to_string());
        let remediation = remediation(found, wanted);
        Self::other(format!(
            "{} where {wanted} belongs; {remediation}",
            text(found)
        ))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let range = range(&expected.to_string());
        Self::other(format!("{} is out of range; use {range}", text(found)))
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        Self::other(format!("unknown key; {}", instead(key, known)))
    }

    fn unknown_variant(value: &str, known: &'static [&'static str]) -> Self {
        let word_shown = value.escape_debug();
        Self::other(format!(
            "`{word_shown}` is unknown; {}",
            instead(value, known)
        ))
    }

    fn missing_field(key: &'static str) -> Self {
        Self {
            field: None,
            what: FieldErrorKind::Missing(key),
        }
    }
}

fn text(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(value) => format!("`{value}`"),
        Unexpected::Unsigned(value) => format!("the number {value}"),
        Unexpected::Signed(value) => format!("the number {value}"),
        Unexpected::Float(value) => format!("the number {value}"),
        Unexpected::Str(text) => format!("the text `{}`", text.escape_debug()),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map | Unexpected::StructVariant => "a mapping".to_owned(),
        other => other.to_string(),
    }
}

/// serde's name for what a field takes, in words of the file.
fn wanted(expected: &str) -> &'static str {
    match expected {
        "u16" | "u32" | "u64" | "usize" | "i32" | "i64" => "a whole number",
        "f64" => "a number",
        "a boolean" => "`true` or `false`",
        "a map" => "a mapping",
        text if text.starts_with("struct ") => "a mapping",
        text if text.starts_with("a sequence") => "a list",
        _ => "a text",
    }
}

/// The numbers that serde's name for a type of number stands for.
fn range(expected: &str) -> &'static str {
    match expected {
        "u16" => "a whole number from 0 to 65535",
        "u32" | "u64" | "usize" => "a whole number, 0 or above",
        other => wanted(other),
    }
}

fn remediation(found: Unexpected<'_>, wanted: &str) -> String {
    let scalar = !matches!(found, Unexpected::Seq | Unexpected::Map);
    match (wanted, found) {
        ("a text", Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_)) => {
            "put it in quotes, because a number loses leading zeros".to_owned()
        }
        ("a text", Unexpected::Bool(_)) => "put it in quotes".to_owned(),
        ("a list", _) if scalar => "put it in brackets: [...]".to_owned(),
        ("a number" | "a whole number", Unexpected::Str(text)) if text.parse::<f64>().is_ok() => {
            "remove the quotes".to_owned()
        }
        _ => format!("give {wanted}"),
    }
}
