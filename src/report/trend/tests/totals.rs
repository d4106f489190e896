//! What may be said of totals: of the organization, of its OUs, of an account.

use super::*;
use crate::trend::Direction::{self, Better, NotComparable, Same, Worse};
use crate::trend::{Presence, Weekly};

fn total(weekly: &Weekly) -> (Direction, Option<i64>) {
    let change = weekly.indicators[0].change;
    (change.direction, change.delta)
}

fn unit(weekly: &Weekly, path: &str) -> (Direction, Option<i64>) {
    let change = weekly.ous[path].indicators[0].change;
    (change.direction, change.delta)
}

fn of(days: &[&[AccountSample]]) -> Weekly {
    let runs: Vec<PastRun> = (16..).zip(days).map(|(day, seen)| run(day, seen)).collect();
    let runs: Vec<(&PastRun, &[AccountSample])> = runs.iter().zip(days.iter().copied()).collect();
    weekly(&runs)
}

#[test]
fn complete_numbers_compare() {
    let weekly = of(&[
        &[seen(1, "Work/Prod", 5, 0), seen(2, "Work", 2, 0)],
        &[seen(1, "Work/Prod", 9, 0), seen(2, "Work", 2, 0)],
        &[seen(1, "Work/Prod", 2, 0), seen(2, "Work", 3, 0)],
    ]);
    assert_eq!(total(&weekly), (Better, Some(-2)));
    assert_eq!(unit(&weekly, "Work"), (Better, Some(-2)));
    assert_eq!(unit(&weekly, "Work/Prod"), (Better, Some(-3)));
    assert_eq!(weekly.better[0].account_id, id(1));
    assert_eq!(weekly.better[0].weight.delta, Some(-75));
    assert_eq!(weekly.worse[0].account_id, id(2));
    assert!(weekly.indicators[0].comparable.is_none());
}

#[test]
fn a_rise_by_regained_coverage_is_neither_better_nor_worse() {
    let before = [seen(1, "Work", 1, 6), seen(2, "Work", 4, 0)];
    let after = [seen(1, "Work", 7, 0), seen(2, "Work", 3, 0)];
    let (first, mut last) = (run(16, &before), run(17, &after));
    set_coverage_difference(&mut last, &[1]);
    let weekly = weekly(&[(&first, &before), (&last, &after)]);
    assert_eq!(total(&weekly), (NotComparable, None));
    let part = weekly.indicators[0].comparable.unwrap();
    assert_eq!(
        (part.accounts, part.accounts_not_comparable, part.delta),
        (1, 1, -1)
    );
    assert_eq!(weekly.accounts_not_comparable, 1);
    assert_eq!(weekly.worse.len(), 0);
    assert_eq!(weekly.better[0].account_id, id(2));
}

#[test]
fn a_gap_that_stays_does_not_keep_the_rest_from_comparing() {
    let days: [&[AccountSample]; 2] = [
        &[seen(1, "", 1, 6), seen(2, "", 4, 0)],
        &[seen(1, "", 3, 6), seen(2, "", 4, 0)],
    ];
    let weekly = of(&days);
    assert_eq!(total(&weekly), (Worse, Some(2)));
    let line = &weekly.indicators[0];
    assert!(line.first.unwrap().lower_bound && line.last.unwrap().lower_bound);
    // Unless nobody knows whether it stayed.
    let (first, mut last) = (run(16, days[0]), run(17, days[1]));
    last.coverage_difference = CoverageDifference::Unknown;
    let weekly = super::weekly(&[(&first, days[0]), (&last, days[1])]);
    assert_eq!(total(&weekly), (NotComparable, None));
}

#[test]
fn an_account_that_was_dark_in_between_compares_at_the_ends() {
    let (good, dark) = ([seen(1, "", 5, 0)], [seen(1, "", 0, 10)]);
    let runs = [16, 17, 18].map(|day| {
        let mut run = run(day, if day == 17 { &dark } else { &good });
        set_coverage_difference(&mut run, &[1]);
        run
    });
    let weekly = weekly(&[(&runs[0], &good), (&runs[1], &dark), (&runs[2], &good)]);
    assert_eq!(total(&weekly), (Same, Some(0)));
    assert_eq!(weekly.coverage.lowest_percent, Some(90.0));
    // Dark at the end, nothing is known of it, and nothing got better.
    let weekly = super::weekly(&[(&runs[0], &good), (&runs[1], &dark)]);
    assert_eq!(total(&weekly), (NotComparable, None));
    assert_eq!(weekly.indicators[0].last.unwrap().value, None);
    assert_eq!(weekly.better.len(), 0);
}

#[test]
fn an_account_that_moved_makes_neither_ou_better_or_worse() {
    let weekly = of(&[
        &[
            seen(1, "Work/Prod", 5, 0),
            seen(2, "Sandbox", 1, 0),
            seen(3, "Work", 1, 0),
        ],
        &[
            seen(1, "Sandbox", 5, 0),
            seen(2, "Sandbox", 1, 0),
            seen(3, "Work", 0, 0),
        ],
    ]);
    assert_eq!(total(&weekly), (Better, Some(-1)));
    assert_eq!(unit(&weekly, "Work"), (NotComparable, None));
    assert_eq!(unit(&weekly, "Sandbox"), (NotComparable, None));
    let sandbox = &weekly.ous["Sandbox"].indicators[0];
    assert_eq!(sandbox.comparable.unwrap().delta, 0);
    // It is no longer there at all, so there is no last number.
    assert_eq!(unit(&weekly, "Work/Prod"), (NotComparable, None));
    let moved = &weekly.accounts[0];
    assert_eq!(moved.from_ou_path.as_deref(), Some("Work/Prod"));
    assert_eq!(moved.presence, Presence::Stayed);
}

#[test]
fn a_closed_or_new_account_is_listed_and_not_ranked() {
    let weekly = of(&[
        &[seen(1, "", 5, 0), seen(2, "", 1, 0), seen(4, "", 1, 0)],
        &[
            skipped(1, "", "account_not_active"),
            seen(2, "", 1, 0),
            seen(3, "", 7, 0),
        ],
    ]);
    // What is there has changed, and all of it is known.
    assert_eq!(total(&weekly), (Worse, Some(1)));
    let presence: Vec<Presence> = weekly.accounts.iter().map(|one| one.presence).collect();
    use Presence::{Joined, LeftOrganization, Stayed};
    assert_eq!(
        presence,
        [LeftOrganization, Stayed, Joined, LeftOrganization]
    );
    assert_eq!((weekly.better.len(), weekly.worse.len()), (0, 0));
    assert_eq!(weekly.accounts_not_comparable, 0);
}

#[test]
fn an_account_that_a_filter_excluded_is_no_progress() {
    let weekly = of(&[
        &[seen(1, "", 5, 0), seen(2, "", 1, 0)],
        &[skipped(1, "", "excluded"), seen(2, "", 1, 0)],
    ]);
    assert_eq!(total(&weekly), (NotComparable, None));
    assert_eq!(weekly.indicators[0].comparable.unwrap().delta, 0);
    assert_eq!(weekly.accounts[0].presence, Presence::Skipped);
    let weekly = of(&[
        &[skipped(1, "", "excluded"), seen(2, "", 1, 0)],
        &[seen(1, "", 5, 0), seen(2, "", 1, 0)],
    ]);
    assert_eq!(total(&weekly), (NotComparable, None));
    assert_eq!(weekly.accounts[0].first.high, 5);
}

#[test]
fn accounts_rank_by_weight_and_then_by_id() {
    let before: Vec<AccountSample> = (1..=14).map(|n| seen(n, "", 3, 0)).collect();
    let after: Vec<AccountSample> = (1..=14)
        .map(|n| seen(n, "", if n == 9 { 8 } else { 4 }, 0))
        .collect();
    let weekly = of(&[&before, &after]);
    let ranked: Vec<_> = weekly
        .worse
        .iter()
        .map(|one| one.account_id.clone())
        .collect();
    let expected: Vec<_> = [9, 1, 2, 3, 4, 5, 6, 7, 8, 10].map(id).into();
    assert_eq!(ranked, expected);
}
