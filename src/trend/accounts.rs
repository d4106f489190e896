//! What became of accounts between the runs that count: each one's first and last look, and no more, so
//! memory grows with the accounts alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::number::{Change, Number, compare};
use super::reading::{Depth, Keep};
use super::run::LookChange;
use super::stored::StoredAccount;
use crate::model::{AccountId, Severity, SeverityCounts, SkipReason, TrendNumber};

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
    /// It was to look at it.
    Looked,
    /// A filter left it out.
    LeftOut,
    /// It was not active, or not listed.
    Absent,
}

/// An account in one run.
#[derive(Debug)]
pub struct AccountPoint {
    id: AccountId,
    name: String,
    listing: Listing,
    look: Look,
}

/// What a run saw of an account.
#[derive(Clone, Debug)]
pub struct Look {
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
pub(super) struct Points {
    /// The indicators' names.
    pub indicators: Arc<[Arc<str>]>,
    /// The accounts so far.
    pub accounts: Vec<AccountPoint>,
}

impl Points {
    /// Begins with none.
    pub(super) fn of(indicators: &Arc<[Arc<str>]>) -> Self {
        Self {
            indicators: indicators.clone(),
            accounts: Vec::new(),
        }
    }
}

impl Keep for Points {
    const DEPTH: Depth = Depth::Accounts;

    fn account(&mut self, account: StoredAccount) {
        let numbers = self.indicators.iter();
        let numbers = numbers.map(|name| account.indicators.get(&**name).map(Number::from));
        let targets = account.targets;
        let look = Look {
            ou_path: account.ou_path.clone(),
            numbers: numbers.collect(),
            findings: account.findings_by_severity,
            weight: Number {
                shown: TrendNumber {
                    value: (targets.known > 0).then(|| weigh(&account.findings_by_severity)),
                    at_least: targets.unknown > 0,
                },
                known: targets.known,
                unknown: targets.unknown,
            },
        };
        self.accounts.push(AccountPoint {
            listing: listing(&account),
            id: account.id,
            name: account.name,
            look,
        });
    }
}

pub(super) fn listing(account: &StoredAccount) -> Listing {
    let inactive = SkipReason::AccountNotActive.as_str();
    match (account.outcome.as_str(), account.reason.as_deref()) {
        ("skipped", Some(reason)) if reason == inactive => Listing::Absent,
        ("skipped", _) => Listing::LeftOut,
        _ => Listing::Looked,
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
    /// The first look at it.
    pub first: Look,
    /// The last one.
    pub last: Look,
    /// Whether any run was to look at it.
    pub looked: bool,
    /// Whether the same could be looked at all the time.
    same_look: bool,
}

impl AccountTrend {
    fn look(&mut self, point: AccountPoint) {
        if !self.looked {
            self.first = point.look.clone();
        }
        self.looked = true;
        self.last = point.look;
        self.name = point.name;
    }

    /// Whether it is in other OUs than it was.
    pub fn is_moved(&self) -> bool {
        self.first.ou_path != self.last.ou_path
    }

    /// How an indicator changed, by its place in the order.
    pub fn change(&self, indicator: usize) -> Option<Change> {
        let of = |look: &Look| look.numbers.get(indicator).copied().flatten();
        match (of(&self.first), of(&self.last)) {
            (None, None) => None,
            (Some(first), Some(last)) => Some(compare(&first, &last, self.same_look)),
            _ => Some(Change::NOT_COMPARABLE),
        }
    }

    /// How the weight of its findings changed.
    pub fn weight(&self) -> Change {
        compare(&self.first.weight, &self.last.weight, self.same_look)
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
                if point.listing == Listing::Looked {
                    known.look(point);
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
                first: point.look.clone(),
                last: point.look,
                looked: point.listing == Listing::Looked,
                same_look: true,
            };
            self.accounts.insert(point.id, trend);
        }
    }

    /// Notes what could be looked at more or less, in runs after the first that counts.
    pub fn note(&mut self, look: &LookChange) {
        match look {
            LookChange::Unknown => {
                for trend in self.accounts.values_mut() {
                    trend.same_look = false;
                }
            }
            LookChange::In(accounts) => {
                for id in accounts {
                    if let Some(trend) = self.accounts.get_mut(id) {
                        trend.same_look = false;
                    }
                }
            }
        }
    }

    /// All that were looked at or left out, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&AccountId, &AccountTrend)> {
        self.accounts.iter()
    }

    /// What speaks against comparing the organization's and the OUs' totals.
    pub fn obstacles(&self) -> Obstacles {
        let mut obstacles = Obstacles::default();
        for trend in self.accounts.values() {
            let (first, last) = (&trend.first.ou_path, &trend.last.ou_path);
            if !trend.same_look {
                obstacles.look = true;
                obstacles
                    .look_in
                    .extend(units_of(first).chain(units_of(last)));
            }
            let left_out = |listing| listing == Listing::LeftOut;
            if left_out(trend.at_first) != left_out(trend.at_last) {
                obstacles.filter = true;
                obstacles.members_in.extend(units_of(last));
            }
            if trend.is_moved() {
                let (from, to): (BTreeSet<_>, BTreeSet<_>) =
                    (units_of(first).collect(), units_of(last).collect());
                obstacles
                    .members_in
                    .extend(from.symmetric_difference(&to).cloned());
            }
        }
        obstacles
    }
}

/// What speaks against comparing totals.
#[derive(Debug, Default)]
pub struct Obstacles {
    /// More or less could be looked at in some account.
    look: bool,
    /// The same, by OU.
    look_in: BTreeSet<String>,
    /// An account was left out by a filter in the first run or in the last, and not in the other.
    filter: bool,
    /// OUs that accounts were moved into or out of, or of which accounts were left out.
    members_in: BTreeSet<String>,
}

impl Obstacles {
    /// How a number of the organization, or of an OU, changed.
    pub fn change(&self, unit: Option<&str>, first: &Number, last: &Number) -> Change {
        let (other_members, same_look) = match unit {
            None => (self.filter, !self.look),
            Some(path) => (self.members_in.contains(path), !self.look_in.contains(path)),
        };
        match other_members {
            true => Change::NOT_COMPARABLE,
            false => compare(first, last, same_look),
        }
    }
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
