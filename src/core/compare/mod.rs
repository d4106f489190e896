//! The last known state of an account and what a run found there, made into what changed and the new
//! state. Pure.
//!
//! A finding is resolved only where a complete evaluation of its target did not find it. Where nobody could
//! look it stays open, and where nobody was meant to look it stays as it was. A rule with other parameters
//! looks for something else.

mod coverage;
mod finding;
mod known;
mod tally;
mod target;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

pub use coverage::CoverageChange;
pub use finding::{Key, KnownFinding, Status};
pub use known::{KnownAccount, KnownOu, KnownTargets, Target};
pub use tally::{ChangesTally, by_check};

use crate::checks::{Check, RuleParameters};
use crate::exceptions::ResultWithExceptions;
use crate::model::{
    Account, AccountId, AccountResult, AccountState, ChangeKind, RunInfo, SkipReason,
    TargetOutcome, Violation,
};
use target::{TargetCoverage, Targets};

/// How long a closed finding is remembered, so that it is reopened and not new when it comes back.
pub const REMEMBERED: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What a comparison depends on beside state and result.
#[derive(Clone, Debug)]
pub struct ComparisonInput {
    /// The beginning of the run, to the second.
    pub at: Timestamp,
    /// The organization whose accounts were listed; none where nobody asked for them.
    pub organization: Option<String>,
    /// The ids of the checks that the run selected.
    pub checks: Vec<&'static str>,
    /// The fingerprints of the rules' parameters, by check: see [`RuleParameters`].
    pub rules: BTreeMap<String, String>,
}

impl ComparisonInput {
    /// That of a run which made these checks, by rules with these parameters.
    pub fn of(run: &RunInfo, checks: &[&'static Check], rules: &RuleParameters) -> Self {
        let organization = run.organization.as_ref();
        Self {
            // As the state keeps times.
            at: Timestamp::from_second(run.started.as_second()).unwrap_or(run.started),
            organization: organization.map(|organization| organization.id.clone()),
            checks: checks.iter().map(|check| check.id).collect(),
            rules: rules.fingerprints(),
        }
    }

    /// The fingerprint of a check's parameters; none where it has no parameters.
    fn rule(&self, check: &str) -> Option<String> {
        self.rules.get(check).cloned()
    }

    /// Whether a finding was last seen by a rule with other parameters, so that this one proves nothing of
    /// it. One that an older version has written down without them counts as seen by the same rule.
    fn has_other_rule(&self, finding: &KnownFinding) -> bool {
        finding.rule.is_some() && finding.rule != self.rule(&finding.key.check)
    }
}

/// What a run has to say of an account.
#[derive(Clone, Copy, Debug)]
pub enum AccountObservation<'a> {
    /// It was meant to be scanned.
    Result(&'a AccountResult),
    /// It was listed and left out.
    Skipped(&'a Account, SkipReason),
    /// It was not listed.
    Unlisted,
}

/// A finding, and what became of it; nothing where it was closed and stays so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedFinding {
    /// What became of it.
    pub kind: Option<ChangeKind>,
    /// What is known of it now.
    pub finding: KnownFinding,
    /// Whether an exception accepts it, so that it is no regression.
    pub suppressed: bool,
}

/// What changed in an account, and what is known of it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Its known state, without the findings.
    pub account: KnownAccount,
    /// Its findings in the order of their keys.
    pub findings: Vec<ComparedFinding>,
    /// The path of the OU that it was moved from.
    pub moved_from: Option<String>,
    /// What became of it, where it has gone since.
    pub gone: Option<String>,
    /// What changed in what could be evaluated.
    pub coverage: CoverageChange,
}

impl Comparison {
    /// What is known of the account now; none where there is nothing to remember.
    pub fn into_known(self) -> Option<KnownAccount> {
        let findings: Vec<_> = self.findings.into_iter().map(|one| one.finding).collect();
        let forgotten = self.account.gone.is_some() && findings.is_empty() && self.gone.is_none();
        (!forgotten).then_some(KnownAccount {
            findings,
            ..self.account
        })
    }

    /// Notes which of the findings an exception accepts.
    pub fn except(&mut self, applied: &ResultWithExceptions<'_>) {
        for target in &applied.result().verdicts {
            let TargetOutcome::Evaluated(verdict) = &target.outcome else {
                continue;
            };
            for violation in &verdict.violations {
                if applied.exception(target, violation).is_some() {
                    let key = Key::of(&target.check_id, &target.scope, violation);
                    if let Ok(at) = self.position(&key) {
                        self.findings[at].suppressed = true;
                    }
                }
            }
        }
    }

    /// What became of a finding of this run.
    pub fn of(&self, key: &Key) -> Option<&ComparedFinding> {
        self.findings.get(self.position(key).ok()?)
    }

    fn position(&self, key: &Key) -> Result<usize, usize> {
        self.findings
            .binary_search_by(|one| one.finding.key.cmp(key))
    }
}

/// Compares. Nothing where the account was never scanned, now neither.
pub fn compare(
    known: Option<KnownAccount>,
    seen: AccountObservation<'_>,
    now: &ComparisonInput,
) -> Option<Comparison> {
    match (known, seen) {
        (Some(known), _) if known.last_scanned > now.at => Some(unchanged(known, |_| None)),
        (Some(known), AccountObservation::Unlisted) => Some(unlisted(known, now)),
        (Some(known), AccountObservation::Skipped(account, reason)) => {
            Some(skipped(known, account, reason, now))
        }
        (known, AccountObservation::Result(result)) => Some(scanned(known, result, now)),
        (None, AccountObservation::Unlisted | AccountObservation::Skipped(..)) => None,
    }
}

/// The account as it was, with what became of each open finding.
fn unchanged(
    mut known: KnownAccount,
    kind: impl Fn(&KnownFinding) -> Option<ChangeKind>,
) -> Comparison {
    let findings = std::mem::take(&mut known.findings).into_iter();
    let findings = findings.map(|finding| ComparedFinding {
        kind: kind(&finding).filter(|_| finding.is_open()),
        finding,
        suppressed: false,
    });
    Comparison {
        findings: findings.collect(),
        account: known,
        moved_from: None,
        gone: None,
        coverage: CoverageChange::default(),
    }
}

fn out_of_scope(mut known: KnownAccount, now: &ComparisonInput) -> Comparison {
    known.findings.retain(|finding| !is_forgotten(finding, now));
    unchanged(known, |_| Some(ChangeKind::OutOfScope))
}

/// A run of the same organization lists all its accounts, so an account that is not listed has left it.
fn unlisted(known: KnownAccount, now: &ComparisonInput) -> Comparison {
    match now.organization.is_some() && known.organization == now.organization {
        true => gone(known, "no longer in the organization".to_owned(), now),
        false => out_of_scope(known, now),
    }
}

fn skipped(
    mut known: KnownAccount,
    account: &Account,
    reason: SkipReason,
    now: &ComparisonInput,
) -> Comparison {
    let moved_from = update_account(&mut known, account, now);
    let compared = match reason {
        SkipReason::AccountNotActive => {
            let detail = match account.state {
                AccountState::Closed => "closed".to_owned(),
                AccountState::Suspended => "suspended".to_owned(),
                state => format!("not active: {state}"),
            };
            gone(known, detail, now)
        }
        _ => out_of_scope(known, now),
    };
    Comparison {
        moved_from,
        ..compared
    }
}

/// The findings go with their account. It is reported once.
fn gone(mut known: KnownAccount, detail: String, now: &ComparisonInput) -> Comparison {
    if known.gone.is_some() {
        return out_of_scope(known, now);
    }
    known.gone = Some(now.at);
    known.last_scanned = now.at;
    known.targets = KnownTargets::default();
    known.findings.retain(|finding| !is_forgotten(finding, now));
    let mut compared = unchanged(known, |_| Some(ChangeKind::Gone));
    for one in &mut compared.findings {
        if one.finding.is_open() {
            one.finding.close(Status::Gone, now.at);
        }
    }
    Comparison {
        gone: Some(detail),
        ..compared
    }
}

/// Brings name, organization and OU up to date. Gives the path of the OU that the account was moved from.
fn update_account(
    known: &mut KnownAccount,
    account: &Account,
    now: &ComparisonInput,
) -> Option<String> {
    known.name.clone_from(&account.name);
    if now.organization.is_some() {
        known.organization.clone_from(&now.organization);
    }
    let ou = KnownOu::of(account)?;
    let before = known.ou.replace(ou.clone())?;
    (before.id != ou.id).then_some(before.path)
}

fn scanned(
    known: Option<KnownAccount>,
    result: &AccountResult,
    now: &ComparisonInput,
) -> Comparison {
    let first_scan = known.is_none();
    let mut known = known.unwrap_or_else(|| unknown(&result.account.id, now));
    let moved_from = update_account(&mut known, &result.account, now);
    known.last_scanned = now.at;
    known.gone = None;
    let coverage = coverage::cover(&mut known.targets, result, first_scan);
    let findings = findings(std::mem::take(&mut known.findings), result, now);
    Comparison {
        account: known,
        findings,
        moved_from,
        gone: None,
        coverage,
    }
}

fn unknown(id: &AccountId, now: &ComparisonInput) -> KnownAccount {
    KnownAccount {
        id: id.clone(),
        name: String::new(),
        organization: None,
        ou: None,
        last_scanned: now.at,
        gone: None,
        targets: KnownTargets::default(),
        findings: Vec::new(),
    }
}

fn findings(
    known: Vec<KnownFinding>,
    result: &AccountResult,
    now: &ComparisonInput,
) -> Vec<ComparedFinding> {
    let mut found = violations(result);
    let targets = Targets::of(result, &now.checks);
    let mut all = Vec::new();
    for finding in known.into_iter().filter(|one| !is_forgotten(one, now)) {
        all.push(match found.remove(&finding.key) {
            Some(violation) => found_again(finding, violation, now),
            None => not_found(finding, &targets, now),
        });
    }
    all.extend(found.into_iter().map(|(key, violation)| ComparedFinding {
        kind: Some(ChangeKind::New),
        finding: KnownFinding::new(key, violation, now),
        suppressed: false,
    }));
    all.sort_by(|a, b| a.finding.key.cmp(&b.finding.key));
    all
}

/// The violations of a result. Of two with the same identity the worse one counts.
fn violations(result: &AccountResult) -> BTreeMap<Key, &Violation> {
    let mut found: BTreeMap<Key, &Violation> = BTreeMap::new();
    for target in &result.verdicts {
        let TargetOutcome::Evaluated(verdict) = &target.outcome else {
            continue;
        };
        for violation in &verdict.violations {
            let key = Key::of(&target.check_id, &target.scope, violation);
            let slot = found.entry(key).or_insert(violation);
            if violation.severity > slot.severity {
                *slot = violation;
            }
        }
    }
    found
}

fn found_again(
    finding: KnownFinding,
    violation: &Violation,
    now: &ComparisonInput,
) -> ComparedFinding {
    let kind = match finding.is_open() {
        false => ChangeKind::Reopened,
        true if violation.severity > finding.severity => ChangeKind::Worsened,
        true => ChangeKind::Ongoing,
    };
    ComparedFinding {
        kind: Some(kind),
        finding: finding.seen(violation, now),
        suppressed: false,
    }
}

fn not_found(
    mut finding: KnownFinding,
    targets: &Targets<'_>,
    now: &ComparisonInput,
) -> ComparedFinding {
    let Key { check, scope, .. } = &finding.key;
    let mut coverage = targets.coverage(check, scope, finding.region.as_ref());
    if coverage == TargetCoverage::Completely && now.has_other_rule(&finding) {
        coverage = TargetCoverage::OutOfScope;
    }
    if coverage == TargetCoverage::Completely {
        finding.last_evaluated = now.at;
    }
    let kind = finding.is_open().then_some(match coverage {
        TargetCoverage::Completely => ChangeKind::Resolved,
        TargetCoverage::InPart => ChangeKind::Unknown,
        TargetCoverage::OutOfScope => ChangeKind::OutOfScope,
    });
    match kind {
        Some(ChangeKind::Resolved) => finding.close(Status::Resolved, now.at),
        Some(ChangeKind::Unknown) => finding.status = Status::Unknown,
        _ => {}
    }
    ComparedFinding {
        kind,
        finding,
        suppressed: false,
    }
}

/// Whether a finding was closed so long ago that it counts as new when it comes back.
fn is_forgotten(finding: &KnownFinding, now: &ComparisonInput) -> bool {
    let closed = finding.closed;
    closed.is_some_and(|closed| now.at.duration_since(closed) > REMEMBERED)
}

#[cfg(test)]
mod sequences;
#[cfg(test)]
mod tests;
