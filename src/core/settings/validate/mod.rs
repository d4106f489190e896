//! Values of the right type that are invalid.

mod destinations;
mod limits;
mod monitoring;
mod ports;

use globset::GlobBuilder;

use super::names;
use crate::checks::Category;
use crate::document::{ConfigError, FieldProblem, MOST, Origins};
use crate::frameworks::FRAMEWORKS;
use crate::services::CHECKS;
use crate::settings::{AccountMatch, CheckFilter, Config};
use crate::suggest::instead;

/// Refuses invalid values.
///
/// # Errors
/// All of them, each with its field and how to fix it.
pub fn validate(config: &Config) -> Result<(), ConfigError> {
    ConfigError::unless_none(Origins::default().locate(findings(config)))
}

/// Every invalid value of a configuration, by field.
pub fn findings(config: &Config) -> Vec<FieldProblem> {
    let mut found = FieldProblems(Vec::new());
    found.accounts("accounts.include", &config.accounts.include);
    found.accounts("accounts.exclude", &config.accounts.exclude);
    found.globs("regions.include", &config.regions.include);
    found.globs("regions.exclude", &config.regions.exclude);
    found.check_filter(&config.checks);
    found.role(config);
    found.enrollment(config);
    found.numbers(config);
    found.timeouts(config);
    found.ports(config);
    found.monitoring(config);
    found.thresholds(config);
    found.destinations(config);
    found.partitions(config);
    found.0
}

/// Collects invalid values.
#[derive(Default)]
pub struct FieldProblems(pub Vec<FieldProblem>);

impl FieldProblems {
    pub(crate) fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        if !self.is_full() {
            self.0.push((field.into(), message.into()));
        }
    }

    /// Whether there is more than an error lists, so that nothing else needs to be found.
    fn is_full(&self) -> bool {
        self.0.len() > MOST
    }

    fn shape(&mut self, field: impl Into<String>, shape: Result<(), String>) {
        if let Err(message) = shape {
            self.add(field, message);
        }
    }

    /// Checks a glob.
    pub fn glob(&mut self, field: String, pattern: &str) {
        if pattern.trim().is_empty() {
            self.add(field, "empty, which matches nothing; remove it");
        } else if let Err(error) = GlobBuilder::new(pattern).build() {
            let pattern = pattern.escape_debug();
            let why = error.kind().to_string();
            self.add(
                field,
                format!("`{pattern}` is not a glob: {why}; close it, or put a backslash before it"),
            );
        }
    }

    pub(crate) fn globs(&mut self, field: &str, patterns: &[String]) {
        for (index, pattern) in patterns.iter().enumerate() {
            if self.is_full() {
                return;
            }
            self.glob(format!("{field}[{index}]"), pattern);
        }
    }

    fn check_filter(&mut self, checks: &CheckFilter) {
        self.checks("checks.include", &checks.include);
        self.checks("checks.exclude", &checks.exclude);
        let frameworks: Vec<_> = FRAMEWORKS.iter().map(|one| one.id).collect();
        let categories = Category::ALL.map(Category::id);
        self.known(
            "checks.frameworks",
            &checks.frameworks,
            "framework",
            &frameworks,
        );
        self.known(
            "checks.categories",
            &checks.categories,
            "category",
            &categories,
        );
    }

    /// Values that must be ids of checks.
    pub(crate) fn checks(&mut self, field: &str, values: &[String]) {
        let known: Vec<&str> = CHECKS.iter().map(|check| check.id).collect();
        self.known(field, values, "check", &known);
    }

    fn known(&mut self, field: &str, values: &[String], what: &str, known: &[&str]) {
        for (index, value) in values.iter().enumerate() {
            if self.is_full() {
                return;
            }
            if !known.contains(&value.as_str()) {
                let (shown, remediation) = (value.escape_debug(), instead(value, known));
                self.add(
                    format!("{field}[{index}]"),
                    format!("no {what} `{shown}`; {remediation}"),
                );
            }
        }
    }

    pub(crate) fn accounts(&mut self, field: &str, accounts: &AccountMatch) {
        for (index, ou) in accounts.ous.iter().enumerate() {
            self.ou(format!("{field}.ous[{index}]"), ou);
        }
        self.globs(&format!("{field}.names"), &accounts.names);
        for (key, value) in &accounts.tags {
            self.glob(format!("{field}.tags.{key}"), value);
        }
    }

    fn ou(&mut self, field: String, ou: &str) {
        if ou.trim_matches(['/', ' ']).is_empty() {
            let remediation = "give an id (`ou-a1b2-c3d4e5f6`) or a path (`Workloads/Production`)";
            self.add(field, format!("empty OU; {remediation}"));
        }
    }

    fn role(&mut self, config: &Config) {
        let role = &config.role;
        self.shape("role.name", names::role_name(&role.name));
        self.shape("role.path", names::role_path(&role.path));
        if let Some(id) = &role.external_id {
            self.shape("role.external_id", names::external_id(id.expose()));
        }
        self.range("role.session_seconds", role.session_seconds, 900, 43_200);
    }

    fn enrollment(&mut self, config: &Config) {
        if let Some(name) = &config.enrollment.stack_set {
            self.shape("enrollment.stack_set", names::stack_set(name));
        }
    }

    fn range<T: PartialOrd + std::fmt::Display>(&mut self, field: &str, value: T, low: T, high: T) {
        let side = if value < low {
            format!("below {low}")
        } else if value > high {
            format!("above {high}")
        } else {
            return;
        };
        self.add(field, format!("{value} is {side}; use {low} to {high}"));
    }

    fn numbers(&mut self, config: &Config) {
        let share = config.api_share.0;
        let remediation = "use a share above 0 and at most 1";
        if share > 1.0 {
            self.add("api_share", format!("{share} is above 1; {remediation}"));
        } else if share.is_nan() || share <= 0.0 {
            self.add(
                "api_share",
                format!("{share} is not above 0; {remediation}"),
            );
        }
        self.range(
            "concurrency.accounts",
            config.concurrency.accounts,
            1,
            1_000,
        );
        self.range("concurrency.requests", config.concurrency.requests, 1, 800);
    }

    fn timeouts(&mut self, config: &Config) {
        let timeouts = &config.timeouts;
        self.range("timeouts.request_seconds", timeouts.request_seconds, 1, 300);
        self.range("timeouts.attempts", timeouts.attempts, 1, 20);
        let publish = timeouts.publish_seconds;
        if publish == 0 {
            self.add("timeouts.publish_seconds", "0 is below 1; use 1 or more");
        }
        if let Some(run) = timeouts.run_seconds.filter(|run| *run <= publish) {
            self.add(
                "timeouts.run_seconds",
                format!(
                    "{run} leaves no time to scan, because {publish} seconds are reserved for publishing; \
                    use more than {publish}, or lower timeouts.publish_seconds"
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said about a default configuration with one change.
    pub(super) fn about(change: impl FnOnce(&mut Config)) -> Vec<String> {
        let mut config = Config::default();
        change(&mut config);
        findings(&config)
            .into_iter()
            .map(|(field, message)| format!("{field}: {message}"))
            .collect()
    }

    #[track_caller]
    pub(super) fn refused(field: &str, change: impl FnOnce(&mut Config)) {
        let problems = about(change);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(
            problems[0].starts_with(&format!("{field}: ")),
            "{problems:?}"
        );
        assert!(problems[0].contains(';'), "no fix in: {problems:?}");
    }

    #[test]
    fn the_defaults_are_possible() {
        assert_eq!(about(|_| ()), [""; 0]);
        assert!(validate(&Config::default()).is_ok());
    }

    #[test]
    fn numbers_stay_in_their_ranges() {
        for share in [0.0, -1.0, 1.01, f64::NAN, f64::INFINITY] {
            refused("api_share", |c| c.api_share.0 = share);
        }
        refused("role.session_seconds", |c| c.role.session_seconds = 899);
        refused("role.session_seconds", |c| c.role.session_seconds = 43_201);
        refused("concurrency.accounts", |c| c.concurrency.accounts = 0);
        refused("concurrency.requests", |c| c.concurrency.requests = 801);
        refused("timeouts.request_seconds", |c| {
            c.timeouts.request_seconds = 0
        });
        refused("timeouts.attempts", |c| c.timeouts.attempts = 21);
        refused("timeouts.publish_seconds", |c| {
            c.timeouts.publish_seconds = 0
        });
        refused("timeouts.run_seconds", |c| {
            c.timeouts.run_seconds = Some(60)
        });
        assert_eq!(about(|c| c.timeouts.run_seconds = Some(61)), [""; 0]);
    }

    #[test]
    fn filters_name_something() {
        for ou in ["", "/", " "] {
            refused("accounts.include.ous[0]", |c| {
                c.accounts.include.ous = vec![ou.into()]
            });
        }
        refused("accounts.exclude.names[1]", |c| {
            c.accounts.exclude.names = vec!["a".into(), "[".into()];
        });
        refused("accounts.include.tags.env", |c| {
            c.accounts.include.tags.insert("env".into(), "{a".into());
        });
        refused("regions.include[0]", |c| {
            c.regions.include = vec![String::new()]
        });
        refused("checks.exclude[0]", |c| {
            c.checks.exclude = vec!["no-such".into()]
        });
        refused("checks.frameworks[0]", |c| {
            c.checks.frameworks = vec!["cis-8.0".into()]
        });
        refused("checks.categories[1]", |c| {
            c.checks.categories = vec!["logging".into(), "Logging".into()]
        });
        if let Some(check) = CHECKS.first() {
            assert_eq!(about(|c| c.checks.include = vec![check.id.into()]), [""; 0]);
        }
    }
}
