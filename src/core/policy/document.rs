//! A policy document, parsed once.

use serde_json::Value;

/// A resource-based policy.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyDocument {
    value: Value,
}

/// Why a text is no policy. It quotes at most a short excerpt of the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PolicyError(String);

impl PolicyDocument {
    /// Parses the JSON text of a policy.
    ///
    /// # Errors
    ///
    /// If the text is no JSON, too large, or no policy by IAM's grammar.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let value = serde_json::from_str(text).map_err(|error| PolicyError(error.to_string()))?;
        Ok(Self { value })
    }
}
