//! What one request tells of the account as a whole.

use aws_sdk_iam::types::{AssignmentStatusType, SummaryKeyType as Key, VirtualMfaDevice};

use super::{Iam, NOT_THERE, time};
use crate::aws::{Failure, pages, require};
use crate::model::{PasswordPolicy, RootCredentials, ServerCertificate};
use crate::pace::api::{
    GET_ACCOUNT_SUMMARY, GET_PASSWORD_POLICY, LIST_SERVER_CERTIFICATES, LIST_VIRTUAL_MFA_DEVICES,
};

/// The largest page that IAM gives.
const PAGE: i32 = 1_000;

impl Iam {
    /// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html>
    pub(super) async fn root_credentials(&self) -> Result<RootCredentials, Failure> {
        let send = || self.client.get_account_summary().send();
        let answer = self.lane.call(&GET_ACCOUNT_SUMMARY, send).await?;
        let action = GET_ACCOUNT_SUMMARY.action;
        let summary = require(action, "SummaryMap", answer.summary_map)?;
        let number = |key: Key| summary.get(&key).copied();
        Ok(RootCredentials {
            has_key: require(
                action,
                "AccountAccessKeysPresent",
                number(Key::AccountAccessKeysPresent),
            )? > 0,
            has_mfa: require(action, "AccountMFAEnabled", number(Key::AccountMfaEnabled))? > 0,
            // Whoever does not say that there is none may have one.
            has_password: number(Key::AccountPasswordPresent) != Some(0),
        })
    }

    /// Whether one of the virtual MFA devices is the root user's. A security key or a passkey is not in
    /// this list.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListVirtualMFADevices.html>
    pub(super) async fn root_has_virtual_mfa(&self) -> Result<bool, Failure> {
        let devices = pages(LIST_VIRTUAL_MFA_DEVICES.action, |marker| async move {
            let send = || {
                let request = self.client.list_virtual_mfa_devices();
                let request = request.assignment_status(AssignmentStatusType::Assigned);
                request.max_items(PAGE).set_marker(marker.clone()).send()
            };
            let page = self.lane.call(&LIST_VIRTUAL_MFA_DEVICES, send).await?;
            let of_root = page.virtual_mfa_devices.iter().filter(|one| is_root(one));
            Ok((of_root.map(|_| ()).collect(), page.marker))
        });
        Ok(!devices.await?.is_empty())
    }

    /// The account's own password policy; none where it was never set, so that AWS's default is in force.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountPasswordPolicy.html>
    pub(super) async fn password_policy(&self) -> Result<Option<PasswordPolicy>, Failure> {
        let send = || self.client.get_account_password_policy().send();
        let policy = match self.lane.call(&GET_PASSWORD_POLICY, send).await {
            Err(failure) if failure.has_code(NOT_THERE) => return Ok(None),
            answer => answer?.password_policy,
        };
        let policy = require(GET_PASSWORD_POLICY.action, "PasswordPolicy", policy)?;
        let length = policy.minimum_password_length;
        let length = require(GET_PASSWORD_POLICY.action, "MinimumPasswordLength", length)?;
        let remembered = policy.password_reuse_prevention.unwrap_or_default();
        Ok(Some(PasswordPolicy {
            minimum_length: length.max(0).unsigned_abs(),
            remembered: remembered.max(0).unsigned_abs(),
            uppercase: policy.require_uppercase_characters,
            lowercase: policy.require_lowercase_characters,
            numbers: policy.require_numbers,
            symbols: policy.require_symbols,
        }))
    }

    pub(super) async fn server_certificates(&self) -> Result<Vec<ServerCertificate>, Failure> {
        let action = LIST_SERVER_CERTIFICATES.action;
        pages(action, |marker| async move {
            let send = || {
                let request = self.client.list_server_certificates();
                request.max_items(PAGE).set_marker(marker.clone()).send()
            };
            let page = self.lane.call(&LIST_SERVER_CERTIFICATES, send).await?;
            let listed = page.server_certificate_metadata_list.into_iter();
            let certificates = listed.map(|one| {
                let expires = require(action, "Expiration", one.expiration)?;
                Ok(ServerCertificate {
                    name: one.server_certificate_name,
                    arn: one.arn,
                    expires: time(action, &expires)?,
                })
            });
            Ok((certificates.collect::<Result<_, Failure>>()?, page.marker))
        })
        .await
    }
}

/// The first virtual device of a root user has a serial number of its own; further ones are named by
/// their owner, and the device's user is the root user.
fn is_root(device: &VirtualMfaDevice) -> bool {
    let user = device.user.as_ref();
    device
        .serial_number
        .ends_with(":mfa/root-account-mfa-device")
        || user.is_some_and(|user| user.arn.ends_with(":root"))
}
