//! What could not be looked at and what was left out on purpose, equal causes together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use orgscan_core::checks::Check;
use orgscan_core::consolidate::unanswered;
use orgscan_core::model::{AccountResult, Cause, Gap, RegionDecision, TargetOutcome};
use serde::Serialize;

use super::strings::{Differing, Strings};
use super::words::visible;
use crate::in_order;

/// How many kinds of AWS's own words are told apart. Beyond that the words are left out.
const KINDS: usize = 400;

/// Stands for all Regions.
const ALL: &str = "*";

/// Gaps that are alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    /// Whether the configuration declares them as expected.
    pub(super) expected: bool,
    pub(super) cause: Cause,
    /// The IAM action that was needed.
    pub(super) action: String,
    /// AWS's own words, or who accepts the gap.
    pub(super) detail: String,
}

/// Where gaps of a kind are in one account.
#[derive(Debug, Serialize)]
pub(super) struct Gaps(
    /// The account's position.
    pub(super) usize,
    /// Checks in places.
    pub(super) u64,
    /// The number of the set of places.
    u32,
    /// The number of the set of checks.
    u32,
);

/// A Region or the account as a whole, and what became of the checks there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub(super) struct Looked {
    region: u32,
    known: u64,
    unknown: u64,
    skipped: u64,
    /// Why the Region was left out; -1 where it was not.
    left_out: i64,
}

/// What could not be looked at and what was left out, account by account.
#[derive(Debug)]
pub(super) struct Ledger {
    pub(super) kinds: BTreeMap<Kind, Vec<Gaps>>,
    /// Sets of places or checks, by the numbers of their texts.
    pub(super) sets: Numbered<u32>,
    /// What became of each place, for the accounts that are alike in that.
    pub(super) shapes: Numbered<Looked>,
    /// The number of each account's shape; none for those without a result.
    pub(super) shape_of: Vec<Option<u32>>,
    /// Checks, places and reasons.
    pub(super) strings: Strings,
}

impl Ledger {
    pub(super) fn new(accounts: usize) -> Self {
        Self {
            kinds: BTreeMap::new(),
            sets: Numbered::default(),
            shapes: Numbered::default(),
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
        let mut here = Here::default();
        let mut looked: BTreeMap<&str, Looked> = BTreeMap::new();
        for (region, decision) in &result.regions {
            if let RegionDecision::Skip { reason } = decision {
                let left_out = self.strings.number(reason.as_str()).into();
                let slot = looked.entry(region.as_str()).or_insert_with(untouched);
                slot.left_out = left_out;
            }
        }
        for target in in_order(result, checks) {
            let place = target.place.as_str();
            let slot = looked.entry(place).or_insert_with(untouched);
            match &target.outcome {
                TargetOutcome::Judged(verdict) => {
                    match verdict.gaps.is_empty() {
                        true => slot.known += 1,
                        false => slot.unknown += 1,
                    }
                    let gaps = verdict.gaps.iter().map(|gap| (false, gap, &*gap.detail));
                    let expected = verdict.expected_gaps.iter();
                    let expected = expected.map(|gap| (true, gap, &*gap.detail));
                    here.target(&target.check, place, gaps.chain(expected));
                }
                TargetOutcome::Skipped { detail, gap } => {
                    slot.skipped += 1;
                    here.target(&target.check, place, [(true, gap, &**detail)].into_iter());
                }
            }
        }
        for (check, gap) in unanswered(result, checks) {
            looked.entry(ALL).or_insert_with(untouched).unknown += 1;
            here.target(check, ALL, [(false, gap, &*gap.detail)].into_iter());
        }
        self.shape_of[position] = Some(self.shape(looked));
        self.gaps(position, result, here);
    }

    fn shape(&mut self, looked: BTreeMap<&str, Looked>) -> u32 {
        let shape = looked.into_iter().map(|(place, mut looked)| {
            looked.region = self.strings.number(place);
            looked
        });
        let shape = shape.collect();
        self.shapes.number(shape)
    }

    fn gaps(&mut self, position: usize, result: &AccountResult, here: Here<'_>) {
        let differing = Differing {
            name: "",
            region: "",
            account: result.account.id.as_str(),
        };
        for ((expected, cause, action, detail), met) in here.0 {
            let mut kind = Kind {
                expected,
                cause,
                action: visible(action),
                detail: differing.coded(&visible(detail)),
            };
            if self.kinds.len() >= KINDS && !self.kinds.contains_key(&kind) {
                kind.detail = String::new();
            }
            let places = met.places.iter().map(|place| self.strings.number(place));
            let places = self.sets.number(places.collect());
            let checks = met.checks.iter().map(|check| self.strings.number(check));
            let checks = self.sets.number(checks.collect());
            let gaps = Gaps(position, met.targets, places, checks);
            self.kinds.entry(kind).or_default().push(gaps);
        }
    }
}

fn untouched() -> Looked {
    Looked {
        left_out: -1,
        ..Looked::default()
    }
}

/// The gaps of one account.
#[derive(Default)]
struct Here<'a>(BTreeMap<(bool, Cause, &'a str, &'a str), Met<'a>>);

#[derive(Default)]
struct Met<'a> {
    targets: u64,
    places: BTreeSet<&'a str>,
    checks: BTreeSet<&'a str>,
}

impl<'a> Here<'a> {
    /// A target with several gaps of a kind counts once.
    fn target(
        &mut self,
        check: &'a str,
        place: &'a str,
        gaps: impl Iterator<Item = (bool, &'a Gap, &'a str)>,
    ) {
        let kinds = gaps.map(|(expected, gap, detail)| (expected, gap.cause, &*gap.action, detail));
        for kind in kinds.collect::<BTreeSet<_>>() {
            let met = self.0.entry(kind).or_default();
            met.targets += 1;
            met.places.insert(place);
            met.checks.insert(check);
        }
    }
}

/// Lists by number, each once.
#[derive(Debug)]
pub(super) struct Numbered<T> {
    numbers: HashMap<Box<[T]>, u32>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self {
            numbers: HashMap::new(),
        }
    }
}

impl<T: std::hash::Hash + Eq> Numbered<T> {
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
