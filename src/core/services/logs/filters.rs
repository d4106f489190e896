//! The metric filters of log groups that trails deliver to.

use std::collections::BTreeMap;

use super::DESCRIBE_METRIC_FILTERS;
use crate::facts::{Fact, FactSpec};
use crate::model::{Arn, Items, Reading};
use crate::services::cloudtrail::Trails;

/// A metric filter of a log group.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricFilter.html>
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetricFilter {
    /// Its name.
    pub name: String,
    /// Its pattern. Without one, it matches every event.
    pub pattern: String,
    /// The metrics that it publishes.
    pub transformations: Vec<Transformation>,
    /// Whether it matches events of some accounts and Regions only, or events that a transformer has changed.
    pub is_restricted: bool,
}

/// A metric that a filter publishes.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html>
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transformation {
    /// The namespace of the metric.
    pub namespace: String,
    /// The name of the metric.
    pub name: String,
    /// The value for an event that matches: a number, or a field of the event.
    pub value: String,
    /// The value for a period without such an event; none where nothing is published.
    pub default: Option<f64>,
    /// The unit; none is the unit `None`.
    pub unit: Option<String>,
    /// Whether the metric has dimensions.
    pub has_dimensions: bool,
}

/// The metric filters of the account's log groups that its own trails deliver to, by the ARN of the log group. One that
/// does not exist has none.
#[derive(Debug)]
pub struct MetricFilters;

impl Fact for MetricFilters {
    type Value = BTreeMap<Arn, Reading<Items<MetricFilter>>>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "logs.metric_filters",
        calls: &[&DESCRIBE_METRIC_FILTERS],
        least: 0,
        reads: &[Trails::SPEC],
        ..FactSpec::ACCOUNT
    };
}
