//! PutMetricData requests.

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::operation::put_metric_data::builders::PutMetricDataFluentBuilder;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{Dimension, MetricDatum, StandardUnit};

use super::{Metric, Unit};

/// Metrics in one request, at most.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html>
const BATCH: usize = 1_000;

/// Bytes in one request, at most, below the same source's 1 MB. The SDK compresses requests of this
/// operation from 10 KiB on by itself, but this counts what goes in, to be safe if that is off.
const BYTES: usize = 900_000;

/// Bytes that a metric takes beside its name: keys, dimension, time, value and unit in CBOR, with
/// much to spare.
const OVERHEAD: usize = 250;

/// The metrics in batches that fit into one request each.
pub fn batches(metrics: &[Metric]) -> Vec<&[Metric]> {
    let mut batches = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (n, metric) in metrics.iter().enumerate() {
        let size = metric.name.len() + OVERHEAD;
        if n - start == BATCH || bytes + size > BYTES {
            batches.push(&metrics[start..n]);
            (start, bytes) = (n, 0);
        }
        bytes += size;
    }
    if start < metrics.len() {
        batches.push(&metrics[start..]);
    }
    batches
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
                .name("AccountId")
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
