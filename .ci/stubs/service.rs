//! TODO: the service, as AWS writes its name.

mod checks;

use super::Service;
use super::resource::{OTHER, kind};
use crate::api::{Rate, apis};

/// TODO: the reason for the numbers, if AWS publishes none.
static RATE: Rate = Rate {
    burst: 20,
    refill_per_second: 10,
    source: "TODO: the page of AWS with the rate, or `unpublished; ` and the page with its other quotas",
};

apis! {
    // TODO: its name in IAM actions and ARNs, here and below, if that is another one.
    "$name" at RATE;
}

/// The service.
pub const SERVICE: Service = Service {
    // TODO: the kinds of resources that have findings: the noun in ARNs, the type in CloudFormation,
    // and the type in Security Hub, or OTHER if it has none.
    resources: &[kind("TODO", "AWS::$NAME::TODO", OTHER)],
    checks: checks::CHECKS,
    // TODO: the Regions that botocore's endpoints do not list, as in `offered: ServiceRegions::Except(&["..."])`, if any.
    ..Service::new("$name", APIS)
};
