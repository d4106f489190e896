//! The APIs of AWS IAM that orgscan calls.

use crate::api::{ErrorCodes, Meaning, PolicyResources, Rate, apis, resources};
use crate::model::Cause;

/// IAM publishes no numbers. Scanners are seen to be throttled above about 20 a second, so this
/// stays well below.
static RATE: Rate = Rate {
    burst: 20,
    refill_per_second: 10,
    source: "unpublished; https://github.com/cloud-custodian/cloud-custodian/issues/6351",
};

static POLICIES_OF_AWS: PolicyResources = resources(
    "AwsManagedPolicies",
    "AWS's own policies",
    &["iam::aws:policy/*"],
);

static USERS: PolicyResources = resources(
    "Users",
    "the account's users",
    &["iam::${AWS::AccountId}:user/*"],
);

const NO_ENTITY_CODES: &[&str] = &["NoSuchEntity", "NoSuchEntityException"];

static NO_LOGIN_PROFILE: ErrorCodes = ErrorCodes::new(
    Meaning::Absent,
    NO_ENTITY_CODES,
    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetLoginProfile.html",
);

/// The user was deleted after it was listed.
static NO_USER: ErrorCodes = ErrorCodes::new(
    Meaning::Gone,
    NO_ENTITY_CODES,
    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html",
);

/// The account's password policy was never set.
static NO_PASSWORD_POLICY: ErrorCodes = ErrorCodes::new(
    Meaning::Absent,
    NO_ENTITY_CODES,
    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountPasswordPolicy.html",
);

/// The partition does not have the policy.
static NO_POLICY: ErrorCodes = ErrorCodes::new(
    Meaning::Absent,
    NO_ENTITY_CODES,
    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html",
);

static NO_REPORT: ErrorCodes = ErrorCodes::new(
    Meaning::NotReady,
    &[
        "ReportInProgress",
        "CredentialReportNotReadyException",
        "ReportNotPresent",
        "CredentialReportNotPresentException",
        "ReportExpired",
        "CredentialReportExpiredException",
    ],
    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetCredentialReport.html",
);

const FEATURES_SOURCE: &str =
    "https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html";

/// The account belongs to no organization.
static NO_ORGANIZATION: ErrorCodes = ErrorCodes::new(
    Meaning::Absent,
    &["OrganizationNotFoundException", "OrganizationNotFound"],
    FEATURES_SOURCE,
);

/// IAM has no trusted access, or not all features of Organizations are on.
static NO_TRUSTED_ACCESS: ErrorCodes = ErrorCodes::new(
    Meaning::NotEnabled,
    &[
        "ServiceAccessNotEnabledException",
        "ServiceAccessNotEnabled",
        "OrganizationNotInAllFeaturesModeException",
        "OrganizationNotInAllFeaturesMode",
    ],
    FEATURES_SOURCE,
);

/// No policy of this account changes that, so it is no denial.
static OTHER_ACCOUNTS_ONLY: ErrorCodes = ErrorCodes::new(
    Meaning::Failed(Cause::DelegationRequired),
    &[
        "AccountNotManagementOrDelegatedAdministratorException",
        "AccountNotManagementOrDelegatedAdministrator",
    ],
    FEATURES_SOURCE,
);

apis! {
    "iam" at RATE;
    GENERATE_CREDENTIAL_REPORT = "GenerateCredentialReport";
    GET_CREDENTIAL_REPORT = "GetCredentialReport" repeated "a second until IAM has the report" errors [NO_REPORT];
    LIST_USERS = "ListUsers" pages 1_000 of "users" if "the credential report cannot be read or lacks a user";
    GET_LOGIN_PROFILE = "GetLoginProfile" repeated "for each such user" if "the credential report cannot be read or lacks a user" on USERS errors [NO_LOGIN_PROFILE];
    LIST_MFA_DEVICES = "ListMFADevices" repeated "for each such user" if "the credential report cannot be read or lacks a user" on USERS errors [NO_USER];
    LIST_ACCESS_KEYS = "ListAccessKeys" repeated "for each such user" if "the credential report cannot be read or lacks a user" on USERS errors [NO_USER];
    GET_ACCOUNT_SUMMARY = "GetAccountSummary";
    LIST_VIRTUAL_MFA_DEVICES = "ListVirtualMFADevices" pages 1_000 of "assigned devices" if "root has MFA";
    GET_PASSWORD_POLICY = "GetAccountPasswordPolicy" errors [NO_PASSWORD_POLICY];
    GET_AUTHORIZATION_DETAILS = "GetAccountAuthorizationDetails" pages 100 of "users and attached policies";
    LIST_ENTITIES_FOR_POLICY = "ListEntitiesForPolicy" pages 1_000 of "holders" repeated "for each of AWSSupportAccess and AWSCloudShellFullAccess"
        if "somebody has the policy, or the authorization details are not read" on POLICIES_OF_AWS errors [NO_POLICY];
    LIST_SERVER_CERTIFICATES = "ListServerCertificates" pages 1_000 of "certificates";
    LIST_ACCOUNT_ALIASES = "ListAccountAliases";
    LIST_ORGANIZATIONS_FEATURES = "ListOrganizationsFeatures" errors [NO_ORGANIZATION, NO_TRUSTED_ACCESS, OTHER_ACCOUNTS_ONLY];
    GET_ROLE = "GetRole";
}
