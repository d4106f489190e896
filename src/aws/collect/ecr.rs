//! ECR, by Region: private repositories and their policies.

use orgscan_core::model::Items;
use orgscan_core::services::ResourcePolicy;
use orgscan_core::services::ecr::{
    DESCRIBE_REPOSITORIES, GET_REPOSITORY_POLICY, RepositoryPolicies,
};
use serde_json::json;

use super::policies::{Listing, listed, policies, policy};
use super::{Collect, Collector, FactError, RegionScope, collectors};
use crate::json::ECR;

/// The facts of a Region.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![RepositoryPolicies]
}

const REPOSITORIES: Listing = Listing {
    service: &ECR,
    api: &DESCRIBE_REPOSITORIES,
    path: "",
    page: ["maxResults", "nextToken"],
    answer: ["repositories", "nextToken"],
    resource: ["repositoryName", "repositoryArn", ""],
};

impl Collect<RegionScope<'_>> for RepositoryPolicies {
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<ResourcePolicy>, FactError> {
        let listed = listed(scope, &REPOSITORIES).await?;
        let read = |one: ResourcePolicy| async move {
            let input = json!({ "repositoryName": one.name });
            let client = scope.json(&ECR);
            let call = client.call(&scope.api_caller, &GET_REPOSITORY_POLICY, &input);
            policy(&GET_REPOSITORY_POLICY, call.await)
        };
        Ok(policies(listed, read).await)
    }
}
