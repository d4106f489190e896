//! The alert: one message per run, over SNS.
//!
//! It is written for a person who is woken by it: what, how many, how bad, where, and what nobody
//! knows. Its size does not grow with the organization: lists are cut, counts are not.

mod body;
mod request;
mod subject;

use serde::Serialize;

use crate::model::{AccountOutcome, AccountSummary, Report, Severity};
use crate::render::text::{count, number};
pub use request::publish;

/// A message for an SNS topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alert {
    /// The subject: ASCII without control characters, under 100 characters.
    pub subject: String,
    /// The message, as plain text; below SNS's 256 KiB together with the attributes.
    pub body: String,
    /// The message's attributes.
    pub attributes: Vec<Attribute>,
}

/// A message attribute, for the filter policies of subscriptions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attribute {
    /// Its name.
    pub name: &'static str,
    /// Its value, as text.
    pub value: String,
    /// `String` or `Number`, in SNS's words.
    #[serde(rename = "type")]
    pub data_type: &'static str,
}

/// Whether anybody should be told: a threshold is crossed, or something could not be looked at.
pub fn needed(report: &Report) -> bool {
    !report.crossed.is_empty() || !report.coverage.is_complete()
}

/// The report as a message. `report_location` is where its files are, for people.
///
/// Attributes, for filter policies:
///
/// | name | type | value |
/// | --- | --- | --- |
/// | `run_id` | String | the run's id |
/// | `severity` | String | the worst finding's, in lower case; `none` without findings |
/// | `findings` | Number | how many findings there are |
/// | `thresholds_crossed` | Number | how many thresholds are crossed |
/// | `coverage_complete` | String | `true` or `false` |
/// | `organization` | String | `o-…`; absent outside an organization |
pub fn render(report: &Report, report_location: Option<&str>) -> Alert {
    Alert {
        subject: subject::render(report),
        body: body::render(report, report_location),
        attributes: attributes(report),
    }
}

fn attributes(report: &Report) -> Vec<Attribute> {
    let attribute = |name, data_type, value| Attribute {
        name,
        value,
        data_type,
    };
    let worst = report.findings.worst();
    let severity = worst.map_or("none", |severity| severity.as_str());
    let findings = report.findings.total().to_string();
    let crossed = report.crossed.len().to_string();
    let complete = report.coverage.is_complete().to_string();
    let mut attributes = vec![
        attribute("run_id", "String", report.run.id.clone()),
        attribute("severity", "String", severity.to_owned()),
        attribute("findings", "Number", findings),
        attribute("thresholds_crossed", "Number", crossed),
        attribute("coverage_complete", "String", complete),
    ];
    if let Some(organization) = &report.run.organization {
        let id = organization.id.clone();
        attributes.push(attribute("organization", "String", id));
    }
    attributes
}

/// The accounts that were to be scanned.
fn accounts_planned(report: &Report) -> u64 {
    report.coverage.accounts_scanned + report.coverage.accounts_failed
}

/// What there is to say about findings, once for the subject and the body.
enum Gist {
    /// Every account was left out.
    NothingPlanned,
    /// No target has a complete verdict, and no finding is known.
    NothingKnown,
    /// `3 critical findings in 2 of 60 accounts`, of the worst severity there is.
    Findings(String),
    /// There are none where it was possible to look.
    NoFindings,
}

fn gist(report: &Report) -> Gist {
    let targets = &report.coverage.targets;
    match report.findings.worst() {
        _ if accounts_planned(report) == 0 => Gist::NothingPlanned,
        Some(severity) => Gist::Findings(worst_findings(report, severity)),
        None if targets.known == 0 && targets.unknown > 0 => Gist::NothingKnown,
        None => Gist::NoFindings,
    }
}

fn worst_findings(report: &Report, severity: Severity) -> String {
    let has = |account: &&AccountSummary| account.findings.of(severity) > 0;
    let affected = report.accounts.iter().filter(has).count() as u64;
    let complete = report.coverage.is_complete();
    format!(
        "{}{} in {} of {}",
        if complete { "" } else { "at least " },
        count(report.findings.of(severity), &format!("{severity} finding")),
        number(affected),
        count(accounts_planned(report), "account"),
    )
}

fn is_failed(outcome: &AccountOutcome) -> bool {
    matches!(outcome, AccountOutcome::Failed { .. })
}

#[cfg(test)]
mod tests;
