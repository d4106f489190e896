//! Thresholds.

use std::collections::BTreeMap;

use super::FieldProblems;
use crate::checks::INDICATORS;
use crate::settings::{Config, Threshold};
use crate::suggest::instead;

impl FieldProblems {
    pub(super) fn thresholds(&mut self, config: &Config) {
        let thresholds = &config.thresholds;
        self.limits("thresholds.organization", &thresholds.organization);
        for (ou, limits) in &thresholds.ous {
            let field = format!("thresholds.ous.{ou}");
            self.ou(field.clone(), ou);
            self.limits(&field, limits);
        }
        self.limits("thresholds.accounts", &thresholds.accounts);
        for (index, limits) in thresholds.overrides.iter().enumerate() {
            let field = format!("thresholds.overrides[{index}]");
            match (&limits.account, &limits.ou) {
                (Some(_), Some(_)) => self.add(&field, "has both `account` and `ou`; keep one"),
                (None, None) => self.add(&field, "has neither `account` nor `ou`; give one"),
                (None, Some(ou)) => self.ou(format!("{field}.ou"), ou),
                (Some(_), None) => {}
            }
            self.limits(&format!("{field}.indicators"), &limits.indicators);
        }
    }

    fn limits(&mut self, field: &str, limits: &BTreeMap<String, Threshold>) {
        let known: Vec<&str> = INDICATORS.iter().map(|indicator| indicator.name).collect();
        for (name, limit) in limits {
            let field = format!("{field}.{name}");
            if !known.contains(&name.as_str()) {
                let hint = match name.starts_with(|first: char| first.is_ascii_digit()) {
                    true => {
                        "for the thresholds of one account, use `thresholds.overrides`".to_owned()
                    }
                    false => instead(name, &known),
                };
                let name = name.escape_debug();
                self.add(&field, format!("no indicator `{name}`; {hint}"));
            }
            if limit.count.is_none() && limit.percent.is_none() && limit.new_or_reopened.is_none() {
                self.add(
                    &field,
                    "has neither `count` nor `percent` nor `new_or_reopened`; give one or more",
                );
            }
            if let Some(percent) = limit.percent {
                self.range(&format!("{field}.percent"), percent, 0.0, 100.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{about, refused};
    use super::*;
    use crate::settings::ThresholdOverride;

    #[test]
    fn thresholds_are_about_indicators_and_have_a_limit() {
        let limit = |percent| Threshold {
            percent: Some(percent),
            ..Threshold::default()
        };
        let set = |c: &mut Config, name: &str, limit| {
            c.thresholds.organization.insert(name.into(), limit);
        };
        let at = "thresholds.organization";
        refused(&format!("{at}.PublicBuckets"), |c| {
            set(c, "PublicBuckets", Threshold::default())
        });
        refused(&format!("{at}.public"), |c| set(c, "public", limit(1.0)));
        for percent in [-1.0, 100.5] {
            refused(&format!("{at}.PublicBuckets.percent"), |c| {
                set(c, "PublicBuckets", limit(percent));
            });
        }
        let over = |account: bool, ou: Option<&str>| ThresholdOverride {
            account: account.then(|| "111122223333".parse().unwrap()),
            ou: ou.map(Into::into),
            indicators: BTreeMap::new(),
        };
        let at = "thresholds.overrides[0]";
        refused(at, |c| {
            c.thresholds.overrides = vec![over(true, Some("Workloads"))]
        });
        refused(at, |c| c.thresholds.overrides = vec![over(false, None)]);
        refused(&format!("{at}.ou"), |c| {
            c.thresholds.overrides = vec![over(false, Some("/"))]
        });
        let fine = |c: &mut Config| c.thresholds.overrides = vec![over(true, None)];
        assert_eq!(about(fine), [""; 0]);
    }
}
