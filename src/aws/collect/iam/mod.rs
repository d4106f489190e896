//! IAM, once per account: users, from the credential report or else from calls per user; the root user's
//! credentials, the password policy, policies and certificates in one bulk call each.

mod account;
mod credential_report;
mod details;
mod documents;
mod holders;
mod identity_center;
mod per_user;
mod report_rows;
mod root_access;
mod users;

use aws_sdk_iam::Client;
use aws_sdk_iam::primitives::DateTime;
use jiff::Timestamp;
use orgscan_core::model::Cause;
use orgscan_core::services::iam::{
    AccountNumbers, AccountPasswordPolicy, AttachedPolicies, AuthorizationDetails,
    CentralRootAccess, CloudShellHolders, CredentialReportRequest, RootCredentials, RootVirtualMfa,
    ServerCertificates, SupportHolders, UserPolicies, Users,
};
use orgscan_core::services::sso::IdentityCenter;

use super::{AccountScope, Collector, OrganizationScope, collectors};
use crate::{Failure, require};

/// The facts of an account.
pub(super) fn collectors<'a>() -> Vec<Collector<AccountScope<'a>>> {
    collectors![
        CredentialReportRequest,
        AccountNumbers,
        RootCredentials,
        RootVirtualMfa,
        AccountPasswordPolicy,
        ServerCertificates,
        AuthorizationDetails,
        UserPolicies,
        AttachedPolicies,
        SupportHolders,
        CloudShellHolders,
        Users,
    ]
}

/// The facts of the organization.
pub(super) fn of_the_organization<'a>() -> Vec<Collector<OrganizationScope<'a>>> {
    collectors![CentralRootAccess, IdentityCenter]
}

impl AccountScope<'_> {
    fn iam(&self) -> Client {
        self.session.clients.iam()
    }
}

/// A time that IAM always sends. For one that is missing the SDK writes the beginning of 1970.
///
/// # Errors
/// [`Cause::Malformed`] where it is none.
fn time(action: &'static str, field: &str, time: &DateTime) -> Result<Timestamp, Failure> {
    let seconds = require(action, field, Some(time.secs()).filter(|time| *time != 0))?;
    let unreadable = |error| Failure::new(action, Cause::Malformed, format!("{time}: {error}"));
    Timestamp::from_second(seconds).map_err(unreadable)
}

/// A text that IAM always sends. For one that is missing the SDK writes an empty one.
///
/// # Errors
/// [`Cause::Malformed`] where it is empty.
fn text(action: &'static str, field: &str, text: &str) -> Result<String, Failure> {
    require(action, field, Some(text).filter(|text| !text.is_empty())).map(str::to_owned)
}
