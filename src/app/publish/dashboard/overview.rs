//! The upper part: the organization.

use orgscan_core::checks::{INDICATORS, Indicator};
use serde_json::{Value, json};

use super::Dashboard;
use super::layout::Layout;
use super::search::{top_of_all, top_of_few};
use super::widgets::{DARK_RED, DAY, GRAY, GREEN, WidgetScope, title};
use crate::publish::metrics::{DIMENSION, THRESHOLDS_CROSSED, at_least};

const ORG: WidgetScope = WidgetScope::Organization;

impl Dashboard<'_> {
    pub(super) fn overview(&self, layout: &mut Layout) {
        let reports = self.reports.link("daily/", "Reports of all runs");
        layout.text(
            3,
            format!(
                "# Organization\nOne value for each scan. A number is **complete** if all its targets could be \
                 evaluated. Otherwise it is a lower bound, **at least**: unknown never counts as zero. \
                 A target is one check in one account and Region.\n\n{reports}"
            ),
        );
        layout.metric((5, 3), self.last_scan());
        layout.metric((9, 3), self.accounts());
        layout.metric((5, 3), self.coverage(ORG));
        layout.metric((5, 3), self.thresholds_crossed());
        layout.metric((24, 4), self.totals(ORG, "Totals", false));
        let bounds = "Totals with coverage gaps (lower bounds)";
        layout.metric((24, 3), self.totals(ORG, bounds, true));
        layout.metric((24, 3), self.suppressed(ORG));
        for indicator in INDICATORS {
            layout.metric((8, 6), self.indicator(ORG, indicator));
        }
        layout.metric((8, 6), self.coverage_trend(ORG));
        layout.metric((8, 6), self.accounts_trend());
        layout.next_row();
        layout.text(1, "## Accounts with the most findings".to_owned());
        for indicator in INDICATORS {
            layout.metric((8, 6), self.top_accounts(indicator));
        }
        layout.metric((8, 6), self.most_unknown());
        layout.next_row();
        layout.metric((12, 5), self.requests());
        layout.metric((12, 5), self.duration());
        layout.next_row();
    }

    fn last_scan(&self) -> Value {
        let label = "seconds; ended ${LAST_TIME_RELATIVE} ago (${LAST_TIME})";
        let took = self.series(ORG, "ScanDuration", json!({ "label": label }));
        self.numbers("Last scan", false, vec![took])
    }

    fn accounts(&self) -> Value {
        let kinds = [
            ("AccountsListed", "listed"),
            ("AccountsScanned", "scanned"),
            ("AccountsSkipped", "skipped"),
            ("AccountsFailed", "failed"),
            ("AccountsIncomplete", "with gaps"),
        ];
        let metrics = kinds.map(|(name, label)| self.series(ORG, name, json!({ "label": label })));
        self.numbers("Accounts", false, metrics.into())
    }

    fn thresholds_crossed(&self) -> Value {
        let label = "${LAST_TIME_RELATIVE} ago";
        let bound = json!({ "label": format!("at least, {label}") });
        let metrics = vec![
            self.series(ORG, THRESHOLDS_CROSSED, json!({ "label": label })),
            self.series(ORG, &at_least(THRESHOLDS_CROSSED), bound),
        ];
        self.numbers("Thresholds crossed", false, metrics)
    }

    fn accounts_trend(&self) -> Value {
        let kinds = [
            ("AccountsScanned", "scanned", GREEN),
            ("AccountsSkipped", "skipped", GRAY),
            ("AccountsFailed", "failed", DARK_RED),
        ];
        let metrics = kinds.map(|(name, label, color)| {
            let label = format!("{label}: ${{LAST}}");
            self.series(ORG, name, json!({ "label": label, "color": color }))
        });
        self.trend("Accounts", metrics.into(), json!({ "stacked": true }))
    }

    /// The accounts with the most of an indicator: of the complete numbers, and of the lower bounds.
    fn top_accounts(&self, indicator: &Indicator) -> Value {
        let query = top_of_all(self.namespace, indicator.name);
        let bounds = top_of_few(self.namespace, &at_least(indicator.name), DAY);
        let label = format!("${{PROP('Dim.{DIMENSION}')}}");
        let metrics = vec![
            json!([{ "expression": query, "id": "q1", "label": label, "period": DAY }]),
            json!([{ "expression": bounds, "id": "e1", "label": format!("≥ {label}"), "period": DAY }]),
        ];
        self.bars(&title(indicator), metrics)
    }

    fn most_unknown(&self) -> Value {
        let query = top_of_all(self.namespace, "TargetsUnknown");
        let label = format!("${{PROP('Dim.{DIMENSION}')}}");
        let query = json!([{ "expression": query, "id": "q1", "label": label, "period": DAY }]);
        self.bars("Accounts with the most targets not evaluated", vec![query])
    }

    fn requests(&self) -> Value {
        let sent = json!({ "label": "sent: ${LAST}" });
        let throttled = json!({ "label": "throttled: ${LAST}", "color": DARK_RED });
        let metrics = vec![
            self.series(ORG, "Requests", sent),
            self.series(ORG, "ThrottledRequests", throttled),
        ];
        self.trend("AWS requests", metrics, json!({}))
    }

    fn duration(&self) -> Value {
        let seconds = json!({ "label": "seconds: ${LAST}" });
        let metrics = vec![self.series(ORG, "ScanDuration", seconds)];
        self.trend("Scan duration", metrics, json!({}))
    }
}
