//! The APIs of AWS Account Management that orgscan calls.

use super::Service;
use crate::api::{PolicyResources, Rate, apis, resources};

/// Account Management's ListRegions.
static LIST: Rate = Rate {
    burst: 5,
    refill_per_second: 5,
    source: "https://docs.aws.amazon.com/accounts/latest/reference/quotas.html",
};

static REGIONS: PolicyResources = resources(
    "Regions",
    "the account",
    &["account::${AWS::AccountId}:account"],
);

apis! {
    "account" at LIST;
    LIST_REGIONS = "ListRegions" pages 50 of "Regions" if "`ec2:DescribeRegions` fails" on REGIONS;
}

/// The service.
pub const SERVICE: Service = Service::new("account", APIS);
