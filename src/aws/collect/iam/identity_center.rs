//! The organization's IAM Identity Center: read once, in the account that orgscan runs in.

use orgscan_core::model::{Cause, TargetScope};
use orgscan_core::services::organizations::OrganizationProfile;
use orgscan_core::services::sso::IdentityCenter;
use orgscan_core::services::sso::LIST_INSTANCES as API;
use serde::{Deserialize, Serialize};

use crate::collect::{Collect, CollectScope, FactError, OrganizationScope};
use crate::json::SSO;
use crate::{Failure, pages, require};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct InstancesRequest {
    region_scope: &'static str,
    max_results: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InstancesPage {
    instances: Option<Vec<InstanceInfo>>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InstanceInfo {
    owner_account_id: Option<String>,
    status: Option<String>,
    primary_region: Option<String>,
}

impl Collect<OrganizationScope<'_>> for IdentityCenter {
    /// The management account owns the instance of the organization, and can have no other one. Member accounts can have
    /// instances of their own, and may not see that of the organization.
    ///
    /// Source: <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListInstances.html> and
    /// <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreateInstance.html>
    async fn collect(scope: &OrganizationScope<'_>) -> Result<Option<Self>, FactError> {
        let organization = scope.fact::<OrganizationProfile>().await?;
        let Some(organization) = &*organization else {
            return Ok(None);
        };
        let management = organization.management_account.as_str();
        for instance in instances(scope).await? {
            let owner = require(API.action, "OwnerAccountId", instance.owner_account_id)?;
            let status = require(API.action, "Status", instance.status)?;
            if owner == management && status == "ACTIVE" {
                let region = instance.primary_region;
                return Ok(Some(Self { region }));
            }
        }
        match scope.session.account.as_str() == management {
            true => Ok(None),
            false => Err(not_here().into()),
        }
    }
}

/// The instances of all Regions, in one request to the home Region.
async fn instances(scope: &OrganizationScope<'_>) -> Result<Vec<InstanceInfo>, Failure> {
    let session = scope.session;
    let client = session.clients.json(&SSO, &session.home);
    let api_caller = session.api_caller(&TargetScope::Global);
    let (client, api_caller) = (&client, &api_caller);
    pages(API.action, |next_token| async move {
        let request = InstancesRequest {
            region_scope: "ALL_REGIONS",
            max_results: API.page,
            next_token,
        };
        let page: InstancesPage = client.call(api_caller, &API, &request).await?;
        let instances = require(API.action, "Instances", page.instances)?;
        Ok((instances, page.next_token))
    })
    .await
}

fn not_here() -> Failure {
    let detail = "the account in which orgscan runs sees no IAM Identity Center of the organization. The management account and \
                  the delegated administrator of Identity Center see it";
    Failure::new(API.action, Cause::DelegationRequired, detail)
}
