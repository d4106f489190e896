//! The APIs of AWS STS that orgscan calls.

use super::Service;
use crate::api::{ErrorCodes, Meaning, Rate, apis};
use crate::model::Cause;

/// Shared by AssumeRole, GetCallerIdentity and others; counts on the calling account alone.
static RATE: Rate = Rate {
    burst: 600,
    refill_per_second: 600,
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
};

/// STS is not active in the Region for the account.
static REGION_OFF: ErrorCodes = ErrorCodes::new(
    Meaning::Failed(Cause::StsNotActivated),
    &["RegionDisabledException"],
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html",
);

apis! {
    "sts" at RATE;
    GET_CALLER_IDENTITY = "GetCallerIdentity" shared as "sts" errors [REGION_OFF];
    ASSUME_ROLE = "AssumeRole" repeated "an hour" shared as "sts" errors [REGION_OFF];
}

/// The service.
pub const SERVICE: Service = Service::new("sts", APIS);
