//! The APIs of AWS Organizations that orgscan calls.

use crate::api::{ErrorCodes, Meaning, Rate, apis};

/// The rates for one calling account; the organization as a whole has slightly more.
const fn rate(burst: u32, refill_per_second: u32) -> Rate {
    Rate {
        burst,
        refill_per_second,
        source: "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html#throttling-limits",
    }
}

static DESCRIBE_RATE: Rate = rate(2, 1);
static LIST_ACCOUNTS_RATE: Rate = rate(12, 8);
static LIST_ROOTS_RATE: Rate = rate(2, 1);
static LIST_FOR_PARENT_RATE: Rate = rate(8, 5);
static LIST_POLICIES_RATE: Rate = rate(8, 5);
static LIST_ADMINISTRATORS_RATE: Rate = rate(8, 5);
static LIST_TAGS_RATE: Rate = rate(15, 10);

/// The account belongs to no organization.
static NO_ORGANIZATION: ErrorCodes = ErrorCodes::new(
    Meaning::Absent,
    &["AWSOrganizationsNotInUseException"],
    "https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html",
);

/// The organization has no resource policy, so that it delegates no policy management.
static NO_RESOURCE_POLICY: ErrorCodes = ErrorCodes::new(
    Meaning::Absent,
    &["ResourcePolicyNotFoundException"],
    "https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeResourcePolicy.html",
);

/// The policy was deleted after it was listed.
static NO_POLICY: ErrorCodes = ErrorCodes::new(
    Meaning::Gone,
    &["PolicyNotFoundException"],
    "https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListTargetsForPolicy.html",
);

/// The account is no delegated administrator any more.
static NOT_REGISTERED: ErrorCodes = ErrorCodes::new(
    Meaning::Gone,
    &["AccountNotRegisteredException"],
    "https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListDelegatedServicesForAccount.html",
);

apis! {
    "organizations" at LIST_ROOTS_RATE;
    DESCRIBE_ORGANIZATION = "DescribeOrganization" at DESCRIBE_RATE errors [NO_ORGANIZATION];
    LIST_ACCOUNTS = "ListAccounts" pages 20 of "accounts" at LIST_ACCOUNTS_RATE;
    LIST_ROOTS = "ListRoots";
    LIST_OUS_FOR_PARENT = "ListOrganizationalUnitsForParent" pages 20 of "OUs" repeated "for each OU" at LIST_FOR_PARENT_RATE;
    LIST_ACCOUNTS_FOR_PARENT = "ListAccountsForParent" pages 20 of "accounts" at LIST_FOR_PARENT_RATE;
    LIST_TAGS_FOR_RESOURCE = "ListTagsForResource" at LIST_TAGS_RATE;
    LIST_SERVICE_ACCESS = "ListAWSServiceAccessForOrganization" pages 20 of "trusted services";
    LIST_DELEGATED_ADMINISTRATORS = "ListDelegatedAdministrators" pages 20 of "delegated administrators" at LIST_ADMINISTRATORS_RATE;
    LIST_DELEGATED_SERVICES = "ListDelegatedServicesForAccount" pages 20 of "services" repeated "for each delegated administrator" errors [NOT_REGISTERED];
    LIST_POLICIES = "ListPolicies" pages 20 of "policies" repeated "for each type of policy" at LIST_POLICIES_RATE;
    LIST_TARGETS_FOR_POLICY = "ListTargetsForPolicy" pages 20 of "targets" repeated "for each policy" at LIST_POLICIES_RATE errors [NO_POLICY];
    DESCRIBE_RESOURCE_POLICY = "DescribeResourcePolicy" errors [NO_RESOURCE_POLICY];
}
