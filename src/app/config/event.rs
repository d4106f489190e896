//! The Lambda's event: what triggered the run, and how it narrows the configuration.

use jiff::Timestamp;
use orgscan_core::document::{ConfigError, Node, Origins, Problem, deserialize_all};
use orgscan_core::model::RunId;
use orgscan_core::settings::{AccountFilter, CheckFilter, Destinations, RegionFilter};
use schemars::JsonSchema;
use serde::de::{DeserializeOwned, Deserializer, Error};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::layer::{ConfigLayer, LayerSource};
use super::step::{ConsolidateStep, PlanStep, RecordFailureStep, ScanStep, Step};
use super::weekly::WeeklyEvent;

/// The request of a Lambda event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Invocation {
    /// The settings of the event.
    pub layer: ConfigLayer,
    /// The time of the schedule; the same in a retried invocation.
    pub trigger: Option<Timestamp>,
    /// The run id, if the event has one.
    pub run_id: Option<RunId>,
    /// Scan, but publish nothing.
    pub dry_run: bool,
    /// Which continuation of the run it is; 0 for the run's first invocation.
    pub continuation: u32,
    /// Which step of a distributed run it is; none for a run in one function.
    pub step: Option<Step>,
}

/// The run that an invocation continues. orgscan adds it to the event if one invocation is too short for the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Continuation {
    /// The run's id.
    pub run_id: RunId,
    /// The start of the run.
    #[serde(deserialize_with = "time")]
    pub started: Timestamp,
    /// The first continuation is 1.
    #[schemars(range(min = 1))]
    pub number: u32,
}

impl Continuation {
    /// The key of an event that has it.
    const KEY: &str = "continuation";

    /// The event that the run began with, for this continuation of it.
    pub fn of_event(&self, event: &Value) -> Value {
        let mut fields = event.as_object().cloned().unwrap_or_default();
        fields.insert(Self::KEY.to_owned(), json!(self));
        fields.into()
    }
}

impl Invocation {
    /// The JSON document that an event's text is.
    ///
    /// # Errors
    /// Where it is not one, or has more after it.
    pub fn document(text: &str) -> Result<Value, ConfigError> {
        serde_json::from_str(text).map_err(|error| {
            let problem = Problem {
                origin: ORIGIN.to_owned(),
                field: String::new(),
                message: format!("not one JSON document: {error}; send one, and nothing after it"),
            };
            problem.into()
        })
    }

    /// Reads an event. `{}` is the whole organization, now.
    ///
    /// # Errors
    /// Everything that is wrong with the event's shape, each with its field and how to fix it. Its
    /// values are validated with the rest of the configuration, by [`load`].
    ///
    /// [`load`]: super::load()
    pub fn from_event(event: &Value) -> Result<Self, ConfigError> {
        if event.get(Step::KEY).is_some() {
            Step::read(event)
        } else {
            Self::from_trigger(event)
        }
    }

    /// Reads an event that is no step of a distributed run.
    pub(super) fn from_trigger(event: &Value) -> Result<Self, ConfigError> {
        let is_scheduled = ["source", "detail-type"]
            .iter()
            .any(|key| event.get(key).is_some());
        if is_scheduled {
            read::<ScheduledEvent>(event).map(Self::from)
        } else {
            read::<StartEvent>(event).map(Self::from)
        }
    }

    /// The run's id: the one given, or that of the schedule's time, or that of the moment.
    pub fn run_id(&self, now: Timestamp) -> RunId {
        self.run_id
            .clone()
            .unwrap_or_else(|| RunId::from_timestamp(self.trigger.unwrap_or(now)))
    }
}

/// How errors call the event.
const ORIGIN: &str = "event";

pub(super) fn read<T: DeserializeOwned>(event: &Value) -> Result<T, ConfigError> {
    let (read, findings) = deserialize_all::<T>(&mut Node::from_json(event));
    ConfigError::unless_none(Origins::all(ORIGIN).locate(findings))?;
    read.ok_or_else(|| {
        let problem = Problem {
            origin: ORIGIN.to_owned(),
            field: String::new(),
            message: "not an event; give a mapping".to_owned(),
        };
        problem.into()
    })
}

/// The shapes of the event, for its schema.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) enum FunctionEvent {
    /// An event that starts a run.
    Trigger(Trigger),
    /// A distributed run's first step. The state machine sends it.
    Plan(PlanStep),
    /// A distributed run's step for a batch of accounts. The state machine sends it.
    Scan(ScanStep),
    /// A distributed run's step for a failed batch. The state machine sends it.
    RecordFailure(RecordFailureStep),
    /// A distributed run's last step. The state machine sends it.
    Consolidate(ConsolidateStep),
    /// A request for the weekly report.
    Weekly(WeeklyEvent),
}

/// An event that starts a run, in one function or as the input of the state machine.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) enum Trigger {
    /// A run of the configuration, or of a part of it.
    Narrowing(Box<StartEvent>),
    /// The event of a schedule without its own input: the whole organization.
    Scheduled(ScheduledEvent),
}

/// A run of the configuration, or of a part of it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct StartEvent {
    /// The time of the schedule; in EventBridge Scheduler `<aws.scheduler.scheduled-time>`. The run id comes from it, so
    /// a retried invocation belongs to the same run.
    #[serde(deserialize_with = "some_time")]
    scheduled_time: Option<Timestamp>,
    /// The run's id. Without it the id comes from the time.
    run_id: Option<RunId>,
    /// Accounts. An include replaces the configured ones; excludes are added to them.
    accounts: AccountFilter,
    /// Regions. Includes replace the configured ones; excludes are added to them.
    regions: RegionFilter,
    /// Checks. `include` and `frameworks` replace the configured selection; excludes are added to it.
    checks: CheckFilter,
    /// Destinations. Each replaces the whole configured destination.
    destinations: Destinations,
    /// Scan, but publish nothing.
    dry_run: bool,
    /// The run that continues. Only orgscan sets it.
    continuation: Option<Continuation>,
}

impl From<StartEvent> for Invocation {
    fn from(event: StartEvent) -> Self {
        let resumed = event.continuation;
        let (number, started, run_id) = match resumed {
            Some(resumed) => (resumed.number, Some(resumed.started), Some(resumed.run_id)),
            None => (0, event.scheduled_time, event.run_id),
        };
        Self {
            layer: ConfigLayer::of(LayerSource::Event)
                .with_each("accounts.include", &event.accounts.include)
                .with_each("accounts.exclude", &event.accounts.exclude)
                .with_each("regions", &event.regions)
                .with_each("checks", &event.checks)
                .with_each("destinations", &event.destinations),
            trigger: started,
            run_id,
            dry_run: event.dry_run,
            continuation: number,
            step: None,
        }
    }
}

/// The event of an EventBridge rule, or of a schedule of EventBridge Scheduler without input.
///
/// Source: <https://docs.aws.amazon.com/eventbridge/latest/ref/events-structure.html>
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct ScheduledEvent {
    /// The sender.
    #[serde(rename = "source")]
    _source: Scheduler,
    /// The kind of event.
    #[serde(rename = "detail-type")]
    _detail_type: DetailType,
    /// The time of the schedule.
    #[serde(deserialize_with = "time")]
    time: Timestamp,
    /// The run that continues. Only orgscan sets it.
    #[serde(default)]
    continuation: Option<Continuation>,
}

/// A sender of scheduled events.
#[derive(Debug, Deserialize, JsonSchema)]
enum Scheduler {
    /// An EventBridge rule.
    #[serde(rename = "aws.events")]
    Rule,
    /// EventBridge Scheduler.
    #[serde(rename = "aws.scheduler")]
    Scheduler,
}

/// The kind of an event.
#[derive(Debug, Deserialize, JsonSchema)]
enum DetailType {
    /// An event of a schedule.
    #[serde(rename = "Scheduled Event")]
    ScheduledEvent,
}

impl From<ScheduledEvent> for Invocation {
    fn from(event: ScheduledEvent) -> Self {
        let narrowing = StartEvent {
            scheduled_time: Some(event.time),
            continuation: event.continuation,
            ..StartEvent::default()
        };
        narrowing.into()
    }
}

/// A time, with an error that shows its format.
pub(super) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| {
        let text = text.escape_debug();
        let remediation =
            "write it as 2026-11-22T06:00:00Z, or in a schedule as <aws.scheduler.scheduled-time>";
        Error::custom(format!("`{text}` is not a time; {remediation}"))
    })
}

pub(super) fn some_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    time(deserializer).map(Some)
}

#[cfg(test)]
mod tests;
