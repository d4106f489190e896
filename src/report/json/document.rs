//! The shape of `report.json`. It stands apart from the model, so that the model can change and the
//! document stays what its readers know.

use std::collections::BTreeMap;

use jiff::Timestamp;
use orgscan_core::checks::Check;
use orgscan_core::model::{
    Account, AccountId, AccountOutcome, AccountSummary, ChangeKind, Changes, CheckChanges,
    Coverage, Crossing, ExceptionsReport, FrameworkView, IndicatorCount, IndicatorTotal, RunInfo,
    Severity, SeverityCounts, Suppression, TargetCounts, TargetScope,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::EnrollmentSection;
use crate::findings::Row;
use crate::trend::cut;

/// Everything that a run of orgscan found.
// It is written piece by piece and never made as a whole: the type is there for the schema.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "orgscan report")]
pub struct Document<'a> {
    /// The version of this format. A program that reads 2.0 can read every 2.x.
    schema_version: &'a str,
    /// The run.
    run: &'a RunInfo,
    /// Totals of every indicator for the organization.
    indicators: Vec<ReportTotal<'a>>,
    /// The same for every OU with an account that was scanned, by path; nested OUs included.
    ous: BTreeMap<&'a str, Vec<ReportTotal<'a>>>,
    /// What was evaluated and what was not.
    coverage: ReportCoverage<'a>,
    /// All findings, by severity, suppressed ones not counted.
    findings_by_severity: SeverityCounts,
    /// The suppressed ones, by severity.
    suppressed_by_severity: SeverityCounts,
    /// The exceptions of this run and their effects.
    exceptions: &'a ExceptionsReport,
    /// Thresholds that were crossed, the organization's first.
    thresholds_crossed: &'a [Crossing],
    /// What the reader should know about the run as a whole.
    notes: &'a [String],
    /// What the run says to the controls of the frameworks that were named, or of all: totals over accounts,
    /// `frameworks.csv` has each account's. Empty in an account's own part.
    frameworks: &'a [FrameworkView],
    /// What changed since the runs before.
    changes: &'a Changes,
    /// The checks that were made, by id.
    checks: BTreeMap<&'a str, ReportCheck>,
    /// Every account listed, ordered by id.
    accounts: Vec<ReportAccount<'a>>,
    /// How the accounts stand with the member role; null outside an organization.
    enrollment: Option<EnrollmentSection<'a>>,
    /// Every finding, suppressed ones too, ordered by account id, check and scope. Those of status unknown
    /// were open before and could not be evaluated; the numbers do not count them.
    findings: Vec<ReportFinding<'a>>,
}

/// An indicator's number.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "IndicatorNumber")]
pub struct ReportNumber {
    /// How many violations are known; null where nothing could be evaluated.
    value: Option<u64>,
    /// Whether everything was evaluated. If not, `value` is a lower bound.
    complete: bool,
    #[serde(flatten)]
    counted: IndicatorCount,
}

impl From<IndicatorCount> for ReportNumber {
    fn from(counted: IndicatorCount) -> Self {
        Self {
            value: counted.is_known().then(|| counted.value()),
            complete: counted.is_complete(),
            counted,
        }
    }
}

/// An indicator summed over accounts.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "IndicatorTotal")]
pub struct ReportTotal<'a> {
    /// The indicator's name.
    indicator: &'a str,
    #[serde(flatten)]
    number: ReportNumber,
    /// Accounts with at least one violation.
    accounts_affected: u64,
    /// Accounts whose own number is missing or a lower bound.
    accounts_incomplete: u64,
}

impl<'a> From<&'a IndicatorTotal> for ReportTotal<'a> {
    fn from(total: &'a IndicatorTotal) -> Self {
        Self {
            indicator: &total.indicator,
            number: ReportNumber::from(total.total),
            accounts_affected: total.accounts_affected,
            accounts_incomplete: total.accounts_incomplete,
        }
    }
}

/// What was evaluated and what was not.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Coverage")]
pub(super) struct ReportCoverage<'a> {
    /// Whether every planned target has a complete verdict.
    complete: bool,
    /// Known targets per hundred planned ones, cut after two decimals so that 100 means all.
    percent: Option<f64>,
    #[serde(flatten)]
    coverage: &'a Coverage,
}

impl<'a> From<&'a Coverage> for ReportCoverage<'a> {
    fn from(coverage: &'a Coverage) -> Self {
        Self {
            complete: coverage.is_complete(),
            percent: coverage.percent().map(cut),
            coverage,
        }
    }
}

/// What a check is about.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Check")]
pub(super) struct ReportCheck {
    /// What a violation is.
    title: &'static str,
    /// The category of indicators that it belongs to.
    category: &'static str,
    /// How bad a violation usually is.
    severity: Severity,
    /// Why it matters.
    why: &'static str,
    /// How to fix it: the steps in their order. One of them runs the command.
    remediation: &'static [&'static str],
    /// The command for an example resource.
    example_command: Option<String>,
}

impl ReportCheck {
    pub(super) fn by_id(checks: &[&'static Check]) -> BTreeMap<&'static str, Self> {
        let text = |check: &&'static Check| Self {
            title: check.title,
            category: check.category.id(),
            severity: check.severity,
            why: check.why,
            remediation: check.fix,
            example_command: (check.remediation)(&check.example),
        };
        checks.iter().map(|check| (check.id, text(check))).collect()
    }
}

/// One account.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Account")]
pub(super) struct ReportAccount<'a> {
    #[serde(flatten)]
    account: &'a Account,
    #[serde(flatten)]
    outcome: &'a AccountOutcome,
    /// Its indicators, by name. Empty where it was skipped.
    indicators: BTreeMap<&'a str, ReportNumber>,
    /// All its findings, by severity, suppressed ones not counted.
    findings_by_severity: SeverityCounts,
    /// The suppressed ones, by severity.
    suppressed_by_severity: SeverityCounts,
    /// What changed in its findings since the runs before, by check, of those checks that have a change.
    changes: Vec<CheckChanges>,
    /// What became of its targets.
    targets: &'a TargetCounts,
    /// AWS requests sent for it, by scope, retries included.
    requests: BTreeMap<&'a TargetScope, u64>,
    /// How many of them AWS throttled.
    throttled: u64,
    /// What the reader should know about how it was scanned.
    notes: &'a [String],
}

impl<'a> From<&'a AccountSummary> for ReportAccount<'a> {
    fn from(summary: &'a AccountSummary) -> Self {
        let indicators = summary.indicators.iter();
        Self {
            account: &summary.account,
            outcome: &summary.outcome,
            indicators: indicators
                .map(|(name, counted)| (name, ReportNumber::from(counted)))
                .collect(),
            findings_by_severity: summary.findings,
            suppressed_by_severity: summary.suppressed,
            changes: summary.changes.iter().collect(),
            targets: &summary.targets,
            requests: summary
                .requests
                .iter()
                .map(|(scope, sent)| (scope, *sent))
                .collect(),
            throttled: summary.throttled,
            notes: &summary.notes,
        }
    }
}

/// One resource that breaks a check.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
pub(super) struct ReportFinding<'a> {
    /// The check's id.
    check_id: &'a str,
    /// The finding's id, the same from run to run.
    id: &'a str,
    /// The check's title.
    title: &'a str,
    /// The category of indicators that the check belongs to.
    category: Option<&'static str>,
    /// How bad this one is.
    severity: Severity,
    /// What became of it since the runs before: new, reopened, worsened, ongoing, or unknown where it was
    /// open and could not be evaluated; null without a history.
    status: Option<ChangeKind>,
    /// The beginning of the run that found it first; null without a history.
    first_seen: Option<Timestamp>,
    /// The beginning of the run that found it last; null without a history.
    last_seen: Option<Timestamp>,
    /// The account's id.
    account_id: &'a AccountId,
    /// The account's name.
    account_name: &'a str,
    /// Names of the account's OUs, joined with `/`; empty in the root.
    ou_path: &'a str,
    /// The resource's Region; `global` for the account as a whole.
    region: &'a str,
    /// The resource's ARN.
    resource: &'a str,
    /// Which part of the resource, where several can break the check.
    part: &'a str,
    /// What is wrong.
    message: &'a str,
    /// The exception that suppresses it; null if it counts.
    exception: Option<&'a Suppression>,
}

impl<'a> ReportFinding<'a> {
    pub(super) fn new(account: &'a Account, row: &'a Row<'a>, checks: &[&'static Check]) -> Self {
        let check = checks.iter().find(|check| check.id == row.check);
        let known = row.compared.map(|compared| &compared.finding);
        Self {
            check_id: row.check,
            id: &row.id,
            title: check.map_or(row.check, |check| check.title),
            category: check.map(|check| check.category.id()),
            severity: row.severity,
            status: row.compared.and_then(|compared| compared.kind),
            first_seen: known.map(|finding| finding.first_seen),
            last_seen: known.map(|finding| finding.last_seen),
            account_id: &account.id,
            account_name: &account.name,
            ou_path: &account.ou_path,
            region: row.region,
            resource: row.resource,
            part: row.part,
            message: row.message,
            exception: row.exception,
        }
    }
}
