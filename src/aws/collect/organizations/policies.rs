//! The organization's own policies, with what each is attached to.

use std::collections::BTreeSet;

use aws_sdk_organizations::types;
use futures::stream::{self, StreamExt};
use orgscan_core::api::Meaning;
use orgscan_core::model::Items;
use orgscan_core::services::organizations::{
    AttachedPolicy, DeclarativePolicies, LIST_POLICIES, LIST_TARGETS_FOR_POLICY, OrganizationTree,
    ResourceControlPolicies, ServiceControlPolicies,
};

use super::{Collect, CollectScope, FactError, OrganizationScope};
use crate::{Failure, pages, require, require_of};

/// Policies whose targets are read side by side. The limiter limits the rate anyway.
const SIDE_BY_SIDE: usize = 4;

impl Collect<OrganizationScope<'_>> for ServiceControlPolicies {
    async fn collect(scope: &OrganizationScope<'_>) -> Result<Items<AttachedPolicy>, FactError> {
        policies(scope, types::PolicyType::ServiceControlPolicy).await
    }
}

impl Collect<OrganizationScope<'_>> for ResourceControlPolicies {
    async fn collect(scope: &OrganizationScope<'_>) -> Result<Items<AttachedPolicy>, FactError> {
        policies(scope, types::PolicyType::ResourceControlPolicy).await
    }
}

impl Collect<OrganizationScope<'_>> for DeclarativePolicies {
    async fn collect(scope: &OrganizationScope<'_>) -> Result<Items<AttachedPolicy>, FactError> {
        policies(scope, types::PolicyType::DeclarativePolicyEc2).await
    }
}

/// The policies of a type that is enabled. Those of another type bind nothing.
async fn policies(
    scope: &OrganizationScope<'_>,
    kind: types::PolicyType,
) -> Result<Items<AttachedPolicy>, FactError> {
    let tree = scope.fact::<OrganizationTree>().await?;
    if !tree.enabled_policy_types.contains(kind.as_str()) {
        return Ok(Items::default());
    }
    let (api, (client, api_caller)) = (&LIST_POLICIES, scope.organizations());
    let (client, api_caller, kind) = (&client, &api_caller, &kind);
    let listed = pages(api.action, |token| async move {
        let send = || {
            let request = client.list_policies().filter(kind.clone());
            let request = request.set_max_results(LIST_POLICIES.page);
            request.set_next_token(token.clone()).send()
        };
        let page = api_caller.call(api, send).await?;
        Ok((page.policies.unwrap_or_default(), page.next_token))
    });
    // Those of AWS are attached everywhere, and allow everything.
    let listed = listed.await?.into_iter();
    let own: Vec<_> = listed.filter(|policy| !policy.aws_managed).collect();
    let with_targets = stream::iter(own)
        .map(|policy| async move { attached(scope, policy).await.transpose() })
        .buffered(SIDE_BY_SIDE)
        .collect::<Vec<_>>();
    Ok(with_targets.await.into_iter().flatten().collect())
}

/// A policy with its targets; none that was deleted meanwhile.
async fn attached(
    scope: &OrganizationScope<'_>,
    policy: types::PolicySummary,
) -> Result<Option<AttachedPolicy>, Failure> {
    let id = require(LIST_POLICIES.action, "Id", policy.id)?;
    let targets = match targets(scope, &id).await {
        Err(failure) if failure.means(Meaning::Gone) => return Ok(None),
        targets => targets,
    };
    Ok(Some(AttachedPolicy {
        targets: targets
            .map_err(|failure| scope.gap(failure.of_item(Some(&id))))
            .into(),
        id,
    }))
}

async fn targets(scope: &OrganizationScope<'_>, policy: &str) -> Result<BTreeSet<String>, Failure> {
    let (api, (client, api_caller)) = (&LIST_TARGETS_FOR_POLICY, scope.organizations());
    let (client, api_caller) = (&client, &api_caller);
    let listed = pages(api.action, |token| async move {
        let send = || {
            let request = client.list_targets_for_policy().policy_id(policy);
            let request = request.set_max_results(LIST_TARGETS_FOR_POLICY.page);
            request.set_next_token(token.clone()).send()
        };
        let page = api_caller.call(api, send).await?;
        Ok((page.targets.unwrap_or_default(), page.next_token))
    });
    let listed = listed.await?.into_iter();
    let id = |target: types::PolicyTargetSummary| {
        require_of(api.action, policy, "TargetId", target.target_id)
    };
    listed.map(id).collect()
}
