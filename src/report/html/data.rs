//! The page's data: columns of numbers, and the texts that they stand for.
//!
//! Only the page's own scripts read it, so its form may change with any version. Programs read
//! `report.json`.

mod accounts;
mod columns;
mod embedded;
mod frameworks;

use std::collections::BTreeMap;
use std::io::{self, Write};

use orgscan_core::checks::{Check, INDICATORS};
use orgscan_core::model::{Baseline, IndicatorTotal, Report, Severity, SeverityCounts};
use serde::Serialize;

use super::controls::Controls;
use super::format::{code, heading, visible};
use super::ledger::{Gaps, Ledger, PageGap, ScopeCoverage};
use super::strings::Strings;
use super::top_findings::TopFindings;
use accounts::Accounts;
use columns::Columns;
use embedded::embed;
use frameworks::Frameworks;

pub(super) use frameworks::{parts, severities};

/// Everything that the scripts show.
#[derive(Debug, Serialize)]
pub(super) struct Data<'r> {
    run: Run<'r>,
    severities: Vec<&'static str>,
    checks: Vec<PageCheck>,
    indicators: Vec<IndicatorText<'r>>,
    units: Vec<Unit>,
    accounts: Accounts<'r>,
    findings: Columns,
    omitted: SeverityCounts,
    /// What `findings` has the numbers of: texts of its own, then checks, Regions, times; and exceptions.
    texts: Strings,
    labels: Strings,
    exceptions: Vec<[String; 5]>,
    gaps: Vec<GapKind>,
    /// What `gaps` and `accounts` have the numbers of.
    sets: Vec<Vec<u32>>,
    shapes: Vec<Vec<ScopeCoverage>>,
    scopes: Strings,
    frameworks: Frameworks,
}

#[derive(Debug, Serialize)]
struct Run<'r> {
    id: String,
    day: String,
    organization: Option<&'r str>,
    compared: bool,
}

#[derive(Debug, Serialize)]
struct PageCheck {
    id: &'static str,
    title: &'static str,
    category: &'static str,
    severity: Severity,
    why: &'static str,
    fix: &'static [&'static str],
}

#[derive(Debug, Serialize)]
struct IndicatorText<'r> {
    name: &'r str,
    heading: String,
    counts: &'r str,
    check: &'r str,
    /// The mildest severity that counts.
    at_least: Severity,
}

/// An OU's numbers, in the order of the indicators; see [`code`].
#[derive(Debug, Serialize)]
struct Unit {
    path: String,
    numbers: Vec<Option<i64>>,
}

#[derive(Debug, Serialize)]
struct GapKind {
    expected: bool,
    cause: &'static str,
    label: &'static str,
    action: String,
    detail: String,
    accounts: Vec<Gaps>,
}

impl<'r> Data<'r> {
    pub(super) fn new(
        report: &'r Report,
        checks: &[&'static Check],
        top_findings: TopFindings,
        ledger: Ledger,
        controls: Controls,
    ) -> Self {
        let omitted = top_findings.omitted;
        let (findings, texts, labels, exceptions) = Columns::new(top_findings);
        let lists = |sets: Vec<&[u32]>| sets.into_iter().map(<[u32]>::to_vec).collect();
        let shapes = ledger
            .shapes
            .list()
            .into_iter()
            .map(<[ScopeCoverage]>::to_vec);
        Self {
            run: run(report),
            severities: Severity::ALL.map(Severity::as_str).to_vec(),
            checks: checks.iter().map(|check| check_text(check)).collect(),
            indicators: report.indicators.iter().filter_map(indicator).collect(),
            units: units(report),
            accounts: Accounts::new(report, ledger.shape_of),
            findings,
            omitted,
            texts,
            labels,
            exceptions,
            sets: lists(ledger.sets.list()),
            shapes: shapes.collect(),
            gaps: gap_kinds(ledger.kinds),
            scopes: ledger.strings,
            frameworks: Frameworks::new(controls, &report.frameworks, checks),
        }
    }

    /// Writes it as JSON that can stand inside of HTML.
    pub(super) fn write(&self, out: impl Write) -> io::Result<()> {
        embed(self, out)
    }
}

fn run(report: &Report) -> Run<'_> {
    let run = &report.run;
    Run {
        id: visible(&run.id),
        day: run.started.strftime("%Y-%m-%d").to_string(),
        organization: run.organization.as_ref().map(|one| &*one.id),
        compared: matches!(
            report.changes.baseline,
            Baseline::FirstRun | Baseline::Compared { .. }
        ),
    }
}

fn check_text(check: &Check) -> PageCheck {
    PageCheck {
        id: check.id,
        title: check.title,
        category: check.category.as_str(),
        severity: check.severity,
        why: check.why,
        fix: check.fix,
    }
}

fn indicator(total: &IndicatorTotal) -> Option<IndicatorText<'_>> {
    let known = INDICATORS.iter().find(|one| one.name == total.indicator)?;
    Some(IndicatorText {
        name: known.name,
        heading: heading(known.name),
        counts: known.counts,
        check: known.check,
        at_least: known.at_least,
    })
}

fn units(report: &Report) -> Vec<Unit> {
    let units = report.ous.iter();
    let unit = units.map(|(path, totals)| Unit {
        path: visible(path),
        numbers: totals.iter().map(|total| code(&total.total)).collect(),
    });
    unit.collect()
}

fn gap_kinds(kinds: BTreeMap<PageGap, Vec<Gaps>>) -> Vec<GapKind> {
    let kinds = kinds.into_iter().map(|(kind, accounts)| GapKind {
        expected: kind.expected,
        cause: kind.cause.as_str(),
        label: kind.cause.describe(),
        action: kind.action,
        detail: kind.detail,
        accounts,
    });
    kinds.collect()
}
