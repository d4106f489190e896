use super::*;
use crate::frameworks::{all_of, automated, high_of, manual};
use crate::model::Severity::{High, Low};
use crate::model::{AccountResult, Severity, TargetScope, TargetVerdict};
use crate::testing::{
    BUCKETS, CHECKS, USERS, VOLUMES, account, evaluated, exceptions, failed, plain, region, result,
};

/// A control that all findings of these two break.
const BOTH: Control = automated("1", "both", "").mapped_by(&[all_of(USERS), all_of(BUCKETS)]);
/// A control that only grave findings break.
const GRAVE: Control = manual("2", "grave", "")
    .remark("more")
    .mapped_by(&[high_of(USERS)]);
/// A control of the organization, which is asked of one account.
const CENTRAL: &str = "organization-root-access-not-central";
const ALONE: Control = manual("3", "alone", "all of it");

fn users(severities: &[Severity], gaps: &[&str]) -> TargetVerdict {
    let gaps: Vec<_> = gaps.iter().map(|action| gap(action)).collect();
    evaluated(USERS, TargetScope::Global, 9, severities, &gaps)
}

fn buckets(gaps: &[&str]) -> TargetVerdict {
    let gaps: Vec<_> = gaps.iter().map(|action| gap(action)).collect();
    evaluated(BUCKETS, TargetScope::Global, 9, &[], &gaps)
}

fn gap(action: &str) -> crate::model::Gap {
    crate::model::Gap::new(action, crate::model::Cause::DeniedByScp)
}

fn of(verdicts: Vec<TargetVerdict>) -> AccountResult {
    result(account(1, "one", ""), verdicts)
}

fn line(result: &AccountResult, control: &Control) -> (ControlOutcome, u64, u64) {
    let applied = plain(result);
    let line = AccountControls::of(&applied, CHECKS).line(control).unwrap();
    (line.outcome, line.findings, line.suppressed)
}

#[test]
fn a_control_passes_only_where_everything_was_evaluated() {
    use ControlOutcome::{Fail, Pass, Unknown};
    let clean = of(vec![users(&[], &[]), buckets(&[])]);
    assert_eq!(line(&clean, &BOTH), (Pass, 0, 0));
    let hidden = of(vec![users(&[], &[]), buckets(&["s3:GetBucketAcl"])]);
    assert_eq!(line(&hidden, &BOTH), (Unknown, 0, 0));
    // What breaks it for certain outweighs what is not known.
    let both = of(vec![users(&[Low, High], &["x"]), buckets(&["y"])]);
    assert_eq!(line(&both, &BOTH), (Fail, 2, 0));
    // A check that was to be made and has no verdict at all is no pass.
    assert_eq!(line(&of(vec![users(&[], &[])]), &BOTH), (Unknown, 0, 0));
    assert_eq!(line(&failed(account(1, "one", "")), &BOTH), (Unknown, 0, 0));
}

#[test]
fn findings_below_what_a_control_asks_for_do_not_break_it() {
    let mild = of(vec![users(&[Low], &[])]);
    assert_eq!(line(&mild, &GRAVE), (ControlOutcome::Pass, 0, 0));
    let grave = of(vec![users(&[Low, High], &[])]);
    assert_eq!(line(&grave, &GRAVE), (ControlOutcome::Fail, 1, 0));
}

#[test]
fn an_uncovered_control_is_not_covered_or_manual_and_a_check_that_did_not_run_is_not_selected() {
    let clean = of(vec![users(&[], &[])]);
    assert_eq!(line(&clean, &ALONE), (ControlOutcome::NotCovered, 0, 0));
    let for_a_person = ALONE.manual_only();
    assert_eq!(line(&clean, &for_a_person), (ControlOutcome::Manual, 0, 0));
    let applied = plain(&clean);
    let made = &CHECKS[..1];
    assert_eq!(made[0].id, USERS);
    let outcome = |control| {
        AccountControls::of(&applied, made)
            .line(control)
            .unwrap()
            .outcome
    };
    assert_eq!(outcome(&BOTH), ControlOutcome::NotSelected);
    assert_eq!(outcome(&GRAVE), ControlOutcome::Pass);
    let broken = of(vec![users(&[High], &[])]);
    let applied = plain(&broken);
    let line = AccountControls::of(&applied, made).line(&BOTH).unwrap();
    assert_eq!(line.outcome, ControlOutcome::Fail);
}

#[test]
fn a_control_that_is_covered_in_part_passes_in_part_at_most() {
    const PART: Control = automated("6", "part", "")
        .partly("the rest")
        .mapped_by(&[all_of(USERS)]);
    let of_users = |verdict| line(&of(vec![verdict]), &PART);
    let clean = of_users(users(&[], &[]));
    assert_eq!(clean, (ControlOutcome::PassInPart, 0, 0));
    let broken = of_users(users(&[Low], &[]));
    assert_eq!(broken, (ControlOutcome::Fail, 1, 0));
    let unknown = of_users(users(&[], &["x"]));
    assert_eq!(unknown, (ControlOutcome::Unknown, 0, 0));
}

#[test]
fn a_suppressed_finding_is_counted_apart_and_fails_nothing() {
    let list = exceptions(&format!(
        "exceptions:\n- {{ id: a, checks: [{USERS}], reason: r, owner: o, expires: 2027-01-01 }}\n"
    ));
    let applied = list.apply(of(vec![users(&[High], &[])]));
    let line = AccountControls::of(&applied, CHECKS).line(&GRAVE).unwrap();
    assert_eq!(line.outcome, ControlOutcome::Pass);
    assert_eq!((line.findings, line.suppressed), (0, 1));
}

#[test]
fn one_unknown_region_makes_a_regional_check_unknown() {
    const DISKS: Control = automated("4", "disks", "").mapped_by(&[all_of(VOLUMES)]);
    let there = evaluated(VOLUMES, region("eu-west-1"), 2, &[], &[]);
    let hidden = evaluated(VOLUMES, region("eu-west-2"), 0, &[], &[gap("x")]);
    assert_eq!(
        line(&of(vec![there.clone()]), &DISKS).0,
        ControlOutcome::Pass
    );
    let outcome = line(&of(vec![there, hidden]), &DISKS).0;
    assert_eq!(outcome, ControlOutcome::Unknown);
}

#[test]
fn a_gap_that_is_expected_is_no_pass() {
    const DISKS: Control = automated("4", "disks", "").mapped_by(&[all_of(VOLUMES)]);
    let there = evaluated(VOLUMES, region("eu-west-1"), 2, &[], &[]);
    let mut suppressed = evaluated(VOLUMES, region("eu-west-2"), 2, &[], &[]);
    let TargetOutcome::Evaluated(verdict) = &mut suppressed.outcome else {
        panic!("{suppressed:?}")
    };
    verdict.expected_gaps.push(gap("x"));
    let skipped = TargetVerdict {
        outcome: TargetOutcome::Skipped {
            detail: "accepted by the platform team".into(),
            gap: gap("x"),
        },
        ..suppressed.clone()
    };
    for other in [suppressed, skipped] {
        let outcome = line(&of(vec![there.clone(), other]), &DISKS).0;
        assert_eq!(outcome, ControlOutcome::Unknown);
    }
}

#[test]
fn accounts_add_up_in_every_control() {
    let cis = crate::frameworks::by_id("cis-7.0").unwrap();
    let mut views = FrameworkViews::new(&[cis], CHECKS);
    for result in [
        of(vec![users(&[High], &[])]),
        of(vec![users(&[], &[])]),
        failed(account(3, "three", "")),
    ] {
        views.add(&plain(&result), CHECKS);
    }
    let views = views.finish();
    assert_eq!(views[0].id, "cis-7.0");
    for control in &views[0].controls {
        let n = control.accounts;
        assert_eq!(n.total(), 3, "{}", control.id);
        if control.checks.is_empty() {
            let expected = match control.id {
                "2.1.4" => (3, 0),
                _ => (0, 3),
            };
            assert_eq!((n.manual, n.not_covered), expected, "{}", control.id);
        }
    }
    let mfa = views[0].controls.iter().find(|one| one.checks == [USERS]);
    let mfa = mfa.unwrap();
    assert_eq!(
        (mfa.accounts.fail, mfa.accounts.pass, mfa.accounts.unknown),
        (1, 1, 1)
    );
    assert_eq!(mfa.findings, 1);
}

#[test]
fn the_evidence_has_the_calls_of_selected_checks_and_the_time_of_scanned_accounts() {
    let cis = crate::frameworks::by_id("cis-7.0").unwrap();
    // Those of the other tests have no facts.
    let made = &[crate::services::by_id(USERS).unwrap()];
    let mut views = FrameworkViews::new(&[cis], made);
    let at = |minute: i64| {
        let start = crate::testing::run().started;
        start + jiff::SignedDuration::from_mins(minute)
    };
    let timed = |mut result: AccountResult, from, until| {
        (result.started, result.finished) = (at(from), at(until));
        result
    };
    for result in [
        timed(of(vec![users(&[], &[])]), 3, 5),
        timed(of(vec![users(&[High], &[])]), 2, 4),
        timed(failed(account(3, "three", "")), 1, 9),
    ] {
        views.add(&plain(&result), made);
    }
    let views = views.finish();
    let evidence = |id: &str| {
        let mut controls = views[0].controls.iter();
        controls.find(|one| one.id == id).unwrap().evidence.clone()
    };
    let mfa = evidence("2.10");
    assert_eq!(
        mfa.calls,
        cis.controls_of(USERS).next().unwrap().calls(made)
    );
    assert!(mfa.calls.contains(&"iam:GetCredentialReport"), "{mfa:?}");
    let times = (mfa.collected_from, mfa.collected_until);
    assert_eq!(times, (Some(at(2)), Some(at(5))));
    // One control has a check that was not selected, the other none at all.
    for id in ["3.1.1", "2.1.4"] {
        assert_eq!(evidence(id), ControlEvidence::default(), "{id}");
    }
}

#[test]
fn the_organizations_own_control_is_evaluated_in_the_central_account() {
    const ROOT: Control = manual("5", "root", "").mapped_by(&[all_of(CENTRAL)]);
    let outcome = |verdicts| {
        let applied = plain(&of(verdicts));
        let line = AccountControls::of(&applied, crate::services::CHECKS).line(&ROOT);
        line.map(|line| line.outcome)
    };
    assert_eq!(outcome(vec![users(&[], &[])]), None);
    let here = |severities: &[Severity], gaps: &[_]| {
        vec![evaluated(CENTRAL, TargetScope::Global, 1, severities, gaps)]
    };
    assert_eq!(outcome(here(&[], &[])), Some(ControlOutcome::Pass));
    assert_eq!(outcome(here(&[High], &[])), Some(ControlOutcome::Fail));
    assert_eq!(
        outcome(here(&[], &[gap("x")])),
        Some(ControlOutcome::Unknown)
    );
}

/// A check with a control for each of its parts.
const ALARMS: &str = "cloudtrail-alarm-missing";

fn of_part(part: &'static str) -> Control {
    let mapping = CheckMapping {
        part,
        ..all_of(ALARMS)
    };
    automated("6", "part", "").mapped_by(vec![mapping].leak())
}

#[test]
fn a_control_of_a_part_is_about_that_part_alone() {
    let alarms = |parts: &[&str], gaps: &[&str]| {
        let gaps: Vec<_> = gaps.iter().map(|part| gap("x").of(*part)).collect();
        let severities = vec![Low; parts.len()];
        let mut found = evaluated(ALARMS, TargetScope::Global, 15, &severities, &gaps);
        if let TargetOutcome::Evaluated(verdict) = &mut found.outcome {
            for (violation, part) in verdict.violations.iter_mut().zip(parts) {
                violation.part = (*part).to_owned();
            }
        }
        let result = of(vec![found]);
        ["root-usage", "vpc-changes"].map(|part| {
            let applied = plain(&result);
            let checks = [by_id(ALARMS).unwrap()];
            let controls = AccountControls::of(&applied, &checks);
            let line = controls.line(&of_part(part)).unwrap();
            (line.outcome, line.findings)
        })
    };
    use ControlOutcome::{Fail, Pass, Unknown};
    assert_eq!(alarms(&[], &[]), [(Pass, 0), (Pass, 0)]);
    assert_eq!(alarms(&["root-usage"], &[]), [(Fail, 1), (Pass, 0)]);
    assert_eq!(
        alarms(&["root-usage"], &["vpc-changes"]),
        [(Fail, 1), (Unknown, 0)]
    );
    assert_eq!(alarms(&[], &["root-usage"]), [(Unknown, 0), (Pass, 0)]);
    // A gap that names no part is about all of them.
    assert_eq!(alarms(&[], &["arn:aws:logs"]), [(Unknown, 0), (Unknown, 0)]);
    assert_eq!(alarms(&["vpc-changes"], &[""]), [(Unknown, 0), (Fail, 1)]);
}
