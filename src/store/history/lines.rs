//! The lines of a state: compact, and the same for the same content.
//!
//! Version 1 wrote lists without names where version 2 has objects. serde reads both into the same types, a list
//! field by field: so the fields that version 1 had stay first, in its order.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use orgscan_core::compare::{
    Key, KnownAccount, KnownFinding, KnownOu, KnownTargets, Status, Target,
};
use orgscan_core::model::{AccountId, Arn, BaselineRun, CheckId, Region, Severity, TargetScope};

/// What the format is called.
pub(super) const FORMAT: &str = "orgscan findings";

/// Its version. Raised when an older orgscan could no longer read it; this one reads all from 1 on.
pub(super) const VERSION: u32 = 2;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct HistoryHeader {
    pub(super) format: String,
    pub(super) version: u32,
    /// Who wrote it; none where it stands for a state that was not there.
    pub(super) run: Option<BaselineRun>,
    /// How many lines follow, so that a file that ends early shows.
    pub(super) accounts: u64,
}

/// A line for an account. Times are whole seconds: there is one for every account.
#[derive(Serialize, Deserialize)]
pub(crate) struct KnownLine {
    account: AccountId,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    organization: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ou: Option<Ou>,
    #[serde(rename = "looked")]
    last_scanned: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    gone: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    covered: Vec<Targets>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lost: Vec<Targets>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    denied: Vec<Targets>,
    findings: Vec<Finding>,
    /// In version 1: the fingerprint of a rule's parameters, and the positions of those findings that the rule found
    /// last.
    #[serde(default, skip_serializing)]
    rules: Vec<(String, Vec<usize>)>,
}

#[derive(Serialize, Deserialize)]
struct Ou {
    id: String,
    path: String,
}

/// Checks and the scopes of each of them.
#[derive(Serialize, Deserialize)]
struct Targets {
    checks: Vec<CheckId>,
    #[serde(rename = "places")]
    scopes: Vec<TargetScope>,
}

#[derive(Serialize, Deserialize)]
struct Finding {
    check: CheckId,
    #[serde(rename = "place")]
    scope: TargetScope,
    resource: Arn,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    part: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
    severity: Severity,
    status: Status,
    first_seen: i64,
    last_seen: i64,
    last_evaluated: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    closed: Option<i64>,
    reopened: u32,
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
}

impl KnownLine {
    /// The account's id.
    pub(crate) fn id(&self) -> &AccountId {
        &self.account
    }
}

impl From<&KnownAccount> for KnownLine {
    fn from(known: &KnownAccount) -> Self {
        let ou = known.ou.as_ref();
        Self {
            account: known.id.clone(),
            name: known.name.clone(),
            organization: known.organization.clone(),
            ou: ou.map(|ou| Ou {
                id: ou.id.clone(),
                path: ou.path.clone(),
            }),
            last_scanned: known.last_scanned.as_second(),
            gone: known.gone.map(Timestamp::as_second),
            covered: packed(&known.targets.covered),
            lost: packed(&known.targets.lost),
            denied: packed(&known.targets.denied),
            findings: known.findings.iter().map(Finding::from).collect(),
            rules: Vec::new(),
        }
    }
}

impl TryFrom<KnownLine> for KnownAccount {
    type Error = jiff::Error;

    fn try_from(line: KnownLine) -> Result<Self, Self::Error> {
        let findings: Result<Vec<_>, _> = line
            .findings
            .into_iter()
            .map(KnownFinding::try_from)
            .collect();
        let mut findings = findings?;
        for (rule, positions) in line.rules {
            for position in positions {
                if let Some(finding) = findings.get_mut(position) {
                    finding.rule = Some(rule.clone());
                }
            }
        }
        // In their order as it is written; somebody may have fixed it by hand.
        findings.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(Self {
            id: line.account,
            name: line.name,
            organization: line.organization,
            ou: line.ou.map(|ou| KnownOu {
                id: ou.id,
                path: ou.path,
            }),
            last_scanned: Timestamp::from_second(line.last_scanned)?,
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

impl From<&KnownFinding> for Finding {
    fn from(finding: &KnownFinding) -> Self {
        let key = finding.key.clone();
        Self {
            check: key.check,
            scope: key.scope,
            resource: key.resource,
            part: key.part,
            region: finding.region.clone(),
            severity: finding.severity,
            status: finding.status,
            first_seen: finding.first_seen.as_second(),
            last_seen: finding.last_seen.as_second(),
            last_evaluated: finding.last_evaluated.as_second(),
            closed: finding.closed.map(Timestamp::as_second),
            reopened: finding.reopened,
            message: finding.message.clone(),
            rule: finding.rule.clone(),
        }
    }
}

impl TryFrom<Finding> for KnownFinding {
    type Error = jiff::Error;

    fn try_from(finding: Finding) -> Result<Self, Self::Error> {
        Ok(Self {
            key: Key {
                check: finding.check,
                scope: finding.scope,
                resource: finding.resource,
                part: finding.part,
            },
            region: finding.region,
            severity: finding.severity,
            status: finding.status,
            first_seen: Timestamp::from_second(finding.first_seen)?,
            last_seen: Timestamp::from_second(finding.last_seen)?,
            last_evaluated: Timestamp::from_second(finding.last_evaluated)?,
            closed: finding.closed.map(Timestamp::from_second).transpose()?,
            reopened: finding.reopened,
            message: finding.message,
            rule: finding.rule,
        })
    }
}

/// Checks that were run in the same scopes together: there are few such sets of scopes.
fn packed(targets: &BTreeSet<Target>) -> Vec<Targets> {
    let mut scopes: BTreeMap<&CheckId, Vec<&TargetScope>> = BTreeMap::new();
    for (check, scope) in targets {
        scopes.entry(check).or_default().push(scope);
    }
    let mut checks: BTreeMap<Vec<&TargetScope>, Vec<CheckId>> = BTreeMap::new();
    for (check, scopes) in scopes {
        checks.entry(scopes).or_default().push(check.clone());
    }
    let packed = checks.into_iter();
    packed
        .map(|(scopes, checks)| Targets {
            checks,
            scopes: scopes.into_iter().cloned().collect(),
        })
        .collect()
}

fn unpacked(packed: Vec<Targets>) -> BTreeSet<Target> {
    let mut targets = BTreeSet::new();
    for Targets { checks, scopes } in packed {
        for check in checks {
            targets.extend(scopes.iter().map(|scope| (check.clone(), scope.clone())));
        }
    }
    targets
}
