//! The table of settings: which field of the configuration each environment variable and each flag sets.

use std::path::PathBuf;
use std::str::FromStr;

use orgscan_core::document::Problem;
use orgscan_core::model::{AccountId, CallAs, Severity};
use orgscan_core::settings::{FileLocation, Location, split_globs};
use orgscan_core::suggest::nearest;
use serde::Serialize;
use serde_json::{Value, json};

use super::layer::{ConfigLayer, LayerSource};

/// The prefix of all environment variables of orgscan.
const PREFIX: &str = "ORGSCAN_";

/// Variables with the prefix that are not about the configuration's fields: the one that names the
/// file, and the one that makes tests rewrite generated files.
const ELSEWHERE: &[&str] = &[FILE, "ORGSCAN_BLESS"];

/// Names the configuration file.
const FILE: &str = "ORGSCAN_CONFIG";

/// A field of the configuration that an environment variable sets, and maybe a flag too.
#[derive(Debug)]
pub struct Setting {
    /// The environment variable.
    pub variable: &'static str,
    /// The flag of `orgscan scan`.
    pub flag: Option<&'static str>,
    /// The field.
    pub field: &'static str,
    /// What the variable holds.
    pub description: &'static str,
    read: SettingParser,
}

/// Makes the field's value of a variable's text.
type SettingParser = fn(&str) -> Result<Value, String>;

/// Shortens the table below: variable, flag (or ""), field, what it holds, how it is read.
const fn setting(
    variable: &'static str,
    flag: &'static str,
    field: &'static str,
    description: &'static str,
    read: SettingParser,
) -> Setting {
    Setting {
        variable,
        flag: if flag.is_empty() { None } else { Some(flag) },
        field,
        description,
        read,
    }
}

/// All of them, in the order of the documentation.
#[rustfmt::skip]
pub const SETTINGS: &[Setting] = &[
    setting("ORGSCAN_ACCOUNTS", "--account", "accounts.include.ids", "account ids, separated by commas", list::<AccountId>),
    setting("ORGSCAN_EXCLUDE_ACCOUNTS", "--exclude-account", "accounts.exclude.ids", "account ids, separated by commas", list::<AccountId>),
    setting("ORGSCAN_OUS", "--ou", "accounts.include.ous", "OU ids or paths, separated by commas", list::<String>),
    setting("ORGSCAN_EXCLUDE_OUS", "--exclude-ou", "accounts.exclude.ous", "OU ids or paths, separated by commas", list::<String>),
    setting("ORGSCAN_REGIONS", "--region", "regions.include", "Regions or globs, separated by commas", globs),
    setting("ORGSCAN_EXCLUDE_REGIONS", "--exclude-region", "regions.exclude", "Regions or globs, separated by commas", globs),
    setting("ORGSCAN_CHECKS", "--check", "checks.include", "check ids, separated by commas", list::<String>),
    setting("ORGSCAN_FRAMEWORKS", "--framework", "checks.frameworks", "framework ids, separated by commas", list::<String>),
    setting("ORGSCAN_CATEGORIES", "--category", "checks.categories", "categories of checks, separated by commas", list::<String>),
    setting("ORGSCAN_MIN_SEVERITY", "--min-severity", "checks.min_severity", "a severity: runs checks of this severity or higher", text::<Severity>),
    setting("ORGSCAN_EXCLUDE_CHECKS", "--exclude-check", "checks.exclude", "check ids, separated by commas", list::<String>),
    setting("ORGSCAN_ROLE_NAME", "--role-name", "role.name", "the member role's name", text::<String>),
    setting("ORGSCAN_ROLE_PATH", "", "role.path", "the member role's path", text::<String>),
    setting("ORGSCAN_ROLE_EXTERNAL_ID", "--external-id", "role.external_id", "the external id that the member role requires", text::<String>),
    setting("ORGSCAN_STACK_SET", "--stack-set", "enrollment.stack_set", "the name of the stack set that deploys the member role", text::<String>),
    setting("ORGSCAN_CALL_AS", "--call-as", "enrollment.call_as", "`SELF` or `DELEGATED_ADMIN`", text::<CallAs>),
    setting("ORGSCAN_HOME_REGION", "", "home_region", "a Region", text::<String>),
    setting("ORGSCAN_API_SHARE", "--api-share", "api_share", "a share above 0 and up to 1", number::<f64>),
    setting("ORGSCAN_RUN_SECONDS", "--run-seconds", "timeouts.run_seconds", "seconds", number::<u64>),
    setting("ORGSCAN_EXCEPTIONS_LOCATION", "--exceptions", "exceptions.location", "the exceptions file, a path or `s3://bucket/key`", text::<FileLocation>),
    setting("ORGSCAN_METRICS_NAMESPACE", "--metrics-namespace", "destinations.metrics.namespace", "a CloudWatch namespace; enables metrics", text::<String>),
    setting("ORGSCAN_ALERT_TOPIC_ARN", "--alert-topic-arn", "destinations.alert.topic_arn", "the ARN of an SNS topic; enables the alert", text::<String>),
    setting("ORGSCAN_DASHBOARD_URL", "", "destinations.alert.dashboard_url", "the URL of the dashboard, for a link in the alert", text::<String>),
    setting("ORGSCAN_REPORT_LOCATION", "--report", "destinations.report.location", "`s3://bucket/prefix` or a folder; enables reports", text::<Location>),
    setting("ORGSCAN_REPORT_KMS_KEY_ID", "", "destinations.report.kms_key_id", "the KMS key for reports in S3", text::<String>),
    setting("ORGSCAN_REPORT_SHARED", "", "destinations.report.shared", "`true` or `false`", yes_or_no),
    setting("ORGSCAN_REPORT_TABLES", "", "destinations.report.tables", "`true` or `false`", yes_or_no),
    setting("ORGSCAN_REPORT_SECURITY_LAKE", "", "destinations.report.security_lake", "`true` or `false`", yes_or_no),
    setting("ORGSCAN_SIGNING_KMS_KEY_ID", "", "destinations.report.signing.kms_key_id", "the KMS key that signs manifests", text::<String>),
    setting("ORGSCAN_SIGNING_KEY_FILE", "", "destinations.report.signing.key_file", "the file of a local key that signs manifests", text::<String>),
];

/// What the process's environment says. A variable that is no text is none of orgscan's, and
/// `std::env::vars` would panic on it.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// The configuration file that the environment names, by path or URL. Empty counts as not set.
pub fn config_file() -> Option<PathBuf> {
    std::env::var_os(FILE)
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
}

/// The settings of the environment, and what is wrong with it. Empty variables count as not set.
pub(super) fn read(env: impl Iterator<Item = (String, String)>) -> (ConfigLayer, Vec<Problem>) {
    let mut layer = ConfigLayer::of(LayerSource::Environment);
    let mut problems = Vec::new();
    for (name, value) in env {
        let ours = name.starts_with(PREFIX) && !ELSEWHERE.contains(&name.as_str());
        if !ours || value.trim().is_empty() {
            continue;
        }
        let Some(setting) = SETTINGS.iter().find(|setting| setting.variable == name) else {
            problems.push(unknown(name));
            continue;
        };
        match (setting.read)(value.trim()) {
            Ok(value) => layer = layer.with(setting.field, value),
            Err(message) => problems.push(Problem {
                origin: name,
                field: setting.field.to_owned(),
                message,
            }),
        }
    }
    problems.sort_by(|a, b| a.origin.cmp(&b.origin));
    (layer, problems)
}

fn unknown(name: String) -> Problem {
    let known = SETTINGS.iter().map(|setting| setting.variable);
    // Without the common prefix, which would make all names similar.
    let stem = name.trim_start_matches(PREFIX);
    let meant = nearest(stem, known.map(|known| known.trim_start_matches(PREFIX)));
    let fix = match meant {
        Some(meant) => format!("did you mean `{PREFIX}{meant}`?"),
        None => "unset it; docs/configuration.md lists the variables".to_owned(),
    };
    Problem {
        origin: name,
        field: String::new(),
        message: format!("unknown variable; {fix}"),
    }
}

/// How messages call the source of a field: by its variable or its flag.
pub(super) fn source_of(source: LayerSource, field: &str) -> String {
    let setting = SETTINGS.iter().find(|setting| setting.field == field);
    let name = match source {
        LayerSource::Event => "event",
        LayerSource::Environment => setting.map_or("environment", |setting| setting.variable),
        LayerSource::Flags => setting.and_then(|setting| setting.flag).unwrap_or("flags"),
    };
    name.to_owned()
}

/// A text that stands for a `T`.
fn text<T: FromStr<Err: ToString>>(text: &str) -> Result<Value, String> {
    text.parse::<T>().map_err(|error| error.to_string())?;
    Ok(text.into())
}

fn list<T: FromStr<Err: ToString>>(items: &str) -> Result<Value, String> {
    let items = items.split(',').map(str::trim);
    items
        .filter(|item| !item.is_empty())
        .map(text::<T>)
        .collect()
}

fn globs(text: &str) -> Result<Value, String> {
    Ok(split_globs(text).filter(|item| !item.is_empty()).collect())
}

fn yes_or_no(text: &str) -> Result<Value, String> {
    let text = text.parse::<bool>();
    Ok(text.map_err(|_| "write true or false".to_owned())?.into())
}

fn number<T: FromStr + Serialize>(text: &str) -> Result<Value, String> {
    // Documents have no infinite numbers: they become null.
    let number = text.parse::<T>().ok().map(|number| json!(number));
    number.filter(Value::is_number).ok_or_else(|| {
        let text = text.escape_debug();
        format!("`{text}` is not a valid number; give one without a unit")
    })
}

#[cfg(test)]
mod tests {
    use orgscan_core::settings::Config;
    use orgscan_core::testing::docs::fields;

    use super::*;
    use crate::config::config_schema;

    fn env(pairs: &[(&str, &str)]) -> Result<Config, Vec<String>> {
        let pairs = pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        let config = crate::config::load(None, pairs, ConfigLayer::default());
        config.map_err(|error| error.problems().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn variables_document_their_fields() {
        let config = env(&[
            ("ORGSCAN_REGIONS", "eu-west-1, eu-central-1,"),
            ("ORGSCAN_ACCOUNTS", "012345678901"),
            ("ORGSCAN_API_SHARE", " 0.25 "),
            ("ORGSCAN_ALERT_TOPIC_ARN", ""),
            ("ORGSCAN_CONFIG", "orgscan.yaml"),
            ("PATH", "/bin"),
            ("ORGSCAN_RUN_SECONDS", "900"),
        ])
        .unwrap();
        assert_eq!(config.regions.include, ["eu-west-1", "eu-central-1"]);
        assert_eq!(config.accounts.include.ids[0].as_str(), "012345678901");
        assert_eq!(config.api_share.0, 0.25);
        assert_eq!(config.timeouts.run_seconds, Some(900));
        assert_eq!(config.destinations.alert, None);
    }

    #[test]
    fn unknown_variables_and_values_that_do_not_parse_are_refused() {
        let refused = env(&[
            ("ORGSCAN_ROLENAME", "x"),
            ("ORGSCAN_FAVOURITE_COLOR", "x"),
            ("ORGSCAN_API_SHARE", "half"),
            ("ORGSCAN_ACCOUNTS", "012345678901,12"),
            ("ORGSCAN_RUN_SECONDS", "1.5"),
            ("ORGSCAN_REPORT_SHARED", "yes"),
        ]);
        insta::assert_snapshot!(refused.unwrap_err().join("\n"), @r"
        ORGSCAN_ACCOUNTS: accounts.include.ids: `12` is not an AWS account id; use 12 digits, quoted in YAML
        ORGSCAN_API_SHARE: api_share: `half` is not a valid number; give one without a unit
        ORGSCAN_FAVOURITE_COLOR: unknown variable; unset it; docs/configuration.md lists the variables
        ORGSCAN_REPORT_SHARED: destinations.report.shared: write true or false
        ORGSCAN_ROLENAME: unknown variable; did you mean `ORGSCAN_ROLE_NAME`?
        ORGSCAN_RUN_SECONDS: timeouts.run_seconds: `1.5` is not a valid number; give one without a unit
        ");
        for infinite in ["nan", "inf"] {
            let refused = env(&[("ORGSCAN_API_SHARE", infinite)]).unwrap_err();
            assert!(refused[0].contains("is not a valid number"), "{refused:?}");
        }
    }

    #[test]
    fn every_setting_sets_a_field_of_the_configuration() {
        let fields = fields(&config_schema());
        for Setting { field, .. } in SETTINGS {
            assert!(fields.contains(&format!("| `{field}` |")), "{field}");
        }
    }

    #[test]
    fn no_two_settings_share_a_variable_a_flag_or_a_field() {
        for (index, a) in SETTINGS.iter().enumerate() {
            assert!(a.variable.starts_with(PREFIX), "{}", a.variable);
            for b in &SETTINGS[..index] {
                assert_ne!(a.variable, b.variable);
                assert_ne!(a.field, b.field);
                assert!(a.flag.is_none() || a.flag != b.flag, "{:?}", a.flag);
            }
        }
    }
}
