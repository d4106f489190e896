//! AWS IAM Identity Center, which IAM calls `sso`.

use super::organizations::OrganizationProfile;
use super::{Service, ServiceRegions};
use crate::api::{Rate, apis};
use crate::facts::{Fact, FactSpec};

/// All its APIs share this rate. A run sends one request.
static RATE: Rate = Rate {
    burst: 20,
    refill_per_second: 20,
    source: "https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html",
};

apis! {
    "sso" at RATE;
    LIST_INSTANCES = "ListInstances" pages 100 of "Identity Center instances";
}

/// The service.
pub const SERVICE: Service = Service {
    offered: ServiceRegions::Except(&[
        "eu-isoe-west-1",
        "us-iso-east-1",
        "us-iso-west-1",
        "us-isob-east-1",
        "us-isob-west-1",
        "us-isof-east-1",
        "us-isof-south-1",
    ]),
    ..Service::new("sso", APIS)
};

/// The organization's instance of Identity Center.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityCenter {
    /// The Region that it was enabled in; none where AWS does not return it.
    pub region: Option<String>,
}

impl Fact for IdentityCenter {
    /// None if there is none, or no organization.
    type Value = Option<Self>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "sso.identity_center",
        calls: &[&LIST_INSTANCES],
        reads: &[OrganizationProfile::SPEC],
        ..FactSpec::ORGANIZATION
    };
}
