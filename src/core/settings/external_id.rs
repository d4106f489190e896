//! The external id, which is never written out.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::Deserialize;

/// The external id that a role's trust policy requires. It is not shown where it is formatted, and cannot be
/// serialized.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ExternalId(String);

impl ExternalId {
    /// The id itself, for STS.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExternalId(***)")
    }
}

impl From<&str> for ExternalId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl FromStr for ExternalId {
    type Err = Infallible;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        Ok(Self::from(id))
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::{Config, RoleConfig};

    #[test]
    fn a_configuration_that_is_written_out_does_not_show_it() {
        let role: RoleConfig = serde_json::from_str(r#"{"external_id":"a-secret"}"#).unwrap();
        let config = Config {
            role,
            ..Config::default()
        };
        assert_eq!(
            config.role.external_id.as_ref().unwrap().expose(),
            "a-secret"
        );
        let shown = format!("{config:?}{config:#?}");
        let written = serde_json::to_string(&config).unwrap();
        assert!(
            !shown.contains("secret") && !written.contains("secret"),
            "{shown}{written}"
        );
    }
}
