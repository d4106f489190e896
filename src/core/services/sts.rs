//! The APIs of AWS STS that orgscan calls.

use super::Service;
use crate::api::{Rate, apis};

/// Shared by AssumeRole, GetCallerIdentity and others; counts on the calling account alone.
static RATE: Rate = Rate {
    burst: 600,
    refill_per_second: 600,
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
};

apis! {
    "sts" at RATE;
    GET_CALLER_IDENTITY = "GetCallerIdentity" shared as "sts";
    ASSUME_ROLE = "AssumeRole" repeated "an hour" shared as "sts";
}

/// The service.
pub const SERVICE: Service = Service::new("sts", APIS);
