//! PutMetricData requests.

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::operation::put_metric_data::builders::PutMetricDataFluentBuilder;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{Dimension, MetricDatum, StandardUnit};

use super::{DIMENSION, Metric, Unit};

/// Metrics in one request, at most.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html>
pub(super) const BATCH: usize = 1_000;

/// Bytes in one request, at most, below the same source's 1 MB. The SDK compresses requests of this
/// operation from 10 KiB on by itself, but this counts what goes in, to be safe if that is off.
const BYTES: usize = 900_000;

/// Bytes that a metric takes beside its name: keys, dimension, time, value and unit in CBOR, with
/// much to spare.
const OVERHEAD: usize = 250;

/// The metrics in batches that fit into one request each.
pub fn batches(metrics: impl Iterator<Item = Metric>) -> impl Iterator<Item = Vec<Metric>> {
    let mut metrics = metrics.peekable();
    std::iter::from_fn(move || {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while let Some(metric) = metrics.next_if(|metric| {
            batch.len() < BATCH && (batch.is_empty() || bytes + size(metric) <= BYTES)
        }) {
            bytes += size(&metric);
            batch.push(metric);
        }
        (!batch.is_empty()).then_some(batch)
    })
}

fn size(metric: &Metric) -> usize {
    metric.name.len() + OVERHEAD
}

/// The request that sends one of the [`batches`]. IAM action: `cloudwatch:PutMetricData`.
///
/// Sending a batch twice counts each value twice in `SampleCount` and `Sum`, but not in `Average`,
/// `Minimum` and `Maximum`: dashboards and alarms use those.
pub fn put_metric_data(
    client: &Client,
    namespace: &str,
    batch: &[Metric],
) -> PutMetricDataFluentBuilder {
    client
        .put_metric_data()
        .namespace(namespace)
        .set_metric_data(Some(batch.iter().map(datum).collect()))
}

fn datum(metric: &Metric) -> MetricDatum {
    let dimension = metric.account_id.as_ref().map(|id| {
        vec![
            Dimension::builder()
                .name(DIMENSION)
                .value(id.as_str())
                .build(),
        ]
    });
    MetricDatum::builder()
        .metric_name(&metric.name)
        .set_dimensions(dimension)
        .timestamp(DateTime::from_secs(metric.timestamp.as_second()))
        .value(metric.value)
        .unit(match metric.unit {
            Unit::Count => StandardUnit::Count,
            Unit::Percent => StandardUnit::Percent,
            Unit::Seconds => StandardUnit::Seconds,
        })
        .build()
}
