//! Gaps that are expected become skips.

use crate::model::Severity::High;
use crate::model::{
    AccountOutcome, AccountResult, Cause, Gap, Outcome, SkipReason, TargetOutcome, TargetScope,
    Verdict,
};
use crate::testing::{
    USERS, VOLUMES, account, evaluated, exceptions, failed, plain, region, result,
};

const DETAIL: &str = "expected, sandbox until 2027-01-31: no data (platform team)";

fn expecting(more: &str) -> String {
    format!(
        "expected_gaps:\n- {{ id: sandbox, reason: no data, owner: platform team, \
         expires: 2027-01-31{more} }}\n"
    )
}

fn denied(cause: Cause) -> Gap {
    Gap::new("ec2:Describe", cause)
}

fn scanned(scope: TargetScope, examined: u64, found: bool, causes: &[Cause]) -> AccountResult {
    let gaps: Vec<_> = causes.iter().copied().map(denied).collect();
    let found = if found { &[High][..] } else { &[] };
    let verdict = evaluated(VOLUMES, scope, examined, found, &gaps);
    result(account(1, "sandbox-7", ""), vec![verdict])
}

fn outcome(yaml: &str, result: &AccountResult) -> TargetOutcome {
    let exceptions = exceptions(yaml);
    let applied = exceptions.apply(result.clone());
    applied.result().verdicts[0].outcome.clone()
}

fn verdict(outcome: TargetOutcome) -> Verdict {
    match outcome {
        TargetOutcome::Evaluated(verdict) => verdict,
        TargetOutcome::Skipped { .. } => panic!("{outcome:?}"),
    }
}

#[test]
fn a_target_with_nothing_but_expected_gaps_is_skipped() {
    let result = scanned(region("eu-west-1"), 0, false, &[Cause::DeniedByScp]);
    let skipped = TargetOutcome::Skipped {
        detail: DETAIL.into(),
        gap: denied(Cause::DeniedByScp),
    };
    assert_eq!(outcome(&expecting(", regions: ['eu-*']"), &result), skipped);
    let elsewhere = outcome(&expecting(", regions: ['us-*']"), &result);
    assert_eq!(verdict(elsewhere).outcome(), Outcome::Unknown);
    let others = outcome(&expecting(", accounts: { names: ['prod-*'] }"), &result);
    assert_eq!(verdict(others).outcome(), Outcome::Unknown);
}

#[test]
fn expected_gaps_leave_the_rest_of_the_verdict_complete() {
    let causes = [Cause::DeniedByScp, Cause::Throttled];
    let result = scanned(region("eu-west-1"), 1, true, &causes);
    let left = verdict(outcome(&expecting(""), &result));
    assert_eq!(left.outcome(), Outcome::Fail);
    assert_eq!((left.resources_evaluated, left.violations.len()), (1, 1));
    let notes = [
        format!("ec2:Describe: denied by a service control policy; {DETAIL}"),
        format!("ec2:Describe: throttled; {DETAIL}"),
    ];
    assert_eq!(left.notes, notes);
}

#[test]
fn one_gap_that_is_not_expected_keeps_the_verdict_unknown() {
    let causes = [Cause::DeniedByScp, Cause::Throttled];
    let result = scanned(region("eu-west-1"), 1, true, &causes);
    let left = verdict(outcome(&expecting(", causes: [denied_by_scp]"), &result));
    assert_eq!(left.outcome(), Outcome::Unknown);
    assert_eq!(left.gaps, [denied(Cause::Throttled)]);
    assert_eq!((left.violations.len(), left.notes.len()), (1, 1));
}

#[test]
fn one_that_has_expired_changes_nothing() {
    let result = scanned(region("eu-west-1"), 0, false, &[Cause::DeniedByScp]);
    let expired = expecting("").replace("2027-01-31", "2026-11-14");
    assert_eq!(outcome(&expired, &result), result.verdicts[0].outcome);
    let last_day = expecting("").replace("2027-01-31", "2026-11-15");
    assert_ne!(outcome(&last_day, &result), result.verdicts[0].outcome);
}

#[test]
fn an_account_that_cannot_be_entered_on_purpose_is_skipped() {
    let mut result = failed(account(1, "a", ""));
    let gap = Gap::new("sts:AssumeRole", Cause::RoleNotAssumable);
    let gaps = std::slice::from_ref(&gap);
    result.verdicts = vec![evaluated(USERS, TargetScope::Global, 0, &[], gaps)];
    let global = exceptions(&expecting(", regions: [global]"));
    let applied = global.apply(result.clone());
    let skipped = AccountOutcome::Skipped {
        reason: SkipReason::ExpectedGap,
        detail: DETAIL.into(),
    };
    assert_eq!(applied.result().outcome, skipped);
    assert!(applied.result().verdicts.is_empty());
    // One account, one gap, whatever the number of its targets.
    assert_eq!(applied.gaps, [[0]]);
    let regional = exceptions(&expecting(", regions: [eu-west-1]"));
    assert_eq!(
        regional.apply(result.clone()).result().outcome,
        result.outcome
    );
    assert_eq!(plain(&result).result(), &result);
}
