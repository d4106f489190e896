//! Which checks to run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::checks::Check;
use crate::frameworks::{self, FRAMEWORKS, Framework};
use crate::model::Severity;
use crate::services::CHECKS;

/// Which checks to run. `include` and `frameworks` name them, together; `categories` and
/// `severity_at_least` leave fewer of those; `exclude` takes out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CheckFilter {
    /// Run these, by id. With neither these nor `frameworks`: all that are made by default.
    pub include: Vec<String>,
    /// Run those that answer a control of these frameworks: `cis-7.0`, `cis-5.0` or `aws-fsbp`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub frameworks: Vec<String>,
    /// Of those, only the ones of these categories: `exposure-risks`, say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Of those, only the ones whose usual severity is this or worse. What a check finds may be milder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity_at_least: Option<Severity>,
    /// Leave these out, by id.
    pub exclude: Vec<String>,
}

impl CheckFilter {
    /// The selected checks, in registry order.
    pub fn select(&self) -> Vec<&'static Check> {
        let all = CHECKS.iter().copied();
        all.filter(|check| self.names(check) && self.leaves(check))
            .collect()
    }

    /// Whether a check is among those that are named, or that are made where none is.
    fn names(&self, check: &Check) -> bool {
        if self.names_nothing() {
            return check.by_default;
        }
        let mut frameworks = self.frameworks.iter();
        self.include.iter().any(|id| id == check.id)
            || frameworks.any(|id| frameworks::by_id(id).is_some_and(|one| one.has(check.id)))
    }

    /// Whether a check that is named is left.
    fn leaves(&self, check: &Check) -> bool {
        let category = check.category.id();
        (self.categories.is_empty() || self.categories.iter().any(|one| one == category))
            && self
                .severity_at_least
                .is_none_or(|least| check.severity >= least)
            && !self.exclude.iter().any(|id| id == check.id)
    }

    /// Whether it says nothing of which checks there are to choose from.
    pub fn names_nothing(&self) -> bool {
        self.include.is_empty() && self.frameworks.is_empty()
    }

    /// The frameworks that a run is a view of: those that are named, or all.
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
    fn what_waits_to_be_named_is_made_when_it_is_named_or_a_framework_asks_for_it() {
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
    fn category_and_severity_leave_fewer_and_name_nothing() {
        let exposure = ids(|c| c.categories = values(&["exposure-risks"]));
        assert!(exposure.contains(&"s3-bucket-public"));
        assert!(!exposure.contains(&"s3-bucket-public-access-block-off"));
        assert!(!exposure.contains(&"iam-user-without-mfa"));
        let logging = |c: &mut CheckFilter| c.categories = values(&["logging"]);
        assert_eq!(ids(logging), [""; 0]);
        let fsbp = ids(|c| {
            logging(c);
            c.frameworks = values(&["aws-fsbp"]);
        });
        assert_eq!(fsbp, ["s3-bucket-logging-off", "vpc-flow-logs-off"]);
        let high = ids(|c| c.severity_at_least = Some(Severity::High));
        assert!(high.contains(&"s3-bucket-public"));
        assert!(!high.contains(&"ebs-volume-unencrypted"));
        let none = ids(|c| {
            c.include = values(&["s3-bucket-public"]);
            c.exclude = values(&["s3-bucket-public"]);
        });
        assert_eq!(none, [""; 0]);
    }

    #[test]
    fn the_view_is_of_the_frameworks_that_are_named_or_of_all() {
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
