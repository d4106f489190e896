//! Organizations, once per run: asked in the account that orgscan runs in, with the caller's own credentials.

mod administrators;
mod policies;
mod tree;
mod workloads;

use std::sync::Arc;

use aws_sdk_organizations::Client;
use aws_sdk_organizations::types::OrganizationFeatureSet;
use orgscan_core::api::Meaning;
use orgscan_core::model::{AccountId, Cause, TargetScope};
use orgscan_core::services::organizations::{
    DESCRIBE_ORGANIZATION, DeclarativePolicies, DelegatedAdministrators, OrganizationProfile,
    OrganizationTree, PolicyDelegation, ResourceControlPolicies, ServiceControlPolicies,
    TrustedServices, Workloads,
};

use super::{
    Collect, CollectScope, Collector, FactError, OrganizationScope, RegionScope, collectors,
};
use crate::organization::OrganizationAnswers;
use crate::rate_limit::ApiCaller;
use crate::{Failure, require};

/// The facts of a Region.
pub(super) fn of_a_region<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![Workloads]
}

/// The facts of the organization.
pub(super) fn collectors<'a>() -> Vec<Collector<OrganizationScope<'a>>> {
    collectors![
        OrganizationProfile,
        TrustedServices,
        DelegatedAdministrators,
        PolicyDelegation,
        OrganizationTree,
        ServiceControlPolicies,
        ResourceControlPolicies,
        DeclarativePolicies,
    ]
}

impl OrganizationScope<'_> {
    fn answers(&self) -> &OrganizationAnswers {
        &self.session.organization
    }

    fn organizations(&self) -> (Client, Arc<ApiCaller>) {
        let client = self.session.clients.organizations();
        (client, self.session.api_caller(&TargetScope::Global))
    }

    /// Goes on only in an organization with all features: others have neither policies nor delegated administrators.
    async fn has_all_features(&self) -> Result<(), FactError> {
        let organization = self.fact::<OrganizationProfile>().await?;
        match &*organization {
            Some(organization) if organization.has_all_features => Ok(()),
            Some(_) | None => Err(FactError::Irrelevant),
        }
    }
}

impl Collect<OrganizationScope<'_>> for OrganizationProfile {
    async fn collect(scope: &OrganizationScope<'_>) -> Result<Option<Self>, FactError> {
        let (action, (client, api_caller)) = (DESCRIBE_ORGANIZATION.action, scope.organizations());
        let organization = match scope.answers().organization(&client, &api_caller).await {
            Ok(organization) => organization,
            Err(failure) if failure.means(Meaning::Absent) => return Ok(None),
            Err(failure) => return Err(failure.into()),
        };
        let features = require(action, "FeatureSet", organization.feature_set.as_ref())?;
        let management = organization.master_account_id.as_deref();
        let management = require(action, "MasterAccountId", management)?;
        Ok(Some(Self {
            arn: require(action, "Arn", organization.arn.clone())?.into(),
            management_account: account_id(action, management)?,
            has_all_features: *features == OrganizationFeatureSet::All,
        }))
    }
}

fn account_id(action: &'static str, text: &str) -> Result<AccountId, Failure> {
    let malformed = |error| Failure::new(action, Cause::Malformed, format!("{error}"));
    text.parse().map_err(malformed)
}
