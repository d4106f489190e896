use std::collections::BTreeMap;

use super::*;
use crate::model::Severity::{Critical, High, Low};
use crate::model::{AccountResult, Cause, Gap, Report};
use crate::settings::ThresholdOverride;
use crate::testing::{VOLUMES, account, evaluated, id, region, report_of, result};

const NAME: &str = "UnencryptedVolumes";

fn volumes(n: u64, ou: &str, examined: u64, found: &[Severity], gaps: &[Gap]) -> AccountResult {
    let verdict = evaluated(VOLUMES, region("eu-west-1"), examined, found, gaps);
    result(account(n, "a", ou), vec![verdict])
}

fn crossed(report: &Report, thresholds: &Thresholds) -> Vec<Crossing> {
    crossings(report, thresholds)
}

fn limit(threshold: Threshold) -> BTreeMap<String, Threshold> {
    BTreeMap::from([(NAME.to_owned(), threshold)])
}

fn count(count: u64) -> Threshold {
    Threshold {
        count: Some(count),
        ..Threshold::default()
    }
}

fn own(threshold: Threshold) -> Thresholds {
    Thresholds {
        accounts: limit(threshold),
        ..crate::testing::no_thresholds()
    }
}

fn of_ou(ou: &str, allowed: u64) -> ThresholdOverride {
    ThresholdOverride {
        account: None,
        ou: Some(ou.to_owned()),
        indicators: limit(count(allowed)),
    }
}

#[test]
fn a_number_at_the_limit_is_fine_and_one_above_it_is_not() {
    let report = report_of(&[volumes(1, "", 10, &[High, Low], &[])]);
    assert_eq!(crossed(&report, &own(count(2))), []);
    let crossed = crossed(&report, &own(count(1)));
    assert_eq!(crossed.len(), 1);
    assert_eq!(crossed[0].scope, ThresholdScope::Account(id(1)));
    assert_eq!((crossed[0].value, crossed[0].lower_bound), (2, false));
    assert_eq!(crossed[0].threshold, "more than 1");
}

#[test]
fn percent_is_of_evaluated_resources_and_severity_filters_what_counts() {
    let report = report_of(&[volumes(1, "", 8, &[High, Low], &[])]);
    let percent = |percent, min_severity| Threshold {
        percent: Some(percent),
        min_severity,
        ..Threshold::default()
    };
    assert_eq!(crossed(&report, &own(percent(25.0, None))).len(), 0);
    assert_eq!(crossed(&report, &own(percent(24.9, None))).len(), 1);
    assert_eq!(crossed(&report, &own(percent(12.5, Some(High)))).len(), 0);
    let crossed = crossed(&report, &own(percent(12.0, Some(High))));
    assert_eq!(
        (crossed[0].value, crossed[0].highest_severity),
        (1, Some(High))
    );
    assert_eq!(
        crossed[0].threshold,
        "more than 12% of severity high or worse"
    );
}

#[test]
fn the_known_part_of_an_incomplete_number_can_cross() {
    let gap = Gap::new("ec2:DescribeVolumes", Cause::TimedOut);
    let report = report_of(&[volumes(1, "", 3, &[Critical], &[gap])]);
    let thresholds = Thresholds {
        organization: limit(count(0)),
        ..own(count(0))
    };
    let crossed = crossed(&report, &thresholds);
    assert_eq!(crossed.len(), 2);
    assert_eq!(crossed[0].scope, ThresholdScope::Organization);
    assert!(crossed.iter().all(|crossing| crossing.lower_bound));
}

#[test]
fn the_nearest_rule_wins() {
    let report = report_of(&[volumes(1, "Work/Prod", 10, &[High, High], &[])]);
    let with = |overrides: Vec<ThresholdOverride>| {
        let thresholds = Thresholds {
            overrides,
            ..own(count(0))
        };
        crossed(&report, &thresholds).len()
    };
    let own_rule = |allowed| ThresholdOverride {
        account: Some(id(1)),
        ou: None,
        indicators: limit(count(allowed)),
    };
    assert_eq!(with(vec![]), 1);
    assert_eq!(with(vec![of_ou("Work", 9)]), 0);
    assert_eq!(with(vec![of_ou("Other", 9)]), 1);
    assert_eq!(with(vec![of_ou("Work", 0), of_ou("Work/Prod", 9)]), 0);
    assert_eq!(with(vec![of_ou("Work/Prod", 9), of_ou("Work", 0)]), 0);
    assert_eq!(with(vec![of_ou("ou-a1b2-prod", 9), of_ou("/Work/", 0)]), 0);
    assert_eq!(with(vec![of_ou("Work", 9), of_ou("r-a1b2", 0)]), 0);
    assert_eq!(with(vec![own_rule(9), of_ou("Work/Prod", 0)]), 0);
    let silent = ThresholdOverride {
        indicators: BTreeMap::new(),
        ..own_rule(0)
    };
    assert_eq!(with(vec![silent, of_ou("Work", 9)]), 0);
}

#[test]
fn a_rule_without_limits_switches_the_threshold_off() {
    let report = report_of(&[volumes(1, "", 10, &[Critical], &[])]);
    let off = ThresholdOverride {
        account: Some(id(1)),
        ou: None,
        indicators: limit(Threshold::default()),
    };
    let thresholds = Thresholds {
        overrides: vec![off],
        ..own(count(0))
    };
    assert_eq!(crossed(&report, &thresholds), []);
}

#[test]
fn an_ou_has_a_total_of_its_own() {
    let report = report_of(&[
        volumes(1, "Work/Prod", 10, &[High, High], &[]),
        volumes(2, "Work/Test", 10, &[High], &[]),
        volumes(3, "Workshop", 10, &[High; 9], &[]),
    ]);
    let crossed = |ou: &str, allowed| {
        let thresholds = Thresholds {
            ous: BTreeMap::from([(ou.to_owned(), limit(count(allowed)))]),
            ..crate::testing::no_thresholds()
        };
        let crossed = crossed(&report, &thresholds).into_iter();
        crossed
            .map(|one| (one.scope, one.value))
            .collect::<Vec<_>>()
    };
    let work = |path: &str, value| vec![(ThresholdScope::Ou(path.into()), value)];
    assert_eq!(crossed("Work", 2), work("Work", 3));
    assert_eq!(crossed("Work", 3), []);
    assert_eq!(crossed("/Work/", 2), work("Work", 3));
    assert_eq!(crossed("ou-a1b2-work", 2), work("Work", 3));
    assert_eq!(crossed("ou-a1b2-prod", 1), work("Work/Prod", 2));
    assert_eq!(crossed("Nowhere", 0), []);
}

/// The report, compared with another run since which these were new and reopened in account 1.
fn since(mut report: Report, new: &[Severity], reopened: &[Severity]) -> Report {
    let counts = |severities: &[Severity]| {
        let mut counts = crate::model::SeverityCounts::default();
        severities.iter().for_each(|one| counts.count(*one));
        counts
    };
    report.accounts[0].changes = std::iter::once(crate::model::CheckChanges {
        check_id: VOLUMES.into(),
        new: counts(new),
        reopened: counts(reopened),
        ..Default::default()
    })
    .collect();
    let run = crate::model::BaselineRun {
        id: "before".into(),
        started: report.run.started,
        finished: report.run.started,
        alert: None,
    };
    report.changes.baseline = Baseline::Compared { run };
    report
}

#[test]
fn what_is_new_and_reopened_has_a_limit_of_its_own() {
    let report = || {
        report_of(&[
            volumes(1, "Work", 10, &[High, High, Low], &[]),
            volumes(2, "Work", 10, &[High; 5], &[]),
        ])
    };
    let new = |new, min_severity| Threshold {
        new_or_reopened: Some(new),
        min_severity,
        ..Threshold::default()
    };
    let everywhere = |threshold| Thresholds {
        organization: limit(threshold),
        ous: BTreeMap::from([("Work".to_owned(), limit(threshold))]),
        ..own(threshold)
    };
    let compared = since(report(), &[High, Low], &[High]);
    assert_eq!(crossed(&compared, &everywhere(new(3, None))), []);
    let crossings = crossed(&compared, &everywhere(new(2, None)));
    let scopes: Vec<_> = crossings
        .iter()
        .map(|one| (&one.scope, one.new_or_reopened))
        .collect();
    let work = ThresholdScope::Ou("Work".into());
    assert_eq!(
        scopes,
        [
            (&ThresholdScope::Organization, 3),
            (&work, 3),
            (&ThresholdScope::Account(id(1)), 3)
        ]
    );
    assert_eq!(percentage(&crossings[0]), "");
    assert_eq!(crossings[0].threshold, "more than 2 new");
    assert_eq!(crossed(&compared, &everywhere(new(1, Some(High)))).len(), 3);
    assert_eq!(crossed(&compared, &everywhere(new(2, Some(High)))), []);
    let mut first = compared;
    first.changes.baseline = Baseline::FirstRun;
    assert_eq!(crossed(&first, &everywhere(new(0, None))), []);
}

#[test]
fn a_crossing_names_the_percentage_that_exceeds_the_limit() {
    let report = since(
        report_of(&[volumes(1, "", 8, &[High, High, Low], &[])]),
        &[High],
        &[],
    );
    let all = Threshold {
        count: Some(1),
        percent: Some(30.0),
        new_or_reopened: Some(0),
        min_severity: None,
    };
    let crossings = crossed(&report, &own(all));
    assert_eq!(percentage(&crossings[0]), " (37.5%)");
    assert_eq!(crossings[0].threshold, "more than 1 or 30% or 0 new");
}

#[test]
fn of_all_rules_for_an_account_the_nearest_comes_first() {
    let thresholds = Thresholds {
        overrides: vec![
            of_ou("Work", 1),
            of_ou("Other", 2),
            of_ou("Work/Prod", 3),
            ThresholdOverride {
                account: Some(id(1)),
                ..of_ou("", 4)
            },
            of_ou("r-a1b2", 5),
        ],
        ..own(count(6))
    };
    let account = account(1, "a", "Work/Prod");
    let found = rules(&thresholds, &Subject::Account(&account), NAME);
    let found: Vec<_> = found
        .iter()
        .map(|rule| {
            format!(
                "{} ({}): {:?}",
                rule.field, rule.applies_to, rule.threshold.count
            )
        })
        .collect();
    insta::assert_snapshot!(found.join("\n"), @"
    thresholds.overrides[3].indicators.UnencryptedVolumes (account 111100000001): Some(4)
    thresholds.overrides[2].indicators.UnencryptedVolumes (OU Work/Prod): Some(3)
    thresholds.overrides[0].indicators.UnencryptedVolumes (OU Work): Some(1)
    thresholds.overrides[4].indicators.UnencryptedVolumes (OU r-a1b2): Some(5)
    thresholds.accounts.UnencryptedVolumes (all accounts): Some(6)
    ");
}
