//! AWS Security Hub: which of its two products is enabled in a Region.

mod checks;

use super::Service;
use crate::api::{ErrorCodes, Meaning, PolicyResources, Rate, apis, resources};
use crate::facts::{Fact, FactSpec};
use crate::model::Reading;

/// Requests without a rate of their own: 10 in a second, with a burst of 30.
static RATE: Rate = Rate {
    burst: 30,
    refill_per_second: 10,
    source: "https://docs.aws.amazon.com/securityhub/1.0/APIReference/Welcome.html",
};

static HUBS: PolicyResources = resources(
    "Hubs",
    "the account's hubs",
    &[
        "securityhub:*:${AWS::AccountId}:hub/default",
        "securityhub:*:${AWS::AccountId}:hubv2/*",
    ],
);

/// The account is not subscribed. The same code has other messages, as for an account that administers nothing.
static NOT_SUBSCRIBED: ErrorCodes = ErrorCodes {
    text: "is not subscribed to",
    ..ErrorCodes::new(
        Meaning::NotEnabled,
        &["InvalidAccessException"],
        "https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_DescribeHub.html",
    )
};

/// There is no hub.
static NO_HUB: ErrorCodes = ErrorCodes::new(
    Meaning::NotEnabled,
    &["ResourceNotFoundException"],
    "https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_DescribeHub.html",
);

apis! {
    "securityhub" at RATE;
    DESCRIBE_HUB = "DescribeHub" on HUBS errors [NOT_SUBSCRIBED, NO_HUB];
    DESCRIBE_HUB_V2 = "DescribeSecurityHubV2" if "Security Hub CSPM is off" on HUBS errors [NO_HUB];
}

/// The service.
pub const SERVICE: Service = Service {
    checks: checks::CHECKS,
    ..Service::new("securityhub", APIS)
};

/// Which products are enabled in a Region. The first one is called Security Hub CSPM today, and the second one has its
/// former name.
///
/// Source: <https://docs.aws.amazon.com/securityhub/latest/userguide/what-is-securityhub-v2.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubState {
    /// Whether Security Hub CSPM is enabled.
    pub has_cspm: bool,
    /// Whether the new Security Hub is enabled. Read only if CSPM is off.
    pub has_v2: Reading<bool>,
}

impl Fact for HubState {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "securityhub.hub",
        calls: &[&DESCRIBE_HUB, &DESCRIBE_HUB_V2],
        ..FactSpec::REGION
    };
}
