//! What is in the page as HTML: the headline, what changed, the numbers, coverage with its causes, the
//! accounts and findings of the highest severity, exceptions.

mod changes;
mod coverage;
mod exceptions;
mod frameworks;
mod most_critical;
mod numbers;
mod trend;

use askama::Template;
use orgscan_core::checks::Check;
use orgscan_core::model::{Baseline, Report, Severity, Trend};
use orgscan_core::text::{count, number, report_subject};

use super::format::visible;
use super::ledger::Ledger;
use super::policy::{FIRST, STYLE, policy};
use super::top_findings::TopFindings;
use changes::ChangesView;
use coverage::CoverageView;
use exceptions::ExceptionsView;
use frameworks::FrameworksView;
use most_critical::{AccountRow, FindingRow};
use numbers::{OverviewIndicator, OverviewUnit};
use trend::Chart;

/// The page up to its data.
#[derive(Template)]
#[template(path = "page.html", config = "html/askama.toml")]
pub(super) struct Overview {
    policy: String,
    first: &'static str,
    style: &'static str,
    title: String,
    organization: String,
    run: String,
    day: String,
    time: String,
    version: String,
    headline: String,
    tiles: Vec<Tile>,
    suppressed: Option<String>,
    indicators: Vec<OverviewIndicator>,
    units: Vec<OverviewUnit>,
    accounts: Vec<AccountRow>,
    more_accounts: Option<String>,
    findings: Vec<FindingRow>,
    omitted: Option<String>,
    changes: ChangesView,
    coverage: CoverageView,
    exceptions: ExceptionsView,
    frameworks: FrameworksView,
    charts: Vec<Chart>,
    trend_rows: Vec<Vec<String>>,
    trend_head: Vec<String>,
    notes: Vec<String>,
}

/// How many findings of a severity there are.
struct Tile {
    severity: &'static str,
    value: String,
    note: String,
}

impl Overview {
    pub(super) fn new(
        report: &Report,
        checks: &[&'static Check],
        trend: Option<&Trend>,
        top_findings: &TopFindings,
        ledger: &Ledger,
    ) -> Self {
        let run = &report.run;
        let organization = report_subject(report);
        let (accounts, more_accounts) = most_critical::accounts(report);
        let trend = trend.filter(|trend| trend.points.len() > 1);
        Self {
            policy: policy(),
            first: FIRST,
            style: STYLE,
            title: format!(
                "orgscan: {organization}, {}",
                run.started.strftime("%Y-%m-%d")
            ),
            organization,
            run: visible(&run.id),
            day: run.started.strftime("%-d %B %Y").to_string(),
            time: format!(
                "{} to {} UTC",
                run.started.strftime("%H:%M"),
                run.finished.strftime("%H:%M")
            ),
            version: run.orgscan_version.clone(),
            headline: headline(report),
            tiles: tiles(report),
            suppressed: (report.suppressed.total() > 0).then(|| number(report.suppressed.total())),
            indicators: numbers::indicators(report),
            units: numbers::units(report),
            accounts,
            more_accounts,
            findings: most_critical::findings(report, top_findings),
            omitted: most_critical::omitted(top_findings),
            changes: ChangesView::new(report),
            coverage: CoverageView::new(report, ledger),
            exceptions: ExceptionsView::new(report),
            frameworks: FrameworksView::new(report, checks),
            charts: trend.map(trend::charts).unwrap_or_default(),
            trend_rows: trend.map(trend::rows).unwrap_or_default(),
            trend_head: trend.map(trend::head).unwrap_or_default(),
            notes: report.notes.iter().map(|note| visible(note)).collect(),
        }
    }
}

/// `1,234 findings in 45 of 60 accounts; coverage gaps in 24 accounts.`
fn headline(report: &Report) -> String {
    let coverage = &report.coverage;
    let found = match report.findings.total() {
        0 => "No findings".to_owned(),
        total => {
            let with = report
                .accounts
                .iter()
                .filter(|one| one.findings.total() > 0);
            let with = number(with.count() as u64);
            format!(
                "{} in {with} of {}",
                count(total, "finding"),
                count(coverage.accounts_listed, "account")
            )
        }
    };
    let gaps = match coverage.accounts_incomplete {
        0 if coverage.targets.known == 0 => "; nothing was evaluated".to_owned(),
        0 => "; coverage is complete".to_owned(),
        incomplete => format!("; coverage gaps in {}", count(incomplete, "account")),
    };
    format!("{found}{gaps}.")
}

/// The highest severity first.
fn tiles(report: &Report) -> Vec<Tile> {
    let new_findings = match &report.changes.baseline {
        Baseline::Compared { .. } => Some(most_critical::new_findings(report)),
        Baseline::FirstRun | Baseline::NotKept | Baseline::Unavailable { .. } => None,
    };
    let tile = |severity: &Severity| {
        let with = report
            .accounts
            .iter()
            .filter(|one| one.findings.of(*severity) > 0);
        let accounts = count(with.count() as u64, "account");
        Tile {
            severity: severity.as_str(),
            value: number(report.findings.of(*severity)),
            note: match new_findings.map(|new_findings| new_findings.of(*severity)) {
                _ if report.findings.of(*severity) == 0 => String::new(),
                None | Some(0) => accounts,
                Some(new) => format!("{accounts}; {} new or reopened", number(new)),
            },
        }
    };
    Severity::ALL.iter().rev().map(tile).collect()
}
