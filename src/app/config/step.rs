//! The steps of a distributed run, which its state machine starts.
//!
//! | step | what it does |
//! | --- | --- |
//! | `plan` | lists the accounts and writes the plan and its batches |
//! | `scan` | scans the accounts of one batch |
//! | `record_failure` | records why a batch failed |
//! | `consolidate` | makes the report of all results, and publishes it |

use jiff::Timestamp;
use orgscan_core::document::ConfigError;
use orgscan_core::model::RunId;
use schemars::JsonSchema;
use serde::de::{DeserializeOwned, Deserializer, Error};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::event::{Invocation, Trigger, read, time};

/// Children that a Distributed Map may have at the same time.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html>
const CHILDREN: u32 = 10_000;

/// Accounts that a batch may have. The batch is a child's input, by its accounts' ids, and an input has
/// 256 KiB at most.
const BATCH: usize = 1_000;

/// A step of a distributed run.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Lists the accounts and writes the plan.
    Plan {
        /// Maximum number of batches that are scanned at the same time.
        map_concurrency: u32,
        /// Maximum number of accounts in a batch.
        batch_accounts: usize,
    },
    /// Scans a batch.
    Scan {
        /// Its number; the first one is 0.
        batch: usize,
        /// The part of the central account's request rates that this child may use.
        central_share: f64,
    },
    /// Records why a batch failed, for the last step.
    RecordFailure {
        /// Its number.
        batch: usize,
        /// Why.
        failure: StepFailure,
    },
    /// Makes the report and publishes it.
    Consolidate {
        /// Why the state machine stopped the scan before its end, if it did.
        failure: Option<StepFailure>,
    },
}

/// The run that the steps after the first one belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunRef {
    /// The run's id.
    pub run_id: RunId,
    /// The start of the run.
    #[serde(deserialize_with = "time")]
    pub started: Timestamp,
}

/// The failure of a state, as Step Functions passes it to a catcher.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepFailure {
    /// The error's name.
    #[serde(rename = "Error")]
    pub error: String,
    /// Details: for a Lambda function its answer, as JSON.
    #[serde(rename = "Cause", default)]
    pub cause: String,
}

/// The step of an event, which decides how to read it.
#[derive(Deserialize)]
struct StepHeader {
    step: StepName,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum StepName {
    Plan,
    Scan,
    RecordFailure,
    Consolidate,
}

/// The same names for the schema, in which each event has its own.
macro_rules! step_name {
    ($type:ident = $step_name:literal) => {
        #[doc = concat!("`", $step_name, "`")]
        #[derive(Debug, Deserialize, JsonSchema)]
        #[schemars(inline)]
        enum $type {
            #[doc = concat!("`", $step_name, "`")]
            #[serde(rename = $step_name)]
            This,
        }
    };
}

step_name!(PlanStepName = "plan");
step_name!(ScanStepName = "scan");
step_name!(RecordFailureStepName = "record_failure");
step_name!(ConsolidateStepName = "consolidate");

/// Lists the accounts, and writes the plan and its batches to the report location.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanStep {
    /// The step.
    #[serde(rename = "step")]
    _step: PlanStepName,
    /// The input of the state machine.
    #[serde(default, rename = "event")]
    #[schemars(with = "Option<Trigger>")]
    _event: Value,
    /// The start of the state machine. The run id comes from it if the event has neither id nor time.
    #[serde(deserialize_with = "time")]
    started: Timestamp,
    /// Maximum number of batches that are scanned at the same time.
    #[serde(deserialize_with = "map_concurrency")]
    #[schemars(range(min = 1, max = 10_000))]
    map_concurrency: u32,
    /// Maximum number of accounts in a batch.
    #[serde(deserialize_with = "batch_accounts")]
    #[schemars(range(min = 1, max = 1_000))]
    batch_accounts: usize,
}

/// Scans the accounts of one batch that have no result yet.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ScanStep {
    /// The step.
    #[serde(rename = "step")]
    _step: ScanStepName,
    /// The input of the state machine.
    #[serde(default, rename = "event")]
    #[schemars(with = "Option<Trigger>")]
    _event: Value,
    /// The run, from the answer of the plan step.
    run: RunRef,
    /// The batch's number.
    batch: usize,
    /// Share of the central account's request rates that this child may use, above 0 and at most 1.
    #[serde(deserialize_with = "share")]
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1))]
    central_share: f64,
}

/// Records why a batch failed, for the last step.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordFailureStep {
    /// The step.
    #[serde(rename = "step")]
    _step: RecordFailureStepName,
    /// The input of the state machine.
    #[serde(default, rename = "event")]
    #[schemars(with = "Option<Trigger>")]
    _event: Value,
    /// The run, from the answer of the plan step.
    run: RunRef,
    /// The batch's number.
    batch: usize,
    /// The failure of its scan.
    failure: StepFailure,
}

/// Writes the report of all results, and publishes it. Accounts without a result count as failed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConsolidateStep {
    /// The step.
    #[serde(rename = "step")]
    _step: ConsolidateStepName,
    /// The input of the state machine.
    #[serde(default, rename = "event")]
    #[schemars(with = "Option<Trigger>")]
    _event: Value,
    /// The run, from the answer of the plan step.
    run: RunRef,
    /// Why the state machine stopped the scan before its end, if it did.
    #[serde(default)]
    failure: Option<StepFailure>,
}

impl Step {
    /// The key of an event for a step.
    pub(super) const KEY: &str = "step";

    /// Reads such an event.
    pub(super) fn read(event: &Value) -> Result<Invocation, ConfigError> {
        let (step, run) = match read::<StepHeader>(event)?.step {
            StepName::Plan => read::<PlanStep>(event)?.into(),
            StepName::Scan => read::<ScanStep>(event)?.into(),
            StepName::RecordFailure => read::<RecordFailureStep>(event)?.into(),
            StepName::Consolidate => read::<ConsolidateStep>(event)?.into(),
        };
        let nothing = Value::Object(serde_json::Map::new());
        let start_event = event.get("event").filter(|event| !event.is_null());
        let asked = Invocation::from_trigger(start_event.unwrap_or(&nothing))?;
        Ok(match run {
            StepRun::Started(started) => Invocation {
                trigger: asked.trigger.or(Some(started)),
                step: Some(step),
                ..asked
            },
            StepRun::Resumed(run) => Invocation {
                trigger: Some(run.started),
                run_id: Some(run.run_id),
                step: Some(step),
                ..asked
            },
        })
    }
}

/// What a step's event says about the run.
enum StepRun {
    /// It begins, unless it was started before; the time stands for one that the event does not say.
    Started(Timestamp),
    /// It has started.
    Resumed(RunRef),
}

impl From<PlanStep> for (Step, StepRun) {
    fn from(event: PlanStep) -> Self {
        let step = Step::Plan {
            map_concurrency: event.map_concurrency,
            batch_accounts: event.batch_accounts,
        };
        (step, StepRun::Started(event.started))
    }
}

impl From<ScanStep> for (Step, StepRun) {
    fn from(event: ScanStep) -> Self {
        let step = Step::Scan {
            batch: event.batch,
            central_share: event.central_share,
        };
        (step, StepRun::Resumed(event.run))
    }
}

impl From<RecordFailureStep> for (Step, StepRun) {
    fn from(event: RecordFailureStep) -> Self {
        let RecordFailureStep {
            run,
            batch,
            failure,
            ..
        } = event;
        (
            Step::RecordFailure { batch, failure },
            StepRun::Resumed(run),
        )
    }
}

impl From<ConsolidateStep> for (Step, StepRun) {
    fn from(event: ConsolidateStep) -> Self {
        let failure = event.failure;
        (Step::Consolidate { failure }, StepRun::Resumed(event.run))
    }
}

fn map_concurrency<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    within(deserializer, 1, CHILDREN)
}

fn batch_accounts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    within(deserializer, 1, BATCH)
}

/// A number in a range, with an error that says the range.
fn within<'de, D, T>(deserializer: D, least: T, most: T) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + PartialOrd + std::fmt::Display,
{
    let number = T::deserialize(deserializer)?;
    if (&least..=&most).contains(&&number) {
        Ok(number)
    } else {
        let message = format!("{number} is out of range; use {least} to {most}");
        Err(Error::custom(message))
    }
}

fn share<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let share = f64::deserialize(deserializer)?;
    if share > 0.0 && share <= 1.0 {
        Ok(share)
    } else {
        let message = format!("{share} is not a share; use a number above 0 and at most 1");
        Err(Error::custom(message))
    }
}

#[cfg(test)]
mod tests;
