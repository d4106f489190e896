//! The weekly report: the shape of `weekly.json`.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use orgscan_core::document::output_schema_of;
use orgscan_core::model::{AccountId, CheckId, SeverityCounts, TrendNumber};
use schemars::{JsonSchema, Schema};
use serde::Serialize;

use super::accounts::{ComparableChange, Presence};
use super::days::{Day, MissingRun};
use super::finding_changes::Flow;
use super::number::Change;
use super::oldest::OpenFinding;
use super::period::Week;
use super::resolved::ResolutionTimes;

/// The version of the document's format. A program that reads 2.0 can read every 2.x.
pub const SCHEMA_VERSION: &str = "2.0";

/// How an organization's numbers went in an ISO week, Monday to Sunday in UTC.
///
/// Of several runs on a day the last complete one counts for numbers, or the last one where none is
/// complete; all of them count for what was new and what was resolved.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "orgscan weekly report")]
pub struct Weekly {
    /// The version of this format. A program that reads 2.0 can read every 2.x.
    pub schema_version: &'static str,
    /// The ISO week, `2026-W47`.
    pub week: Week,
    /// Its Monday.
    pub first_day: Date,
    /// Its Sunday.
    pub last_day: Date,
    /// Whether a run evaluated everything on each of its days, and no run is missing.
    pub complete: bool,
    /// Its days, as far as they had started.
    pub days: Vec<Day>,
    /// Runs of which there is no report, or none that can be read.
    pub missing_runs: Vec<MissingRun>,
    /// The first run that counts; null if no run counts.
    pub first_run_id: Option<String>,
    /// The last run that counts.
    pub last_run_id: Option<String>,
    /// How much was evaluated.
    pub coverage: WeeklyCoverage,
    /// All findings, by severity, suppressed ones not counted.
    pub findings_by_severity: FindingsFirstLast,
    /// The organization's indicators.
    pub indicators: Vec<IndicatorTrend>,
    /// Its OUs, by path; nested OUs included.
    pub ous: BTreeMap<String, OuTrend>,
    /// What was new and what was resolved.
    pub changes: WeeklyChanges,
    /// How long it took to resolve what was resolved.
    pub time_to_resolve: ResolutionTimes,
    /// The findings open in the last run that were found first, suppressed ones left out; 25 at most.
    pub oldest_open: Vec<OpenFinding>,
    /// Accounts whose findings weigh less than before, the greatest fall first; ten at most.
    pub better: Vec<RankedAccount>,
    /// Accounts whose findings weigh more than before, the greatest rise first; ten at most.
    pub worse: Vec<RankedAccount>,
    /// Accounts that are neither, since something else could be evaluated than before.
    pub accounts_not_comparable: u64,
    /// Every account that was to be scanned, ordered by id.
    pub accounts: Vec<WeeklyAccount>,
}

/// How much was evaluated in the runs that count.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct WeeklyCoverage {
    /// Days with a run that evaluated everything.
    pub days_complete: u64,
    /// Days with a run that could not evaluate everything.
    pub days_incomplete: u64,
    /// All other days that have started.
    pub days_missing: u64,
    /// The least that a run knew of what was planned, in percent; null where no run counts.
    pub lowest_percent: Option<f64>,
    /// What the last one knew.
    pub last_percent: Option<f64>,
}

/// Findings in the first run that counts and in the last one; null if no run counts.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct FindingsFirstLast {
    /// In the first one.
    pub first: Option<SeverityCounts>,
    /// In the last one.
    pub last: Option<SeverityCounts>,
}

/// How an indicator's number went.
#[derive(Debug, Serialize, JsonSchema)]
pub struct IndicatorTrend {
    /// The indicator's name.
    pub indicator: Arc<str>,
    /// Its number in the first run that counts; null where that run did not make it.
    pub first: Option<TrendNumber>,
    /// In the last one.
    pub last: Option<TrendNumber>,
    /// How it changed.
    pub change: Change,
    /// Of a total that does not compare: how it changed over the accounts that do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparable: Option<ComparableChange>,
}

/// How an OU's numbers went.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OuTrend {
    /// Its indicators.
    pub indicators: Vec<IndicatorTrend>,
    /// What was new and what was resolved in its accounts.
    pub changes: Flow,
}

/// What was new and what was resolved, in all runs of the week.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct WeeklyChanges {
    /// Whether every run was compared with the one before, so that nothing is missing.
    pub complete: bool,
    /// The first scan run, if it was in this week: its findings count as known and not as new.
    pub first_run_id: Option<String>,
    /// Runs whose changes are not known.
    pub runs_not_compared: Vec<String>,
    /// By severity.
    #[serde(flatten)]
    pub all: SeverityFlow,
    /// By the check's id.
    pub by_check: BTreeMap<CheckId, SeverityFlow>,
}

/// How many findings came and went, by severity.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct SeverityFlow {
    /// Not known before.
    pub new: SeverityCounts,
    /// Found again after they had been closed.
    pub reopened: SeverityCounts,
    /// More severe than before.
    pub worsened: SeverityCounts,
    /// No longer there.
    pub resolved: SeverityCounts,
    /// Closed with their account.
    pub gone: SeverityCounts,
}

/// An account that got better or worse.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RankedAccount {
    /// The account's id.
    pub account_id: AccountId,
    /// Its name.
    pub account_name: String,
    /// Names of its OUs, joined with `/`; empty in the root.
    pub ou_path: String,
    /// Its findings when it was evaluated first.
    pub first: SeverityCounts,
    /// When it was evaluated last.
    pub last: SeverityCounts,
    /// How their weight changed: a critical finding weighs 100, a high one 25, a medium one 5, a low one 1.
    pub weight: Change,
}

/// An account.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Account")]
pub struct WeeklyAccount {
    /// The account's id.
    pub account_id: AccountId,
    /// Its last name.
    pub account_name: String,
    /// Names of its OUs, joined with `/`; empty in the root.
    pub ou_path: String,
    /// The same at the beginning, where it was moved.
    pub from_ou_path: Option<String>,
    /// Whether it was there all the time.
    pub presence: Presence,
    /// Its findings when it was evaluated first.
    pub first: SeverityCounts,
    /// When it was evaluated last.
    pub last: SeverityCounts,
    /// How their weight changed.
    pub weight: Change,
    /// Its indicators.
    pub indicators: Vec<IndicatorTrend>,
    /// What was new and what was resolved.
    pub changes: Flow,
}

/// The JSON Schema (draft 2020-12) of `weekly.json`.
pub fn schema() -> Schema {
    output_schema_of::<Weekly>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_in_the_documentation_is_the_one_of_the_types() {
        // Raise SCHEMA_VERSION when readers would notice the change.
        orgscan_core::testing::assert_fresh_schema("docs/weekly.schema.json", &schema());
    }
}
