//! Lambda, by Region: functions and their policies.

use orgscan_core::model::Items;
use orgscan_core::services::ResourcePolicy;
use orgscan_core::services::lambda::{FunctionPolicies, GET_POLICY, LIST_FUNCTIONS};

use super::policies::{Listing, listed, policies, policy};
use super::{Collect, Collector, FactError, RegionScope, collectors};
use crate::json::LAMBDA;

/// The facts of a Region.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![FunctionPolicies]
}

const FUNCTIONS: Listing = Listing {
    service: &LAMBDA,
    api: &LIST_FUNCTIONS,
    path: "/2015-03-31/functions",
    page: ["MaxItems", "Marker"],
    answer: ["Functions", "NextMarker"],
    resource: ["FunctionName", "FunctionArn", ""],
};

impl Collect<RegionScope<'_>> for FunctionPolicies {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<ResourcePolicy>, FactError> {
        let listed = listed(scope, &FUNCTIONS).await?;
        let read = |one: ResourcePolicy| async move {
            let path = format!("/2015-03-31/functions/{}/policy", one.name);
            let client = scope.json(&LAMBDA);
            let get = client.get(&scope.api_caller, &GET_POLICY, &path, &[]);
            policy(&GET_POLICY, get.await)
        };
        Ok(policies(listed, read).await)
    }
}
