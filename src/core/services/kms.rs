//! The APIs of AWS KMS that orgscan calls.

use super::Service;
use crate::api::{Rate, apis};

static PUBLIC_KEY: Rate = Rate {
    burst: 2_000,
    refill_per_second: 2_000,
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html",
};

/// The lowest of the published rates for elliptic curve keys, over time and Regions. A run signs once.
static ELLIPTIC: Rate = Rate {
    burst: 300,
    refill_per_second: 300,
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html",
};

apis! {
    "kms" at PUBLIC_KEY;
    GET_PUBLIC_KEY = "GetPublicKey";
    SIGN = "Sign" at ELLIPTIC;
    GENERATE_DATA_KEY = "GenerateDataKey";
}

/// The service.
pub const SERVICE: Service = Service::new("kms", APIS);
