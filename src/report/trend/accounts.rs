//! What became of accounts between the runs that count: each one's first and last look, and no more, so
//! memory grows with the accounts alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use orgscan_core::model::{AccountId, Severity, SeverityCounts, SkipReason, TrendNumber};
use schemars::JsonSchema;
use serde::Serialize;

use super::number::{Change, Direction, Number, compare};
use super::reading::{Depth, ReportVisitor};
use super::run::CoverageDifference;
use super::stored::StoredAccount;

/// What one finding of a severity weighs where accounts are ranked.
const fn weight(severity: Severity) -> u64 {
    match severity {
        Severity::Critical => 100,
        Severity::High => 25,
        Severity::Medium => 5,
        Severity::Low => 1,
        Severity::Informational => 0,
    }
}

/// What findings weigh together.
pub(super) fn weigh(findings: &SeverityCounts) -> u64 {
    let weights = Severity::ALL.map(|severity| findings.of(severity) * weight(severity));
    weights.iter().sum()
}

/// What a run did with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// It was to scan it.
    Scanned,
    /// A filter left it out.
    Excluded,
    /// It was not active, or not listed.
    Absent,
}

/// An account in one run.
#[derive(Debug)]
pub struct AccountPoint {
    id: AccountId,
    name: String,
    listing: Listing,
    snapshot: AccountSnapshot,
}

/// What a run saw of an account.
#[derive(Clone, Debug)]
pub struct AccountSnapshot {
    /// Names of its OUs, joined with `/`.
    pub ou_path: String,
    /// Its numbers, in the order of the indicators.
    pub numbers: Box<[Option<Number>]>,
    /// Its findings, by severity.
    pub findings: SeverityCounts,
    /// What they weigh, as a number that is complete or a lower bound.
    weight: Number,
}

/// Keeps a report's accounts, with these indicators.
#[derive(Debug)]
pub struct Points {
    /// The indicators' names.
    pub indicators: Arc<[Arc<str>]>,
    /// The accounts so far.
    pub accounts: Vec<AccountPoint>,
}

impl Points {
    /// Begins with none.
    pub fn of(indicators: &Arc<[Arc<str>]>) -> Self {
        Self {
            indicators: indicators.clone(),
            accounts: Vec::new(),
        }
    }
}

impl ReportVisitor for Points {
    const DEPTH: Depth = Depth::Accounts;

    fn account(&mut self, account: StoredAccount) {
        let numbers = self.indicators.iter();
        let numbers = numbers.map(|name| account.indicators.get(&**name).map(Number::from));
        let targets = account.targets;
        let snapshot = AccountSnapshot {
            ou_path: account.ou_path.clone(),
            numbers: numbers.collect(),
            findings: account.findings_by_severity,
            weight: Number {
                shown: TrendNumber {
                    value: (targets.known > 0).then(|| weigh(&account.findings_by_severity)),
                    lower_bound: targets.unknown > 0,
                },
                known: targets.known,
                unknown: targets.unknown,
            },
        };
        self.accounts.push(AccountPoint {
            listing: listing(&account),
            id: account.id,
            name: account.name,
            snapshot,
        });
    }
}

pub(super) fn listing(account: &StoredAccount) -> Listing {
    let inactive = SkipReason::AccountNotActive.as_str();
    match (account.outcome.as_str(), account.reason.as_deref()) {
        ("skipped", Some(reason)) if reason == inactive => Listing::Absent,
        ("skipped", _) => Listing::Excluded,
        _ => Listing::Scanned,
    }
}

/// An account over a period.
#[derive(Debug)]
pub struct AccountTrend {
    /// Its last name.
    pub name: String,
    /// What the first run that counts did with it.
    pub at_first: Listing,
    /// What the last one did.
    pub at_last: Listing,
    /// The first scan of it.
    pub first: AccountSnapshot,
    /// The last one.
    pub last: AccountSnapshot,
    /// Whether any run was to scan it.
    pub scanned: bool,
    /// Whether the same could be evaluated all the time.
    same_coverage: bool,
}

impl AccountTrend {
    fn add(&mut self, point: AccountPoint) {
        if !self.scanned {
            self.first = point.snapshot.clone();
        }
        self.scanned = true;
        self.last = point.snapshot;
        self.name = point.name;
    }

    /// Whether it is in other OUs than it was.
    pub fn is_moved(&self) -> bool {
        self.first.ou_path != self.last.ou_path
    }

    /// How an indicator changed, by its position in the order.
    pub fn change(&self, indicator: usize) -> Option<Change> {
        let of = |snapshot: &AccountSnapshot| snapshot.numbers.get(indicator).copied().flatten();
        match (of(&self.first), of(&self.last)) {
            (None, None) => None,
            (Some(first), Some(last)) => Some(compare(&first, &last, self.same_coverage)),
            _ => Some(Change::NOT_COMPARABLE),
        }
    }

    /// Whether it was there all the time.
    pub fn presence(&self) -> Presence {
        match (self.at_first, self.at_last) {
            (_, Listing::Absent) => Presence::LeftOrganization,
            (_, Listing::Excluded) | (Listing::Excluded, _) => Presence::Skipped,
            (Listing::Absent, _) => Presence::Joined,
            _ => Presence::Stayed,
        }
    }

    /// How the weight of its findings changed.
    pub fn weight(&self) -> Change {
        compare(&self.first.weight, &self.last.weight, self.same_coverage)
    }
}

/// The accounts of a period, by id.
#[derive(Debug, Default)]
pub struct AccountTrends {
    accounts: BTreeMap<AccountId, AccountTrend>,
    runs: u64,
}

impl AccountTrends {
    /// Takes the accounts of the next run that counts.
    pub fn run(&mut self, points: Vec<AccountPoint>) {
        let is_first = self.runs == 0;
        self.runs += 1;
        for trend in self.accounts.values_mut() {
            trend.at_last = Listing::Absent;
        }
        for point in points {
            if let Some(known) = self.accounts.get_mut(&point.id) {
                known.at_last = point.listing;
                if point.listing == Listing::Scanned {
                    known.add(point);
                }
                continue;
            }
            if point.listing == Listing::Absent {
                continue;
            }
            let trend = AccountTrend {
                name: point.name,
                at_first: if is_first {
                    point.listing
                } else {
                    Listing::Absent
                },
                at_last: point.listing,
                first: point.snapshot.clone(),
                last: point.snapshot,
                scanned: point.listing == Listing::Scanned,
                same_coverage: true,
            };
            self.accounts.insert(point.id, trend);
        }
    }

    /// Notes what could be evaluated more or less, in runs after the first that counts.
    pub fn note(&mut self, difference: &CoverageDifference) {
        match difference {
            CoverageDifference::Unknown => {
                for trend in self.accounts.values_mut() {
                    trend.same_coverage = false;
                }
            }
            CoverageDifference::In(accounts) => {
                for id in accounts {
                    if let Some(trend) = self.accounts.get_mut(id) {
                        trend.same_coverage = false;
                    }
                }
            }
        }
    }

    /// One account.
    pub fn of(&self, id: &AccountId) -> Option<&AccountTrend> {
        self.accounts.get(id).filter(|trend| trend.scanned)
    }

    /// All that were evaluated or left out, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&AccountId, &AccountTrend)> {
        self.accounts.iter()
    }

    /// What becomes of an indicator's total over accounts, by its position in the order.
    pub fn within(&self, unit: Option<&str>, indicator: usize) -> TotalChange {
        let is_in = |snapshot: &AccountSnapshot| {
            unit.is_none_or(|unit| units_of(&snapshot.ou_path).any(|other| other == unit))
        };
        let mut within = TotalChange::default();
        for trend in self.accounts.values().filter(|trend| trend.scanned) {
            match (is_in(&trend.first), is_in(&trend.last)) {
                (false, false) => {}
                (true, true) => within.add(trend, indicator),
                _ => {
                    within.other_members = true;
                    within.accounts_not_comparable += 1;
                }
            }
        }
        within
    }
}

/// What may be said of a total, by the accounts that it is a total of.
#[derive(Debug, Default)]
pub struct TotalChange {
    /// Accounts that were there all the time, and whose own numbers compare.
    pub accounts: u64,
    /// Accounts whose own numbers do not compare.
    pub accounts_not_comparable: u64,
    /// By how much the numbers of the first ones changed together.
    pub delta: i64,
    /// Whether it is by at least that much, in one direction.
    lower_bound: bool,
    /// Whether accounts were moved in or out, or left out by a filter in one of the two runs alone.
    other_members: bool,
}

impl TotalChange {
    fn add(&mut self, trend: &AccountTrend, indicator: usize) {
        let number =
            |snapshot: &AccountSnapshot| snapshot.numbers.get(indicator).copied().flatten();
        match trend.presence() {
            Presence::Skipped => self.other_members = true,
            // All of what is known of it came or went with it.
            Presence::Joined | Presence::LeftOrganization => {
                let bound = number(&trend.last).is_some_and(|number| number.shown.lower_bound);
                self.accounts_not_comparable += u64::from(bound);
            }
            Presence::Stayed => match trend.change(indicator) {
                None => {}
                Some(Change {
                    delta: Some(by),
                    lower_bound: at_least,
                    ..
                }) => {
                    self.accounts += 1;
                    self.delta += by;
                    self.lower_bound |= at_least;
                }
                Some(_) => self.accounts_not_comparable += 1,
            },
        }
    }

    /// How the total changed. Where every account compares, so does the total; otherwise what the two
    /// numbers themselves say.
    pub fn change(&self, first: &Number, last: &Number) -> Change {
        if self.other_members {
            return Change::NOT_COMPARABLE;
        }
        match (first.shown.value, last.shown.value) {
            (Some(from), Some(to)) if self.accounts_not_comparable == 0 && !self.lower_bound => {
                Change::between(from, to)
            }
            _ => compare(first, last, false),
        }
    }

    /// The change of those accounts that compare, where the total does not.
    pub fn comparable(&self, change: &Change) -> Option<ComparableChange> {
        let is_needed = change.direction == Direction::NotComparable && self.accounts > 0;
        is_needed.then_some(ComparableChange {
            accounts: self.accounts,
            accounts_not_comparable: self.accounts_not_comparable,
            delta: self.delta,
            lower_bound: self.lower_bound,
        })
    }
}

/// How a total changed over those of its accounts whose own numbers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ComparableChange {
    /// How many accounts these are.
    pub accounts: u64,
    /// How many others there are.
    pub accounts_not_comparable: u64,
    /// By how much their numbers changed together.
    pub delta: i64,
    /// Whether some of them changed by at least as much as was counted.
    pub lower_bound: bool,
}

/// Whether an account was there all the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// It was.
    Stayed,
    /// It was not there, or not active, in the first run that counts.
    Joined,
    /// It was no longer there, or no longer active, in the last one.
    LeftOrganization,
    /// A filter left it out in one of the two.
    Skipped,
}

/// An OU's path and those of the OUs that it lies in.
pub(super) fn units_of(path: &str) -> impl Iterator<Item = String> {
    let ends = path.match_indices('/').map(|(end, _)| end);
    let ends: Vec<usize> = ends.chain(std::iter::once(path.len())).collect();
    let ends = ends.into_iter().filter(|end| *end > 0);
    ends.map(|end| path[..end].to_owned())
        .collect::<Vec<_>>()
        .into_iter()
}
