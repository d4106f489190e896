//! Amazon ECR: who can use its private repositories.

mod checks;

use super::Service;
use super::resource::kind;
use super::resource_policy::ResourcePolicy;
use crate::api::{ErrorCodes, Meaning, PolicyResources, Rate, apis, resources};
use crate::facts::{Fact, FactSpec};
use crate::model::Items;

/// ECR publishes numbers for other operations only.
static RATE: Rate = Rate {
    burst: 20,
    refill_per_second: 10,
    source: "unpublished; https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html",
};

static REPOSITORIES: PolicyResources = resources(
    "Repositories",
    "the account's repositories",
    &["ecr:*:${AWS::AccountId}:repository/*"],
);

/// The repository has no policy.
static NO_POLICY: ErrorCodes = ErrorCodes::new(
    Meaning::Absent,
    &["RepositoryPolicyNotFoundException"],
    "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetRepositoryPolicy.html",
);

/// The repository was deleted.
static NO_REPOSITORY: ErrorCodes = ErrorCodes::new(
    Meaning::Gone,
    &["RepositoryNotFoundException"],
    "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetRepositoryPolicy.html",
);

apis! {
    "ecr" at RATE;
    DESCRIBE_REPOSITORIES = "DescribeRepositories" pages 1_000 of "repositories" on REPOSITORIES;
    GET_REPOSITORY_POLICY = "GetRepositoryPolicy" repeated "for each repository" if "the Region has a repository" on REPOSITORIES errors [NO_POLICY, NO_REPOSITORY];
}

/// The service.
pub const SERVICE: Service = Service {
    resources: &[kind(
        "repository",
        "AWS::ECR::Repository",
        "AwsEcrRepository",
    )],
    checks: checks::CHECKS,
    ..Service::new("ecr", APIS)
};

/// The private repositories of a Region, with their policies.
///
/// Source: <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRepositories.html>
#[derive(Debug)]
pub struct RepositoryPolicies;

impl Fact for RepositoryPolicies {
    type Value = Items<ResourcePolicy>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ecr.repository_policies",
        calls: &[&DESCRIBE_REPOSITORIES, &GET_REPOSITORY_POLICY],
        ..FactSpec::REGION
    };
}
