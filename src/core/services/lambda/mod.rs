//! AWS Lambda: who can invoke its functions, and what orgscan itself needs.

mod checks;

use super::Service;
use super::resource::kind;
use super::resource_policy::ResourcePolicy;
use crate::api::{ErrorCodes, Meaning, PolicyResources, Rate, apis, resources};
use crate::facts::{Fact, FactSpec};
use crate::model::Items;

/// Requests of Lambda's control plane, all together.
static CONTROL: Rate = Rate {
    burst: 15,
    refill_per_second: 15,
    source: "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
};

/// Asynchronous invocations have no rate of their own, and a run sends one at most.
static INVOKING: Rate = Rate {
    burst: 10,
    refill_per_second: 10,
    source: "unpublished; https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
};

/// GetPolicy has a quota of its own.
static POLICIES: Rate = Rate {
    burst: 15,
    refill_per_second: 15,
    source: "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
};

static FUNCTIONS: PolicyResources = resources(
    "Functions",
    "the account's functions",
    &["lambda:*:${AWS::AccountId}:function:*"],
);

/// The function has no policy, or was deleted.
static NO_POLICY: ErrorCodes = ErrorCodes::new(
    Meaning::Absent,
    &["ResourceNotFoundException"],
    "https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html",
);

apis! {
    "lambda" at CONTROL;
    GET_ACCOUNT_SETTINGS = "GetAccountSettings";
    LIST_FUNCTIONS = "ListFunctions" pages 50 of "functions";
    GET_POLICY = "GetPolicy" repeated "for each function" if "the Region has a function" on FUNCTIONS at POLICIES errors [NO_POLICY];
    INVOKE = "Invoke" needs "lambda:InvokeFunction" at INVOKING;
}

/// The service.
pub const SERVICE: Service = Service {
    resources: &[kind(
        "function",
        "AWS::Lambda::Function",
        "AwsLambdaFunction",
    )],
    checks: checks::CHECKS,
    ..Service::new("lambda", APIS)
};

/// The functions of a Region, with their policies: those without a qualifier. Versions and aliases have policies of their own.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html>
#[derive(Debug)]
pub struct FunctionPolicies;

impl Fact for FunctionPolicies {
    type Value = Items<ResourcePolicy>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "lambda.function_policies",
        calls: &[&LIST_FUNCTIONS, &GET_POLICY],
        ..FactSpec::REGION
    };
}
