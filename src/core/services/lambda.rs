//! The APIs of AWS Lambda that orgscan calls.

use super::Service;
use crate::api::{Rate, apis};

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

apis! {
    "lambda" at CONTROL;
    GET_ACCOUNT_SETTINGS = "GetAccountSettings";
    INVOKE = "Invoke" needs "lambda:InvokeFunction" at INVOKING;
}

/// The service.
pub const SERVICE: Service = Service::new("lambda", APIS);
