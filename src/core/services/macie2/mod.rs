//! Amazon Macie: whether it is on in a Region.

mod checks;

use super::{Service, ServiceRegions};
use crate::api::{ErrorCodes, Meaning, Rate, apis};
use crate::facts::{Fact, FactSpec};

/// Macie publishes no request rates. A scan sends one request to a Region.
static RATE: Rate = Rate {
    burst: 10,
    refill_per_second: 5,
    source: "unpublished; https://docs.aws.amazon.com/macie/latest/user/macie-quotas.html",
};

/// Macie is not enabled. A denied request has the same code with another message.
static NOT_ENABLED: ErrorCodes = ErrorCodes {
    text: "Macie is not enabled",
    ..ErrorCodes::new(
        Meaning::NotEnabled,
        &["AccessDeniedException"],
        "https://docs.aws.amazon.com/macie/latest/APIReference/macie.html",
    )
};

/// There is no session.
static NO_SESSION: ErrorCodes = ErrorCodes::new(
    Meaning::NotEnabled,
    &["ResourceNotFoundException"],
    "https://docs.aws.amazon.com/macie/latest/APIReference/macie.html",
);

apis! {
    "macie2" at RATE;
    GET_MACIE_SESSION = "GetMacieSession" errors [NOT_ENABLED, NO_SESSION];
}

/// The service.
pub const SERVICE: Service = Service {
    offered: ServiceRegions::Except(&[
        "ap-east-2",
        "ap-south-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "ap-southeast-5",
        "ap-southeast-6",
        "ap-southeast-7",
        "ca-west-1",
        "cn-north-1",
        "cn-northwest-1",
        "eu-central-2",
        "eu-isoe-west-1",
        "eu-south-2",
        "eusc-de-east-1",
        "me-central-1",
        "mx-central-1",
        "us-gov-east-1",
        "us-gov-west-1",
        "us-iso-east-1",
        "us-iso-west-1",
        "us-isob-east-1",
        "us-isob-west-1",
        "us-isof-east-1",
        "us-isof-south-1",
    ]),
    checks: checks::CHECKS,
    ..Service::new("macie2", APIS)
};

/// The state of Macie in a Region.
///
/// Source: <https://docs.aws.amazon.com/macie/latest/APIReference/macie.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MacieState {
    /// It is enabled.
    Enabled,
    /// It is suspended, and classifies nothing.
    Paused,
    /// It is not enabled.
    Off,
}

impl Fact for MacieState {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "macie2.session",
        calls: &[&GET_MACIE_SESSION],
        ..FactSpec::REGION
    };
}
