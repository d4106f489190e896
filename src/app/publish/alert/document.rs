//! The alert for programs.

use std::collections::BTreeMap;

use orgscan_core::document::output_schema_of;
use orgscan_core::model::{
    AccountId, AccountMove, AccountRemoval, AccountSummary, Baseline, Cause, ChangeGroup,
    ChangeKind, Coverage, CoverageLoss, Crossing, PermissionLoss, Report, RunInfo, Severity,
    SeverityCounts, ThresholdScope, TruncatedList,
};
use orgscan_core::text::clean;
use orgscan_report::json::ReportTotal;
use orgscan_store::integrity::Sha256Sum;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

use super::{AlertContext, ExceptionNotice, NAME, NOTE, PATH, headline, is_failed, is_incomplete};

/// The version of the document's format. A program that reads 2.0 can read every 2.x.
pub const SCHEMA_VERSION: &str = "2.0";

/// Lines of a list, at most.
const LINES: usize = 20;

/// The same of what has a line for each check and severity.
const GROUPS: usize = 40;

/// The alert of a run of orgscan.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "orgscan alert")]
pub(super) struct Document<'a> {
    /// The version of this format. A program that reads 2.0 can read every 2.x.
    schema_version: &'a str,
    /// The run. A message that comes twice has the same run id.
    run: &'a RunInfo,
    /// What the accounts are called that it is about; null where it is about all.
    route: Option<String>,
    /// What has changed, in a sentence.
    headline: String,
    /// What the run was compared with.
    baseline: Baseline,
    /// Findings by kind of change and severity.
    change_counts: &'a BTreeMap<ChangeKind, SeverityCounts>,
    /// New, reopened and worsened findings, by kind, severity (the highest severity first) and check.
    change_groups: TruncatedItems<&'a ChangeGroup>,
    /// Thresholds that are crossed, the organization's first.
    thresholds_crossed: TruncatedItems<Crossing>,
    /// Accounts in which something was evaluated before and could not be now.
    coverage_lost: TruncatedItems<CoverageLoss>,
    /// Accounts that a run was to scan for the first time, and in which something could not be.
    coverage_missing: TruncatedItems<CoverageLoss>,
    /// IAM actions that were allowed in an account and are denied now.
    permission_lost: TruncatedItems<PermissionLoss>,
    /// Accounts that were moved to another OU.
    accounts_moved: TruncatedItems<AccountMove>,
    /// Accounts that were closed or suspended, or have left the organization.
    accounts_gone: TruncatedItems<AccountRemoval>,
    /// Exceptions that have ended, or do within 14 days.
    exceptions: TruncatedItems<ExceptionNotice>,
    /// All findings, by severity.
    findings_by_severity: SeverityCounts,
    /// The highest severity among them.
    highest_severity: Option<Severity>,
    /// Totals of every indicator.
    indicators: Vec<ReportTotal<'a>>,
    /// What was evaluated and what was not.
    coverage: &'a Coverage,
    /// Whether everything that was planned was evaluated.
    complete: bool,
    /// Accounts in which something could not be evaluated.
    incomplete_accounts: TruncatedItems<IncompleteAccount<'a>>,
    /// Where the report's files are.
    report_location: Option<&'a str>,
    /// The report's page; `#/account/` and an account's id behind it lead to that account. Null where the
    /// report has none.
    page_url: Option<String>,
    /// The manifest of the report: for `orgscan verify --manifest-sha256`. Null in the report's own copy of
    /// the alert, which the manifest is about.
    manifest: Option<ManifestReference>,
    /// The dashboard's address.
    dashboard_url: Option<&'a str>,
}

/// A link of the chain of manifests.
#[derive(Debug, Serialize, JsonSchema)]
struct ManifestReference {
    /// Its position in the chain.
    sequence: u64,
    /// The SHA-256 hash of the manifest.
    sha256: Sha256Sum,
    /// Whether it is signed.
    signed: bool,
}

/// An account in which something could not be evaluated.
#[derive(Debug, Serialize, JsonSchema)]
struct IncompleteAccount<'a> {
    /// The account's id.
    account_id: &'a AccountId,
    /// Its name.
    account_name: String,
    /// Whether nothing could be evaluated.
    failed: bool,
    /// How many checks in how many scopes are unknown for each cause.
    causes: &'a BTreeMap<Cause, u64>,
}

/// A list that is cut so that the message keeps within its limits.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "{T}List")]
struct TruncatedItems<T> {
    /// How many there are.
    count: u64,
    /// The first of them.
    first: Vec<T>,
}

impl<T> TruncatedItems<T> {
    fn of(count: u64, all: impl Iterator<Item = T>, most: usize) -> Self {
        Self {
            count,
            first: all.take(most).collect(),
        }
    }
}

impl<'a> Document<'a> {
    pub(super) fn of(context: &AlertContext<'a>) -> Self {
        let report = context.report;
        let changes = &report.changes;
        Self {
            schema_version: SCHEMA_VERSION,
            run: &report.run,
            route: context.route.map(|route| clean(route, NAME)),
            headline: headline::sentence(context),
            baseline: since(&changes.baseline),
            change_counts: &changes.counts,
            change_groups: TruncatedItems::of(
                changes.groups.len() as u64,
                changes.groups.iter(),
                GROUPS,
            ),
            thresholds_crossed: crossings(&report.thresholds_crossed),
            coverage_lost: cut(&changes.coverage_lost, covered),
            coverage_missing: cut(&changes.coverage_missing, covered),
            permission_lost: cut(&changes.permission_lost, allowed),
            accounts_moved: cut(&changes.accounts_moved, moved),
            accounts_gone: cut(&changes.accounts_gone, gone),
            exceptions: exceptions(context),
            findings_by_severity: report.findings,
            highest_severity: report.findings.highest(),
            indicators: report.indicators.iter().map(ReportTotal::from).collect(),
            coverage: &report.coverage,
            complete: report.coverage.is_complete(),
            incomplete_accounts: incomplete(report),
            report_location: context.report_location,
            page_url: context.findings_at().filter(|_| context.has_page),
            manifest: context.manifest.map(|sealed| ManifestReference {
                sequence: sealed.sequence,
                sha256: sealed.sha256,
                signed: sealed.signed,
            }),
            dashboard_url: context.dashboard,
        }
    }
}

/// The first of a list, with texts of others as long as they may be.
fn cut<T>(listed: &TruncatedList<T>, clean: impl Fn(&T) -> T) -> TruncatedItems<T> {
    TruncatedItems::of(listed.count, listed.first.iter().map(clean), LINES)
}

fn exceptions(context: &AlertContext<'_>) -> TruncatedItems<ExceptionNotice> {
    let today = context.day();
    let due = context.exceptions.iter().filter(|one| one.is_due(today));
    TruncatedItems::of(due.clone().count() as u64, due.map(exception), LINES)
}

/// Those that failed as a whole first.
fn incomplete(report: &Report) -> TruncatedItems<IncompleteAccount<'_>> {
    let of = |has_failed| {
        let is_one = move |one: &&AccountSummary| {
            is_incomplete(one) && is_failed(&one.outcome) == has_failed
        };
        report.accounts.iter().filter(is_one)
    };
    let all = of(true).chain(of(false)).map(|one| IncompleteAccount {
        account_id: &one.account.id,
        account_name: clean(&one.account.name, NAME),
        failed: is_failed(&one.outcome),
        causes: &one.targets.causes,
    });
    TruncatedItems::of(report.coverage.accounts_incomplete, all, LINES)
}

fn since(base: &Baseline) -> Baseline {
    let mut base = base.clone();
    match &mut base {
        Baseline::Compared { run } => {
            if let Some(alert) = &mut run.alert {
                alert.detail = clean(&alert.detail, NOTE);
            }
        }
        Baseline::Unavailable { reason } => *reason = clean(reason, NOTE),
        Baseline::NotKept | Baseline::FirstRun => {}
    }
    base
}

fn crossings(all: &[Crossing]) -> TruncatedItems<Crossing> {
    TruncatedItems::of(all.len() as u64, all.iter().map(crossing), LINES)
}

fn crossing(crossing: &Crossing) -> Crossing {
    let mut crossing = crossing.clone();
    if let ThresholdScope::Ou(path) = &mut crossing.scope {
        *path = clean(path, PATH);
    }
    crossing
}

fn covered(one: &CoverageLoss) -> CoverageLoss {
    CoverageLoss {
        account_name: clean(&one.account_name, NAME),
        ..one.clone()
    }
}

fn allowed(one: &PermissionLoss) -> PermissionLoss {
    PermissionLoss {
        account_name: clean(&one.account_name, NAME),
        action: clean(&one.action, NAME),
        ..one.clone()
    }
}

fn moved(one: &AccountMove) -> AccountMove {
    AccountMove {
        account_id: one.account_id.clone(),
        account_name: clean(&one.account_name, NAME),
        from_ou_path: clean(&one.from_ou_path, PATH),
        to_ou_path: clean(&one.to_ou_path, PATH),
    }
}

fn gone(one: &AccountRemoval) -> AccountRemoval {
    AccountRemoval {
        account_name: clean(&one.account_name, NAME),
        detail: clean(&one.detail, NAME),
        ..one.clone()
    }
}

fn exception(one: &ExceptionNotice) -> ExceptionNotice {
    ExceptionNotice {
        id: clean(&one.id, NAME),
        owner: clean(&one.owner, NAME),
        reason: clean(&one.reason, PATH),
        ..one.clone()
    }
}

/// The JSON Schema (draft 2020-12) of the alert for programs.
pub fn schema() -> Schema {
    output_schema_of::<Document<'static>>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_in_the_documentation_is_the_one_of_the_types() {
        // Raise SCHEMA_VERSION when readers would notice the change.
        orgscan_core::testing::assert_fresh_schema("docs/alert.schema.json", &schema());
    }
}
