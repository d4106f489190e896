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
    GET_CREDENTIAL_REPORT = "GetCredentialReport" repeated "a second until IAM has the report";
    LIST_USERS = "ListUsers" pages 1_000 of "users" if "the credential report cannot be read or lacks a user";
    GET_LOGIN_PROFILE = "GetLoginProfile" repeated "for each such user" if "the credential report cannot be read or lacks a user" on USERS;
    LIST_MFA_DEVICES = "ListMFADevices" repeated "for each such user" if "the credential report cannot be read or lacks a user" on USERS;
    LIST_ACCESS_KEYS = "ListAccessKeys" repeated "for each such user" if "the credential report cannot be read or lacks a user" on USERS;
    GET_ACCOUNT_SUMMARY = "GetAccountSummary";
    LIST_VIRTUAL_MFA_DEVICES = "ListVirtualMFADevices" pages 1_000 of "assigned devices" if "root has MFA";
    GET_PASSWORD_POLICY = "GetAccountPasswordPolicy";
    GET_AUTHORIZATION_DETAILS = "GetAccountAuthorizationDetails" pages 100 of "users and attached policies";
    LIST_ENTITIES_FOR_POLICY = "ListEntitiesForPolicy" pages 1_000 of "holders" repeated "for each of AWSSupportAccess and AWSCloudShellFullAccess"
        if "somebody has the policy, or the authorization details are not read" on POLICIES_OF_AWS;
    LIST_SERVER_CERTIFICATES = "ListServerCertificates" pages 1_000 of "certificates";
    LIST_ACCOUNT_ALIASES = "ListAccountAliases";
    LIST_ORGANIZATIONS_FEATURES = "ListOrganizationsFeatures";
    GET_ROLE = "GetRole";
}
