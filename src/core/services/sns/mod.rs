//! Amazon SNS: who can use its topics, and whether somebody gets what alarms send to them.

mod checks;

use std::collections::BTreeMap;

use super::Service;
use super::cloudwatch::Alarms;
use super::resource::kind;
use super::resource_policy::ResourcePolicy;
use crate::api::{ErrorCodes, Meaning, PolicyResources, Rate, apis, resources};
use crate::facts::{Fact, FactSpec};
use crate::model::{Arn, Items, Reading};

/// The lowest of the published rates, which differ by Region.
static PUBLISHING: Rate = Rate {
    burst: 300,
    refill_per_second: 300,
    source: "https://docs.aws.amazon.com/general/latest/gr/sns.html",
};

/// SNS publishes no number for reading a topic.
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

/// The topic was deleted after it was listed.
static TOPIC_GONE: ErrorCodes = ErrorCodes::new(
    Meaning::Gone,
    &["NotFound"],
    "https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html",
);

apis! {
    "sns" at READ;
    PUBLISH = "Publish" at PUBLISHING;
    // It takes no page size, and returns 100 topics.
    LIST_TOPICS = "ListTopics" at LISTS;
    GET_TOPIC_ATTRIBUTES = "GetTopicAttributes" repeated "for each topic" if "the Region has a topic" on TOPICS errors [TOPIC_GONE];
    // It takes no page size, and returns 100 subscriptions.
    LIST_SUBSCRIPTIONS_BY_TOPIC = "ListSubscriptionsByTopic" repeated "for each topic of such an alarm" if "an alarm on such a metric notifies a topic" on TOPICS at LISTS errors [NO_TOPIC];
}

/// The service.
pub const SERVICE: Service = Service {
    resources: &[kind("", "AWS::SNS::Topic", "AwsSnsTopic")],
    checks: checks::CHECKS,
    ..Service::new("sns", APIS)
};

/// The topics of a Region, with their policies. The gap of one has its name.
///
/// Source: <https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html>
#[derive(Debug)]
pub struct TopicPolicies;

impl Fact for TopicPolicies {
    type Value = Items<ResourcePolicy>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "sns.topic_policies",
        calls: &[&LIST_TOPICS, &GET_TOPIC_ATTRIBUTES],
        ..FactSpec::REGION
    };
}

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
