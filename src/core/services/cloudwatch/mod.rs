//! Amazon CloudWatch: alarms on the metrics that filters of log groups publish.

mod alarms;
mod rule;
mod threshold;

use super::Service;
use crate::api::{Rate, apis};
pub use alarms::{AlarmActions, AlarmList, AlarmMetric, Alarms, CompositeAlarm, MetricAlarm};
pub use threshold::Reach;

static PUT: Rate = Rate {
    burst: 500,
    refill_per_second: 500,
    source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html",
};

static DESCRIBE: Rate = Rate {
    burst: 9,
    refill_per_second: 9,
    source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html",
};

// A permission for the alarms of the account alone would leave out all composite alarms, without an error.
// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html>
apis! {
    "cloudwatch" at PUT;
    PUT_METRIC_DATA = "PutMetricData";
    DESCRIBE_ALARMS = "DescribeAlarms" pages 100 of "alarms" repeated "for each Region with such a log group" if "a log group of a trail has a metric filter" at DESCRIBE;
}

/// The service.
pub const SERVICE: Service = Service::new("cloudwatch", APIS);
