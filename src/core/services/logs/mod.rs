//! Amazon CloudWatch Logs: metric filters of the log groups that trails deliver to, and resource policies.

mod checks;
mod filters;
pub mod pattern;

use super::Service;
use crate::api::{ErrorCodes, Meaning, PolicyResources, Rate, apis, resources};
use crate::facts::{Fact, FactSpec};
use crate::model::{Arn, Items};
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

/// The rate of the two operations on deliveries.
static DELIVERIES: Rate = Rate {
    burst: 5,
    refill_per_second: 5,
    source: "unpublished; https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html",
};

static DELIVERY_SOURCES: PolicyResources = resources(
    "DeliverySources",
    "the account's delivery sources",
    &["logs:*:${AWS::AccountId}:delivery-source:*"],
);

static LOG_DELIVERIES: PolicyResources = resources(
    "LogDeliveries",
    "the account's log deliveries",
    &["logs:*:${AWS::AccountId}:delivery:*"],
);

/// CloudWatch Logs publishes no number for resource policies. A Region has ten of them at most.
static POLICIES: Rate = Rate {
    burst: 5,
    refill_per_second: 5,
    source: "unpublished; https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html",
};

apis! {
    "logs" at READS;
    DESCRIBE_DELIVERY_SOURCES = "DescribeDeliverySources" pages 50 of "delivery sources" if "a load balancer or distribution writes no access logs to a bucket" on DELIVERY_SOURCES at DELIVERIES;
    DESCRIBE_DELIVERIES = "DescribeDeliveries" pages 50 of "deliveries" if "a load balancer or distribution writes no access logs to a bucket" on LOG_DELIVERIES at DELIVERIES;
    DESCRIBE_RESOURCE_POLICIES = "DescribeResourcePolicies" pages 50 of "resource policies" at POLICIES;
    DESCRIBE_METRIC_FILTERS = "DescribeMetricFilters" pages 50 of "metric filters" repeated "for each log group that a trail of the account delivers to" if "a trail of the account delivers to a log group" on LOG_GROUPS errors [NO_LOG_GROUP];
}

/// The service.
pub const SERVICE: Service = Service {
    checks: checks::CHECKS,
    ..Service::new("logs", APIS)
};

/// Logs of a resource that CloudWatch Logs delivers: a delivery source that has a delivery.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeDeliverySources.html> and
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeDeliveries.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogDelivery {
    /// The resource whose logs they are.
    pub resource: Arn,
    /// The type of the logs: `ACCESS_LOGS`.
    pub log_type: String,
}

/// A resource policy of a Region, which covers the log groups that its statements name.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ResourcePolicy.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogPolicy {
    /// Its name.
    pub name: String,
    /// The policy, as JSON.
    pub document: String,
}

/// The resource policies of a Region. Those of a single log group are not listed with them.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeResourcePolicies.html>
#[derive(Debug)]
pub struct LogPolicies;

impl Fact for LogPolicies {
    type Value = Items<LogPolicy>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "logs.resource_policies",
        calls: &[&DESCRIBE_RESOURCE_POLICIES],
        ..FactSpec::REGION
    };
}
