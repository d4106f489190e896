//! Checks of ours as SARIF's rules, and findings as its results.

use orgscan_core::checks::Check;
use orgscan_core::frameworks::FRAMEWORKS;
use orgscan_core::model::{Arn, ChangeKind, Severity};
use orgscan_core::text::clean;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::events::{Event, EventStatus};

/// The longest texts that GitHub shows, in characters.
const TEXT: usize = 1_024;

/// How many tags of a rule GitHub shows.
const TAGS: usize = 10;

/// What a part of a path cannot have as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What all results of a run share.
#[derive(Clone, Copy, Debug)]
pub(super) struct SarifConversion<'c> {
    pub(super) checks: &'c [&'static Check],
}

/// The checks that the run made.
pub(super) fn rules(checks: &[&'static Check]) -> Vec<Value> {
    checks.iter().map(|check| rule(check)).collect()
}

fn rule(check: &Check) -> Value {
    let frameworks = FRAMEWORKS.iter().filter(|one| one.has(check.id));
    let tags: Vec<&str> = ["security", check.category.id()]
        .into_iter()
        .chain(frameworks.map(|one| one.id))
        .take(TAGS)
        .collect();
    let mut properties = json!({ "tags": tags, "precision": "very-high" });
    if let Some(score) = score(check.severity) {
        properties["security-severity"] = json!(score);
    }
    let command = (check.remediation)(&check.example);
    let example = |mark| match &command {
        Some(command) => format!("\n\nThe command for an example resource: {mark}{command}{mark}"),
        None => String::new(),
    };
    json!({
        "id": check.id,
        "shortDescription": { "text": clean(check.title, TEXT) },
        "fullDescription": { "text": clean(check.why, TEXT) },
        "help": {
            "text": format!("{}\n\nHow to fix:\n{}{}", check.why, check.numbered_fix(), example("")),
            "markdown": format!("{}\n\n**How to fix**\n\n{}{}", check.why, check.numbered_fix(), example("`")),
        },
        "defaultConfiguration": { "level": level(check.severity) },
        "properties": properties,
    })
}

/// A score in the range of GitHub's severity of the same name: above 9.0 critical, from 7.0 high, from 4.0
/// medium, from 0.1 low.
const fn score(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("2.0"),
        Severity::Informational => None,
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Informational => "note",
    }
}

impl SarifConversion<'_> {
    pub(super) fn result(&self, event: &Event<'_>) -> Value {
        let severity = event.severity.unwrap_or(Severity::Informational);
        let mut result = json!({
            "ruleId": event.check_id,
            "level": level(severity),
            "message": { "text": message(event) },
            "locations": [location(event)],
            // GitHub reads the first alone. It is no hash of a line here, but lasts like one.
            "partialFingerprints": {
                "primaryLocationLineHash": format!("{}:1", event.id),
                "orgscanFindingId/v1": event.id,
            },
            "properties": {
                "severity": severity,
                "accountId": event.account.id,
                "accountName": event.account.name,
                "ouPath": event.account.ou_path,
                "region": event.region,
                "part": event.part,
                "findingStatus": event.change.map(ChangeKind::as_str),
            },
        });
        let mut checks = self.checks.iter();
        if let Some(index) = checks.position(|check| check.id == event.check_id) {
            result["ruleIndex"] = json!(index);
        }
        if let Some(exception) = event.exception {
            result["suppressions"] = json!([{
                "kind": "external",
                "status": "accepted",
                "justification": clean(&exception.to_string(), TEXT),
            }]);
        }
        result
    }
}

/// What is wrong, with what, and where.
fn message(event: &Event<'_>) -> String {
    let resource = event.resource.unwrap_or_default();
    let account = format!("{} {}", event.account.id, event.account.name);
    let mut text = format!(
        "{}: {resource} in account {}",
        event.message,
        account.trim()
    );
    if event.status == EventStatus::Unseen {
        text.push_str(". It was open before, and could not be evaluated in this run");
    }
    clean(&text, TEXT)
}

/// A resource has no file. Its path stands for one: account, Region, service, resource. As the physical
/// location it is what GitHub requires; the logical location has the ARN.
fn location(event: &Event<'_>) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": path(event) },
            "region": { "startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1 },
        },
        "logicalLocations": [{
            "fullyQualifiedName": event.resource.unwrap_or(event.account.id.as_str()),
            "kind": "resource",
        }],
    })
}

/// `111122223333/eu-west-1/ec2/volume/vol-1`
fn path(event: &Event<'_>) -> String {
    let arn = Arn::from(event.resource.unwrap_or_default());
    let location = [
        event.account.id.as_str(),
        event.region.unwrap_or("global"),
        arn.service(),
    ];
    let parts = location.into_iter().chain(arn.resource().split(['/', ':']));
    let parts = parts.filter(|part| !part.is_empty()).map(|part| {
        // A part of dots alone would lead elsewhere.
        match part.bytes().all(|byte| byte == b'.') {
            true => "_".repeat(part.len()),
            false => utf8_percent_encode(part, PATH).to_string(),
        }
    });
    parts.collect::<Vec<_>>().join("/")
}
