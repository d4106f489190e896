//! Thresholds, as lines in a chart.

use serde_json::{Value, json};

use orgscan_core::settings::{Threshold, Thresholds};
use orgscan_core::thresholds::describe;

const RED: &str = "#d13212";

/// What a chart says about when its number raises the alert.
#[derive(Debug, Default)]
pub(super) struct Limit {
    /// A line at the limit, where the limit is a count.
    pub(super) line: Option<Value>,
    /// Goes behind the title, where no line can say it.
    pub(super) remark: String,
}

impl Limit {
    /// The organization's limit of an indicator.
    pub(super) fn of_organization(thresholds: &Thresholds, indicator: &str) -> Self {
        Self::of(thresholds.organization.get(indicator), false)
    }

    /// The accounts' limit of an indicator. An override is not drawn, since the chart serves all
    /// accounts.
    pub(super) fn of_accounts(thresholds: &Thresholds, indicator: &str) -> Self {
        let overrides = &thresholds.overrides;
        let some_differ = overrides
            .iter()
            .any(|one| one.indicators.contains_key(indicator));
        Self::of(thresholds.accounts.get(indicator), some_differ)
    }

    fn of(threshold: Option<&Threshold>, some_differ: bool) -> Self {
        let set = threshold.filter(|one| {
            one.count.is_some() || one.percent.is_some() || one.new_or_reopened.is_some()
        });
        let text = match (set.map(describe), some_differ) {
            (None, false) => return Self::default(),
            (None, true) => "alert: some accounts have a limit".to_owned(),
            (Some(text), false) => format!("alert: {text}"),
            (Some(text), true) => format!("alert: {text}; some accounts differ"),
        };
        match set.and_then(|one| one.count) {
            Some(count) => Self {
                line: Some(json!({ "value": count, "label": text, "color": RED })),
                remark: String::new(),
            },
            None => Self {
                line: None,
                remark: format!(" ({text})"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use orgscan_core::model::Severity;
    use orgscan_core::settings::ThresholdOverride;

    use super::*;

    fn thresholds(threshold: Threshold, overridden: bool) -> Thresholds {
        let named = BTreeMap::from([("PublicBuckets".to_owned(), threshold)]);
        let one = ThresholdOverride {
            account: None,
            ou: Some("Sandbox".into()),
            indicators: named.clone(),
        };
        Thresholds {
            organization: named.clone(),
            accounts: named,
            overrides: if overridden { vec![one] } else { Vec::new() },
            ..orgscan_core::testing::no_thresholds()
        }
    }

    #[test]
    fn a_count_is_a_line_and_all_else_a_remark() {
        let count = Threshold {
            count: Some(3),
            min_severity: Some(Severity::High),
            ..Threshold::default()
        };
        let limit = Limit::of_organization(&thresholds(count, false), "PublicBuckets");
        let line = limit.line.unwrap();
        assert_eq!(line["value"], 3);
        assert_eq!(
            line["label"],
            "alert: more than 3 of severity high or worse"
        );
        let limit = Limit::of_accounts(&thresholds(count, true), "PublicBuckets");
        let label = limit.line.unwrap()["label"].to_string();
        assert!(label.contains("some accounts differ"), "{label}");

        let percent = Threshold {
            percent: Some(2.5),
            ..Threshold::default()
        };
        let limit = Limit::of_organization(&thresholds(percent, false), "PublicBuckets");
        assert_eq!(
            (limit.line, &*limit.remark),
            (None, " (alert: more than 2.5%)")
        );
        let off = thresholds(Threshold::default(), true);
        let limit = Limit::of_accounts(&off, "PublicBuckets");
        assert_eq!(limit.remark, " (alert: some accounts have a limit)");
        let limit = Limit::of_organization(&off, "PublicBuckets");
        assert_eq!((limit.line, &*limit.remark), (None, ""));
    }
}
