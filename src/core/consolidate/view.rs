//! The part of a report that is about some of its accounts.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use super::cover;
use super::totals::Totals;
use crate::checks::{INDICATORS, Indicator};
use crate::model::{
    Account, AccountId, AccountSummary, Baseline, ChangeGroup, ChangeKind, Changes, CheckId,
    Coverage, Crossing, ExceptionsReport, IndicatorTotal, Report, Severity, SeverityCounts,
    ThresholdScope, TruncatedList, unit_paths,
};

/// How many accounts a group names at most.
const SAMPLE: usize = 10;

/// The part of a report that is about the accounts that match, as a report of its own: nothing in it
/// is about another account. An OU's total is in it where all accounts of the OU match.
///
/// Kinds of change that are not counted account by account (ongoing, unknown, out of scope, gone) are
/// not counted here either.
pub fn view(report: &Report, matches: impl Fn(&Account) -> bool) -> Report {
    let (own, others): (Vec<_>, Vec<_>) = report
        .accounts
        .iter()
        .partition(|summary| matches(&summary.account));
    let mut totals = Totals::new(&indicators(report));
    let mut coverage = Coverage::default();
    for summary in &own {
        totals.add(summary);
        cover(&mut coverage, summary);
    }
    let mut units = totals.organizational_units;
    let shared: HashSet<&str> = others
        .iter()
        .flat_map(|other| unit_paths(&other.account.ou_path))
        .collect();
    units.retain(|path, _| !shared.contains(&**path));
    let crossed = thresholds_crossed(report, &own, &units);
    let (changes, notes) = changes(report, &own);
    Report {
        run: report.run.clone(),
        indicators: totals.organization,
        ous: units,
        findings: totals.findings,
        suppressed: totals.suppressed,
        findings_by_check: BTreeMap::new(),
        // Exceptions and enrollment are the organization's business.
        exceptions: ExceptionsReport::default(),
        enrollment: None,
        frameworks: Vec::new(),
        thresholds_crossed: crossed,
        coverage,
        changes,
        // The run's own notes may name other accounts.
        notes,
        accounts: own.into_iter().cloned().collect(),
    }
}

/// The crossed thresholds of these accounts, and of the OUs whose accounts are all among them.
fn thresholds_crossed(
    report: &Report,
    own: &[&AccountSummary],
    units: &BTreeMap<String, Vec<IndicatorTotal>>,
) -> Vec<Crossing> {
    let is_own = |scope: &ThresholdScope| match scope {
        ThresholdScope::Organization => false,
        ThresholdScope::Ou(path) => units.contains_key(path),
        ThresholdScope::Account(id) => is_among(own, id),
    };
    let all = report.thresholds_crossed.iter();
    all.filter(|one| is_own(&one.scope)).cloned().collect()
}

/// The indicators that the report counts.
fn indicators(report: &Report) -> Vec<&'static Indicator> {
    let is_counted = |one: &&Indicator| {
        let mut counted = report.indicators.iter();
        counted.any(|total| total.indicator == one.name)
    };
    INDICATORS.iter().filter(is_counted).collect()
}

/// Whether the account is among these, which are ordered by id.
fn is_among(accounts: &[&AccountSummary], id: &AccountId) -> bool {
    let found = accounts.binary_search_by(|summary| summary.account.id.cmp(id));
    found.is_ok()
}

fn changes(report: &Report, own: &[&AccountSummary]) -> (Changes, Vec<String>) {
    let all = &report.changes;
    let is_own = |id: &AccountId| is_among(own, id);
    let (counts, groups) = changed(own);
    let mut since = all.baseline.clone();
    if let Baseline::Compared { run } = &mut since {
        // What became of the alerts of that run is the organization's business.
        run.alert = None;
    }
    let mut cut = false;
    let changes = Changes {
        baseline: since,
        counts,
        groups,
        accounts_moved: listed(&all.accounts_moved, &mut cut, |one| is_own(&one.account_id)),
        accounts_gone: listed(&all.accounts_gone, &mut cut, |one| is_own(&one.account_id)),
        coverage_lost: listed(&all.coverage_lost, &mut cut, |one| is_own(&one.account_id)),
        coverage_missing: listed(&all.coverage_missing, &mut cut, |one| {
            is_own(&one.account_id)
        }),
        coverage_regained: listed(&all.coverage_regained, &mut cut, |one| {
            is_own(&one.account_id)
        }),
        permission_lost: listed(&all.permission_lost, &mut cut, |one| {
            is_own(&one.account_id)
        }),
    };
    let note = format!(
        "so many accounts changed in coverage, or were moved or closed, that only the first {} of a kind \
         were kept; these accounts can have more",
        TruncatedList::<()>::MOST
    );
    (changes, cut.then_some(note).into_iter().collect())
}

/// Those of a list that are about an account of the view; notes whether there can be more.
fn listed<T: Clone>(
    all: &TruncatedList<T>,
    cut: &mut bool,
    is_own: impl Fn(&T) -> bool,
) -> TruncatedList<T> {
    *cut |= all.count > all.first.len() as u64;
    let mut own = TruncatedList::default();
    for one in all.first.iter().filter(|one| is_own(one)) {
        own.push(one.clone());
    }
    own
}

type Groups = BTreeMap<(ChangeKind, Reverse<Severity>, CheckId), ChangeGroup>;

/// What changed in the findings of these accounts, as far as it is reported account by account.
pub(super) fn changed(
    accounts: &[&AccountSummary],
) -> (BTreeMap<ChangeKind, SeverityCounts>, Vec<ChangeGroup>) {
    let mut counts = BTreeMap::<_, SeverityCounts>::new();
    let mut groups = Groups::new();
    for summary in accounts {
        for change in summary.changes.iter() {
            let kinds = [
                (ChangeKind::New, change.new),
                (ChangeKind::Reopened, change.reopened),
                (ChangeKind::Worsened, change.worsened),
                (ChangeKind::Resolved, change.resolved),
            ];
            for (kind, of) in kinds.into_iter().filter(|(_, of)| of.total() > 0) {
                *counts.entry(kind).or_default() += of;
                if kind != ChangeKind::Resolved {
                    group(
                        &mut groups,
                        &summary.account.id,
                        (kind, &*change.check_id),
                        of,
                    );
                }
            }
        }
    }
    (counts, groups.into_values().collect())
}

fn group(
    groups: &mut Groups,
    account: &AccountId,
    (kind, check): (ChangeKind, &str),
    counts: SeverityCounts,
) {
    for severity in Severity::ALL {
        let findings = counts.of(severity);
        if findings == 0 {
            continue;
        }
        let key = (kind, Reverse(severity), CheckId::new(check));
        let group = groups.entry(key).or_insert_with(|| ChangeGroup {
            status: kind,
            severity,
            check_id: check.into(),
            findings: 0,
            accounts: 0,
            sample: Vec::new(),
        });
        group.findings += findings;
        group.accounts += 1;
        if group.sample.len() < SAMPLE {
            group.sample.push(account.clone());
        }
    }
}
