//! The APIs of AWS IAM that orgscan calls.

use crate::api::{Rate, apis};

/// IAM publishes no numbers. Scanners are seen to be throttled above about 20 a second, so this
/// stays well below.
static RATE: Rate = Rate {
    burst: 20,
    refill_per_second: 10,
    source: "unpublished; https://github.com/cloud-custodian/cloud-custodian/issues/6351",
};

apis! {
    "iam" at RATE;
    GENERATE_CREDENTIAL_REPORT = "GenerateCredentialReport";
    GET_CREDENTIAL_REPORT = "GetCredentialReport";
    LIST_USERS = "ListUsers" pages 1_000;
    GET_LOGIN_PROFILE = "GetLoginProfile";
    LIST_MFA_DEVICES = "ListMFADevices";
    LIST_ACCESS_KEYS = "ListAccessKeys";
    GET_ACCOUNT_SUMMARY = "GetAccountSummary";
    LIST_VIRTUAL_MFA_DEVICES = "ListVirtualMFADevices" pages 1_000;
    GET_PASSWORD_POLICY = "GetAccountPasswordPolicy";
    GET_AUTHORIZATION_DETAILS = "GetAccountAuthorizationDetails" pages 100;
    LIST_ENTITIES_FOR_POLICY = "ListEntitiesForPolicy" pages 1_000;
    LIST_SERVER_CERTIFICATES = "ListServerCertificates" pages 1_000;
    LIST_ACCOUNT_ALIASES = "ListAccountAliases";
    LIST_ORGANIZATIONS_FEATURES = "ListOrganizationsFeatures";
    GET_ROLE = "GetRole";
}
