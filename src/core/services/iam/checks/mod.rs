//! The checks. A check is one file, and two lines here.

mod credentials;
mod iam_access_key_not_rotated;
mod iam_cloudshell_full_access;
mod iam_credentials_unused;
mod iam_password_policy_reuse;
mod iam_password_policy_short;
mod iam_password_policy_weak;
mod iam_policy_full_admin;
mod iam_server_certificate_expired;
mod iam_support_role_missing;
mod iam_user_beside_identity_center;
mod iam_user_key_never_used;
mod iam_user_policy_attached;
mod iam_user_two_active_keys;
mod iam_user_without_mfa;
mod organization_root_access_not_central;
mod password_policies;
mod root_access_key;
mod root_used_recently;
mod root_without_hardware_mfa;
mod root_without_mfa;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[
    &iam_user_without_mfa::CHECK,
    &root_access_key::CHECK,
    &root_without_mfa::CHECK,
    &root_without_hardware_mfa::CHECK,
    &root_used_recently::CHECK,
    &iam_password_policy_short::CHECK,
    &iam_password_policy_reuse::CHECK,
    &iam_password_policy_weak::CHECK,
    &iam_credentials_unused::CHECK,
    &iam_access_key_not_rotated::CHECK,
    &iam_user_two_active_keys::CHECK,
    &iam_user_key_never_used::CHECK,
    &iam_user_beside_identity_center::CHECK,
    &iam_user_policy_attached::CHECK,
    &iam_policy_full_admin::CHECK,
    &iam_support_role_missing::CHECK,
    &iam_server_certificate_expired::CHECK,
    &iam_cloudshell_full_access::CHECK,
    &organization_root_access_not_central::CHECK,
];
