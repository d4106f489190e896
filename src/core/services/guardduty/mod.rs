//! Amazon GuardDuty: the detector of a Region.

mod checks;

use super::{Service, ServiceRegions};
use crate::api::{PolicyResources, Rate, apis, resources};
use crate::facts::{Fact, FactSpec};
use crate::model::Items;

/// GuardDuty publishes no request rates. A scan sends one or two requests to a Region.
static RATE: Rate = Rate {
    burst: 10,
    refill_per_second: 5,
    source: "unpublished; https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_limits.html",
};

static DETECTORS: PolicyResources = resources(
    "Detectors",
    "the account's detectors",
    &["guardduty:*:${AWS::AccountId}:detector/*"],
);

apis! {
    "guardduty" at RATE;
    LIST_DETECTORS = "ListDetectors" pages 50 of "detectors";
    GET_DETECTOR = "GetDetector" if "the Region has a detector" on DETECTORS;
}

/// The service.
pub const SERVICE: Service = Service {
    offered: ServiceRegions::Except(&["us-isob-west-1"]),
    checks: checks::CHECKS,
    ..Service::new("guardduty", APIS)
};

/// A detector, of which a Region has at most one.
///
/// Source: <https://docs.aws.amazon.com/guardduty/latest/APIReference/API_GetDetector.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detector {
    /// Its id.
    pub id: String,
    /// Whether it is enabled. A suspended detector keeps its settings and detects nothing.
    pub is_enabled: bool,
}

/// The detectors of a Region.
#[derive(Debug)]
pub struct Detectors;

impl Fact for Detectors {
    type Value = Items<Detector>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "guardduty.detectors",
        calls: &[&LIST_DETECTORS, &GET_DETECTOR],
        ..FactSpec::REGION
    };
}
