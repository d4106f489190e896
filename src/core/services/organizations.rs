//! The APIs of AWS Organizations that orgscan calls.

use super::Service;
use crate::api::{Rate, apis};

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
static LIST_TAGS_RATE: Rate = rate(15, 10);

apis! {
    "organizations" at LIST_ROOTS_RATE;
    DESCRIBE_ORGANIZATION = "DescribeOrganization" at DESCRIBE_RATE;
    LIST_ACCOUNTS = "ListAccounts" pages 20 of "accounts" at LIST_ACCOUNTS_RATE;
    LIST_ROOTS = "ListRoots";
    LIST_OUS_FOR_PARENT = "ListOrganizationalUnitsForParent" pages 20 of "OUs" at LIST_FOR_PARENT_RATE;
    LIST_ACCOUNTS_FOR_PARENT = "ListAccountsForParent" pages 20 of "accounts" at LIST_FOR_PARENT_RATE;
    LIST_TAGS_FOR_RESOURCE = "ListTagsForResource" at LIST_TAGS_RATE;
    LIST_SERVICE_ACCESS = "ListAWSServiceAccessForOrganization";
    LIST_DELEGATED_SERVICES = "ListDelegatedServicesForAccount";
}

/// The service.
pub const SERVICE: Service = Service::new("organizations", APIS);
