//! Puts file, environment, flags and event together into one validated configuration.

use orgscan_core::document::{ConfigError, Node, Origins, Problem, deserialize_all};
use orgscan_core::settings::{Config, findings};
use serde::Deserialize;
use serde_json::Value;

use super::layer::{ConfigLayer, drop_unaddressed_destinations};
use super::settings;
use super::source::ConfigText;

/// The configuration of a run: the file, over it the environment, over that a layer (flags on
/// a terminal, the event in Lambda).
///
/// # Errors
/// Everything that is wrong, each with its place (file and line, variable, flag or event), its
/// field, and how to fix it.
pub fn load(
    file: Option<&ConfigText>,
    env: impl Iterator<Item = (String, String)>,
    layer: ConfigLayer,
) -> Result<Config, ConfigError> {
    let (config, _) = load_traced(file, env, layer)?;
    Ok(config)
}

/// The same, with where each field was said.
///
/// # Errors
/// As [`load`].
pub fn load_traced(
    file: Option<&ConfigText>,
    env: impl Iterator<Item = (String, String)>,
    mut layer: ConfigLayer,
) -> Result<(Config, Origins), ConfigError> {
    let of_file = file.map(read).transpose()?;
    let (mut document, mut origins, mut problems) = of_file.unwrap_or_default();
    let (environment, unreadable) = settings::read(env);
    problems.extend(unreadable);
    environment.put_over(&mut document, &mut origins);
    problems.extend(layer.keep_signing(&document));
    layer.put_over(&mut document, &mut origins);
    drop_unaddressed_destinations(&mut document);
    let (config, unfit) = deserialize_all(&mut Node::from_json(&document));
    problems.extend(origins.locate(unfit));
    let config = config.unwrap_or_default();
    problems.extend(origins.locate(findings(&config)));
    ConfigError::unless_none(problems)?;
    Ok((config, origins))
}

/// What of a file fits the configuration, where each of its fields is, and what does not fit. What is wrong in the
/// file is reported even if another layer covers it.
fn read(file: &ConfigText) -> Result<(Value, Origins, Vec<Problem>), ConfigError> {
    let ConfigText { name, text } = file;
    let mut root = Node::from_yaml(text).map_err(|unreadable| Problem {
        origin: unreadable
            .line
            .map_or(name.clone(), |line| format!("{name}:{line}")),
        field: unreadable.field,
        message: unreadable.message,
    })?;
    let origins = Origins::of_file(name, &root);
    let (config, findings) = deserialize_all::<Config>(&mut root);
    let document = config.and_then(|_| Value::deserialize(&root).ok());
    let problems = origins.locate(findings);
    Ok((document.unwrap_or_default(), origins, problems))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::LayerSource;

    fn load(yaml: &str, env: &[(&str, &str)], layer: ConfigLayer) -> Result<Config, String> {
        let file = ConfigText {
            name: "orgscan.yaml".to_owned(),
            text: yaml.to_owned(),
        };
        let env = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        crate::config::load(Some(&file), env, layer).map_err(|error| {
            let problems = error.problems().iter();
            let lines: Vec<_> = problems.map(ToString::to_string).collect();
            lines.join("\n")
        })
    }

    fn refused(yaml: &str) -> String {
        load(yaml, &[], ConfigLayer::default()).unwrap_err()
    }

    #[test]
    fn defaults_apply_without_any_setting() {
        let config = crate::config::load(None, std::iter::empty(), ConfigLayer::default()).unwrap();
        assert_eq!(config, Config::default());
        assert_eq!(load("", &[], ConfigLayer::default()).unwrap(), config);
        assert_eq!(
            load("# none\n", &[], ConfigLayer::default()).unwrap(),
            config
        );
    }

    #[test]
    fn report_settings_of_the_environment_apply_to_a_location_from_a_flag() {
        let env = [
            ("ORGSCAN_REPORT_KMS_KEY_ID", "alias/audit"),
            ("ORGSCAN_REPORT_TABLES", "true"),
            ("ORGSCAN_REPORT_SHARED", "true"),
        ];
        let flag = ConfigLayer::default().with("destinations.report.location", "s3://reports");
        let report = load("", &env, flag).unwrap().destinations.report.unwrap();
        assert_eq!(report.location.to_string(), "s3://reports");
        assert_eq!(report.kms_key_id.as_deref(), Some("alias/audit"));
        assert!(report.tables && report.shared);
        let none = load("", &env, ConfigLayer::default()).unwrap();
        assert!(none.destinations.report.is_none());
    }

    #[test]
    fn a_dashboard_of_the_environment_counts_for_a_topic_that_only_a_flag_names() {
        let env = [("ORGSCAN_DASHBOARD_URL", "https://example.com/dashboard")];
        let topic = "arn:aws:sns:eu-west-1:123456789012:flag";
        let flag = ConfigLayer::default().with("destinations.alert.topic_arn", topic);
        let alert = load("", &env, flag).unwrap().destinations.alert.unwrap();
        assert_eq!(
            alert.dashboard_url.as_deref(),
            Some("https://example.com/dashboard")
        );
        let none = load("", &env, ConfigLayer::default()).unwrap();
        assert!(none.destinations.alert.is_none());
    }

    #[test]
    fn what_does_not_fit_in_the_file_is_reported_even_if_a_flag_covers_it() {
        let yaml = "role: OrgScanMember\napi_share: half\naccounts: { include: { ids: [12] } }\n";
        let flags = ConfigLayer::default()
            .with("role.name", "a/b")
            .with("api_share", 0.2)
            .with("accounts.include.ids", ["111122223333"]);
        insta::assert_snapshot!(load(yaml, &[], flags).unwrap_err(), @r"
        orgscan.yaml:1: role: the text `OrgScanMember` where a mapping belongs; give a mapping
        orgscan.yaml:2: api_share: the text `half` where a number belongs; give a number
        orgscan.yaml:3: accounts.include.ids[0]: the number 12 where a text belongs; put it in quotes, because a number loses leading zeros
        --role-name: `a/b` is not a role name; use 1 to 64 letters, digits and `_+=,.@-`; set the path in role.path
        ");
    }

    #[test]
    fn the_signer_applies_to_a_location_from_a_flag() {
        let env = [("ORGSCAN_SIGNING_KEY_FILE", "from-env.pem")];
        let signing = |yaml| {
            let flag = ConfigLayer::default().with("destinations.report.location", "reports");
            let report = load(yaml, &env, flag).unwrap().destinations.report;
            report.unwrap().signing.key_file.unwrap()
        };
        assert_eq!(signing(""), "from-env.pem");
        let file = "destinations: { report: { location: a, signing: { key_file: own.pem } } }";
        assert_eq!(signing(file), "from-env.pem");
    }

    #[test]
    fn an_event_sets_a_location_and_not_the_signer() {
        let file = "destinations: { report: { location: s3://reports, signing: { kms_key_id: alias/own } } }";
        let load = |file: &str, env: &[(&str, &str)], key: Option<&str>| {
            let mut report =
                orgscan_core::settings::ReportConfig::at("s3://reports".parse().unwrap());
            report.signing.kms_key_id = key.map(str::to_owned);
            let event = ConfigLayer::of(LayerSource::Event).with("destinations.report", report);
            let report = load(file, env, event)?.destinations.report;
            Ok::<_, String>(report.unwrap().signing.kms_key_id)
        };
        let own = Ok(Some("alias/own".to_owned()));
        assert_eq!(load(file, &[], None), own);
        assert_eq!(load(file, &[], Some("alias/own")), own);
        let env = [("ORGSCAN_SIGNING_KMS_KEY_ID", "alias/own")];
        assert_eq!(load("", &env, None), own);
        assert_eq!(load("", &[], None), Ok(None));
        for (file, env) in [(file, &[][..]), ("", &env[..]), ("", &[])] {
            let refused = load(file, env, Some("alias/other")).unwrap_err();
            assert!(
                refused.contains("event: destinations.report.signing: is another key"),
                "{refused}"
            );
        }
    }

    #[test]
    fn the_environment_goes_over_the_file_and_flags_over_both() {
        let yaml = r"
role: { name: FromFile, path: /file/ }
api_share: 0.1
regions: { include: [eu-*], exclude: [eu-south-1] }
accounts: { include: { ous: [Workloads] } }
destinations:
  alert: { topic_arn: 'arn:aws:sns:eu-west-1:123456789012:file', send: always }
";
        let env = [
            ("ORGSCAN_ROLE_NAME", "FromEnv"),
            ("ORGSCAN_STACK_SET", "FromEnv"),
            ("ORGSCAN_CALL_AS", "DELEGATED_ADMIN"),
            ("ORGSCAN_API_SHARE", "0.2"),
            (
                "ORGSCAN_ALERT_TOPIC_ARN",
                "arn:aws:sns:eu-west-1:123456789012:env",
            ),
            ("ORGSCAN_DASHBOARD_URL", "https://example.com/dashboard"),
        ];
        let flags = ConfigLayer::default()
            .with("api_share", 0.3)
            .with("destinations.metrics", serde_json::json!({}))
            .with("regions.include", ["us-east-1"])
            .with("regions.exclude", ["us-west-1"])
            .with("accounts.include.ids", ["111122223333"]);
        let config = load(yaml, &env, flags).unwrap();
        assert_eq!(config.role.name, "FromEnv");
        assert_eq!(config.role.path, "/file/");
        assert_eq!(config.enrollment.stack_set.as_deref(), Some("FromEnv"));
        assert_eq!(
            config.enrollment.call_as,
            orgscan_core::model::CallAs::DelegatedAdmin
        );
        assert_eq!(config.api_share.0, 0.3);
        assert_eq!(config.regions.include, ["us-east-1"]);
        assert_eq!(config.regions.exclude, ["eu-south-1", "us-west-1"]);
        assert_eq!(config.accounts.include.ous, [""; 0]);
        assert_eq!(config.accounts.include.ids.len(), 1);
        let alert = config.destinations.alert.unwrap();
        assert!(alert.topic_arn.ends_with(":env"));
        assert_eq!(
            alert.dashboard_url.unwrap(),
            "https://example.com/dashboard"
        );
        assert_eq!(alert.send, orgscan_core::settings::SendWhen::Always);
        assert_eq!(config.destinations.metrics.unwrap().namespace, "OrgScan");
    }

    #[test]
    fn naming_checks_is_a_new_question_and_narrowing_is_not() {
        let yaml = "checks: { frameworks: [cis-7.0], categories: [logging], min_severity: low, \
                    exclude: [s3-bucket-public] }";
        let with = |field, value: &str| {
            let layer = ConfigLayer::default().with(field, [value]);
            load(yaml, &[], layer).unwrap().checks
        };
        let named = with("checks.include", "ebs-volume-unencrypted");
        assert_eq!(named.include, ["ebs-volume-unencrypted"]);
        assert_eq!(named.exclude, ["s3-bucket-public"]);
        assert_eq!((named.frameworks.len(), named.categories.len()), (0, 0));
        assert_eq!(named.min_severity, None);
        let narrowed = with("checks.categories", "iam-security");
        assert_eq!(narrowed.frameworks, ["cis-7.0"]);
        assert_eq!(narrowed.categories, ["iam-security"]);
        assert_eq!(
            narrowed.min_severity,
            Some(orgscan_core::model::Severity::Low)
        );
        let env = [
            ("ORGSCAN_FRAMEWORKS", "cis-8"),
            ("ORGSCAN_MIN_SEVERITY", "bad"),
        ];
        insta::assert_snapshot!(load("", &env, ConfigLayer::default()).unwrap_err(), @r"
        ORGSCAN_MIN_SEVERITY: checks.min_severity: `bad` is not a severity; use one of informational, low, medium, high, critical
        ORGSCAN_FRAMEWORKS: checks.frameworks[0]: no framework `cis-8`; did you mean `cis-5.0`?
        ");
    }

    #[test]
    fn every_problem_names_its_source_its_field_and_a_fix() {
        let yaml = r"
regions:
  include:
    - eu-*
    - 'eu-[west'
api_share: 1.5
rol: {}
concurrency:
  accounts: 0
thresholds:
  accounts:
    PublicBucket: { count: 0 }
    PublicInstances: { min_severity: high }
    111122223333: { count: 0 }
";
        let env = [
            ("ORGSCAN_ROLE_PATH", "security"),
            ("ORGSCAN_EXCLUDE_REGIONS", "us-{east"),
            ("ORGSCAN_ROLENAME", "x"),
            ("ORGSCAN_CALL_AS", "self"),
        ];
        let flags = ConfigLayer::default()
            .with("role.name", "a/b")
            .with("enrollment.stack_set", "a_b")
            .with("home_region", "Ireland")
            .with("checks.include", ["no-such-check"]);
        let problems = load(yaml, &env, flags).unwrap_err();
        let (about_checks, others): (Vec<_>, Vec<_>) = problems
            .lines()
            .partition(|line| line.contains("no-such-check"));
        assert!(about_checks[0].starts_with("--check: no check `no-such-check`"));
        insta::assert_snapshot!(others.join("\n"), @r"
        orgscan.yaml:7: rol: unknown key; did you mean `role`?
        ORGSCAN_CALL_AS: enrollment.call_as: `self` is unknown; write SELF or DELEGATED_ADMIN
        ORGSCAN_ROLENAME: unknown variable; did you mean `ORGSCAN_ROLE_NAME`?
        orgscan.yaml:5: regions.include[1]: `eu-[west` is not a glob: unclosed character class; missing ']'; close it, or put a backslash before it
        ORGSCAN_EXCLUDE_REGIONS: regions.exclude[0]: `us-{east` is not a glob: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?); close it, or put a backslash before it
        --role-name: `a/b` is not a role name; use 1 to 64 letters, digits and `_+=,.@-`; set the path in role.path
        ORGSCAN_ROLE_PATH: role.path: `security` is not a role path; begin and end it with `/`, as in `/` or `/security/`
        --stack-set: `a_b` is not a stack set's name; use up to 128 letters, digits and `-`, with a letter first, such as `orgscan-member-role`
        orgscan.yaml:6: api_share: 1.5 is above 1; use a share above 0 and at most 1
        orgscan.yaml:9: concurrency.accounts: 0 is below 1; use 1 to 1000
        orgscan.yaml:14: thresholds.accounts.111122223333: no indicator `111122223333`; for the thresholds of one account, use `thresholds.overrides`
        orgscan.yaml:12: thresholds.accounts.PublicBucket: no indicator `PublicBucket`; did you mean `PublicBuckets`?
        orgscan.yaml:13: thresholds.accounts.PublicInstances: has neither `count` nor `percent` nor `new_or_reopened`; give one or more
        flags: home_region: `Ireland` is not a Region; write it as `eu-west-1`
        ");
    }

    #[test]
    fn an_event_speaks_for_itself() {
        let metrics = serde_json::json!({"namespace": "AWS/EC2"});
        let event = ConfigLayer::of(LayerSource::Event).with("destinations.metrics", metrics);
        let file = "destinations: { metrics: { namespace: x } }";
        let problem = load(file, &[], event).unwrap_err();
        assert!(
            problem.starts_with("event: destinations.metrics.namespace: namespaces"),
            "{problem}"
        );
    }

    #[test]
    fn a_location_that_is_none_is_named_with_its_source() {
        let yaml = r"
exceptions: { location: s3://bucket }
destinations:
  report: { location: 's3:/reports' }
";
        let env = [
            ("ORGSCAN_EXCEPTIONS_LOCATION", "s3://bucket/folder/"),
            ("ORGSCAN_REPORT_LOCATION", "s3://No"),
        ];
        insta::assert_snapshot!(load(yaml, &env, ConfigLayer::default()).unwrap_err(), @r"
        orgscan.yaml:2: exceptions.location: `s3://bucket` names no object; give `s3://bucket/key` or a file
        orgscan.yaml:4: destinations.report.location: `s3:/reports` is not an S3 URL; write `s3://reports`, or `./` before a path
        ORGSCAN_EXCEPTIONS_LOCATION: exceptions.location: `s3://bucket/folder/` names no object; give `s3://bucket/key` or a file
        ORGSCAN_REPORT_LOCATION: destinations.report.location: `No` is not a bucket name; use 3 to 63 lower-case letters, digits, `.` and `-`
        ");
    }

    #[test]
    fn a_file_that_is_not_yaml_is_refused_with_its_line() {
        insta::assert_snapshot!(refused("api_share: 0.1\nregions: {}\napi_share: 0.2\n"), @r"orgscan.yaml:3: api_share: given twice in the same mapping; keep one");
        insta::assert_snapshot!(refused("role:\n  name: x\n path: y\n"), @r"orgscan.yaml:3: not valid YAML 1.2: while parsing a block mapping, did not find expected key at line 3, column 2; correct the syntax");
        insta::assert_snapshot!(refused("role: [\n"), @r"orgscan.yaml:1: not valid YAML 1.2: unclosed bracket '[' at line 1, column 7; correct the syntax");
        insta::assert_snapshot!(refused("api_share: 0.1\n---\napi_share: 0.2\n"), @r"orgscan.yaml:3: a second document begins here; keep one, without `---` between");
        insta::assert_snapshot!(refused("api_share: .nan\n"), @r"orgscan.yaml:1: `.nan` is not a number; give one, or put it in quotes");
        insta::assert_snapshot!(refused("role: !secret { name: x }\n"), @r"orgscan.yaml:1: not valid YAML 1.2: unsupported tag `!secret` at line 1, column 15; correct the syntax");
        insta::assert_snapshot!(refused("role: *none\n"), @r"orgscan.yaml:1: not valid YAML 1.2: alias references unknown anchor at line 1, column 7; correct the syntax");
        let none = ConfigText::of_file(Path::new("/none.yaml"));
        insta::assert_snapshot!(none.unwrap_err(), @r"/none.yaml: cannot be read: No such file or directory (os error 2); see --config and ORGSCAN_CONFIG");
    }

    #[test]
    fn yaml_is_read_as_version_1_2() {
        let config = load(
            "accounts: { include: { names: [no, yes, on] } }",
            &[],
            ConfigLayer::default(),
        );
        assert_eq!(config.unwrap().accounts.include.names, ["no", "yes", "on"]);
    }
}
