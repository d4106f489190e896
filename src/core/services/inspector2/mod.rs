//! Amazon Inspector: what it scans in a Region.

mod checks;

use super::{Service, ServiceRegions};
use crate::api::{Rate, apis};
use crate::facts::{Fact, FactSpec};

/// Inspector publishes no request rates. A scan sends one request to a Region.
static RATE: Rate = Rate {
    burst: 10,
    refill_per_second: 5,
    source: "unpublished; https://docs.aws.amazon.com/inspector/latest/user/quotas.html",
};

apis! {
    "inspector2" at RATE;
    BATCH_GET_ACCOUNT_STATUS = "BatchGetAccountStatus";
}

/// The service.
pub const SERVICE: Service = Service {
    offered: ServiceRegions::Except(&[
        "ap-southeast-6",
        "eu-isoe-west-1",
        "eusc-de-east-1",
        "us-iso-east-1",
        "us-iso-west-1",
        "us-isob-east-1",
        "us-isob-west-1",
        "us-isof-east-1",
        "us-isof-south-1",
    ]),
    checks: checks::CHECKS,
    ..Service::new("inspector2", APIS)
};

/// What Inspector scans in a Region of the account: each status as AWS has it, such as `ENABLED` or `SUSPENDED`.
///
/// Source: <https://docs.aws.amazon.com/inspector/v2/APIReference/API_AccountState.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectorState {
    /// Inspector as a whole.
    pub status: String,
    /// EC2 instances.
    pub ec2: String,
    /// Container images in ECR.
    pub ecr: String,
    /// Lambda functions, without their code; none in Regions that lack it.
    pub lambda: Option<String>,
}

impl InspectorState {
    /// The only status in which it scans.
    pub const ENABLED: &'static str = "ENABLED";
}

impl Fact for InspectorState {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "inspector2.account",
        calls: &[&BATCH_GET_ACCOUNT_STATUS],
        ..FactSpec::REGION
    };
}
