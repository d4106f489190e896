//! The kinds of widgets, whatever they are about.

use orgscan_core::checks::Indicator;
use serde_json::{Map, Value, json};

use super::limits::Limit;
use super::{ACCOUNT, Dashboard};
use crate::publish::metrics::{DIMENSION, at_least, suppressed};

/// Seconds between two points of a trend. Scans are a day apart; of several on a day a trend shows the maximum.
pub(super) const DAY: u64 = 86_400;

/// Seconds that a single number stands for: short, so that its time is the scan's. CloudWatch keeps
/// five-minute values for 63 days.
const FIVE_MINUTES: u64 = 300;

const BLUE: &str = "#0073bb";
const ORANGE: &str = "#ff9900";
pub(super) const GRAY: &str = "#879596";
pub(super) const GREEN: &str = "#1d8102";
pub(super) const DARK_RED: &str = "#a82a0c";

/// Whose numbers a widget shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WidgetScope {
    Organization,
    Account,
}

impl Dashboard<'_> {
    /// One metric, with how it is drawn.
    pub(super) fn series(&self, of: WidgetScope, metric: &str, drawn: Value) -> Value {
        match of {
            WidgetScope::Organization => json!([self.namespace, metric, drawn]),
            WidgetScope::Account => json!([self.namespace, metric, DIMENSION, ACCOUNT, drawn]),
        }
    }

    /// Numbers side by side, the latest of each.
    pub(super) fn numbers(&self, title: &str, trend: bool, metrics: Vec<Value>) -> Value {
        self.widget(
            title,
            "singleValue",
            FIVE_MINUTES,
            json!({ "metrics": metrics, "sparkline": trend }),
        )
    }

    /// Lines over time, from zero up.
    pub(super) fn trend(&self, title: &str, metrics: Vec<Value>, more: Value) -> Value {
        let mut more = more;
        more["metrics"] = metrics.into();
        let left = &mut more["yAxis"]["left"];
        left["min"] = 0.into();
        left["showUnits"] = false.into();
        self.widget(title, "timeSeries", DAY, more)
    }

    /// One bar for each series, with its latest value of the last two days: older ones are of
    /// accounts that have been fixed or have gone.
    pub(super) fn bars(&self, title: &str, metrics: Vec<Value>) -> Value {
        let more = json!({
            "metrics": metrics,
            "start": "-P2D",
            "end": "P0D",
            "legend": { "position": "right" },
        });
        self.widget(title, "bar", DAY, more)
    }

    /// An indicator's trend: where its number is complete, and where it is a lower bound.
    pub(super) fn indicator(&self, of: WidgetScope, indicator: &Indicator) -> Value {
        let limit = match of {
            WidgetScope::Organization => Limit::of_organization(self.thresholds, indicator.name),
            WidgetScope::Account => Limit::of_accounts(self.thresholds, indicator.name),
        };
        let complete = json!({ "label": "complete: ${LAST}", "color": BLUE });
        let bound = json!({ "label": "at least: ${LAST}", "color": ORANGE });
        let metrics = vec![
            self.series(of, indicator.name, complete),
            self.series(of, &at_least(indicator.name), bound),
        ];
        let lines: Vec<Value> = limit.line.into_iter().collect();
        let title = format!("{}{}", title(indicator), limit.remark);
        self.trend(
            &title,
            metrics,
            json!({ "annotations": { "horizontal": lines } }),
        )
    }

    /// Every indicator's latest number, complete ones or lower bounds.
    pub(super) fn totals(&self, of: WidgetScope, heading: &str, bounds: bool) -> Value {
        let number = |indicator: &Indicator| {
            let metric = match bounds {
                true => at_least(indicator.name),
                false => indicator.name.to_owned(),
            };
            // A number that has become a lower bound keeps its last value under its plain name: the label shows its age.
            let sign = if bounds { "≥ " } else { "" };
            let label = format!("{sign}{}, ${{LAST_TIME_RELATIVE}} ago", title(indicator));
            self.series(of, &metric, json!({ "label": label }))
        };
        let metrics = orgscan_core::checks::INDICATORS
            .iter()
            .map(number)
            .collect();
        self.numbers(heading, !bounds, metrics)
    }

    /// Every indicator's latest number of suppressed findings, complete ones and lower bounds.
    pub(super) fn suppressed(&self, of: WidgetScope) -> Value {
        let numbers = |indicator: &Indicator| {
            let name = suppressed(indicator.name);
            let label = title(indicator);
            [
                self.series(of, &name, json!({ "label": label })),
                self.series(
                    of,
                    &at_least(&name),
                    json!({ "label": format!("≥ {label}") }),
                ),
            ]
        };
        let metrics = orgscan_core::checks::INDICATORS.iter().flat_map(numbers);
        self.numbers(
            "Suppressed by exceptions, not included in other numbers",
            false,
            metrics.collect(),
        )
    }

    fn widget(&self, title: &str, view: &str, period: u64, more: Value) -> Value {
        let mut properties = Map::new();
        if let Value::Object(more) = more {
            properties.extend(more);
        }
        properties.insert("title".into(), title.into());
        properties.insert("region".into(), self.region.into());
        properties.insert("view".into(), view.into());
        properties.insert("period".into(), period.into());
        // A value that was sent twice counts once in it.
        properties.insert("stat".into(), "Maximum".into());
        properties.into()
    }
}

/// What the indicator counts, as a title.
pub(super) fn title(indicator: &Indicator) -> String {
    let mut letters = indicator.counts.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
