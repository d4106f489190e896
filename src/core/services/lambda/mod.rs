//! AWS Lambda: functions, who can invoke them and what is in their environment; and what orgscan itself needs.

mod checks;

use super::Service;
use super::resource::kind;
use super::resource_policy::ResourcePolicy;
use super::secret::SecretKind;
use crate::api::{ErrorCodes, Meaning, PolicyResources, Rate, apis, resources};
use crate::facts::{Fact, FactSpec};
use crate::model::{Arn, Items, Reading};

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

/// The function was deleted after it was listed.
static NO_FUNCTION: ErrorCodes = ErrorCodes::new(
    Meaning::Gone,
    &["ResourceNotFoundException"],
    "https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctionUrlConfigs.html",
);

apis! {
    "lambda" at CONTROL;
    GET_ACCOUNT_SETTINGS = "GetAccountSettings";
    LIST_FUNCTIONS = "ListFunctions" pages 50 of "functions" shared as "lambda";
    LIST_FUNCTION_URL_CONFIGS = "ListFunctionUrlConfigs" pages 50 of "function URLs" repeated "for each function" if "the Region has a function" on FUNCTIONS shared as "lambda" errors [NO_FUNCTION];
    GET_POLICY = "GetPolicy" repeated "for each function, or each function URL without authentication" if "the Region has one" on FUNCTIONS at POLICIES errors [NO_POLICY];
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

/// A function.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Its ARN, without a qualifier.
    pub arn: Arn,
    /// Its environment variables that have a secret, in AWS's order. Never a value.
    pub secrets: Reading<Vec<SecretVariable>>,
}

/// An environment variable with a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretVariable {
    /// Its name.
    pub name: String,
    /// What its value has.
    pub kind: SecretKind,
}

/// The functions of a Region.
#[derive(Debug)]
pub struct Functions;

impl Fact for Functions {
    type Value = Items<Function>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "lambda.functions",
        calls: &[&LIST_FUNCTIONS],
        ..FactSpec::REGION
    };
}

/// An HTTPS endpoint of a function, or of one of its aliases.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/api/API_FunctionUrlConfig.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionUrl {
    /// The function's name.
    pub function: String,
    /// The function's ARN.
    pub arn: Arn,
    /// The alias; empty if it is the function's own.
    pub alias: String,
    /// The policy of the function or alias, which decides who can use a URL without authentication. None if the URL requires
    /// authentication.
    pub open_policy: Option<Reading<ResourcePolicy>>,
}

/// The function URLs of a Region. The gap of a function names it.
#[derive(Debug)]
pub struct FunctionUrls;

impl Fact for FunctionUrls {
    type Value = Items<FunctionUrl>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "lambda.function_urls",
        calls: &[&LIST_FUNCTION_URL_CONFIGS, &GET_POLICY],
        least: 0,
        reads: &[Functions::SPEC],
        ..FactSpec::REGION
    };
}

/// The functions of a Region, with their policies: those without a qualifier. Versions and aliases have policies of their own.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html>
#[derive(Debug)]
pub struct FunctionPolicies;

impl Fact for FunctionPolicies {
    type Value = Items<ResourcePolicy>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "lambda.function_policies",
        calls: &[&GET_POLICY],
        least: 0,
        reads: &[Functions::SPEC],
        ..FactSpec::REGION
    };
}
