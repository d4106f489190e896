//! Which checks to run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::checks::Check;
use crate::frameworks::{self, FRAMEWORKS, Framework};
use crate::model::Severity;
use crate::services::CHECKS;

/// Which checks to run. `include` and `frameworks` together select checks; `categories` and `min_severity` narrow
/// the selection; `exclude` removes checks from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CheckFilter {
    /// Run these checks, by id. Without `include` and `frameworks`: all checks that are enabled by default.
    pub include: Vec<String>,
    /// Run the checks that map to controls of these frameworks: `cis-7.0`, `cis-6.0`, `cis-5.0` or `aws-fsbp`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub frameworks: Vec<String>,
    /// Run only checks of these categories, such as `exposure-risks`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Run only checks whose usual severity is this or higher. A single finding can have a lower severity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_severity: Option<Severity>,
    /// Do not run these checks, by id.
    pub exclude: Vec<String>,
}

impl CheckFilter {
    /// The selected checks, in registry order.
    pub fn select(&self) -> Vec<&'static Check> {
        let all = CHECKS.iter().copied();
        all.filter(|check| self.names(check) && self.leaves(check))
            .collect()
    }

    /// Whether a check is selected by its id or a framework, or enabled by default without such a selection.
    fn names(&self, check: &Check) -> bool {
        if self.names_nothing() {
            return check.by_default;
        }
        let mut frameworks = self.frameworks.iter();
        self.include.iter().any(|id| id == check.id)
            || frameworks.any(|id| frameworks::by_id(id).is_some_and(|one| one.has(check.id)))
    }

    /// Whether a selected check remains after narrowing and exclusion.
    fn leaves(&self, check: &Check) -> bool {
        let category = check.category.id();
        (self.categories.is_empty() || self.categories.iter().any(|one| one == category))
            && self
                .min_severity
                .is_none_or(|least| check.severity >= least)
            && !self.exclude.iter().any(|id| id == check.id)
    }

    /// Whether it selects no checks by id or framework.
    pub fn names_nothing(&self) -> bool {
        self.include.is_empty() && self.frameworks.is_empty()
    }

    /// The frameworks that a run reports on: the selected ones, or all.
    pub fn frameworks(&self) -> Vec<&'static Framework> {
        let is_named = |framework: &&Framework| self.frameworks.iter().any(|id| id == framework.id);
        let all = FRAMEWORKS.iter().copied();
        match self.frameworks.is_empty() {
            true => all.collect(),
            false => all.filter(is_named).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::Category;

    fn ids(change: impl FnOnce(&mut CheckFilter)) -> Vec<&'static str> {
        let mut filter = CheckFilter::default();
        change(&mut filter);
        filter.select().iter().map(|check| check.id).collect()
    }

    fn values(values: &[&str]) -> Vec<String> {
        values.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn without_a_selection_the_default_checks_run() {
        let all = ids(|_| ());
        assert!(all.contains(&"s3-bucket-public"));
        assert!(!all.contains(&"s3-bucket-http-allowed"));
        let by_default = CHECKS.iter().filter(|check| check.by_default);
        assert_eq!(all.len(), by_default.count());
    }

    #[test]
    fn an_opt_in_check_runs_when_its_id_or_a_framework_selects_it() {
        let named = ids(|c| c.include = values(&["s3-bucket-http-allowed"]));
        assert_eq!(named, ["s3-bucket-http-allowed"]);
        let cis = ids(|c| c.frameworks = values(&["cis-7.0"]));
        assert!(cis.contains(&"s3-bucket-http-allowed"));
        assert!(cis.contains(&"iam-user-without-mfa"));
        assert!(!cis.contains(&"s3-bucket-encryption-type"));
        let both = ids(|c| {
            c.frameworks = values(&["cis-7.0"]);
            c.include = values(&["s3-bucket-encryption-type"]);
        });
        assert_eq!(both.len(), cis.len() + 1);
    }

    #[test]
    fn category_and_severity_narrow_and_select_nothing() {
        let exposure = ids(|c| c.categories = values(&["exposure-risks"]));
        assert!(exposure.contains(&"s3-bucket-public"));
        assert!(!exposure.contains(&"s3-bucket-public-access-block-off"));
        assert!(!exposure.contains(&"iam-user-without-mfa"));
        let logging = |c: &mut CheckFilter| c.categories = values(&["logging"]);
        let by_default = ids(logging);
        assert!(by_default.contains(&"cloudtrail-missing"));
        assert!(!by_default.contains(&"vpc-flow-logs-off"));
        let fsbp = ids(|c| {
            logging(c);
            c.frameworks = values(&["aws-fsbp"]);
        });
        assert!(fsbp.contains(&"s3-bucket-logging-off") && fsbp.contains(&"vpc-flow-logs-off"));
        assert!(!fsbp.contains(&"config-aggregator-missing"));
        let high = ids(|c| c.min_severity = Some(Severity::High));
        assert!(high.contains(&"s3-bucket-public"));
        assert!(!high.contains(&"ebs-volume-unencrypted"));
        let none = ids(|c| {
            c.include = values(&["s3-bucket-public"]);
            c.exclude = values(&["s3-bucket-public"]);
        });
        assert_eq!(none, [""; 0]);
    }

    #[test]
    fn a_run_reports_on_the_selected_frameworks_or_on_all() {
        let mut filter = CheckFilter::default();
        assert_eq!(filter.frameworks(), *FRAMEWORKS);
        filter.frameworks = values(&["aws-fsbp"]);
        assert_eq!(
            filter.frameworks(),
            [frameworks::by_id("aws-fsbp").unwrap()]
        );
    }

    #[test]
    fn every_category_has_an_id_of_its_own() {
        for category in Category::ALL {
            assert_eq!(
                category.as_str().to_lowercase().replace(' ', "-"),
                category.id()
            );
        }
    }
}
