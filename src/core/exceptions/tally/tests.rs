//! What exceptions did, and what can be said of those that did nothing.

use super::*;
use crate::model::Severity::{Critical, High};
use crate::model::{Account, Cause, Gap, Region, Report};
use crate::testing::{
    BUCKETS, CHECKS as MADE, USERS, VOLUMES, account, evaluated, exceptions, failed, no_thresholds,
    plan, region, report_with, result,
};

fn report(yaml: &str, results: &[AccountResult], more: Vec<(Account, Decision)>) -> Report {
    let exceptions = exceptions(yaml);
    let scanned = results
        .iter()
        .map(|one| (one.account.clone(), Decision::Scan));
    let plan = plan(scanned.chain(more).collect());
    report_with(&exceptions, &plan, results, &no_thresholds(), vec![])
}

fn uses(yaml: &str, results: &[AccountResult]) -> Vec<ExceptionUse> {
    report(yaml, results, vec![]).exceptions.entries
}

/// An entry for a check with this expiry date and more fields.
fn entry(id: &str, check: &str, expires: &str, more: &str) -> String {
    format!("- {{ id: {id}, checks: [{check}], reason: r, owner: o, expires: {expires}{more} }}\n")
}

fn list(entries: &[String]) -> String {
    format!("exceptions:\n{}", entries.concat())
}

const LATER: &str = "2027-12-31";

/// Three volumes and a bucket that break their checks.
fn found() -> AccountResult {
    let verdicts = vec![
        evaluated(VOLUMES, region("eu-west-1"), 9, &[High; 3], &[]),
        evaluated(BUCKETS, TargetScope::Global, 2, &[Critical], &[]),
    ];
    result(account(1, "a", "Work"), verdicts)
}

#[test]
fn a_suppressed_finding_is_still_found_and_counted_apart() {
    let one = entry("x", VOLUMES, LATER, &format!(", resources: [{VOLUMES}/1]"));
    let report = report(&list(&[one]), &[found()], vec![]);
    let line = &report.exceptions.entries[0];
    assert_eq!((line.applied, line.matched), (1, 1));
    assert_eq!(line.effect, ExceptionEffect::Applied);
    assert_eq!((report.findings.total(), report.suppressed.total()), (3, 1));
    let account = &report.accounts[0];
    assert_eq!(
        (account.findings.total(), account.suppressed.total()),
        (3, 1)
    );
    let volumes = account.indicators.get("UnencryptedVolumes").unwrap();
    assert_eq!(
        (
            volumes.value(),
            volumes.suppressed,
            volumes.resources_evaluated
        ),
        (2, 1, 9)
    );
    let total = &report.indicators[2];
    assert_eq!((total.total.value(), total.total.suppressed), (2, 1));
    assert_eq!(report.ous["Work"][2].total.suppressed, 1);
}

#[test]
fn an_account_with_only_suppressed_findings_is_not_affected() {
    let all = list(&[
        entry("x", VOLUMES, LATER, ""),
        entry("y", BUCKETS, LATER, ""),
    ]);
    let report = report(&all, &[found()], vec![]);
    assert_eq!((report.findings.total(), report.suppressed.total()), (0, 4));
    assert!(
        report
            .indicators
            .iter()
            .all(|one| one.accounts_affected == 0)
    );
}

#[test]
fn thresholds_do_not_count_suppressed_findings() {
    let any = crate::settings::Threshold {
        count: Some(0),
        ..Default::default()
    };
    let mut thresholds = no_thresholds();
    thresholds.organization.insert("PublicBuckets".into(), any);
    let crossed = |yaml: &str| {
        let exceptions = exceptions(yaml);
        let plan = plan(vec![(account(1, "a", "Work"), Decision::Scan)]);
        report_with(&exceptions, &plan, &[found()], &thresholds, vec![])
            .thresholds_crossed
            .len()
    };
    assert_eq!(crossed(""), 1);
    assert_eq!(crossed(&list(&[entry("x", BUCKETS, LATER, "")])), 0);
    assert_eq!(crossed(&list(&[entry("x", BUCKETS, "2026-11-14", "")])), 1);
}

#[test]
fn the_first_that_has_not_expired_applies_and_shadows_the_others() {
    let lines = uses(
        &list(&[
            entry("old", VOLUMES, "2026-11-14", ""),
            entry(
                "first",
                VOLUMES,
                LATER,
                &format!(", resources: [{VOLUMES}/1]"),
            ),
            entry("second", VOLUMES, LATER, ""),
            entry("third", VOLUMES, LATER, ""),
        ]),
        &[found()],
    );
    let messages: Vec<_> = lines
        .iter()
        .map(|line| {
            (
                line.effect.as_str(),
                line.applied,
                line.matched,
                line.shadowed_by.as_deref(),
            )
        })
        .collect();
    let expected = [
        ("lapsed", 0, 3, None),
        ("applied", 1, 1, None),
        ("applied", 2, 3, Some("first")),
        ("shadowed", 0, 3, Some("second")),
    ];
    assert_eq!(messages, expected);
}

fn effect_of(
    more: &str,
    results: &[AccountResult],
    skipped: Vec<(Account, Decision)>,
) -> ExceptionEffect {
    let yaml = list(&[entry("x", VOLUMES, LATER, more)]);
    report(&yaml, results, skipped).exceptions.entries[0].effect
}

#[test]
fn an_exception_without_a_match_is_named_where_everything_was_evaluated() {
    use ExceptionEffect::{MatchedNothing, NotEvaluated};
    let clean = || {
        result(
            account(1, "a", "Work"),
            vec![evaluated(VOLUMES, region("eu-west-1"), 9, &[], &[])],
        )
    };
    let effect = |more: &str, change: fn(&mut AccountResult)| {
        let mut result = clean();
        change(&mut result);
        effect_of(more, &[result], vec![])
    };
    assert_eq!(effect("", |_| ()), MatchedNothing);
    let gap = |result: &mut AccountResult| {
        let gaps = [Gap::new("ec2:DescribeVolumes", Cause::Throttled)];
        result
            .verdicts
            .push(evaluated(VOLUMES, region("us-east-1"), 0, &[], &gaps));
    };
    assert_eq!(effect("", gap), NotEvaluated);
    assert_eq!(effect(", regions: [eu-west-1]", gap), MatchedNothing);
    assert_eq!(
        effect(", accounts: { names: [other] }", gap),
        MatchedNothing
    );
    let other_check = |result: &mut AccountResult| {
        let gaps = [Gap::new("s3:ListAllMyBuckets", Cause::Throttled)];
        result
            .verdicts
            .push(evaluated(BUCKETS, TargetScope::Global, 0, &[], &gaps));
    };
    assert_eq!(effect("", other_check), MatchedNothing);
    let filtered = |result: &mut AccountResult| {
        let reason = SkipReason::NotIncluded;
        result
            .regions
            .insert(Region::new("us-east-1"), RegionDecision::Skip { reason });
    };
    assert_eq!(effect("", filtered), NotEvaluated);
    assert_eq!(effect(", regions: [eu-west-1]", filtered), MatchedNothing);
    let off = |result: &mut AccountResult| {
        let reason = SkipReason::RegionDisabled;
        result
            .regions
            .insert(Region::new("us-east-1"), RegionDecision::Skip { reason });
    };
    assert_eq!(effect("", off), MatchedNothing);
}

#[test]
fn accounts_that_were_not_scanned_leave_it_open() {
    use ExceptionEffect::{MatchedNothing, NotEvaluated};
    let skip = || Decision::Skip {
        reason: SkipReason::Excluded,
        detail: String::new(),
    };
    let clean = || vec![result(account(1, "a", "Work"), vec![])];
    assert_eq!(
        effect_of("", &clean(), vec![(account(2, "b", ""), skip())]),
        NotEvaluated
    );
    let named = ", accounts: { names: [a] }";
    assert_eq!(
        effect_of(named, &clean(), vec![(account(2, "b", ""), skip())]),
        MatchedNothing
    );
    assert_eq!(
        effect_of("", &[failed(account(1, "a", ""))], vec![]),
        NotEvaluated
    );
    // Nobody has tags, so they were not read, as far as one can know.
    assert_eq!(
        effect_of(", accounts: { tags: { env: dev } }", &clean(), vec![]),
        NotEvaluated
    );
    let mut unplaced = clean();
    unplaced[0].account.ou_ids.clear();
    assert_eq!(
        effect_of(", accounts: { ous: [Work] }", &unplaced, vec![]),
        NotEvaluated
    );
    assert_eq!(effect_of("", &unplaced, vec![]), MatchedNothing);
}

#[test]
fn checks_that_were_not_made_leave_it_open() {
    let exceptions = exceptions(&list(&[
        entry("x", USERS, LATER, ""),
        entry("y", VOLUMES, LATER, ""),
    ]));
    let plan = plan(vec![(account(1, "a", ""), Decision::Scan)]);
    let mut tally = ExceptionTally::of_plan(&exceptions, &plan, &MADE[1..]);
    tally.add(&exceptions.apply(result(account(1, "a", ""), vec![])));
    let effects: Vec<_> = tally
        .report()
        .entries
        .iter()
        .map(|one| one.effect)
        .collect();
    assert_eq!(
        effects,
        [
            ExceptionEffect::NotEvaluated,
            ExceptionEffect::MatchedNothing
        ]
    );
}

#[test]
fn an_accounts_own_part_names_its_own_exceptions_and_no_other_account() {
    let mine = entry("mine", VOLUMES, LATER, ", accounts: { names: [a, other] }");
    let exceptions = exceptions(&list(&[entry("others", USERS, LATER, ""), mine]));
    let mut tally = ExceptionTally::new(&exceptions);
    tally.add(&exceptions.apply(found()));
    let report = tally.report_of_account();
    assert_eq!(report.entries.len(), 1);
    assert_eq!(
        (report.entries[0].applied, &report.entries[0].criteria),
        (3, &None)
    );
}

/// Random lists over random results: nothing is lost, whatever the list says, and nothing that has
/// expired applies.
#[test]
fn every_finding_is_counted_or_suppressed_and_never_dropped() {
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..500 {
        let entries: Vec<String> = (0..random.usize(0..6))
            .map(|n| {
                let check = MADE[random.usize(0..3)].id;
                let day = random.choice(["2026-11-14", "2026-11-15", "2027-01-01"]);
                let more = random.choice(["", ", regions: ['eu-*']", ", resources: ['*/1']"]);
                entry(&format!("e{n}"), check, day.unwrap(), more.unwrap())
            })
            .collect();
        let results: Vec<_> = (1..=random.u64(1..4))
            .map(|n| {
                let verdicts = MADE.iter().map(|check| {
                    let found = vec![High; random.usize(0..4)];
                    let scope = if random.bool() {
                        TargetScope::Global
                    } else {
                        region("eu-west-1")
                    };
                    evaluated(check.id, scope, 9, &found, &[])
                });
                result(account(n, "a", "Work"), verdicts.collect())
            })
            .collect();
        let (with, without) = (
            report(&list(&entries), &results, vec![]),
            report("", &results, vec![]),
        );
        assert_eq!(
            with.findings + with.suppressed,
            without.findings,
            "{entries:?}"
        );
        assert_eq!(without.suppressed.total(), 0);
        for (one, all) in with.indicators.iter().zip(&without.indicators) {
            assert_eq!(one.total.value() + one.total.suppressed, all.total.value());
            assert_eq!(one.total.resources_evaluated, all.total.resources_evaluated);
        }
        let lines = &with.exceptions.entries;
        assert_eq!(
            lines.iter().map(|line| line.applied).sum::<u64>(),
            with.suppressed.total()
        );
        for line in lines {
            assert!(line.applied <= line.matched);
            assert!(
                line.applied == 0 || line.state != ExceptionState::Expired,
                "{line:?}"
            );
        }
        let holding: Vec<_> = entries
            .iter()
            .filter(|one| !one.contains("2026-11-14"))
            .cloned()
            .collect();
        assert_eq!(
            report(&list(&holding), &results, vec![]).findings,
            with.findings
        );
    }
}
