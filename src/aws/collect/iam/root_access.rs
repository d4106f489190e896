//! What the organization does about the root users of its members: asked once, in the account that
//! orgscan runs in.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html>

use aws_sdk_iam::types::FeatureType;
use orgscan_core::api::Meaning;
use orgscan_core::model::{Cause, TargetScope};
use orgscan_core::services::iam::LIST_ORGANIZATIONS_FEATURES as API;
use orgscan_core::services::iam::{CentralRootAccess, RootAccess};

use crate::Failure;
use crate::collect::{Collect, FactError, OrganizationScope};

impl Collect<OrganizationScope<'_>> for CentralRootAccess {
    /// The features that are on; none outside an organization.
    async fn collect(scope: &OrganizationScope<'_>) -> Result<Option<RootAccess>, FactError> {
        let client = scope.session.clients.iam();
        let api_caller = scope.session.api_caller(&TargetScope::Global);
        let send = || client.list_organizations_features().send();
        match api_caller.call(&API, send).await {
            Ok(answer) => {
                let features = answer.enabled_features.unwrap_or_default();
                Ok(Some(RootAccess {
                    manages_credentials: features.contains(&FeatureType::RootCredentialsManagement),
                    has_sessions: features.contains(&FeatureType::RootSessions),
                }))
            }
            Err(failure) if failure.means(Meaning::Absent) => Ok(None),
            // The organization cannot have these features yet, so none is on.
            Err(failure) if failure.means(Meaning::NotEnabled) => Ok(Some(RootAccess::default())),
            Err(failure) if failure.cause == Cause::DelegationRequired => Err(not_here().into()),
            Err(failure) => Err(failure.into()),
        }
    }
}

fn not_here() -> Failure {
    let detail = "IAM answers only the management account and its own delegated administrator, and orgscan runs in \
                  neither: register this account with `aws organizations register-delegated-administrator \
                  --service-principal iam.amazonaws.com`";
    Failure::new(API.action, Cause::DelegationRequired, detail)
}
