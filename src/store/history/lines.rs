//! The lines of a state: compact, and the same for the same content.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use orgscan_core::compare::{
    Key, KnownAccount, KnownFinding, KnownOu, KnownTargets, Status, Target,
};
use orgscan_core::model::{AccountId, BaseRun, Place, Region, Severity};

/// What the format is called.
pub(super) const FORMAT: &str = "orgscan findings";

/// Its version. Raised when an older orgscan could no longer read it.
pub(super) const VERSION: u32 = 1;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) format: String,
    pub(super) version: u32,
    /// Who wrote it; none where it stands for a state that was not there.
    pub(super) run: Option<BaseRun>,
    /// How many lines follow, so that a file that ends early shows.
    pub(super) accounts: u64,
}

/// A line for an account. Names are short and times are whole seconds: there is one for every account.
#[derive(Serialize, Deserialize)]
pub(crate) struct Line {
    account: AccountId,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    organization: Option<String>,
    /// Id and path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ou: Option<(String, String)>,
    looked: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gone: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    covered: Vec<Targets>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lost: Vec<Targets>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    denied: Vec<Targets>,
    findings: Vec<Row>,
    /// Findings of rules with parameters. An older version reads the line without this.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rules: Vec<Ruled>,
}

/// Checks and the places of each of them.
type Targets = (Vec<String>, Vec<Place>);

/// Check, place, resource, part, Region, severity, status, first seen, last seen, last evaluated,
/// closed, how often reopened, message.
type Row = (
    String,
    Place,
    String,
    String,
    Option<Region>,
    Severity,
    Status,
    i64,
    i64,
    i64,
    Option<i64>,
    u32,
    String,
);

/// The fingerprint of a rule's parameters, and the positions of those findings that the rule found last.
type Ruled = (String, Vec<usize>);

impl Line {
    /// The account's id.
    pub(crate) fn id(&self) -> &AccountId {
        &self.account
    }
}

impl From<&KnownAccount> for Line {
    fn from(known: &KnownAccount) -> Self {
        let ou = known.ou.as_ref();
        Self {
            account: known.id.clone(),
            name: known.name.clone(),
            organization: known.organization.clone(),
            ou: ou.map(|ou| (ou.id.clone(), ou.path.clone())),
            looked: known.looked.as_second(),
            gone: known.gone.map(Timestamp::as_second),
            covered: packed(&known.targets.covered),
            lost: packed(&known.targets.lost),
            denied: packed(&known.targets.denied),
            findings: known.findings.iter().map(row).collect(),
            rules: rules(&known.findings),
        }
    }
}

impl TryFrom<Line> for KnownAccount {
    type Error = jiff::Error;

    fn try_from(line: Line) -> Result<Self, Self::Error> {
        let findings: Result<Vec<_>, _> = line.findings.into_iter().map(finding).collect();
        let mut findings = findings?;
        for (rule, positions) in line.rules {
            for position in positions {
                if let Some(finding) = findings.get_mut(position) {
                    finding.rule = Some(rule.clone());
                }
            }
        }
        // In their order as it is written; somebody may have mended it by hand.
        findings.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(Self {
            id: line.account,
            name: line.name,
            organization: line.organization,
            ou: line.ou.map(|(id, path)| KnownOu { id, path }),
            looked: Timestamp::from_second(line.looked)?,
            gone: line.gone.map(Timestamp::from_second).transpose()?,
            targets: KnownTargets {
                covered: unpacked(line.covered),
                lost: unpacked(line.lost),
                denied: unpacked(line.denied),
            },
            findings,
        })
    }
}

fn row(finding: &KnownFinding) -> Row {
    let key = finding.key.clone();
    (
        key.check,
        key.place,
        key.resource,
        key.part,
        finding.region.clone(),
        finding.severity,
        finding.status,
        finding.first_seen.as_second(),
        finding.last_seen.as_second(),
        finding.last_evaluated.as_second(),
        finding.closed.map(Timestamp::as_second),
        finding.reopened,
        finding.message.clone(),
    )
}

fn finding(row: Row) -> Result<KnownFinding, jiff::Error> {
    let (check, place, resource, part, region, severity, status, ..) = row;
    Ok(KnownFinding {
        key: Key {
            check,
            place,
            resource,
            part,
        },
        region,
        severity,
        status,
        first_seen: Timestamp::from_second(row.7)?,
        last_seen: Timestamp::from_second(row.8)?,
        last_evaluated: Timestamp::from_second(row.9)?,
        closed: row.10.map(Timestamp::from_second).transpose()?,
        reopened: row.11,
        message: row.12,
        rule: None,
    })
}

/// Findings by the fingerprint of the rule that found them last: there are few such rules.
fn rules(findings: &[KnownFinding]) -> Vec<Ruled> {
    let mut rules: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, finding) in findings.iter().enumerate() {
        if let Some(rule) = &finding.rule {
            rules.entry(rule).or_default().push(position);
        }
    }
    let rules = rules.into_iter();
    rules
        .map(|(rule, positions)| (rule.to_owned(), positions))
        .collect()
}

/// Checks that were made in the same places together: there are few such sets of places.
fn packed(targets: &BTreeSet<Target>) -> Vec<Targets> {
    let mut places: BTreeMap<&str, Vec<&Place>> = BTreeMap::new();
    for (check, place) in targets {
        places.entry(check).or_default().push(place);
    }
    let mut checks: BTreeMap<Vec<&Place>, Vec<String>> = BTreeMap::new();
    for (check, places) in places {
        checks.entry(places).or_default().push(check.to_owned());
    }
    let packed = checks.into_iter();
    packed
        .map(|(places, checks)| (checks, places.into_iter().cloned().collect()))
        .collect()
}

fn unpacked(packed: Vec<Targets>) -> BTreeSet<Target> {
    let mut targets = BTreeSet::new();
    for (checks, places) in packed {
        for check in checks {
            targets.extend(places.iter().map(|place| (check.clone(), place.clone())));
        }
    }
    targets
}
