//! Coverage gaps, unexpected and expected ones, grouped by cause.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use orgscan_core::checks::Check;
use orgscan_core::consolidate::unanswered;
use orgscan_core::model::{AccountResult, Cause, Gap, RegionDecision, TargetOutcome};
use serde::Serialize;

use super::format::visible;
use super::strings::{Strings, VariableTexts};
use crate::in_order;

/// How many kinds of AWS error messages are kept apart. Further kinds have no message.
const KINDS: usize = 400;

/// Stands for all Regions.
const ALL: &str = "*";

/// Gaps that are alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PageGap {
    /// Whether the configuration declares them as expected.
    pub(super) expected: bool,
    pub(super) cause: Cause,
    /// The IAM action that was needed.
    pub(super) action: String,
    /// The AWS error message, or the exception that expects the gap.
    pub(super) detail: String,
}

/// Where gaps of a kind are in one account.
#[derive(Debug, Serialize)]
pub(super) struct Gaps(
    /// The account's position.
    pub(super) usize,
    /// Checks in scopes.
    pub(super) u64,
    /// The number of the set of scopes.
    u32,
    /// The number of the set of checks.
    u32,
);

/// A Region or the account as a whole, and the outcomes of its checks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub(super) struct ScopeCoverage {
    region: u32,
    known: u64,
    unknown: u64,
    skipped: u64,
    /// Why the Region was skipped; -1 if it was not.
    skip_reason: i64,
}

/// What could not be evaluated and what was skipped, account by account.
#[derive(Debug)]
pub(super) struct Ledger {
    pub(super) kinds: BTreeMap<PageGap, Vec<Gaps>>,
    /// Sets of scopes or checks, by the numbers of their texts.
    pub(super) sets: IndexedLists<u32>,
    /// The outcome of each scope, for the accounts that are alike in that.
    pub(super) shapes: IndexedLists<ScopeCoverage>,
    /// The number of each account's shape; none for those without a result.
    pub(super) shape_of: Vec<Option<u32>>,
    /// Checks, scopes and reasons.
    pub(super) strings: Strings,
}

impl Ledger {
    pub(super) fn new(accounts: usize) -> Self {
        Self {
            kinds: BTreeMap::new(),
            sets: IndexedLists::default(),
            shapes: IndexedLists::default(),
            shape_of: vec![None; accounts],
            strings: Strings::default(),
        }
    }

    pub(super) fn add(
        &mut self,
        position: usize,
        result: &AccountResult,
        checks: &[&'static Check],
    ) {
        let mut here = AccountGaps::default();
        let mut scopes: BTreeMap<&str, ScopeCoverage> = BTreeMap::new();
        for (region, decision) in &result.regions {
            if let RegionDecision::Skip { reason } = decision {
                let skip_reason = self.strings.number(reason.as_str()).into();
                let slot = scopes.entry(region.as_str()).or_insert_with(untouched);
                slot.skip_reason = skip_reason;
            }
        }
        for target in in_order(result, checks) {
            let scope = target.scope.as_str();
            let slot = scopes.entry(scope).or_insert_with(untouched);
            match &target.outcome {
                TargetOutcome::Evaluated(verdict) => {
                    match verdict.gaps.is_empty() {
                        true => slot.known += 1,
                        false => slot.unknown += 1,
                    }
                    let gaps = verdict.gaps.iter().map(|gap| (false, gap, &*gap.detail));
                    let expected = verdict.expected_gaps.iter();
                    let expected = expected.map(|gap| (true, gap, &*gap.detail));
                    here.target(&target.check_id, scope, gaps.chain(expected));
                }
                TargetOutcome::Skipped { detail, gap } => {
                    slot.skipped += 1;
                    here.target(
                        &target.check_id,
                        scope,
                        [(true, gap, &**detail)].into_iter(),
                    );
                }
            }
        }
        for (check, gap) in unanswered(result, checks) {
            scopes.entry(ALL).or_insert_with(untouched).unknown += 1;
            here.target(check, ALL, [(false, gap, &*gap.detail)].into_iter());
        }
        self.shape_of[position] = Some(self.shape(scopes));
        self.gaps(position, result, here);
    }

    fn shape(&mut self, scopes: BTreeMap<&str, ScopeCoverage>) -> u32 {
        let shape = scopes.into_iter().map(|(scope, mut scopes)| {
            scopes.region = self.strings.number(scope);
            scopes
        });
        let shape = shape.collect();
        self.shapes.number(shape)
    }

    fn gaps(&mut self, position: usize, result: &AccountResult, here: AccountGaps<'_>) {
        let differing = VariableTexts {
            name: "",
            region: "",
            account: result.account.id.as_str(),
        };
        for ((expected, cause, action, detail), targets) in here.0 {
            let mut kind = PageGap {
                expected,
                cause,
                action: visible(action),
                detail: differing.coded(&visible(detail)),
            };
            if self.kinds.len() >= KINDS && !self.kinds.contains_key(&kind) {
                kind.detail = String::new();
            }
            let scopes = targets
                .scopes
                .iter()
                .map(|scope| self.strings.number(scope));
            let scopes = self.sets.number(scopes.collect());
            let checks = targets
                .checks
                .iter()
                .map(|check| self.strings.number(check));
            let checks = self.sets.number(checks.collect());
            let gaps = Gaps(position, targets.targets, scopes, checks);
            self.kinds.entry(kind).or_default().push(gaps);
        }
    }
}

fn untouched() -> ScopeCoverage {
    ScopeCoverage {
        skip_reason: -1,
        ..ScopeCoverage::default()
    }
}

/// The gaps of one account.
#[derive(Default)]
struct AccountGaps<'a>(BTreeMap<(bool, Cause, &'a str, &'a str), GapTargets<'a>>);

#[derive(Default)]
struct GapTargets<'a> {
    targets: u64,
    scopes: BTreeSet<&'a str>,
    checks: BTreeSet<&'a str>,
}

impl<'a> AccountGaps<'a> {
    /// A target with several gaps of a kind counts once.
    fn target(
        &mut self,
        check: &'a str,
        scope: &'a str,
        gaps: impl Iterator<Item = (bool, &'a Gap, &'a str)>,
    ) {
        let kinds = gaps.map(|(expected, gap, detail)| (expected, gap.cause, &*gap.action, detail));
        for kind in kinds.collect::<BTreeSet<_>>() {
            let targets = self.0.entry(kind).or_default();
            targets.targets += 1;
            targets.scopes.insert(scope);
            targets.checks.insert(check);
        }
    }
}

/// Lists by number, each once.
#[derive(Debug)]
pub(super) struct IndexedLists<T> {
    numbers: HashMap<Box<[T]>, u32>,
}

impl<T> Default for IndexedLists<T> {
    fn default() -> Self {
        Self {
            numbers: HashMap::new(),
        }
    }
}

impl<T: std::hash::Hash + Eq> IndexedLists<T> {
    /// The number of a list.
    pub(super) fn number(&mut self, list: Vec<T>) -> u32 {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(list.into()).or_insert(next)
    }

    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The lists by number.
    pub(super) fn list(&self) -> Vec<&[T]> {
        let mut lists: Vec<_> = self.numbers.iter().collect();
        lists.sort_by_key(|(_, number)| **number);
        lists.into_iter().map(|(list, _)| &**list).collect()
    }
}
