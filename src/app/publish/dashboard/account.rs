//! The lower part: the account that the reader chooses.

use orgscan_core::checks::INDICATORS;
use serde_json::{Value, json};

use super::layout::Layout;
use super::widgets::{DARK_RED, WidgetScope};
use super::{ACCOUNT, Dashboard};

impl Dashboard<'_> {
    pub(super) fn account(&self, layout: &mut Layout) {
        let folder = format!("accounts/{ACCOUNT}/");
        let report = self
            .reports
            .link(&folder, "This account's part of the latest report");
        layout.text(
            3,
            format!(
                "# Account {ACCOUNT}\nTo change the account, use the list at the top of the dashboard.\n\n{report}\n\n\
                 In the report page of a run: `index.html#/account/{ACCOUNT}`."
            ),
        );
        layout.metric((18, 4), self.totals(WidgetScope::Account, "Totals", false));
        layout.metric((6, 4), self.coverage(WidgetScope::Account));
        let bounds = "Totals with coverage gaps (lower bounds)";
        layout.metric((24, 3), self.totals(WidgetScope::Account, bounds, true));
        layout.metric((24, 3), self.suppressed(WidgetScope::Account));
        for indicator in INDICATORS {
            layout.metric((8, 6), self.indicator(WidgetScope::Account, indicator));
        }
        layout.metric((8, 6), self.coverage_trend(WidgetScope::Account));
        layout.metric((8, 6), self.unknown_trend());
    }

    /// How much could be evaluated, of the organization or the account.
    pub(super) fn coverage(&self, of: WidgetScope) -> Value {
        let metrics = vec![
            self.series(
                of,
                "CoveragePercent",
                json!({ "label": "% of targets evaluated" }),
            ),
            self.series(
                of,
                "TargetsUnknown",
                json!({ "label": "targets not evaluated" }),
            ),
        ];
        self.numbers("Coverage", false, metrics)
    }

    /// The same over time.
    pub(super) fn coverage_trend(&self, of: WidgetScope) -> Value {
        let percent = json!({ "label": "%: ${LAST}" });
        let metrics = vec![self.series(of, "CoveragePercent", percent)];
        let axis = json!({ "yAxis": { "left": { "max": 100 } } });
        self.trend("Coverage in percent", metrics, axis)
    }

    fn unknown_trend(&self) -> Value {
        let unknown = json!({ "label": "not evaluated: ${LAST}", "color": DARK_RED });
        let metrics = vec![self.series(WidgetScope::Account, "TargetsUnknown", unknown)];
        self.trend("Targets not evaluated", metrics, json!({}))
    }
}
