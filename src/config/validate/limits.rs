//! Thresholds and expected gaps.

use std::collections::BTreeMap;

use super::Found;
use crate::checks::INDICATORS;
use crate::config::{Config, Threshold};
use crate::suggest::instead;

impl Found {
    pub(super) fn thresholds(&mut self, config: &Config) {
        let thresholds = &config.thresholds;
        self.limits("thresholds.organization", &thresholds.organization);
        for (ou, limits) in &thresholds.organizational_units {
            let field = format!("thresholds.organizational_units.{ou}");
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
                self.add(
                    &field,
                    format!("no such indicator; {}", instead(name, &known)),
                );
            }
            if limit.count.is_none() && limit.percent.is_none() && limit.new.is_none() {
                self.add(
                    &field,
                    "has neither `count` nor `percent` nor `new`; give one or more",
                );
            }
            if let Some(percent) = limit.percent {
                self.range(&format!("{field}.percent"), percent, 0.0, 100.0);
            }
        }
    }

    pub(super) fn expected_gaps(&mut self, config: &Config) {
        for (index, gap) in config.expected_gaps.iter().enumerate() {
            let field = format!("expected_gaps[{index}]");
            self.accounts(&format!("{field}.accounts"), &gap.accounts);
            self.globs(&format!("{field}.regions"), &gap.regions);
            self.globs(&format!("{field}.actions"), &gap.actions);
            for (key, text, what) in [
                ("reason", &gap.reason, "say why the gap is accepted"),
                ("owner", &gap.owner, "say who accepts the gap"),
            ] {
                if text.trim().is_empty() {
                    self.add(format!("{field}.{key}"), format!("empty; {what}"));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{about, refused};
    use super::*;
    use crate::config::{AccountMatch, ExpectedGap, ThresholdOverride};

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

    fn gap(change: impl FnOnce(&mut ExpectedGap)) -> impl FnOnce(&mut Config) {
        let mut gap = ExpectedGap {
            accounts: AccountMatch::default(),
            regions: vec!["global".into()],
            actions: vec!["ec2:*".into()],
            causes: Vec::new(),
            reason: "Regions are denied".into(),
            owner: "cloud team".into(),
            expires: "2027-03-31".parse().unwrap(),
        };
        change(&mut gap);
        |config| config.expected_gaps.push(gap)
    }

    #[test]
    fn an_expected_gap_has_a_reason_and_an_owner() {
        assert_eq!(about(gap(|_| ())), [""; 0]);
        refused("expected_gaps[0].reason", gap(|g| g.reason = " ".into()));
        refused("expected_gaps[0].owner", gap(|g| g.owner = String::new()));
        refused(
            "expected_gaps[0].actions[0]",
            gap(|g| g.actions = vec!["[".into()]),
        );
        refused(
            "expected_gaps[0].regions[0]",
            gap(|g| g.regions = vec!["{".into()]),
        );
        refused(
            "expected_gaps[0].accounts.names[0]",
            gap(|g| g.accounts.names = vec!["[".into()]),
        );
    }
}
