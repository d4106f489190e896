//! What one request tells of the account as a whole.

use aws_sdk_iam::types::{
    AssignmentStatusType, ServerCertificateMetadata, SummaryKeyType as Key, VirtualMfaDevice,
};
use orgscan_core::api::Meaning;
use orgscan_core::model::{Arn, Cause, Gap, Items};
use orgscan_core::services::iam::{
    AccountNumbers, AccountPasswordPolicy, GET_ACCOUNT_SUMMARY, GET_PASSWORD_POLICY,
    LIST_SERVER_CERTIFICATES, LIST_VIRTUAL_MFA_DEVICES, PasswordPolicy, RootCredentials,
    RootVirtualMfa, ServerCertificate, ServerCertificates,
};

use super::{text, time};
use crate::collect::{AccountScope, Collect, CollectScope, FactError};
use crate::{Failure, next_page, pages, require};

impl Collect<AccountScope<'_>> for AccountNumbers {
    /// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html>
    async fn collect(scope: &AccountScope<'_>) -> Result<Self, FactError> {
        let iam = &scope.iam();
        let send = || iam.get_account_summary().send();
        let answer = scope.api_caller.call(&GET_ACCOUNT_SUMMARY, send).await?;
        let action = GET_ACCOUNT_SUMMARY.action;
        let summary = require(action, "SummaryMap", answer.summary_map)?;
        let number = |key: Key| {
            let number = summary.get(&key).copied();
            require(action, key.as_str(), number).map_err(Gap::from)
        };
        let is_there = |key| number(key).map(|number| number > 0).into();
        Ok(Self {
            root: RootCredentials {
                has_key: is_there(Key::AccountAccessKeysPresent),
                has_mfa: is_there(Key::AccountMfaEnabled),
                // A summary that does not rule out a password leaves one possible.
                has_password: number(Key::AccountPasswordPresent) != Ok(0),
            },
            users: number(Key::Users)
                .map(|users| u64::from(users.max(0).unsigned_abs()))
                .into(),
        })
    }
}

impl Collect<AccountScope<'_>> for RootCredentials {
    async fn collect(scope: &AccountScope<'_>) -> Result<Self, FactError> {
        Ok(scope.fact::<AccountNumbers>().await?.root.clone())
    }
}

impl Collect<AccountScope<'_>> for RootVirtualMfa {
    /// Whether one of the virtual MFA devices is the root user's. A security key or a passkey is not in
    /// this list.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListVirtualMFADevices.html>
    async fn collect(scope: &AccountScope<'_>) -> Result<bool, FactError> {
        let root = scope.fact::<RootCredentials>().await?;
        if root.has_mfa.get() != Ok(&true) {
            return Err(FactError::Irrelevant);
        }
        let iam = &scope.iam();
        let devices = pages(LIST_VIRTUAL_MFA_DEVICES.action, |marker| async move {
            let send = || {
                let request = iam.list_virtual_mfa_devices();
                let request = request.assignment_status(AssignmentStatusType::Assigned);
                request
                    .set_max_items(LIST_VIRTUAL_MFA_DEVICES.page)
                    .set_marker(marker.clone())
                    .send()
            };
            let page = scope
                .api_caller
                .call(&LIST_VIRTUAL_MFA_DEVICES, send)
                .await?;
            let owners = page.virtual_mfa_devices.iter().map(owned_by_root);
            let next = next_page(
                LIST_VIRTUAL_MFA_DEVICES.action,
                Some(page.is_truncated),
                page.marker,
            )?;
            Ok((owners.collect(), next))
        });
        Ok(any_of_root(devices.await?)?)
    }
}

impl Collect<AccountScope<'_>> for AccountPasswordPolicy {
    /// The account's own password policy; none where it was never set, so that AWS's default is in force.
    /// Requirements that were not set are false, and passwords are not remembered then.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountPasswordPolicy.html>,
    /// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html>
    async fn collect(scope: &AccountScope<'_>) -> Result<Option<PasswordPolicy>, FactError> {
        let iam = &scope.iam();
        let send = || iam.get_account_password_policy().send();
        let policy = match scope.api_caller.call(&GET_PASSWORD_POLICY, send).await {
            Err(failure) if failure.means(Meaning::Absent) => return Ok(None),
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
}

impl Collect<AccountScope<'_>> for ServerCertificates {
    async fn collect(scope: &AccountScope<'_>) -> Result<Items<ServerCertificate>, FactError> {
        let iam = &scope.iam();
        let action = LIST_SERVER_CERTIFICATES.action;
        let listed = pages(action, |marker| async move {
            let send = || {
                let request = iam.list_server_certificates();
                request
                    .set_max_items(LIST_SERVER_CERTIFICATES.page)
                    .set_marker(marker.clone())
                    .send()
            };
            let page = scope
                .api_caller
                .call(&LIST_SERVER_CERTIFICATES, send)
                .await?;
            let next = next_page(action, Some(page.is_truncated), page.marker)?;
            Ok((page.server_certificate_metadata_list, next))
        });
        Ok(listed.await?.iter().map(certificate).collect())
    }
}

fn certificate(listed: &ServerCertificateMetadata) -> Result<ServerCertificate, Failure> {
    let action = LIST_SERVER_CERTIFICATES.action;
    let read = || {
        let expires = require(action, "Expiration", listed.expiration)?;
        Ok(ServerCertificate {
            name: text(
                action,
                "ServerCertificateName",
                &listed.server_certificate_name,
            )?,
            arn: text(action, "Arn", &listed.arn)?.into(),
            expires: time(action, "Expiration", &expires)?,
        })
    };
    read().map_err(|failure: Failure| failure.of_item(Some(&listed.server_certificate_name)))
}

/// Whether an assigned device is the root user's. Its user decides: the name of a device is free, so a user's
/// device can have the name that IAM gives to the root user's first one. The name counts where IAM does not say
/// whose the device is; under another name it can be anybody's, since a root user can have several devices.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_VirtualMFADevice.html>
fn owned_by_root(device: &VirtualMfaDevice) -> Result<bool, Failure> {
    let owner = device
        .user
        .as_ref()
        .map(|user| Arn::from(user.arn.as_str()));
    match owner.filter(|arn| !arn.is_empty()) {
        Some(arn) => Ok(arn.resource() == "root"),
        None if is_first_of_root(&device.serial_number) => Ok(true),
        None => {
            let detail = "an assigned device without a user";
            let failure = Failure::new(LIST_VIRTUAL_MFA_DEVICES.action, Cause::Malformed, detail);
            Err(failure.of_item(Some(&device.serial_number)))
        }
    }
}

/// Whether a serial number is the one of the virtual device that the console makes for a root user first.
fn is_first_of_root(serial_number: &str) -> bool {
    serial_number.ends_with(":mfa/root-account-mfa-device")
}

/// Whether one of the devices is the root user's. One that is settles it, whatever the others are.
fn any_of_root(devices: Vec<Result<bool, Failure>>) -> Result<bool, Failure> {
    match devices.contains(&Ok(true)) {
        true => Ok(true),
        false => devices
            .into_iter()
            .find(Result::is_err)
            .unwrap_or(Ok(false)),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_iam::primitives::DateTime;
    use aws_sdk_iam::types::User;

    use super::*;

    const FIRST: &str = "arn:aws:iam::111122223333:mfa/root-account-mfa-device";
    const OTHER: &str = "arn:aws:iam::111122223333:mfa/phone";
    const ROOT: &str = "arn:aws:iam::111122223333:root";
    const ANN: &str = "arn:aws:iam::111122223333:user/team:root/ann";

    fn device(serial: &str, user: Option<&str>) -> VirtualMfaDevice {
        let user = user.map(|arn| {
            let user = User::builder()
                .path("/")
                .user_name("")
                .user_id("1")
                .arn(arn);
            user.create_date(DateTime::from_secs(1)).build().unwrap()
        });
        let device = VirtualMfaDevice::builder().serial_number(serial);
        device.set_user(user).build().unwrap()
    }

    #[test]
    fn the_user_of_a_device_decides_its_owner_and_its_name_only_without_one() {
        for (serial, user, expected) in [
            (FIRST, Some(ROOT), Some(true)),
            (OTHER, Some(ROOT), Some(true)),
            (
                OTHER,
                Some("arn:aws-us-gov:iam::111122223333:root"),
                Some(true),
            ),
            (FIRST, Some(ANN), Some(false)),
            (OTHER, Some(ANN), Some(false)),
            (FIRST, None, Some(true)),
            (FIRST, Some(""), Some(true)),
            (OTHER, None, None),
            (OTHER, Some(""), None),
        ] {
            let owned = owned_by_root(&device(serial, user));
            assert_eq!(owned.ok(), expected, "{serial} {user:?}");
        }
    }

    #[test]
    fn a_device_of_the_root_user_settles_it_and_one_of_nobody_leaves_it_open() {
        let of = |devices: &[(&str, Option<&str>)]| {
            let devices = devices.iter();
            any_of_root(
                devices
                    .map(|(serial, user)| owned_by_root(&device(serial, *user)))
                    .collect(),
            )
        };
        assert_eq!(of(&[]), Ok(false));
        assert_eq!(of(&[(FIRST, Some(ANN))]), Ok(false));
        assert_eq!(of(&[(OTHER, None), (OTHER, Some(ROOT))]), Ok(true));
        let open = of(&[(OTHER, Some(ANN)), (OTHER, None)]).unwrap_err();
        assert_eq!(open.cause, Cause::Malformed);
        assert_eq!(open.resource, OTHER);
    }

    #[test]
    fn a_certificate_that_cannot_be_read_is_a_gap_beside_the_others() {
        let certificate = |name: &str, arn: &str, expires: Option<i64>| {
            let one = ServerCertificateMetadata::builder()
                .path("/")
                .server_certificate_id("1");
            let one = one.server_certificate_name(name).arn(arn);
            one.set_expiration(expires.map(DateTime::from_secs))
                .build()
                .unwrap()
        };
        let arn = "arn:aws:iam::111122223333:server-certificate/x";
        let listed = [
            certificate("old", arn, Some(1_000_000_000)),
            certificate("without-date", arn, None),
            // As the SDK writes what is missing.
            certificate("zero", arn, Some(0)),
            certificate("without-arn", "", Some(1_000_000_000)),
            certificate("", arn, Some(1_000_000_000)),
        ];
        let read: Items<_> = listed.iter().map(super::certificate).collect();
        let names = read.known.iter().map(|one| one.name.as_str());
        assert_eq!(names.collect::<Vec<_>>(), ["old"]);
        let gaps = read
            .gaps
            .iter()
            .map(|gap| (gap.cause, gap.resource.as_str()));
        let malformed = |name| (Cause::Malformed, name);
        assert_eq!(
            gaps.collect::<Vec<_>>(),
            ["without-date", "zero", "without-arn", ""].map(malformed)
        );
    }
}
