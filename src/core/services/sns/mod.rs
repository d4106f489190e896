//! Amazon SNS: whether somebody gets what alarms send to topics.

use std::collections::BTreeMap;

use super::Service;
use super::cloudwatch::Alarms;
use crate::api::{ErrorCodes, Meaning, PolicyResources, Rate, apis, resources};
use crate::facts::{Fact, FactSpec};
use crate::model::{Arn, Reading};

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

static LISTS: Rate = Rate {
    burst: 30,
    refill_per_second: 30,
    source: "https://docs.aws.amazon.com/general/latest/gr/sns.html",
};

static TOPICS: PolicyResources = resources(
    "Topics",
    "the account's topics",
    &["sns:*:${AWS::AccountId}:*"],
);

/// The alarm names a topic that was deleted.
static NO_TOPIC: ErrorCodes = ErrorCodes::new(
    Meaning::Absent,
    &["NotFound", "NotFoundException"],
    "https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html",
);

apis! {
    "sns" at READ;
    PUBLISH = "Publish" at PUBLISHING;
    GET_TOPIC_ATTRIBUTES = "GetTopicAttributes";
    // It takes no page size, and returns 100 subscriptions.
    LIST_SUBSCRIPTIONS_BY_TOPIC = "ListSubscriptionsByTopic" repeated "for each topic of such an alarm" if "an alarm on such a metric notifies a topic" on TOPICS at LISTS errors [NO_TOPIC];
}

/// The service.
pub const SERVICE: Service = Service::new("sns", APIS);

/// Whether topics of the account that alarms notify have a confirmed subscription, by ARN. The subscriptions themselves,
/// with their addresses, are not kept. A topic that does not exist has none.
#[derive(Debug)]
pub struct ConfirmedTopics;

impl Fact for ConfirmedTopics {
    type Value = BTreeMap<Arn, Reading<bool>>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "sns.confirmed_topics",
        calls: &[&LIST_SUBSCRIPTIONS_BY_TOPIC],
        least: 0,
        reads: &[Alarms::SPEC],
        ..FactSpec::ACCOUNT
    };
}
