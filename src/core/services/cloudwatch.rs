//! The APIs of Amazon CloudWatch that orgscan calls.

use super::Service;
use crate::api::{Rate, apis};

static PUT: Rate = Rate {
    burst: 500,
    refill_per_second: 500,
    source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html",
};

apis! {
    "cloudwatch" at PUT;
    PUT_METRIC_DATA = "PutMetricData";
}

/// The service.
pub const SERVICE: Service = Service::new("cloudwatch", APIS);
