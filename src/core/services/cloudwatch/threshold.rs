//! Whether one event that a metric filter counts can raise an alarm.

use super::{AlarmMetric, MetricAlarm};
use crate::services::logs::Transformation;

/// Whether an alarm is raised by events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Events raise it.
    Raised,
    /// They do not, for this reason.
    Never(String),
    /// That cannot be decided, for this reason.
    Unknown(String),
}

impl AlarmMetric {
    /// Whether it is the metric that a filter publishes. A metric with other dimensions is another one, and so are data
    /// with another unit.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html>
    fn is_of(&self, published: &Transformation) -> bool {
        let unit = published.unit.as_deref().unwrap_or("None");
        self.namespace == published.namespace
            && self.name == published.name
            && !self.has_dimensions
            && !published.has_dimensions
            && self.unit.as_deref().is_none_or(|own| own == unit)
    }
}

impl MetricAlarm {
    /// Whether events raise it that a filter publishes so; none where it is not on that metric.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html>
    pub fn reach(&self, published: &Transformation) -> Option<Reach> {
        if !self.metrics.iter().any(|metric| metric.is_of(published)) {
            return None;
        }
        if self.is_expression {
            return Some(Reach::Unknown("is on a metric math expression".to_owned()));
        }
        let is_reached = match self.comparison.as_str() {
            "GreaterThanOrEqualToThreshold" => |value: f64, threshold: f64| value >= threshold,
            "GreaterThanThreshold" => |value: f64, threshold: f64| value > threshold,
            "LessThanThreshold" | "LessThanOrEqualToThreshold" => {
                return Some(Reach::Never("alarms on low values".to_owned()));
            }
            other => return Some(Reach::Unknown(format!("compares by {other}"))),
        };
        let Some(threshold) = self.threshold else {
            return Some(Reach::Unknown("has no threshold".to_owned()));
        };
        Some(self.reached(published, threshold, |value| is_reached(value, threshold)))
    }

    fn reached(
        &self,
        published: &Transformation,
        threshold: f64,
        is_reached: impl Fn(f64) -> bool,
    ) -> Reach {
        let statistic = self.statistic.as_str();
        let Some(value) = published
            .value
            .parse::<f64>()
            .ok()
            .filter(|one| one.is_finite())
        else {
            let reason = format!("gets the value {} of the event", published.value);
            return Reach::Unknown(reason);
        };
        let is_count = statistic == "SampleCount";
        if published
            .default
            .is_some_and(|default| is_count || is_reached(default))
        {
            return Reach::Never(format!(
                "reaches its threshold {threshold} without an event"
            ));
        }
        let can_reach = match statistic {
            "SampleCount" => true,
            "Sum" => value > 0.0 || is_reached(value),
            "Average" | "Minimum" | "Maximum" => is_reached(value),
            _ if is_percentile(statistic) => is_reached(value),
            _ => return Reach::Unknown(format!("uses the statistic {statistic}")),
        };
        match can_reach {
            true => Reach::Raised,
            false => Reach::Never(format!(
                "never reaches its threshold {threshold}: the {statistic} of values of {value}"
            )),
        }
    }
}

fn is_percentile(statistic: &str) -> bool {
    let rank = statistic.strip_prefix('p');
    rank.is_some_and(|rank| rank.parse::<f64>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published() -> Transformation {
        Transformation {
            namespace: "CIS".into(),
            name: "Root".into(),
            value: "1".into(),
            ..Transformation::default()
        }
    }

    fn alarm(statistic: &str, comparison: &str, threshold: f64) -> MetricAlarm {
        MetricAlarm {
            metrics: vec![AlarmMetric {
                namespace: "CIS".into(),
                name: "Root".into(),
                ..AlarmMetric::default()
            }],
            statistic: statistic.into(),
            comparison: comparison.into(),
            threshold: Some(threshold),
            ..MetricAlarm::default()
        }
    }

    const AT_LEAST: &str = "GreaterThanOrEqualToThreshold";
    const ABOVE: &str = "GreaterThanThreshold";

    #[test]
    fn a_threshold_is_reached_or_not() {
        for (statistic, comparison, threshold, is_raised) in [
            ("Sum", AT_LEAST, 1.0, true),
            ("Sum", ABOVE, 0.0, true),
            ("Sum", AT_LEAST, 5.0, true),
            ("Sum", AT_LEAST, 0.0, true),
            ("SampleCount", AT_LEAST, 1.0, true),
            ("Average", AT_LEAST, 1.0, true),
            ("Average", ABOVE, 1.0, false),
            ("Maximum", AT_LEAST, 2.0, false),
            ("Minimum", ABOVE, 0.0, true),
            ("p99.9", AT_LEAST, 1.0, true),
            ("p99", AT_LEAST, 1.5, false),
            ("Sum", "LessThanThreshold", 1.0, false),
            ("Sum", "LessThanOrEqualToThreshold", 0.0, false),
        ] {
            let reach = alarm(statistic, comparison, threshold).reach(&published());
            let found = matches!(reach, Some(Reach::Raised));
            assert_eq!(
                found, is_raised,
                "{statistic} {comparison} {threshold} {reach:?}"
            );
            assert!(
                !matches!(reach, Some(Reach::Unknown(_)) | None),
                "{statistic}"
            );
        }
    }

    #[test]
    fn a_threshold_that_is_reached_without_an_event_is_none() {
        let default = Transformation {
            default: Some(0.0),
            ..published()
        };
        let is_raised = |alarm: MetricAlarm| alarm.reach(&default) == Some(Reach::Raised);
        assert!(is_raised(alarm("Sum", AT_LEAST, 1.0)));
        assert!(!is_raised(alarm("Sum", AT_LEAST, 0.0)));
        assert!(!is_raised(alarm("SampleCount", AT_LEAST, 1.0)));
        let nothing = Transformation {
            value: "0".into(),
            ..published()
        };
        let reach = alarm("Sum", AT_LEAST, 1.0).reach(&nothing);
        assert!(matches!(reach, Some(Reach::Never(_))), "{reach:?}");
    }

    #[test]
    fn what_cannot_be_decided_is_unknown() {
        let of_event = Transformation {
            value: "$.count".into(),
            ..published()
        };
        let expression = MetricAlarm {
            is_expression: true,
            ..alarm("Sum", AT_LEAST, 1.0)
        };
        for (alarm, published) in [
            (alarm("Sum", AT_LEAST, 1.0), of_event),
            (alarm("tm90", AT_LEAST, 1.0), published()),
            (alarm("Sum", "GreaterThanUpperThreshold", 1.0), published()),
            (expression, published()),
        ] {
            let reach = alarm.reach(&published);
            assert!(matches!(reach, Some(Reach::Unknown(_))), "{reach:?}");
        }
    }

    #[test]
    fn another_metric_is_not_its_own() {
        let own = alarm("Sum", AT_LEAST, 1.0);
        let metric = |change: fn(&mut AlarmMetric)| {
            let mut alarm = own.clone();
            change(&mut alarm.metrics[0]);
            alarm.reach(&published())
        };
        assert_eq!(metric(|one| one.namespace = "cis".into()), None);
        assert_eq!(metric(|one| one.name = "root".into()), None);
        assert_eq!(metric(|one| one.has_dimensions = true), None);
        assert_eq!(metric(|one| one.unit = Some("Count".into())), None);
        assert_eq!(
            metric(|one| one.unit = Some("None".into())),
            Some(Reach::Raised)
        );
    }
}
