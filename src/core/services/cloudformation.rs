//! The APIs of AWS CloudFormation that orgscan calls.

use super::Service;
use crate::api::{Rate, apis};

/// CloudFormation publishes no numbers. A run reads one stack set, 100 accounts a request.
static RATE: Rate = Rate {
    burst: 10,
    refill_per_second: 5,
    source: "unpublished; https://docs.aws.amazon.com/general/latest/gr/cfn.html",
};

apis! {
    "cloudformation" at RATE;
    DESCRIBE_STACK_SET = "DescribeStackSet";
    LIST_STACK_INSTANCES = "ListStackInstances";
    DESCRIBE_STACK_RESOURCES = "DescribeStackResources";
}

/// The service.
pub const SERVICE: Service = Service::new("cloudformation", APIS);
