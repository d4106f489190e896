//! What the organization does about the root users of its members: asked once, in the account that
//! orgscan runs in.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html>

use aws_sdk_iam::types::FeatureType;
use orgscan_core::model::{Cause, Place};
use orgscan_core::services::iam::LIST_ORGANIZATIONS_FEATURES as API;
use orgscan_core::services::iam::{CentralRootAccess, RootAccess};

use crate::Failure;
use crate::collect::{Collect, OrganizationScope, Unread};

/// The account belongs to no organization.
const NO_ORGANIZATION: &[&str] = &["OrganizationNotFoundException", "OrganizationNotFound"];

/// The organization cannot have these features yet: IAM has no trusted access, or not all features of
/// Organizations are on. So none is on.
const NOT_YET: &[&str] = &[
    "ServiceAccessNotEnabledException",
    "ServiceAccessNotEnabled",
    "OrganizationNotInAllFeaturesModeException",
    "OrganizationNotInAllFeaturesMode",
];

/// AWS answers other accounts only. No policy of this account changes that, so it is no denial.
const NOT_HERE: &[&str] = &[
    "AccountNotManagementOrDelegatedAdministratorException",
    "AccountNotManagementOrDelegatedAdministrator",
];

impl Collect<OrganizationScope<'_>> for CentralRootAccess {
    /// The features that are on; none outside an organization.
    async fn collect(scope: &OrganizationScope<'_>) -> Result<Option<RootAccess>, Unread> {
        let client = scope.session.clients.iam();
        let lane = scope.session.lane(&Place::Global);
        let send = || client.list_organizations_features().send();
        match lane.call(&API, send).await {
            Ok(answer) => {
                let features = answer.enabled_features.unwrap_or_default();
                Ok(Some(RootAccess {
                    manages_credentials: features.contains(&FeatureType::RootCredentialsManagement),
                    has_sessions: features.contains(&FeatureType::RootSessions),
                }))
            }
            Err(failure) if failure.has_code(NO_ORGANIZATION) => Ok(None),
            Err(failure) if failure.has_code(NOT_YET) => Ok(Some(RootAccess::default())),
            Err(failure) if failure.has_code(NOT_HERE) => Err(not_here().into()),
            Err(failure) => Err(failure.into()),
        }
    }
}

fn not_here() -> Failure {
    let detail = "IAM answers only the management account and its own delegated administrator, and orgscan runs in \
                  neither: register this account with `aws organizations register-delegated-administrator \
                  --service-principal iam.amazonaws.com`";
    Failure::new(API.action, Cause::WrongAccount, detail)
}
