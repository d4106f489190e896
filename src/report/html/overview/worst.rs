//! The accounts and the findings that come first.

use std::cmp::Reverse;

use orgscan_core::model::{
    AccountOutcome, AccountSummary, ChangeKind, Report, Severity, SeverityCounts,
};
use orgscan_core::services::by_id;
use orgscan_core::text::{count, number};

use super::super::held::{Finding, Held};
use super::super::words::{Shown, shown, visible};

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
    pub(super) numbers: Vec<Shown>,
    /// Known targets per hundred, cut so that 100 means all.
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

/// The accounts with findings, the worst first, and how many more there are.
pub(super) fn accounts(report: &Report) -> (Vec<AccountRow>, Option<String>) {
    let with = |account: &&AccountSummary| account.findings.total() > 0;
    let mut accounts: Vec<_> = report.accounts.iter().filter(with).collect();
    let badness = |one: &&AccountSummary| {
        let severities = Severity::ALL.iter().rev();
        Reverse(severities.map(|s| one.findings.of(*s)).collect::<Vec<_>>())
    };
    accounts.sort_by_key(badness);
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

/// `97.4%`, cut so that 100% means all; `?` where nothing was planned.
pub(super) fn percent(percent: Option<f64>) -> String {
    percent.map_or_else(
        || "?".to_owned(),
        |percent| match (percent * 10.0).floor() / 10.0 {
            whole if whole.fract() == 0.0 => format!("{whole:.0}%"),
            cut => format!("{cut:.1}%"),
        },
    )
}

/// The worst findings that nobody accepts.
pub(super) fn findings(report: &Report, held: &Held) -> Vec<FindingRow> {
    let words = held.strings.list();
    let worst = held.worst_first().filter(|finding| finding.exception < 0);
    let row = |finding: &Finding| {
        let word = |number: u32| words.get(number as usize).copied().unwrap_or_default();
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
    worst.take(FINDINGS).map(row).collect()
}

/// What the page leaves out, and where it is.
pub(super) fn left_out(held: &Held) -> Option<String> {
    let all = &held.left_out;
    if all.total() == 0 {
        return None;
    }
    let of = |severity: &Severity| match all.of(*severity) {
        0 => None,
        left_out => Some(format!("{} {severity}", number(left_out))),
    };
    let severities: Vec<_> = Severity::ALL.iter().rev().filter_map(of).collect();
    Some(format!(
        "This page has the {} worst findings. {} ({}) would not fit: they are in findings.csv and \
         report.json beside it, and all numbers here count them.",
        number(held.len() as u64),
        count(all.total(), "finding"),
        severities.join(", "),
    ))
}

/// New and reopened findings.
pub(super) fn news(report: &Report) -> SeverityCounts {
    report.changes.of(ChangeKind::New) + report.changes.of(ChangeKind::Reopened)
}
