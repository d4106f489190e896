//! The message's attributes, for the filter policies of subscriptions.

use std::collections::BTreeSet;

use orgscan_core::model::{AccountId, AccountSummary, ChangeKind, Report, Severity};
use orgscan_core::text::clean;
use serde::{Deserialize, Serialize};

use super::{AlertContext, is_incomplete};

/// The last item of a truncated list, so that a filter policy can match it.
const MORE: &str = "more";

/// The most names in a list.
const NAMES: usize = 100;

/// The most characters of an OU's path: enough for five names of 128.
const PATH: usize = 700;

/// The most bytes of a list: SNS counts attributes into the 256 KiB of a message.
const BYTES: usize = 8_192;

/// A message attribute. SQS takes ten at most where messages are delivered raw.
///
/// Source: <https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its value, as text.
    pub value: String,
    /// `String`, `Number` or `String.Array`, as in SNS.
    #[serde(rename = "type")]
    pub data_type: String,
}

/// The attributes; `docs/alert.md` describes each.
pub(super) fn attributes(context: &AlertContext<'_>) -> Vec<Attribute> {
    let report = context.report;
    let of = |kind| report.changes.of(kind);
    let regressions = of(ChangeKind::New) + of(ChangeKind::Reopened) + of(ChangeKind::Worsened);
    let crossed = report.thresholds_crossed.len().to_string();
    let complete = report.coverage.is_complete().to_string();
    let mut attributes = vec![
        attribute("run_id", "String", report.run.id.clone()),
        attribute(
            "highest_severity",
            "String",
            severity_name(report.findings.highest()),
        ),
        attribute("findings", "Number", report.findings.total().to_string()),
        attribute("thresholds_crossed", "Number", crossed),
        attribute("coverage_complete", "String", complete),
    ];
    if context.is_compared() {
        attributes.extend([
            attribute("regressions", "Number", regressions.total().to_string()),
            attribute(
                "regressions_highest_severity",
                "String",
                severity_name(regressions.highest()),
            ),
        ]);
    }
    if let Some(organization) = &report.run.organization {
        attributes.push(attribute(
            "organization_id",
            "String",
            organization.id.clone(),
        ));
    }
    attributes.extend(accounts_and_units(context));
    attributes
}

/// The accounts that the alert is about, and their OUs.
fn accounts_and_units(context: &AlertContext<'_>) -> impl Iterator<Item = Attribute> {
    let about = about(context);
    let ids = about.iter().map(|id| id.to_string());
    let mut units = BTreeSet::new();
    for id in &about {
        let path = context.account(id).map_or("", |account| &*account.ou_path);
        units.insert(path);
    }
    let units = units.into_iter().filter(|path| !path.is_empty());
    let units = list("ou_paths", units.map(|path| clean(path, PATH)));
    list("account_ids", ids).into_iter().chain(units)
}

fn attribute(name: &str, data_type: &str, value: String) -> Attribute {
    Attribute {
        name: name.to_owned(),
        value,
        data_type: data_type.to_owned(),
    }
}

fn severity_name(severity: Option<Severity>) -> String {
    severity
        .map_or("none", |severity| severity.as_str())
        .to_owned()
}

/// A list of names; none where it is empty.
fn list(name: &str, names: impl Iterator<Item = String>) -> Option<Attribute> {
    let mut value = String::from("[");
    for (index, text) in names.enumerate() {
        let text = serde_json::Value::from(text).to_string();
        let separator = if index == 0 { "" } else { "," };
        if index == NAMES || value.len() + text.len() > BYTES {
            value.push_str(&format!("{separator}\"{MORE}\""));
            break;
        }
        value.push_str(separator);
        value.push_str(&text);
    }
    (value.len() > 1).then(|| attribute(name, "String.Array", value + "]"))
}

/// The accounts with regressions. If changes are unknown, those with findings and those with gaps.
fn about(context: &AlertContext<'_>) -> BTreeSet<AccountId> {
    let report = context.report;
    let is_about = |one: &&AccountSummary| match context.is_compared() {
        true => one
            .changes
            .iter()
            .any(|change| (change.new + change.reopened + change.worsened).total() > 0),
        false => one.findings.total() > 0 || is_incomplete(one),
    };
    let accounts = report.accounts.iter().filter(is_about);
    let mut about: BTreeSet<_> = accounts.map(|one| one.account.id.clone()).collect();
    about.extend(regressed(report));
    about
}

/// The accounts that lost coverage, were moved, closed or removed.
fn regressed(report: &Report) -> impl Iterator<Item = AccountId> {
    let changes = &report.changes;
    let lost = [&changes.coverage_lost, &changes.coverage_missing];
    let lost = lost.into_iter().flat_map(|list| &list.first);
    let lost = lost.map(|one| &one.account_id);
    let denied = changes.permission_lost.first.iter();
    let moved = changes
        .accounts_moved
        .first
        .iter()
        .map(|one| &one.account_id);
    let gone = changes
        .accounts_gone
        .first
        .iter()
        .map(|one| &one.account_id);
    let denied = denied.map(|one| &one.account_id);
    lost.chain(denied).chain(moved).chain(gone).cloned()
}
