//! AWS Secrets Manager: who can use its secrets.

mod checks;

use super::Service;
use super::resource::kind;
use super::resource_policy::ResourcePolicy;
use crate::api::{ErrorCodes, Meaning, PolicyResources, Rate, apis, resources};
use crate::facts::{Fact, FactSpec};
use crate::model::Items;

/// The rate of each list.
static LISTS: Rate = Rate {
    burst: 100,
    refill_per_second: 100,
    source: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html",
};

/// The rate of all operations on policies together.
static POLICIES: Rate = Rate {
    burst: 50,
    refill_per_second: 50,
    source: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html",
};

static SECRETS: PolicyResources = resources(
    "Secrets",
    "the account's secrets",
    &["secretsmanager:*:${AWS::AccountId}:secret:*"],
);

/// The secret was deleted.
static NO_SECRET: ErrorCodes = ErrorCodes::new(
    Meaning::Gone,
    &["ResourceNotFoundException"],
    "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetResourcePolicy.html",
);

apis! {
    "secretsmanager" at LISTS;
    LIST_SECRETS = "ListSecrets" pages 100 of "secrets";
    GET_RESOURCE_POLICY = "GetResourcePolicy" repeated "for each secret" if "the Region has a secret" on SECRETS at POLICIES errors [NO_SECRET];
}

/// The service.
pub const SERVICE: Service = Service {
    resources: &[kind(
        "secret",
        "AWS::SecretsManager::Secret",
        "AwsSecretsManagerSecret",
    )],
    checks: checks::CHECKS,
    ..Service::new("secretsmanager", APIS)
};

/// The secrets of a Region, with their policies, except those that are going to be deleted.
///
/// Source: <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html>
#[derive(Debug)]
pub struct SecretPolicies;

impl Fact for SecretPolicies {
    type Value = Items<ResourcePolicy>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "secretsmanager.secret_policies",
        calls: &[&LIST_SECRETS, &GET_RESOURCE_POLICY],
        ..FactSpec::REGION
    };
}
