//! TODO: the service, as AWS writes its name.

mod checks;

use super::Service;
use super::resource::{OTHER, kind};
use crate::api::{Rate, apis};

/// TODO: what the numbers follow from, where AWS publishes none.
static RATE: Rate = Rate {
    burst: 20,
    refill_per_second: 10,
    source: "TODO: the page of AWS that has the rate, or `unpublished` and the page with the other quotas",
};

apis! {
    // TODO: its name in IAM actions and ARNs, here and below, where that is another.
    "$name" at RATE;
}

/// The service.
pub const SERVICE: Service = Service {
    // TODO: each kind of resource that findings are about: its noun in ARNs, its type in CloudFormation,
    // and its type in Security Hub, or OTHER where that has none.
    resources: &[kind("TODO", "AWS::$NAME::TODO", OTHER)],
    checks: checks::CHECKS,
    ..Service::new("$name", APIS)
};
