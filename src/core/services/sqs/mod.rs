//! Amazon SQS: who can use its queues.

mod checks;

use super::Service;
use super::resource::kind;
use super::resource_policy::ResourcePolicy;
use crate::api::{ErrorCodes, Meaning, PolicyResources, Rate, apis, resources};
use crate::facts::{Fact, FactSpec};
use crate::model::Items;

/// SQS publishes no numbers for its settings.
static RATE: Rate = Rate {
    burst: 20,
    refill_per_second: 10,
    source: "unpublished; https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html",
};

static QUEUES: PolicyResources = resources(
    "Queues",
    "the account's queues",
    &["sqs:*:${AWS::AccountId}:*"],
);

/// The queue was deleted.
static NO_QUEUE: ErrorCodes = ErrorCodes::new(
    Meaning::Gone,
    &["QueueDoesNotExist"],
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html",
);

apis! {
    "sqs" at RATE;
    LIST_QUEUES = "ListQueues" pages 1_000 of "queues";
    GET_QUEUE_ATTRIBUTES = "GetQueueAttributes" repeated "for each queue" if "the Region has a queue" on QUEUES errors [NO_QUEUE];
}

/// The service.
pub const SERVICE: Service = Service {
    resources: &[kind("", "AWS::SQS::Queue", "AwsSqsQueue")],
    checks: checks::CHECKS,
    ..Service::new("sqs", APIS)
};

/// The queues of a Region, with their policies. The gap of one has its name.
///
/// Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html>
#[derive(Debug)]
pub struct QueuePolicies;

impl Fact for QueuePolicies {
    type Value = Items<ResourcePolicy>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "sqs.queue_policies",
        calls: &[&LIST_QUEUES, &GET_QUEUE_ATTRIBUTES],
        ..FactSpec::REGION
    };
}
