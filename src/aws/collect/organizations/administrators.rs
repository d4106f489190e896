//! Who administers what for the organization: trusted services, delegated administrators, and the resource policy.

use std::collections::BTreeSet;

use aws_sdk_organizations::types;
use futures::stream::{self, StreamExt};
use orgscan_core::api::Meaning;
use orgscan_core::model::{AccountId, Items};
use orgscan_core::services::organizations::{
    DESCRIBE_RESOURCE_POLICY, DelegatedAdministrator, DelegatedAdministrators,
    LIST_DELEGATED_ADMINISTRATORS, LIST_DELEGATED_SERVICES, LIST_SERVICE_ACCESS, PolicyDelegation,
    TrustedServices,
};

use super::{Collect, CollectScope, FactError, OrganizationScope, account_id};
use crate::{Failure, pages, require, require_of};

/// Administrators whose services are read side by side. The limiter limits the rate anyway.
const SIDE_BY_SIDE: usize = 4;

impl Collect<OrganizationScope<'_>> for TrustedServices {
    async fn collect(scope: &OrganizationScope<'_>) -> Result<Items<String>, FactError> {
        scope.has_all_features().await?;
        let (api, (client, api_caller)) = (&LIST_SERVICE_ACCESS, scope.organizations());
        let (client, api_caller) = (&client, &api_caller);
        let listed = pages(api.action, |token| async move {
            let send = || {
                let request = client.list_aws_service_access_for_organization();
                let request = request.set_max_results(LIST_SERVICE_ACCESS.page);
                request.set_next_token(token.clone()).send()
            };
            let page = api_caller.call(api, send).await?;
            let listed = page.enabled_service_principals;
            Ok((
                require(api.action, "EnabledServicePrincipals", listed)?,
                page.next_token,
            ))
        });
        let listed = listed.await?.into_iter();
        let principal = |one: types::EnabledServicePrincipal| {
            require(api.action, "ServicePrincipal", one.service_principal)
        };
        Ok(listed.map(principal).collect())
    }
}

impl Collect<OrganizationScope<'_>> for DelegatedAdministrators {
    async fn collect(
        scope: &OrganizationScope<'_>,
    ) -> Result<Items<DelegatedAdministrator>, FactError> {
        scope.has_all_features().await?;
        let (api, (client, api_caller)) = (&LIST_DELEGATED_ADMINISTRATORS, scope.organizations());
        let (client, api_caller) = (&client, &api_caller);
        let listed = pages(api.action, |token| async move {
            let send = || {
                let request = client.list_delegated_administrators();
                let request = request.set_max_results(LIST_DELEGATED_ADMINISTRATORS.page);
                request.set_next_token(token.clone()).send()
            };
            let page = api_caller.call(api, send).await?;
            Ok((
                page.delegated_administrators.unwrap_or_default(),
                page.next_token,
            ))
        });
        let with_services = stream::iter(listed.await?)
            .map(|listed| async move { administrator(scope, listed).await.transpose() })
            .buffered(SIDE_BY_SIDE)
            .collect::<Vec<_>>();
        Ok(with_services.await.into_iter().flatten().collect())
    }
}

/// An administrator with its services; none that is not one any more.
async fn administrator(
    scope: &OrganizationScope<'_>,
    listed: types::DelegatedAdministrator,
) -> Result<Option<DelegatedAdministrator>, Failure> {
    let action = LIST_DELEGATED_ADMINISTRATORS.action;
    let account = account_id(action, &require(action, "Id", listed.id)?)?;
    let services = match services(scope, &account).await {
        Err(failure) if failure.means(Meaning::Gone) => return Ok(None),
        services => services,
    };
    Ok(Some(DelegatedAdministrator {
        services: services
            .map_err(|failure| scope.gap(failure.of_item(Some(account.as_str()))))
            .into(),
        account,
    }))
}

async fn services(
    scope: &OrganizationScope<'_>,
    account: &AccountId,
) -> Result<BTreeSet<String>, Failure> {
    let (api, (client, api_caller)) = (&LIST_DELEGATED_SERVICES, scope.organizations());
    let (client, api_caller) = (&client, &api_caller);
    let listed = pages(api.action, |token| async move {
        let send = || {
            let request = client.list_delegated_services_for_account();
            let request = request.account_id(account.as_str());
            let request = request.set_max_results(LIST_DELEGATED_SERVICES.page);
            request.set_next_token(token.clone()).send()
        };
        let page = api_caller.call(api, send).await?;
        Ok((page.delegated_services.unwrap_or_default(), page.next_token))
    });
    let listed = listed.await?.into_iter();
    let principal = |one: types::DelegatedService| {
        let principal = one.service_principal;
        require_of(api.action, account.as_str(), "ServicePrincipal", principal)
    };
    listed.map(principal).collect()
}

impl Collect<OrganizationScope<'_>> for PolicyDelegation {
    async fn collect(scope: &OrganizationScope<'_>) -> Result<bool, FactError> {
        scope.has_all_features().await?;
        let (api, (client, api_caller)) = (&DESCRIBE_RESOURCE_POLICY, scope.organizations());
        let send = || client.describe_resource_policy().send();
        match api_caller.call(api, send).await {
            Ok(answer) => {
                require(api.action, "ResourcePolicy", answer.resource_policy)?;
                Ok(true)
            }
            Err(failure) if failure.means(Meaning::Absent) => Ok(false),
            Err(failure) => Err(failure.into()),
        }
    }
}
