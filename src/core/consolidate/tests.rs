use super::*;
use crate::model::Severity::{Critical, High, Low, Medium};
use crate::model::{Cause, Gap, SkipReason, TargetOutcome, TargetScope, TargetVerdict};
use crate::testing::{
    BUCKETS, CHECKS, USERS, VOLUMES, account, evaluated, exceptions_none, failed, id, plain, plan,
    region, report, report_of, result, run,
};

fn skip(reason: SkipReason) -> Decision {
    Decision::Skip {
        reason,
        detail: "closed".into(),
    }
}

fn denied() -> Gap {
    Gap::new("ec2:DescribeVolumes", Cause::DeniedByScp)
}

#[test]
fn listed_is_scanned_and_skipped_and_failed() {
    let plan = plan(vec![
        (account(3, "c", ""), skip(SkipReason::AccountNotActive)),
        (account(2, "b", ""), Decision::Scan),
        (account(1, "a", ""), Decision::Scan),
    ]);
    let results = [
        failed(account(2, "b", "")),
        result(account(1, "a", ""), vec![]),
    ];
    let report = report(&plan, &results, &crate::testing::no_thresholds(), vec![]);
    let coverage = &report.coverage;
    assert_eq!(coverage.accounts_listed, 3);
    assert_eq!(coverage.accounts_scanned, 1);
    assert_eq!(coverage.accounts_skipped, 1);
    assert_eq!(coverage.accounts_failed, 1);
    assert_eq!(coverage.accounts_incomplete, 1);
    let order: Vec<_> = report.accounts.iter().map(|a| &a.account.id).collect();
    assert_eq!(order, [&id(1), &id(2), &id(3)]);
    assert!(report.accounts[2].indicators.is_empty());
}

#[test]
fn an_account_without_a_result_fails_the_run_by_name() {
    let accounts = (1..=30).map(|n| (account(n, "a", ""), Decision::Scan));
    let plan = plan(accounts.collect());
    let mut consolidation = Consolidation::new(&plan, run(), CHECKS, exceptions_none());
    (1..=5).for_each(|n| consolidation.add(&plain(&result(account(n, "a", ""), vec![]))));
    let error = consolidation
        .finish(&crate::testing::no_thresholds(), vec![])
        .unwrap_err();
    assert_eq!(error.missing.len(), 25);
    let text = error.to_string();
    for part in [id(6).as_str(), id(25).as_str(), ", 5 more:", "same run id"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn an_unexpected_or_duplicate_result_fails_the_run() {
    let plan = plan(vec![
        (account(1, "a", ""), Decision::Scan),
        (account(2, "b", ""), skip(SkipReason::Excluded)),
    ]);
    let mut consolidation = Consolidation::new(&plan, run(), CHECKS, exceptions_none());
    for n in [1, 1, 2, 7] {
        consolidation.add(&plain(&result(account(n, "x", ""), vec![])));
    }
    let error = consolidation
        .finish(&crate::testing::no_thresholds(), vec![])
        .unwrap_err();
    assert_eq!(error.unexpected, [id(1), id(2), id(7)]);
    assert!(error.missing.is_empty());
}

#[test]
fn an_unknown_verdict_keeps_what_it_knows_as_a_lower_bound() {
    let report = report_of(&[result(
        account(1, "a", ""),
        vec![
            evaluated(VOLUMES, region("eu-west-1"), 10, &[Medium, High], &[]),
            evaluated(
                VOLUMES,
                region("us-east-1"),
                4,
                &[Low],
                &[denied(), Gap::new("x:Y", Cause::Throttled)],
            ),
        ],
    )]);
    let total = report
        .indicators
        .iter()
        .find(|t| t.indicator == "UnencryptedVolumes")
        .unwrap();
    assert_eq!(total.total.value(), 3);
    assert_eq!(total.total.resources_evaluated, 14);
    assert_eq!(
        (total.total.targets_known, total.total.targets_unknown),
        (1, 1)
    );
    assert_eq!((total.accounts_affected, total.accounts_incomplete), (1, 1));
    assert!(!total.total.is_complete());
    let targets = &report.coverage.targets;
    assert_eq!((targets.known, targets.unknown), (1, 1));
    assert_eq!(targets.causes, BTreeMap::from([(Cause::DeniedByScp, 1)]));
    assert_eq!(report.findings.total(), 3);
}

#[test]
fn an_indicator_counts_only_what_is_bad_enough_for_it() {
    let report = report_of(&[result(
        account(1, "a", ""),
        vec![evaluated(
            USERS,
            TargetScope::Global,
            9,
            &[High, Medium, Critical],
            &[],
        )],
    )]);
    let value = |name| report.accounts[0].indicators.get(name).unwrap().value();
    assert_eq!(value("UsersWithoutMfa"), 3);
    assert_eq!(value("ConsoleUsersWithoutMfa"), 2);
}

#[test]
fn only_indicators_of_checks_that_were_made_are_in_the_report() {
    let plan = plan(vec![(account(1, "a", ""), Decision::Scan)]);
    let mut consolidation = Consolidation::new(&plan, run(), &CHECKS[1..2], exceptions_none());
    consolidation.add(&plain(&failed(account(1, "a", ""))));
    let report = consolidation
        .finish(&crate::testing::no_thresholds(), vec![])
        .unwrap();
    let names: Vec<_> = report.indicators.iter().map(|t| &*t.indicator).collect();
    assert_eq!(names, ["UnencryptedVolumes"]);
    assert_eq!(report.ous.len(), 0);
}

#[test]
fn a_failed_account_without_verdicts_is_unknown_and_not_zero() {
    let good = result(
        account(1, "a", ""),
        CHECKS
            .iter()
            .map(|c| evaluated(c.id, TargetScope::Global, 1, &[], &[]))
            .collect(),
    );
    let report = report_of(&[good, failed(account(2, "b", ""))]);
    for total in &report.indicators {
        assert_eq!(total.accounts_incomplete, 1, "{total:?}");
        assert!(!total.total.is_complete() && total.total.is_known());
    }
    assert_eq!(report.coverage.targets.unknown, CHECKS.len() as u64);
    assert_eq!(report.coverage.percent(), Some(50.0));
}

#[test]
fn every_ou_around_an_account_counts_it() {
    let volumes = |n, ou: &str| {
        let verdict = evaluated(VOLUMES, region("eu-west-1"), 2, &[High], &[]);
        result(account(n, "a", ou), vec![verdict])
    };
    let report = report_of(&[volumes(1, "Work/Prod"), volumes(2, "Work"), volumes(3, "")]);
    let value = |ou: &str| {
        let totals = &report.ous[ou];
        let total = totals.iter().find(|t| t.indicator == "UnencryptedVolumes");
        total.unwrap().total.value()
    };
    let ous: Vec<_> = report.ous.keys().collect();
    assert_eq!(ous, ["Work", "Work/Prod"]);
    assert_eq!((value("Work"), value("Work/Prod")), (2, 1));
}

#[test]
fn an_expected_gap_is_a_skip_and_leaves_the_number_complete() {
    let skipped = TargetVerdict {
        check_id: VOLUMES.into(),
        scope: region("us-east-1"),
        outcome: TargetOutcome::Skipped {
            detail: "accepted by the platform team until 2027-01-01".into(),
            gap: denied(),
        },
    };
    let report = report_of(&[result(
        account(1, "a", ""),
        vec![
            evaluated(VOLUMES, region("eu-west-1"), 1, &[], &[]),
            skipped,
        ],
    )]);
    assert!(
        report.accounts[0]
            .indicators
            .get("UnencryptedVolumes")
            .unwrap()
            .is_complete()
    );
    assert_eq!(report.coverage.targets.skipped, 1);
    assert!(report.coverage.is_complete());
}

#[test]
fn buckets_in_regions_that_are_not_selected_are_counted_once_an_account() {
    // Several checks are about the same buckets.
    let excluded = |check, excluded| {
        let mut target = evaluated(check, TargetScope::Global, 5, &[], &[]);
        if let TargetOutcome::Evaluated(verdict) = &mut target.outcome {
            verdict.resources_skipped = excluded;
        }
        target
    };
    let plan = plan(vec![
        (account(1, "a", "A"), Decision::Scan),
        (account(2, "b", "B"), Decision::Scan),
    ]);
    let results = [
        result(
            account(1, "a", "A"),
            vec![excluded(BUCKETS, 14), excluded("s3-bucket-logging-off", 14)],
        ),
        result(account(2, "b", "B"), vec![excluded(BUCKETS, 3)]),
    ];
    let report = report(&plan, &results, &crate::testing::no_thresholds(), vec![]);
    assert_eq!(report.coverage.buckets_skipped, 17);
    let counts: Vec<_> = report.accounts.iter().map(|a| a.buckets_skipped).collect();
    assert_eq!(counts, [14, 3]);
    let part = view(&report, |account| account.id == id(2));
    assert_eq!(part.coverage.buckets_skipped, 3);
}

#[test]
fn an_account_that_turns_out_to_be_skipped_has_no_numbers() {
    let mut skipped = result(account(1, "a", "Work"), vec![]);
    skipped.outcome = AccountOutcome::Skipped {
        reason: SkipReason::ExpectedGap,
        detail: "no role by design".into(),
    };
    let report = report_of(&[skipped]);
    assert_eq!(report.coverage.accounts_skipped, 1);
    assert!(report.coverage.is_complete());
    assert!(report.accounts[0].indicators.is_empty());
    assert!(report.ous.is_empty());
}

#[test]
fn the_order_of_the_results_does_not_matter() {
    let results = || {
        (1..=5).map(|n| {
            let verdict = evaluated(BUCKETS, TargetScope::Global, n, &[Critical], &[]);
            result(account(n, "a", "Work"), vec![verdict])
        })
    };
    let forwards: Vec<_> = results().collect();
    let backwards: Vec<_> = results().rev().collect();
    assert_eq!(report_of(&forwards), report_of(&backwards));
}
