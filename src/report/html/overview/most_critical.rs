//! The accounts and the findings that come first.

use std::cmp::Reverse;

use orgscan_core::model::{
    AccountOutcome, AccountSummary, ChangeKind, Report, Severity, SeverityCounts,
};
use orgscan_core::services::by_id;
use orgscan_core::text::{count, number};

use super::super::format::{DisplayNumber, shown, visible};
use super::super::top_findings::{PageFinding, TopFindings};

/// How many accounts are in the overview.
const ACCOUNTS: usize = 20;

/// How many findings are in it.
const FINDINGS: usize = 25;

/// An account in the overview.
pub(super) struct AccountRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) ou: String,
    pub(super) critical: String,
    pub(super) high: String,
    pub(super) total: String,
    pub(super) numbers: Vec<DisplayNumber>,
    /// Known targets per hundred, rounded down so that 100 means all.
    pub(super) coverage: String,
    pub(super) complete: bool,
}

/// A finding in the overview.
pub(super) struct FindingRow {
    pub(super) severity: &'static str,
    pub(super) title: &'static str,
    pub(super) message: String,
    pub(super) account: String,
    pub(super) account_id: String,
    pub(super) region: String,
    pub(super) id: String,
    pub(super) status: &'static str,
}

/// The accounts with findings, the highest severity first, and how many more there are.
pub(super) fn accounts(report: &Report) -> (Vec<AccountRow>, Option<String>) {
    let with = |account: &&AccountSummary| account.findings.total() > 0;
    let mut accounts: Vec<_> = report.accounts.iter().filter(with).collect();
    let severity_rank = |one: &&AccountSummary| {
        let severities = Severity::ALL.iter().rev();
        Reverse(severities.map(|s| one.findings.of(*s)).collect::<Vec<_>>())
    };
    accounts.sort_by_key(severity_rank);
    let more = accounts.len().saturating_sub(ACCOUNTS);
    let rows = accounts.into_iter().take(ACCOUNTS);
    let rows = rows.map(|summary| account(report, summary)).collect();
    (rows, (more > 0).then(|| count(more as u64, "more account")))
}

fn account(report: &Report, summary: &AccountSummary) -> AccountRow {
    let numbers = report.indicators.iter().map(|total| {
        let counted = summary.indicators.get(&total.indicator);
        shown(&counted.unwrap_or_default())
    });
    let findings = &summary.findings;
    AccountRow {
        id: summary.account.id.to_string(),
        name: visible(&summary.account.name),
        ou: visible(&summary.account.ou_path),
        critical: number(findings.critical),
        high: number(findings.high),
        total: number(findings.total()),
        numbers: numbers.collect(),
        coverage: percent(summary.targets.percent()),
        complete: summary.targets.unknown == 0
            && matches!(summary.outcome, AccountOutcome::Scanned),
    }
}

/// `97.4%`, rounded down so that 100% means all; `?` if nothing was planned.
pub(super) fn percent(percent: Option<f64>) -> String {
    percent.map_or_else(
        || "?".to_owned(),
        |percent| match (percent * 10.0).floor() / 10.0 {
            whole if whole.fract() == 0.0 => format!("{whole:.0}%"),
            cut => format!("{cut:.1}%"),
        },
    )
}

/// The findings of the highest severity that are not suppressed.
pub(super) fn findings(report: &Report, top_findings: &TopFindings) -> Vec<FindingRow> {
    let texts = top_findings.strings.list();
    let highest = top_findings
        .by_severity_descending()
        .filter(|finding| finding.exception < 0);
    let row = |finding: &PageFinding| {
        let word = |number: u32| texts.get(number as usize).copied().unwrap_or_default();
        let account = report.accounts.get(finding.account);
        let account = account.map(|summary| &summary.account);
        let (id, name) = account.map_or_else(Default::default, |account| {
            (account.id.to_string(), visible(&account.name))
        });
        let region = word(finding.region);
        let message = finding.message.replace('\u{e000}', &finding.name);
        FindingRow {
            severity: finding.severity.as_str(),
            title: by_id(word(finding.check)).map_or("", |check| check.title),
            message: message.replace('\u{e001}', region).replace('\u{e002}', &id),
            account: name,
            account_id: id,
            region: region.to_owned(),
            id: finding.id.to_string(),
            status: finding.status.map_or("", |status| status.as_str()),
        }
    };
    highest.take(FINDINGS).map(row).collect()
}

/// The findings that the page omits, and the files that contain them.
pub(super) fn omitted(top_findings: &TopFindings) -> Option<String> {
    let all = &top_findings.omitted;
    if all.total() == 0 {
        return None;
    }
    let of = |severity: &Severity| match all.of(*severity) {
        0 => None,
        omitted => Some(format!("{} {severity}", number(omitted))),
    };
    let severities: Vec<_> = Severity::ALL.iter().rev().filter_map(of).collect();
    Some(format!(
        "This page contains the {} findings of the highest severity. Omitted because of the page’s size limit: \
         {} ({}). All numbers on this page include them. They are in findings.csv and report.json in the same folder.",
        number(top_findings.len() as u64),
        count(all.total(), "finding"),
        severities.join(", "),
    ))
}

/// New and reopened findings.
pub(super) fn new_findings(report: &Report) -> SeverityCounts {
    report.changes.of(ChangeKind::New) + report.changes.of(ChangeKind::Reopened)
}
