//! Other documents than the configuration, read with the same care for the people who have to fix them.

use serde::de::DeserializeOwned;

use super::deserialize::{FieldProblem, deserialize_all};
use super::error::{ConfigError, Problem};
use super::node::Node;
use super::origins::Origins;

/// Reads a YAML or JSON text that comes from `name`; `findings` are what else is wrong with it.
///
/// # Errors
/// Everything that is wrong, each with its line, its field, and how to fix it.
pub fn read_document<T: DeserializeOwned>(
    name: &str,
    text: &str,
    findings: impl FnOnce(&T) -> Vec<FieldProblem>,
) -> Result<T, ConfigError> {
    let mut root = Node::from_yaml(text).map_err(|unreadable| {
        let line = unreadable.line.map(|line| format!("{name}:{line}"));
        Problem {
            origin: line.unwrap_or_else(|| name.to_owned()),
            field: unreadable.field,
            message: unreadable.message,
        }
    })?;
    let origins = Origins::of_file(name, &root);
    let (document, mut found) = deserialize_all::<T>(&mut root);
    // What does not fit is gone by now, and items after it have moved up: they would be misnamed.
    if found.is_empty() {
        found = document.as_ref().map(findings).unwrap_or_default();
    }
    ConfigError::unless_none(origins.locate(found))?;
    document.ok_or_else(|| {
        let message = "nothing in it can be used; begin with an empty file".to_owned();
        let (origin, field) = (name.to_owned(), String::new());
        Problem {
            origin,
            field,
            message,
        }
        .into()
    })
}
