//! The comparisons of all accounts, one at a time, made into the summary of what changed.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{ComparedFinding, Comparison};
use crate::model::{
    AccountId, AccountMove, AccountRemoval, Baseline, ChangeGroup, ChangeKind, Changes,
    CheckChanges, CheckId, CoverageGain, CoverageLoss, PermissionLoss, Severity, TruncatedList,
};

/// How many accounts a group names at most.
const SAMPLE: usize = 10;

/// A summary in the making.
#[derive(Clone, Debug, Default)]
pub struct ChangesTally {
    changes: Changes,
    groups: BTreeMap<GroupKey, Group>,
}

/// The highest severity comes first.
type GroupKey = (ChangeKind, Reverse<Severity>, CheckId);

#[derive(Clone, Debug, Default)]
struct Group {
    findings: u64,
    accounts: u64,
    sample: Vec<AccountId>,
    last: Option<AccountId>,
}

impl ChangesTally {
    /// Counts an account's changes, and keeps none of its findings. Accounts come by id, each once.
    pub fn add(&mut self, comparison: &Comparison) {
        for (kind, one) in changed(comparison) {
            let severity = one.finding.severity;
            self.changes.counts.entry(kind).or_default().count(severity);
            if is_regression(kind) {
                let key = (kind, Reverse(severity), one.finding.key.check.clone());
                let group = self.groups.entry(key).or_default();
                group.count(&comparison.account.id);
            }
        }
        self.list(comparison);
    }

    /// The summary.
    pub fn finish(mut self, since: Baseline) -> Changes {
        if since == Baseline::FirstRun {
            // It scans every account for the first time, and its coverage says all of it.
            self.changes.coverage_missing = TruncatedList::default();
        }
        let groups = self.groups.into_iter();
        let groups = groups.map(|((kind, Reverse(severity), check), group)| ChangeGroup {
            status: kind,
            severity,
            check_id: check,
            findings: group.findings,
            accounts: group.accounts,
            sample: group.sample,
        });
        Changes {
            baseline: since,
            groups: groups.collect(),
            ..self.changes
        }
    }

    /// What is about the account as a whole.
    fn list(&mut self, comparison: &Comparison) {
        let changes = &mut self.changes;
        list_coverage(changes, comparison);
        let account = &comparison.account;
        let (account_id, account_name) = (&account.id, &account.name);
        if let Some(from) = &comparison.moved_from {
            let to = account.ou.as_ref().map_or("", |ou| &ou.path);
            changes.accounts_moved.push(AccountMove {
                account_id: account_id.clone(),
                account_name: account_name.clone(),
                from_ou_path: from.clone(),
                to_ou_path: to.to_owned(),
            });
        }
        if let Some(detail) = &comparison.gone {
            let closed = changed(comparison).filter(|(kind, _)| *kind == ChangeKind::Gone);
            changes.accounts_gone.push(AccountRemoval {
                account_id: account_id.clone(),
                account_name: account_name.clone(),
                detail: detail.clone(),
                findings: closed.count() as u64,
            });
        }
    }
}

/// What can be evaluated no more, and what can be again.
fn list_coverage(changes: &mut Changes, comparison: &Comparison) {
    let coverage = &comparison.coverage;
    let (account_id, account_name) = (&comparison.account.id, &comparison.account.name);
    if coverage.lost > 0 {
        let list = match coverage.first_scan {
            true => &mut changes.coverage_missing,
            false => &mut changes.coverage_lost,
        };
        list.push(CoverageLoss {
            account_id: account_id.clone(),
            account_name: account_name.clone(),
            targets: coverage.lost,
            causes: coverage.causes.clone(),
        });
    }
    if coverage.regained > 0 {
        changes.coverage_regained.push(CoverageGain {
            account_id: account_id.clone(),
            account_name: account_name.clone(),
            targets: coverage.regained,
        });
    }
    for (action, cause) in &coverage.denied {
        changes.permission_lost.push(PermissionLoss {
            account_id: account_id.clone(),
            account_name: account_name.clone(),
            action: action.clone(),
            cause: *cause,
        });
    }
}

impl Group {
    fn count(&mut self, account: &AccountId) {
        self.findings += 1;
        if self.last.as_ref() != Some(account) {
            self.last = Some(account.clone());
            self.accounts += 1;
            if self.sample.len() < SAMPLE {
                self.sample.push(account.clone());
            }
        }
    }
}

/// The account's new, reopened, worsened and resolved findings by check, of those checks that have any.
pub fn by_check(comparison: &Comparison) -> Vec<CheckChanges> {
    let mut checks: Vec<CheckChanges> = Vec::new();
    for (kind, one) in changed(comparison) {
        if !is_regression(kind) && kind != ChangeKind::Resolved {
            continue;
        }
        let check = &one.finding.key.check;
        // In the order of the keys those of a check are together.
        if checks.last().is_none_or(|last| last.check_id != *check) {
            checks.push(CheckChanges {
                check_id: check.clone(),
                ..CheckChanges::default()
            });
        }
        let Some(last) = checks.last_mut() else {
            continue;
        };
        let counts = match kind {
            ChangeKind::Reopened => &mut last.reopened,
            ChangeKind::Worsened => &mut last.worsened,
            ChangeKind::Resolved => &mut last.resolved,
            _ => &mut last.new,
        };
        counts.count(one.finding.severity);
    }
    checks
}

/// What became of the findings that nobody has accepted.
fn changed(comparison: &Comparison) -> impl Iterator<Item = (ChangeKind, &ComparedFinding)> {
    let findings = comparison.findings.iter().filter(|one| !one.suppressed);
    findings.filter_map(|one| Some((one.kind?, one)))
}

/// Whether somebody has more to do than before.
fn is_regression(kind: ChangeKind) -> bool {
    matches!(
        kind,
        ChangeKind::New | ChangeKind::Reopened | ChangeKind::Worsened
    )
}
