//! What is in the page as HTML: the headline, what changed, the numbers, coverage with its causes, the
//! worst accounts and findings, exceptions.

mod changes;
mod coverage;
mod exceptions;
mod frameworks;
mod numbers;
mod trend;
mod worst;

use askama::Template;
use orgscan_core::checks::Check;
use orgscan_core::model::{Base, Report, Severity, Trend};
use orgscan_core::text::{count, number, whose};

use super::held::Held;
use super::ledger::Ledger;
use super::policy::{FIRST, STYLE, policy};
use super::words::visible;
use changes::ChangesView;
use coverage::CoverageView;
use exceptions::ExceptionsView;
use frameworks::FrameworksView;
use numbers::{IndicatorLine, UnitLine};
use trend::Chart;
use worst::{AccountRow, FindingRow};

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
    excepted: Option<String>,
    indicators: Vec<IndicatorLine>,
    units: Vec<UnitLine>,
    accounts: Vec<AccountRow>,
    more_accounts: Option<String>,
    findings: Vec<FindingRow>,
    left_out: Option<String>,
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
        held: &Held,
        ledger: &Ledger,
    ) -> Self {
        let run = &report.run;
        let organization = whose(report);
        let (accounts, more_accounts) = worst::accounts(report);
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
            version: run.version.clone(),
            headline: headline(report),
            tiles: tiles(report),
            excepted: (report.excepted.total() > 0).then(|| number(report.excepted.total())),
            indicators: numbers::indicators(report),
            units: numbers::units(report),
            accounts,
            more_accounts,
            findings: worst::findings(report, held),
            left_out: worst::left_out(held),
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

/// `1,234 findings in 45 of 60 accounts; 24 accounts could not be looked at completely.`
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
    let unseen = match coverage.accounts_incomplete {
        0 if coverage.targets.known == 0 => "; nothing was looked at".to_owned(),
        0 => "; everything that was planned was looked at".to_owned(),
        incomplete => format!(
            "; {} could not be looked at completely",
            count(incomplete, "account")
        ),
    };
    format!("{found}{unseen}.")
}

/// The worst severity first.
fn tiles(report: &Report) -> Vec<Tile> {
    let news = match &report.changes.since {
        Base::Compared { .. } => Some(worst::news(report)),
        Base::FirstRun | Base::NotKept | Base::Unavailable { .. } => None,
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
            note: match news.map(|news| news.of(*severity)) {
                _ if report.findings.of(*severity) == 0 => String::new(),
                None | Some(0) => accounts,
                Some(new) => format!("{accounts}; {} new or reopened", number(new)),
            },
        }
    };
    Severity::ALL.iter().rev().map(tile).collect()
}
