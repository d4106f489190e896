//! The APIs of AWS IAM that orgscan calls.

use crate::api::{Rate, Resources, apis, resources};

/// IAM publishes no numbers. Scanners are seen to be throttled above about 20 a second, so this
/// stays well below.
static RATE: Rate = Rate {
    burst: 20,
    refill_per_second: 10,
    source: "unpublished; https://github.com/cloud-custodian/cloud-custodian/issues/6351",
};

static POLICIES_OF_AWS: Resources = resources(
    "PoliciesOfAws",
    "AWS's own policies",
    &["iam::aws:policy/*"],
);

static USERS: Resources = resources(
    "Users",
    "the account's users",
    &["iam::${AWS::AccountId}:user/*"],
);

apis! {
    "iam" at RATE;
    GENERATE_CREDENTIAL_REPORT = "GenerateCredentialReport";
    GET_CREDENTIAL_REPORT = "GetCredentialReport";
    LIST_USERS = "ListUsers" pages 1_000;
    GET_LOGIN_PROFILE = "GetLoginProfile" on USERS;
    LIST_MFA_DEVICES = "ListMFADevices" on USERS;
    LIST_ACCESS_KEYS = "ListAccessKeys" on USERS;
    GET_ACCOUNT_SUMMARY = "GetAccountSummary";
    LIST_VIRTUAL_MFA_DEVICES = "ListVirtualMFADevices" pages 1_000;
    GET_PASSWORD_POLICY = "GetAccountPasswordPolicy";
    GET_AUTHORIZATION_DETAILS = "GetAccountAuthorizationDetails" pages 100;
    LIST_ENTITIES_FOR_POLICY = "ListEntitiesForPolicy" pages 1_000 on POLICIES_OF_AWS;
    LIST_SERVER_CERTIFICATES = "ListServerCertificates" pages 1_000;
    LIST_ACCOUNT_ALIASES = "ListAccountAliases";
    LIST_ORGANIZATIONS_FEATURES = "ListOrganizationsFeatures";
    GET_ROLE = "GetRole";
}
