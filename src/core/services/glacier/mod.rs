//! Amazon S3 Glacier: who can use its vaults. AWS takes no new customers for them since December 2025.

mod checks;

use super::resource::{OTHER, kind};
use super::resource_policy::ResourcePolicy;
use super::{Service, ServiceRegions};
use crate::api::{ErrorCodes, Meaning, PolicyResources, Rate, apis, resources};
use crate::facts::{Fact, FactSpec};
use crate::model::Items;

/// Glacier publishes no numbers.
static RATE: Rate = Rate {
    burst: 10,
    refill_per_second: 5,
    source: "unpublished; https://docs.aws.amazon.com/general/latest/gr/glacier-service.html",
};

static VAULTS: PolicyResources = resources(
    "GlacierVaults",
    "the account's Glacier vaults",
    &["glacier:*:${AWS::AccountId}:vaults/*"],
);

/// The vault has no policy, or was deleted.
static NO_POLICY: ErrorCodes = ErrorCodes::new(
    Meaning::Absent,
    &["ResourceNotFoundException"],
    "https://docs.aws.amazon.com/amazonglacier/latest/dev/api-GetVaultAccessPolicy.html",
);

apis! {
    "glacier" at RATE;
    LIST_VAULTS = "ListVaults" pages 10 of "vaults";
    GET_VAULT_ACCESS_POLICY = "GetVaultAccessPolicy" repeated "for each vault" if "the Region has a Glacier vault" on VAULTS errors [NO_POLICY];
}

/// The service.
pub const SERVICE: Service = Service {
    offered: ServiceRegions::Except(&[
        "ap-east-2",
        "ap-south-2",
        "ap-southeast-4",
        "ap-southeast-5",
        "ap-southeast-6",
        "ap-southeast-7",
        "ca-west-1",
        "eu-central-2",
        "eu-isoe-west-1",
        "eu-south-2",
        "eusc-de-east-1",
        "il-central-1",
        "me-central-1",
        "mx-central-1",
        "us-isob-west-1",
        "us-isof-east-1",
        "us-isof-south-1",
    ]),
    resources: &[kind("vaults", "AWS::Glacier::Vault", OTHER)],
    checks: checks::CHECKS,
    ..Service::new("glacier", APIS)
};

/// The vaults of a Region, with their access policies.
///
/// Source: <https://docs.aws.amazon.com/amazonglacier/latest/dev/api-vaults-get.html>
#[derive(Debug)]
pub struct VaultPolicies;

impl Fact for VaultPolicies {
    type Value = Items<ResourcePolicy>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "glacier.vault_policies",
        calls: &[&LIST_VAULTS, &GET_VAULT_ACCESS_POLICY],
        ..FactSpec::REGION
    };
}
