//! S3 Glacier, by Region: vaults and their access policies.

use orgscan_core::model::Items;
use orgscan_core::services::ResourcePolicy;
use orgscan_core::services::glacier::{GET_VAULT_ACCESS_POLICY, LIST_VAULTS, VaultPolicies};

use super::policies::{Listing, listed, policies, policy};
use super::{Collect, Collector, FactError, RegionScope, collectors};
use crate::json::GLACIER;

/// The facts of a Region.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![VaultPolicies]
}

const VAULTS: Listing = Listing {
    service: &GLACIER,
    api: &LIST_VAULTS,
    path: "/-/vaults",
    page: ["limit", "marker"],
    answer: ["VaultList", "Marker"],
    resource: ["VaultName", "VaultARN", ""],
};

impl Collect<RegionScope<'_>> for VaultPolicies {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<ResourcePolicy>, FactError> {
        let listed = listed(scope, &VAULTS).await?;
        let read = |one: ResourcePolicy| async move {
            let path = format!("/-/vaults/{}/access-policy", one.name);
            let client = scope.json(&GLACIER);
            let get = client.get(&scope.api_caller, &GET_VAULT_ACCESS_POLICY, &path, &[]);
            policy(&GET_VAULT_ACCESS_POLICY, get.await)
        };
        Ok(policies(listed, read).await)
    }
}
