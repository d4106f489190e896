//! The APIs of Amazon SNS that orgscan calls.

use super::Service;
use crate::api::{Rate, apis};

/// The lowest of the published rates, which differ by Region.
static PUBLISHING: Rate = Rate {
    burst: 300,
    refill_per_second: 300,
    source: "https://docs.aws.amazon.com/general/latest/gr/sns.html",
};

/// SNS publishes no number for reading a topic. Doctor reads each topic once.
static READ: Rate = Rate {
    burst: 10,
    refill_per_second: 10,
    source: "unpublished; https://docs.aws.amazon.com/general/latest/gr/sns.html",
};

apis! {
    "sns" at READ;
    PUBLISH = "Publish" at PUBLISHING;
    GET_TOPIC_ATTRIBUTES = "GetTopicAttributes";
}

/// The service.
pub const SERVICE: Service = Service::new("sns", APIS);
