//! The lines of the file.

use orgscan_core::checks::{Check, RuleParameters};
use orgscan_core::exceptions::{Exceptions, StoredExceptions};
use orgscan_core::model::{
    AccountResult, Baseline, PlannedAccount, Report, RunInfo, StackSetFacts, Trend,
};
use orgscan_core::settings::{Config, Thresholds};
use serde::{Deserialize, Serialize};

use crate::history::KnownLine;

/// What the format is called.
pub(super) const FORMAT: &str = "orgscan results";

/// Its version. Raised with every change that a reader notices.
pub(super) const VERSION: u32 = 3;

/// The first line: the run, and all that its results were held against.
#[derive(Debug, Serialize, Deserialize)]
pub struct ResultsHeader {
    pub(super) format: String,
    pub(super) version: u32,
    pub(super) run: RunInfo,
    /// The ids of the checks that were made, in their order.
    pub(super) checks: Vec<String>,
    /// The ids of the frameworks that the report is a view of.
    #[serde(default)]
    pub(super) frameworks: Vec<String>,
    pub(super) thresholds: Thresholds,
    pub(super) exceptions: StoredExceptions,
    pub(super) stack_set: StackSetFacts,
    /// What the run was compared with.
    pub(super) baseline: Baseline,
    pub(super) notes: Vec<String>,
    /// How the numbers went in the runs before and in this one, where that is known.
    #[serde(default)]
    pub(super) trend: Option<Trend>,
    /// The parameters of the rules, by check.
    #[serde(default)]
    pub(super) rules: RuleParameters,
}

impl ResultsHeader {
    /// That of a run with this report and configuration.
    pub fn new(
        report: &Report,
        checks: &[&Check],
        config: &Config,
        exceptions: &Exceptions,
        stack_set: &StackSetFacts,
        trend: Option<&Trend>,
    ) -> Self {
        let views = report.frameworks.iter();
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            run: report.run.clone(),
            checks: checks.iter().map(|check| check.id.to_owned()).collect(),
            frameworks: views.map(|view| view.id.to_owned()).collect(),
            thresholds: config.thresholds.clone(),
            exceptions: exceptions.into(),
            stack_set: stack_set.clone(),
            baseline: report.changes.baseline.clone(),
            notes: report.notes.clone(),
            trend: trend.cloned(),
            rules: config.rule_parameters(),
        }
    }
}

/// What is read of a line for an account.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ResultsLine {
    /// The account, where it was listed.
    pub(super) planned: Option<PlannedAccount>,
    /// What was found, where it was to be scanned.
    pub(super) result: Option<AccountResult>,
    /// What was known of it before.
    pub(super) known: Option<KnownLine>,
}

/// The same, to be written.
#[derive(Serialize)]
pub(super) struct NewResultsLine<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) planned: Option<&'a PlannedAccount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) result: Option<&'a AccountResult>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) known: Option<KnownLine>,
}
