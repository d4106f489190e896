//! How an organization's numbers went from run to run.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How an organization's numbers went from run to run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Trend {
    /// One point for each run, the oldest first.
    pub points: Vec<TrendPoint>,
}

/// The numbers of one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TrendPoint {
    /// When the run began.
    pub started: Timestamp,
    /// The run's id.
    pub run_id: String,
    /// The organization's number of each indicator that the run selected, by name.
    pub indicators: BTreeMap<String, TrendNumber>,
    /// Known targets per hundred planned ones; none where none were planned.
    pub coverage_percent: Option<f64>,
    /// Findings that were new or reopened; none where the run had nothing to compare with.
    pub new_or_reopened: Option<u64>,
    /// Findings that were resolved; none where the run had nothing to compare with.
    pub resolved: Option<u64>,
}

/// An indicator's number in one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TrendNumber {
    /// How many violations were known; none where nothing could be evaluated.
    pub value: Option<u64>,
    /// Whether not everything was evaluated, so that the value is a lower bound.
    pub lower_bound: bool,
}
