//! AWS Account Management: the contacts of an account, and its Regions.

mod checks;

use super::Service;
use crate::api::{ErrorCodes, Meaning, PolicyResources, Rate, apis, resources};
use crate::facts::{Fact, FactSpec};

const QUOTAS: &str = "https://docs.aws.amazon.com/accounts/latest/reference/quotas.html";

/// Account Management's ListRegions.
static LIST: Rate = Rate {
    burst: 5,
    refill_per_second: 5,
    source: QUOTAS,
};

/// The requests for contacts, each for itself. In China it is 3 a second with a burst of 5, which a scan with its
/// single requests does not reach.
static CONTACTS_RATE: Rate = Rate {
    burst: 15,
    refill_per_second: 10,
    source: QUOTAS,
};

static OWN_ACCOUNT: &[&str] = &["account::${AWS::AccountId}:account"];

static REGIONS: PolicyResources = resources("Regions", "the account", OWN_ACCOUNT);

static CONTACTS: PolicyResources = resources("Contacts", "the account", OWN_ACCOUNT);

const NOT_FOUND: &[&str] = &["ResourceNotFoundException"];

/// The account has no contact of this type.
static NO_ALTERNATE_CONTACT: ErrorCodes = ErrorCodes::new(
    Meaning::Absent,
    NOT_FOUND,
    "https://docs.aws.amazon.com/accounts/latest/reference/API_GetAlternateContact.html",
);

/// The account has no primary contact.
static NO_PRIMARY_CONTACT: ErrorCodes = ErrorCodes::new(
    Meaning::Absent,
    NOT_FOUND,
    "https://docs.aws.amazon.com/accounts/latest/reference/API_GetContactInformation.html",
);

apis! {
    "account" at LIST;
    LIST_REGIONS = "ListRegions" pages 50 of "Regions" if "`ec2:DescribeRegions` fails" on REGIONS;
    GET_ALTERNATE_CONTACT = "GetAlternateContact" on CONTACTS at CONTACTS_RATE errors [NO_ALTERNATE_CONTACT];
    GET_CONTACT_INFORMATION = "GetContactInformation" on CONTACTS at CONTACTS_RATE errors [NO_PRIMARY_CONTACT];
}

/// The service.
pub const SERVICE: Service = Service {
    checks: checks::CHECKS,
    ..Service::new("account", APIS)
};

/// Whether the account has a security contact. Who that is is never kept.
#[derive(Debug)]
pub struct SecurityContact;

impl Fact for SecurityContact {
    type Value = bool;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "account.security_contact",
        calls: &[&GET_ALTERNATE_CONTACT],
        ..FactSpec::ACCOUNT
    };
}

/// Whether the account has its primary contact, with all that AWS requires of it. Who that is is never kept.
#[derive(Debug)]
pub struct ContactDetails;

impl Fact for ContactDetails {
    type Value = bool;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "account.contact_details",
        calls: &[&GET_CONTACT_INFORMATION],
        ..FactSpec::ACCOUNT
    };
}
