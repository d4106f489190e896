//! Environment variables and flags: which field of the configuration each of them sets.

use std::path::PathBuf;
use std::str::FromStr;

use orgscan_core::document::Problem;
use orgscan_core::model::{AccountId, Region};
use orgscan_core::settings::split_globs;
use orgscan_core::suggest::nearest;

use super::overlay::{Overlay, Source};

/// All environment variables that say something begin like this.
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
    pub holds: &'static str,
    read: fn(&mut Overlay, &str) -> Result<(), String>,
}

/// Shortens the table below: variable, flag (or ""), field, what it holds, how it is read.
const fn setting(
    variable: &'static str,
    flag: &'static str,
    field: &'static str,
    holds: &'static str,
    read: fn(&mut Overlay, &str) -> Result<(), String>,
) -> Setting {
    Setting {
        variable,
        flag: if flag.is_empty() { None } else { Some(flag) },
        field,
        holds,
        read,
    }
}

/// All of them, in the order of the documentation.
#[rustfmt::skip]
pub const SETTINGS: &[Setting] = &[
    setting("ORGSCAN_ACCOUNTS", "--account", "accounts.include.ids", "account ids, with commas between",
        |o, text| list(&mut o.accounts.include.ids, text, AccountId::from_str)),
    setting("ORGSCAN_EXCLUDE_ACCOUNTS", "--exclude-account", "accounts.exclude.ids", "account ids, with commas between",
        |o, text| list(&mut o.accounts.exclude.ids, text, AccountId::from_str)),
    setting("ORGSCAN_OUS", "--ou", "accounts.include.ous", "OU ids or paths, with commas between",
        |o, text| words(&mut o.accounts.include.ous, text)),
    setting("ORGSCAN_EXCLUDE_OUS", "--exclude-ou", "accounts.exclude.ous", "OU ids or paths, with commas between",
        |o, text| words(&mut o.accounts.exclude.ous, text)),
    setting("ORGSCAN_REGIONS", "--region", "regions.include", "Regions, or globs of them, with commas between",
        |o, text| globs(&mut o.regions.include, text)),
    setting("ORGSCAN_EXCLUDE_REGIONS", "--exclude-region", "regions.exclude", "Regions, or globs of them, with commas between",
        |o, text| globs(&mut o.regions.exclude, text)),
    setting("ORGSCAN_CHECKS", "--check", "checks.include", "check ids, with commas between",
        |o, text| words(&mut o.checks.include, text)),
    setting("ORGSCAN_FRAMEWORKS", "--framework", "checks.frameworks", "frameworks' ids, with commas between",
        |o, text| words(&mut o.checks.frameworks, text)),
    setting("ORGSCAN_CATEGORIES", "--category", "checks.categories", "categories of checks, with commas between",
        |o, text| words(&mut o.checks.categories, text)),
    setting("ORGSCAN_SEVERITY", "--severity", "checks.severity_at_least", "a severity: checks of this one and worse",
        |o, text| parsed(&mut o.checks.severity_at_least, text)),
    setting("ORGSCAN_EXCLUDE_CHECKS", "--exclude-check", "checks.exclude", "check ids, with commas between",
        |o, text| words(&mut o.checks.exclude, text)),
    setting("ORGSCAN_ROLE_NAME", "--role-name", "role.name", "the member role's name",
        |o, text| word(&mut o.role_name, text)),
    setting("ORGSCAN_ROLE_PATH", "", "role.path", "the member role's path",
        |o, text| word(&mut o.role_path, text)),
    setting("ORGSCAN_ROLE_EXTERNAL_ID", "--external-id", "role.external_id", "the external id that the member role asks for",
        |o, text| { o.external_id = Some(text.into()); Ok(()) }),
    setting("ORGSCAN_STACK_SET", "--stack-set", "enrollment.stack_set", "the name of the stack set that deploys the member role",
        |o, text| word(&mut o.stack_set, text)),
    setting("ORGSCAN_CALL_AS", "--call-as", "enrollment.call_as", "`SELF` or `DELEGATED_ADMIN`",
        |o, text| parsed(&mut o.call_as, text)),
    setting("ORGSCAN_HOME_REGION", "", "home_region", "a Region",
        |o, text| { o.home_region = Some(Region::new(text)); Ok(()) }),
    setting("ORGSCAN_API_SHARE", "--api-share", "api_share", "a share above 0 and at most 1",
        |o, text| number(&mut o.api_share, text)),
    setting("ORGSCAN_RUN_SECONDS", "--deadline", "timeouts.run_seconds", "seconds",
        |o, text| number(&mut o.run_seconds, text)),
    setting("ORGSCAN_EXCEPTIONS", "--exceptions", "exceptions.location", "the file that lists the exceptions, a path or `s3://bucket/key`",
        |o, text| parsed(&mut o.exceptions, text)),
    setting("ORGSCAN_METRICS_NAMESPACE", "--metrics-namespace", "destinations.metrics.namespace", "a CloudWatch namespace; turns metrics on",
        |o, text| word(&mut o.metrics_namespace, text)),
    setting("ORGSCAN_TOPIC_ARN", "--topic-arn", "destinations.alert.topic_arn", "an SNS topic's ARN; turns the alert on",
        |o, text| word(&mut o.topic_arn, text)),
    setting("ORGSCAN_DASHBOARD_URL", "", "destinations.alert.dashboard", "the dashboard's address, for the alert to point to",
        |o, text| word(&mut o.dashboard, text)),
    setting("ORGSCAN_REPORT_LOCATION", "--report", "destinations.report.location", "`s3://bucket/prefix` or a folder; turns reports on",
        |o, text| parsed(&mut o.report_location, text)),
    setting("ORGSCAN_REPORT_KMS_KEY_ID", "", "destinations.report.kms_key_id", "the KMS key for reports in S3",
        |o, text| word(&mut o.report_kms_key_id, text)),
    setting("ORGSCAN_REPORT_SHARED", "", "destinations.report.shared", "`true` or `false`",
        |o, text| yes_or_no(&mut o.report_shared, text)),
    setting("ORGSCAN_REPORT_TABLES", "", "destinations.report.tables", "`true` or `false`",
        |o, text| yes_or_no(&mut o.report_tables, text)),
    setting("ORGSCAN_REPORT_SECURITY_LAKE", "", "destinations.report.security_lake", "`true` or `false`",
        |o, text| yes_or_no(&mut o.report_security_lake, text)),
    setting("ORGSCAN_SIGNING_KMS_KEY_ID", "", "destinations.report.signing.kms_key_id", "the KMS key that signs the reports' manifests",
        |o, text| word(&mut o.signing.kms_key_id, text)),
    setting("ORGSCAN_SIGNING_KEY_FILE", "", "destinations.report.signing.key_file", "the file of a local key that signs the reports' manifests",
        |o, text| word(&mut o.signing.key_file, text)),
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

/// Reads the environment. Empty variables count as not set.
pub(super) fn read(env: impl Iterator<Item = (String, String)>) -> (Overlay, Vec<Problem>) {
    let mut overlay = Overlay {
        source: Source::Environment,
        ..Overlay::default()
    };
    let mut problems = Vec::new();
    for (name, value) in env {
        let ours = name.starts_with(PREFIX) && !ELSEWHERE.contains(&name.as_str());
        if !ours || value.trim().is_empty() {
            continue;
        }
        match SETTINGS.iter().find(|setting| setting.variable == name) {
            None => problems.push(unknown(name)),
            Some(setting) => {
                if let Err(message) = (setting.read)(&mut overlay, value.trim()) {
                    problems.push(Problem {
                        origin: name,
                        field: setting.field.to_owned(),
                        message,
                    });
                }
            }
        }
    }
    problems.sort_by(|a, b| a.origin.cmp(&b.origin));
    (overlay, problems)
}

fn unknown(name: String) -> Problem {
    let known = SETTINGS.iter().map(|setting| setting.variable);
    // Without the prefix that all have in common, or everything looks alike.
    let stem = name.trim_start_matches(PREFIX);
    let meant = nearest(stem, known.map(|known| known.trim_start_matches(PREFIX)));
    let mend = match meant {
        Some(meant) => format!("did you mean `{PREFIX}{meant}`?"),
        None => "unset it, or see docs/configuration.md for those there are".to_owned(),
    };
    Problem {
        origin: name,
        field: String::new(),
        message: format!("unknown variable; {mend}"),
    }
}

/// How a source calls a field: by its variable or its flag.
pub(super) fn said_by(source: Source, field: &str) -> String {
    let setting = SETTINGS.iter().find(|setting| setting.field == field);
    match (source, setting) {
        (Source::Event, _) => "event".to_owned(),
        (Source::Environment, Some(setting)) => setting.variable.to_owned(),
        (Source::Flags, Some(setting)) => setting.flag.unwrap_or("flags").to_owned(),
        (Source::Environment, None) => "environment".to_owned(),
        (Source::Flags, None) => "flags".to_owned(),
    }
}

fn word(slot: &mut Option<String>, text: &str) -> Result<(), String> {
    *slot = Some(text.to_owned());
    Ok(())
}

fn parsed<T: FromStr<Err: ToString>>(slot: &mut Option<T>, text: &str) -> Result<(), String> {
    *slot = Some(text.parse().map_err(|error: T::Err| error.to_string())?);
    Ok(())
}

fn words(slot: &mut Vec<String>, text: &str) -> Result<(), String> {
    list(slot, text, |item| Ok::<_, String>(item.to_owned()))
}

fn globs(slot: &mut Vec<String>, text: &str) -> Result<(), String> {
    let items = split_globs(text).filter(|item| !item.is_empty());
    *slot = items.map(str::to_owned).collect();
    Ok(())
}

fn list<T, E: ToString>(
    slot: &mut Vec<T>,
    text: &str,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<(), String> {
    let items = text
        .split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty());
    *slot = items
        .map(|item| parse(item).map_err(|error| error.to_string()))
        .collect::<Result<_, _>>()?;
    Ok(())
}

fn yes_or_no(slot: &mut Option<bool>, text: &str) -> Result<(), String> {
    let text = text.parse();
    *slot = Some(text.map_err(|_| "write true or false".to_owned())?);
    Ok(())
}

fn number<T: FromStr>(slot: &mut Option<T>, text: &str) -> Result<(), String> {
    let number = text.parse().map_err(|_| {
        let text = text.escape_debug();
        format!("`{text}` is not a number that fits here; give one without unit")
    })?;
    *slot = Some(number);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> (Overlay, Vec<String>) {
        let pairs = pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        let (overlay, problems) = read(pairs);
        (overlay, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn variables_say_what_their_fields_are() {
        let (overlay, problems) = env(&[
            ("ORGSCAN_REGIONS", "eu-west-1, eu-central-1,"),
            ("ORGSCAN_ACCOUNTS", "012345678901"),
            ("ORGSCAN_API_SHARE", " 0.25 "),
            ("ORGSCAN_TOPIC_ARN", ""),
            ("ORGSCAN_CONFIG", "orgscan.yaml"),
            ("PATH", "/bin"),
        ]);
        assert_eq!(problems, [""; 0]);
        assert_eq!(overlay.regions.include, ["eu-west-1", "eu-central-1"]);
        assert_eq!(overlay.accounts.include.ids[0].as_str(), "012345678901");
        assert_eq!(overlay.api_share, Some(0.25));
        assert_eq!(overlay.topic_arn, None);
    }

    #[test]
    fn unknown_variables_and_values_that_do_not_parse_are_refused() {
        let (_, problems) = env(&[
            ("ORGSCAN_ROLENAME", "x"),
            ("ORGSCAN_FAVOURITE_COLOR", "x"),
            ("ORGSCAN_API_SHARE", "half"),
            ("ORGSCAN_ACCOUNTS", "012345678901,12"),
        ]);
        insta::assert_snapshot!(problems.join("\n"), @r"
        ORGSCAN_ACCOUNTS: accounts.include.ids: `12` is not an AWS account id: write its 12 digits, in quotes in YAML
        ORGSCAN_API_SHARE: api_share: `half` is not a number that fits here; give one without unit
        ORGSCAN_FAVOURITE_COLOR: unknown variable; unset it, or see docs/configuration.md for those there are
        ORGSCAN_ROLENAME: unknown variable; did you mean `ORGSCAN_ROLE_NAME`?
        ");
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
