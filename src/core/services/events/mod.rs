//! Amazon EventBridge: who can send events to its buses, and rules on events of CloudTrail, another way to monitor them.

mod checks;
mod conditions;
mod pattern;

use std::collections::BTreeMap;

use super::Service;
use super::cloudtrail::Trails;
use super::resource::kind;
use super::resource_policy::ResourcePolicy;
use crate::api::{PolicyResources, Rate, apis, resources};
use crate::facts::{Fact, FactSpec};
use crate::model::{Items, Reading, Region};
pub use pattern::may_match_cloudtrail;

/// The rate of each operation but PutEvents.
static READS: Rate = Rate {
    burst: 50,
    refill_per_second: 50,
    source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/events/cloudwatch_limits_cwe.html",
};

static RULES: PolicyResources = resources(
    "EventRules",
    "the account's event rules",
    &["events:*:${AWS::AccountId}:rule/*"],
);

apis! {
    "events" at READS;
    LIST_EVENT_BUSES = "ListEventBuses" pages 100 of "event buses";
    LIST_RULES = "ListRules" pages 100 of "rules" repeated "for each Region" if "a trail logs the account's events";
    LIST_TARGETS_BY_RULE = "ListTargetsByRule" pages 100 of "targets" repeated "for each enabled rule on events of CloudTrail" if "a trail logs the account's events" on RULES;
}

/// The service.
pub const SERVICE: Service = Service {
    resources: &[kind(
        "event-bus",
        "AWS::Events::EventBus",
        "AwsEventsEventbus",
    )],
    checks: checks::CHECKS,
    ..Service::new("events", APIS)
};

/// The event buses of a Region, with their policies. A bus without one accepts events of its own account only.
///
/// Source: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_EventBus.html>
#[derive(Debug)]
pub struct EventBuses;

impl Fact for EventBuses {
    type Value = Items<ResourcePolicy>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "events.buses",
        calls: &[&LIST_EVENT_BUSES],
        ..FactSpec::REGION
    };
}

/// A rule on the default event bus that is enabled and may match events of CloudTrail.
///
/// Source: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Rule.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRule {
    /// Its name.
    pub name: String,
    /// The pattern of the events, as JSON.
    pub pattern: String,
    /// Whether it also gets management events that only read.
    pub has_reads: bool,
    /// Whether it has a target.
    pub has_target: Reading<bool>,
}

/// The rules that may match events of CloudTrail, in each Region that is scanned. Nothing is read, and the map is empty,
/// in an account whose events no trail logs: EventBridge gets none then.
///
/// Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html>
#[derive(Debug)]
pub struct EventRules;

impl Fact for EventRules {
    type Value = BTreeMap<Region, Reading<Items<EventRule>>>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "events.rules",
        calls: &[&LIST_RULES, &LIST_TARGETS_BY_RULE],
        least: 0,
        reads: &[Trails::SPEC],
        ..FactSpec::ACCOUNT
    };
}
