//! Alarms on the metrics of metric filters, and composite alarms that are made of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{DESCRIBE_ALARMS, rule};
use crate::facts::{Fact, FactSpec};
use crate::model::{Arn, Items, Reading, Region};
use crate::services::logs::MetricFilters;

/// How deep composite alarms may be nested.
const MOST_LEVELS: usize = 10;

/// The alarms of a Region.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlarmList {
    /// Those on a metric of a metric filter.
    pub metric: Items<MetricAlarm>,
    /// All composite alarms.
    pub composite: Items<CompositeAlarm>,
}

/// An alarm on a metric.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html>
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetricAlarm {
    /// What it does.
    pub actions: AlarmActions,
    /// Its metrics. It has several with metric math.
    pub metrics: Vec<AlarmMetric>,
    /// Whether it is on an expression of metrics.
    pub is_expression: bool,
    /// The statistic: `Sum`, or a percentile.
    pub statistic: String,
    /// How the statistic is compared.
    pub comparison: String,
    /// With what; none with anomaly detection.
    pub threshold: Option<f64>,
}

/// A metric that an alarm is on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlarmMetric {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Whether it has dimensions.
    pub has_dimensions: bool,
    /// The unit that data have to have; none where any counts.
    pub unit: Option<String>,
}

/// An alarm on the states of other alarms.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_CompositeAlarm.html>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompositeAlarm {
    /// What it does.
    pub actions: AlarmActions,
    /// Its rule: `ALARM("one") OR ALARM("two")`.
    pub rule: String,
}

/// What an alarm does when it goes into the state ALARM.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlarmActions {
    /// The alarm's name.
    pub name: String,
    /// The alarm's ARN.
    pub arn: Arn,
    /// Whether its actions are enabled.
    pub are_enabled: bool,
    /// The ARNs of the actions for ALARM: topics and others.
    pub alarm: Vec<Arn>,
}

impl AlarmActions {
    /// The topics that it notifies.
    pub fn topics(&self) -> impl Iterator<Item = &Arn> {
        let actions = self.alarm.iter().filter(|_| self.are_enabled);
        actions.filter(|arn| arn.as_str().split(':').nth(2) == Some("sns"))
    }
}

impl AlarmList {
    /// What an alarm does, and the composite alarms that go into ALARM with it while all others are in OK. The second
    /// are composite alarms whose rule cannot be read.
    pub fn raised_with<'a>(
        &'a self,
        alarm: &'a MetricAlarm,
    ) -> (Vec<&'a AlarmActions>, Vec<&'a str>) {
        let (mut raised, mut unknown) = (vec![&alarm.actions], Vec::new());
        for _ in 0..MOST_LEVELS {
            let names: BTreeSet<&str> = raised
                .iter()
                .flat_map(|one| [one.name.as_str(), one.arn.as_str()])
                .collect();
            let mut more = Vec::new();
            unknown.clear();
            for one in &self.composite {
                if names.contains(one.actions.name.as_str()) {
                    continue;
                }
                match rule::is_true(&one.rule, &names) {
                    Some(true) => more.push(&one.actions),
                    Some(false) => {}
                    None => unknown.push(one.actions.name.as_str()),
                }
            }
            if more.is_empty() {
                break;
            }
            raised.extend(more);
        }
        (raised, unknown)
    }

    /// The topics that its alarms notify, each once.
    pub fn topics(&self) -> BTreeSet<&Arn> {
        let alarms = self.metric.iter();
        let raised = alarms.flat_map(|alarm| self.raised_with(alarm).0);
        raised.flat_map(AlarmActions::topics).collect()
    }
}

/// The alarms on metrics of the account's metric filters, in the Regions with such filters.
#[derive(Debug)]
pub struct Alarms;

impl Fact for Alarms {
    type Value = BTreeMap<Region, Reading<AlarmList>>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "cloudwatch.alarms",
        calls: &[&DESCRIBE_ALARMS],
        least: 0,
        reads: &[MetricFilters::SPEC],
        ..FactSpec::ACCOUNT
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actions(name: &str) -> AlarmActions {
        AlarmActions {
            name: name.into(),
            arn: format!("arn:aws:cloudwatch:eu-west-1:111122223333:alarm:{name}").into(),
            are_enabled: true,
            alarm: vec![
                format!("arn:aws:sns:eu-west-1:111122223333:{name}").into(),
                "arn:aws:automate:eu-west-1:ec2:stop".into(),
            ],
        }
    }

    fn composite(name: &str, rule: &str) -> CompositeAlarm {
        CompositeAlarm {
            actions: actions(name),
            rule: rule.into(),
        }
    }

    fn raised(composites: Vec<CompositeAlarm>) -> (Vec<String>, Vec<String>) {
        let alarm = MetricAlarm {
            actions: actions("root"),
            ..MetricAlarm::default()
        };
        let list = AlarmList {
            metric: vec![alarm.clone()].into(),
            composite: composites.into(),
        };
        let (raised, unknown) = list.raised_with(&alarm);
        let names = raised.iter().map(|one| one.name.clone());
        (
            names.collect(),
            unknown.iter().map(|one| (*one).to_owned()).collect(),
        )
    }

    #[test]
    fn composite_alarms_go_with_the_alarm_they_are_made_of() {
        let found = raised(vec![
            composite("any", "ALARM(root) OR ALARM(other)"),
            composite("both", "ALARM(root) AND ALARM(other)"),
            composite("second", "ALARM(\"any\")"),
            composite("odd", "ALARM(root"),
        ]);
        assert_eq!(found.0, ["root", "any", "second"]);
        assert_eq!(found.1, ["odd"]);
    }

    #[test]
    fn nesting_ends() {
        let chain = (0..30).map(|n| match n {
            0 => composite("c0", "ALARM(root)"),
            n => composite(&format!("c{n}"), &format!("ALARM(c{})", n - 1)),
        });
        assert_eq!(raised(chain.collect()).0.len(), 1 + MOST_LEVELS);
    }

    #[test]
    fn topics_are_those_of_enabled_actions() {
        assert_eq!(actions("root").topics().count(), 1);
        let disabled = AlarmActions {
            are_enabled: false,
            ..actions("root")
        };
        assert_eq!(disabled.topics().count(), 0);
    }
}
