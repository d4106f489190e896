//! Makes the weekly report of what was collected. Pure.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use orgscan_core::model::AccountId;

use super::accounts::{AccountTrend, AccountTrends, Presence};
use super::days::{Day, DayState, Runs};
use super::finding_changes::PeriodChanges;
use super::number::{Change, Direction};
use super::oldest::OpenFinding;
use super::period::Week;
use super::resolved::ResolutionTimes;
use super::run::{FindingChanges, Numbers, PastRun};
use super::weekly::{
    FindingsFirstLast, IndicatorTrend, OuTrend, RankedAccount, SCHEMA_VERSION, SeverityFlow,
    Weekly, WeeklyAccount, WeeklyChanges, WeeklyCoverage,
};

/// How many accounts are ranked at most, in each direction.
const RANKED: usize = 10;

/// Everything that a week's report is made of.
#[derive(Debug)]
pub struct WeeklyInput {
    /// The week.
    pub week: Week,
    /// Its runs.
    pub runs: Runs,
    /// The indicators' names.
    pub indicators: Arc<[Arc<str>]>,
    /// What was new and what was resolved.
    pub changes: PeriodChanges,
    /// The accounts in the runs that count.
    pub accounts: AccountTrends,
    /// How long it took to resolve what was.
    pub times: ResolutionTimes,
    /// The oldest findings open at the end.
    pub oldest: Vec<OpenFinding>,
}

impl WeeklyInput {
    /// The report, as it is to be said at that moment: days to come are left out.
    pub fn weekly(self, now: Timestamp) -> Weekly {
        let days = self.runs.days(now);
        let is_over = self.runs.period.days().count() == days.len();
        let all_complete = days.iter().all(|day| day.state == DayState::Complete);
        let counting = self.runs.counting();
        let (first, last) = (counting.first().copied(), counting.last().copied());
        let (better, worse, accounts_not_comparable) = ranks(&self.accounts);
        Weekly {
            schema_version: SCHEMA_VERSION,
            week: self.week,
            first_day: self.runs.period.first,
            last_day: self.runs.period.last,
            complete: is_over && all_complete && self.runs.missing.is_empty(),
            coverage: coverage(&days, &counting),
            days,
            first_run_id: first.map(|run| run.id.clone()),
            last_run_id: last.map(|run| run.id.clone()),
            findings_by_severity: FindingsFirstLast {
                first: first.map(|run| run.findings),
                last: last.map(|run| run.findings),
            },
            indicators: self.totals(first, last),
            ous: self.units(first, last),
            changes: changes(&self.changes),
            time_to_resolve: self.times.clone(),
            better,
            worse,
            accounts_not_comparable,
            accounts: self.lines(),
            missing_runs: self.runs.missing,
            oldest_open: self.oldest,
        }
    }

    fn totals(&self, first: Option<&PastRun>, last: Option<&PastRun>) -> Vec<IndicatorTrend> {
        let of = |run: Option<&PastRun>| run.map(|run| run.numbers.clone()).unwrap_or_default();
        self.of_scope(None, &of(first), &of(last))
    }

    fn units(&self, first: Option<&PastRun>, last: Option<&PastRun>) -> BTreeMap<String, OuTrend> {
        let none = BTreeMap::new();
        let of = |run: Option<&'_ PastRun>| run.map_or(none.clone(), |run| run.units.clone());
        let (first, last) = (of(first), of(last));
        let paths = first.keys().chain(last.keys());
        let paths: std::collections::BTreeSet<&String> = paths.collect();
        let empty = Numbers::new();
        let line = |path: &String| OuTrend {
            indicators: self.of_scope(
                Some(path),
                first.get(path).unwrap_or(&empty),
                last.get(path).unwrap_or(&empty),
            ),
            changes: self.changes.units.get(path).copied().unwrap_or_default(),
        };
        paths
            .into_iter()
            .map(|path| (path.clone(), line(path)))
            .collect()
    }

    fn of_scope(&self, unit: Option<&str>, first: &Numbers, last: &Numbers) -> Vec<IndicatorTrend> {
        let is_compared = self.runs.counting().len() > 1;
        let names = self.indicators.iter().enumerate();
        let lines = names.filter_map(|(at, name)| {
            let (first, last) = (first.get(&**name), last.get(&**name));
            let (mut change, mut comparable) = (Change::NOT_COMPARABLE, None);
            match (first, last) {
                (None, None) => return None,
                (Some(first), Some(last)) if is_compared => {
                    let within = self.accounts.within(unit, at);
                    change = within.change(first, last);
                    comparable = within.comparable(&change);
                }
                _ => {}
            }
            Some(IndicatorTrend {
                indicator: name.clone(),
                first: first.map(|number| number.shown),
                last: last.map(|number| number.shown),
                change,
                comparable,
            })
        });
        lines.collect()
    }

    fn lines(&self) -> Vec<WeeklyAccount> {
        let all = self.accounts.iter();
        let scanned = all.filter(|(_, trend)| trend.scanned);
        scanned.map(|(id, trend)| self.line(id, trend)).collect()
    }

    fn line(&self, id: &AccountId, trend: &AccountTrend) -> WeeklyAccount {
        let number = |numbers: &[Option<super::number::Number>], at: usize| {
            numbers
                .get(at)
                .copied()
                .flatten()
                .map(|number| number.shown)
        };
        let names = self.indicators.iter().enumerate();
        let indicators = names.filter_map(|(at, name)| {
            Some(IndicatorTrend {
                change: trend.change(at)?,
                indicator: name.clone(),
                first: number(&trend.first.numbers, at),
                last: number(&trend.last.numbers, at),
                comparable: None,
            })
        });
        WeeklyAccount {
            account_id: id.clone(),
            account_name: trend.name.clone(),
            ou_path: trend.last.ou_path.clone(),
            from_ou_path: trend.is_moved().then(|| trend.first.ou_path.clone()),
            presence: trend.presence(),
            first: trend.first.findings,
            last: trend.last.findings,
            weight: trend.weight(),
            indicators: indicators.collect(),
            changes: self.changes.accounts.get(id).copied().unwrap_or_default(),
        }
    }
}

fn coverage(days: &[Day], counting: &[&PastRun]) -> WeeklyCoverage {
    let count = |state| days.iter().filter(|day| day.state == state).count() as u64;
    let (complete, incomplete) = (count(DayState::Complete), count(DayState::Incomplete));
    let percents = counting.iter().filter_map(|run| run.coverage.percent);
    WeeklyCoverage {
        days_complete: complete,
        days_incomplete: incomplete,
        days_missing: days.len() as u64 - complete - incomplete,
        lowest_percent: percents.min_by(f64::total_cmp),
        last_percent: counting.last().and_then(|run| run.coverage.percent),
    }
}

fn changes(changes: &PeriodChanges) -> WeeklyChanges {
    let by_check = changes.checks.iter();
    WeeklyChanges {
        complete: changes.not_compared.is_empty(),
        first_run_id: changes.first_run.clone(),
        runs_not_compared: changes.not_compared.clone(),
        all: flow(&changes.all),
        by_check: by_check
            .map(|(check, changes)| (check.clone(), flow(changes)))
            .collect(),
    }
}

fn flow(changes: &FindingChanges) -> SeverityFlow {
    SeverityFlow {
        new: changes.new,
        reopened: changes.reopened,
        worsened: changes.worsened,
        resolved: changes.resolved,
        gone: changes.gone,
    }
}

/// Those that got better, those that got worse, and how many cannot be compared. Accounts that joined or
/// left did neither.
fn ranks(accounts: &AccountTrends) -> (Vec<RankedAccount>, Vec<RankedAccount>, u64) {
    let stayed = accounts
        .iter()
        .filter(|(_, trend)| trend.scanned && trend.presence() == Presence::Stayed);
    let (mut better, mut worse, mut not_comparable) = (Vec::new(), Vec::new(), 0);
    for (id, trend) in stayed {
        let weight = trend.weight();
        match weight.direction {
            Direction::Better => better.push((weight, id, trend)),
            Direction::Worse => worse.push((weight, id, trend)),
            Direction::NotComparable => not_comparable += 1,
            Direction::Same => {}
        }
    }
    (top(better), top(worse), not_comparable)
}

fn top(mut ranked: Vec<(Change, &AccountId, &AccountTrend)>) -> Vec<RankedAccount> {
    ranked.sort_by_key(|(weight, id, _)| (Reverse(weight.delta.map(i64::unsigned_abs)), *id));
    let top = ranked.into_iter().take(RANKED);
    top.map(|(weight, id, trend)| RankedAccount {
        account_id: id.clone(),
        account_name: trend.name.clone(),
        ou_path: trend.last.ou_path.clone(),
        first: trend.first.findings,
        last: trend.last.findings,
        weight,
    })
    .collect()
}
