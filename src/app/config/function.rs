//! Limits of a configuration in Lambda.

use orgscan_core::document::{ConfigError, Origins};
use orgscan_core::settings::Config;

use super::layer::ConfigLayer;
use super::load::load_traced;
use super::source::ConfigText;

/// The longest session of a role that another role assumes, in seconds: role chaining.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining>
const CHAINED: i32 = 3_600;

/// The configuration of a function, whose own credentials are those of a role.
///
/// # Errors
/// As [`load_traced`], and for sessions that are longer than AWS grants to a role.
pub fn load_in_function(
    file: Option<&ConfigText>,
    env: impl Iterator<Item = (String, String)>,
    layer: ConfigLayer,
) -> Result<(Config, Origins), ConfigError> {
    let (config, origins) = load_traced(file, env, layer)?;
    let seconds = config.role.session_seconds;
    let findings = (seconds > CHAINED).then(|| {
        let message = format!(
            "{seconds} is above {CHAINED}: the function's role assumes the member roles, and AWS limits \
             sessions of chained roles to one hour; use 900 to {CHAINED}"
        );
        ("role.session_seconds".to_owned(), message)
    });
    ConfigError::unless_none(origins.locate(findings.into_iter().collect()))?;
    Ok((config, origins))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_refuses_sessions_that_are_longer_than_aws_grants_and_others_do_not() {
        let file = |seconds: i32| ConfigText {
            name: "orgscan.yaml".to_owned(),
            text: format!("role:\n  session_seconds: {seconds}\n"),
        };
        let load = |file: &ConfigText| {
            crate::config::load_in_function(Some(file), std::iter::empty(), ConfigLayer::default())
        };
        assert!(load(&file(3_600)).is_ok());
        let error = load(&file(3_601)).unwrap_err().to_string();
        assert!(error.contains("orgscan.yaml:2"), "{error}");
        assert!(
            error.contains("role.session_seconds: 3601 is above 3600"),
            "{error}"
        );
        let elsewhere = crate::config::load(
            Some(&file(43_200)),
            std::iter::empty(),
            ConfigLayer::default(),
        );
        assert!(elsewhere.is_ok());
    }
}
