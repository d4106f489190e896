//! Secrets Manager, by Region: secrets and their policies.

use orgscan_core::model::Items;
use orgscan_core::services::ResourcePolicy;
use orgscan_core::services::secretsmanager::{GET_RESOURCE_POLICY, LIST_SECRETS, SecretPolicies};
use serde_json::json;

use super::policies::{Listing, PolicyAnswer, listed, policies};
use super::{Collect, Collector, FactError, RegionScope, collectors};
use crate::json::SECRETS_MANAGER;

/// The facts of a Region.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![SecretPolicies]
}

const SECRETS: Listing = Listing {
    service: &SECRETS_MANAGER,
    api: &LIST_SECRETS,
    path: "",
    page: ["MaxResults", "NextToken"],
    answer: ["SecretList", "NextToken"],
    resource: ["Name", "ARN", ""],
};

impl Collect<RegionScope<'_>> for SecretPolicies {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<ResourcePolicy>, FactError> {
        let listed = listed(scope, &SECRETS).await?;
        let read = |one: ResourcePolicy| async move {
            // The answer about a secret without a policy lacks it.
            let input = json!({ "SecretId": one.arn });
            let client = scope.json(&SECRETS_MANAGER);
            let call = client.call(&scope.api_caller, &GET_RESOURCE_POLICY, &input);
            let answer: PolicyAnswer = call.await?;
            Ok(answer.policy)
        };
        Ok(policies(listed, read).await)
    }
}
