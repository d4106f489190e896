//! Amazon CloudWatch Logs: metric filters of the log groups that trails deliver to.

mod checks;
mod filters;
pub mod pattern;

use super::Service;
use crate::api::{ErrorCodes, Meaning, PolicyResources, Rate, apis, resources};
pub use filters::{MetricFilter, MetricFilters, Transformation};

/// The rate of DescribeMetricFilters.
static READS: Rate = Rate {
    burst: 5,
    refill_per_second: 5,
    source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html",
};

static LOG_GROUPS: PolicyResources = resources(
    "LogGroups",
    "the account's log groups",
    &["logs:*:${AWS::AccountId}:log-group:*"],
);

/// The trail names a log group that was deleted.
static NO_LOG_GROUP: ErrorCodes = ErrorCodes::new(
    Meaning::Absent,
    &["ResourceNotFoundException"],
    "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeMetricFilters.html",
);

apis! {
    "logs" at READS;
    DESCRIBE_METRIC_FILTERS = "DescribeMetricFilters" pages 50 of "metric filters" repeated "for each log group that a trail of the account delivers to" if "a trail of the account delivers to a log group" on LOG_GROUPS errors [NO_LOG_GROUP];
}

/// The service.
pub const SERVICE: Service = Service {
    checks: checks::CHECKS,
    ..Service::new("logs", APIS)
};
