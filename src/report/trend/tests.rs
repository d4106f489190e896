//! Trends of made-up runs: plain data, no files.

mod days;
mod reading;
mod resolved;
mod summary;
mod totals;
mod weeks;

use std::collections::BTreeMap;
use std::sync::Arc;

use orgscan_core::model::{AccountId, RunFolder, SeverityCounts, TrendNumber};
use orgscan_core::testing::id;
use serde_json::{Value, json};

use super::accounts::{AccountTrends, Points};
use super::finding_changes::{ChangeCollector, PeriodChanges};
use super::reading::ReportVisitor;
use super::run::{CoverageDifference, Numbers, PastCoverage, PastRun};
use super::stored::{StoredAccount, StoredFinding, StoredNumber};
use super::{Number, Runs, Week};

const VOLUMES: &str = "UnencryptedVolumes";

/// A number of so many known targets and so many unknown ones.
fn number(value: u64, known: u64, unknown: u64) -> Number {
    Number {
        shown: TrendNumber {
            value: (known > 0).then_some(value),
            lower_bound: unknown > 0,
        },
        known,
        unknown,
    }
}

/// An account in a run: so many unencrypted volumes, of a high severity each, and targets that are known
/// and unknown.
#[derive(Clone, Copy)]
struct AccountSample {
    n: u64,
    ou: &'static str,
    volumes: u64,
    unknown: u64,
    outcome: &'static str,
    reason: &'static str,
}

fn seen(n: u64, ou: &'static str, volumes: u64, unknown: u64) -> AccountSample {
    AccountSample {
        n,
        ou,
        volumes,
        unknown,
        outcome: "scanned",
        reason: "",
    }
}

fn skipped(n: u64, ou: &'static str, reason: &'static str) -> AccountSample {
    AccountSample {
        outcome: "skipped",
        reason,
        ..seen(n, ou, 0, 0)
    }
}

impl AccountSample {
    fn is_scanned(&self) -> bool {
        self.outcome != "skipped"
    }

    fn stored(&self) -> StoredAccount {
        let targets = json!({"known": 10 - self.unknown, "unknown": self.unknown});
        let mut indicators = json!({});
        if self.is_scanned() {
            indicators[VOLUMES] = json!({
                "value": (self.unknown < 10).then_some(self.volumes),
                "complete": self.unknown == 0,
                "targets_known": 10 - self.unknown,
                "targets_unknown": self.unknown,
                "of_a_newer_version": 1,
            });
        }
        serde_json::from_value(json!({
            "id": id(self.n),
            "name": format!("account-{}", self.n),
            "ou_path": self.ou,
            "outcome": self.outcome,
            "reason": self.reason,
            "indicators": indicators,
            "findings_by_severity": {"high": self.volumes},
            "changes": [],
            "targets": if self.is_scanned() { targets } else { json!({"known": 0, "unknown": 0}) },
        }))
        .unwrap()
    }
}

/// A run on a day of November 2026 with these accounts.
fn run(day: u8, accounts: &[AccountSample]) -> PastRun {
    run_at(&format!("2026-11-{day:02}T05:00:00Z"), accounts)
}

fn run_at(started: &str, accounts: &[AccountSample]) -> PastRun {
    let scanned: Vec<&AccountSample> = accounts.iter().filter(|one| one.is_scanned()).collect();
    let total = |of: &dyn Fn(&AccountSample) -> bool| {
        let of: Vec<_> = scanned.iter().filter(|one| of(one)).collect();
        let unknown: u64 = of.iter().map(|one| one.unknown).sum();
        let known = of.len() as u64 * 10 - unknown;
        number(of.iter().map(|one| one.volumes).sum(), known, unknown)
    };
    let all = total(&|_| true);
    let mut units: BTreeMap<String, Numbers> = BTreeMap::new();
    for one in &scanned {
        for unit in super::accounts::units_of(one.ou) {
            let inside =
                |other: &AccountSample| super::accounts::units_of(other.ou).any(|ou| ou == unit);
            let numbers = Numbers::from([(VOLUMES.to_owned(), total(&inside))]);
            units.insert(unit.clone(), numbers);
        }
    }
    let started: jiff::Timestamp = started.parse().unwrap();
    let planned = scanned.len() as u64;
    PastRun {
        folder: RunFolder {
            day: super::day_of(started),
            id: started.to_string(),
        },
        id: started.to_string(),
        started,
        numbers: Numbers::from([(VOLUMES.to_owned(), all)]),
        units,
        coverage: PastCoverage {
            complete: all.unknown == 0,
            percent: Some(100.0 - all.unknown as f64),
            accounts_planned: planned,
            accounts_failed: 0,
        },
        findings: SeverityCounts::default(),
        changes: Some(super::FindingChanges::default()),
        is_first: false,
        coverage_difference: CoverageDifference::In([].into()),
        accounts: planned,
    }
}

/// Says that more or less could be evaluated in these accounts than before.
fn set_coverage_difference(run: &mut PastRun, accounts: &[u64]) {
    let ids: Vec<AccountId> = accounts.iter().map(|n| id(*n)).collect();
    run.coverage_difference = CoverageDifference::In(ids.into_iter().collect());
}

/// The accounts of these runs, each of which counts.
fn accounts(runs: &[(&PastRun, &[AccountSample])]) -> AccountTrends {
    let indicators: Arc<[Arc<str>]> = [Arc::from(VOLUMES)].into();
    let mut trends = AccountTrends::default();
    for (n, (run, seen)) in runs.iter().enumerate() {
        if n > 0 {
            trends.note(&run.coverage_difference);
        }
        let mut points = Points::of(&indicators);
        seen.iter().for_each(|one| points.account(one.stored()));
        trends.run(points.accounts);
    }
    trends
}

/// The report of the week 2026-W47, of runs that each count.
fn weekly(runs: &[(&PastRun, &[AccountSample])]) -> super::Weekly {
    weekly_of(
        Runs::new(
            week().period(),
            runs.iter().map(|(run, _)| (*run).clone()).collect(),
            Vec::new(),
        ),
        accounts(runs),
    )
}

fn weekly_of(runs: Runs, accounts: AccountTrends) -> super::Weekly {
    let mut changes = PeriodChanges::default();
    for run in &runs.all {
        changes.add(run, ChangeCollector::default());
    }
    let material = super::WeeklyInput {
        week: week(),
        runs,
        indicators: [Arc::from(VOLUMES)].into(),
        changes,
        accounts,
        times: super::ResolutionTimes::default(),
        oldest: Vec::new(),
    };
    material.weekly("2026-11-30T00:00:00Z".parse().unwrap())
}

fn week() -> Week {
    "2026-W47".parse().unwrap()
}

#[test]
fn a_stored_number_is_a_lower_bound_unless_it_is_complete() {
    let stored = |value: Value| -> StoredNumber { serde_json::from_value(value).unwrap() };
    let made = Number::from(&stored(json!({
        "value": 3, "complete": false, "targets_known": 4, "targets_unknown": 1, "examined": 9,
    })));
    assert_eq!(made, number(3, 4, 1));
    let none = json!({"value": null, "complete": false, "targets_known": 0, "targets_unknown": 5});
    assert_eq!(Number::from(&stored(none)), number(0, 0, 5));
}
