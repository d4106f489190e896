//! Which events ask for a step, and what is said about those that nearly do.

use orgscan_core::settings::Config;
use serde_json::json;

use super::*;

fn read(event: Value) -> Invocation {
    Invocation::from_event(&event).unwrap()
}

fn config(asked: &Invocation) -> Config {
    crate::config::load(None, std::iter::empty(), asked.layer.clone()).unwrap()
}

fn refused(event: Value) -> String {
    let error = Invocation::from_event(&event).unwrap_err();
    let mut lines: Vec<String> = error.problems().iter().map(ToString::to_string).collect();
    lines.sort();
    lines.join("\n")
}

#[test]
fn the_plan_names_the_run_by_its_trigger_or_by_the_state_machines_start() {
    let plan = |event: Value| {
        let started = "2026-11-23T09:30:00.123Z";
        let event = json!({
            "step": "plan", "event": event, "started": started,
            "map_concurrency": 40, "batch_accounts": 20,
        });
        read(event)
    };
    let step = Step::Plan {
        map_concurrency: 40,
        batch_accounts: 20,
    };
    let id = |asked: &Invocation| asked.run_id(Timestamp::MAX).to_string();
    let scheduled = plan(json!({"scheduled_time": "2026-11-22T06:00:00Z"}));
    assert_eq!(scheduled.step, Some(step));
    assert_eq!(id(&scheduled), "20261122T060000Z");
    assert_eq!(id(&plan(json!({}))), "20261123T093000Z");
    assert_eq!(id(&plan(Value::Null)), "20261123T093000Z");
    let rule = json!({
        "source": "aws.events", "detail-type": "Scheduled Event",
        "time": "2026-11-22T06:00:00Z",
    });
    assert_eq!(id(&plan(rule)), "20261122T060000Z");
    let narrowed = plan(json!({"run_id": "audit-7", "regions": {"include": ["eu-*"]}}));
    assert_eq!(id(&narrowed), "audit-7");
    assert_eq!(config(&narrowed).regions.include, ["eu-*"]);
}

#[test]
fn later_steps_are_about_the_run_that_the_plan_began() {
    let run = json!({"run_id": "audit-7", "started": "2026-11-22T06:00:00Z"});
    let event = json!({"scheduled_time": "2020-01-01T00:00:00Z", "checks": {"exclude": ["s3-bucket-public"]}});
    let scan = read(json!({
        "step": "scan", "event": event, "run": run, "batch": 7, "central_share": 0.025,
    }));
    let failure = json!({"Error": "States.ExceedToleratedFailureThreshold", "Cause": "…"});
    let last = read(json!({
        "step": "consolidate", "event": event, "run": run, "failure": failure,
    }));
    let given_up = read(json!({
        "step": "record_failure", "event": event, "run": run, "batch": 7, "failure": failure,
    }));
    for asked in [&scan, &given_up, &last] {
        assert_eq!(asked.run_id(Timestamp::MAX).as_str(), "audit-7");
        assert_eq!(asked.trigger.unwrap().to_string(), "2026-11-22T06:00:00Z");
        assert_eq!(config(asked).checks.exclude, ["s3-bucket-public"]);
    }
    let (batch, central_share) = (7, 0.025);
    let step = Step::Scan {
        batch,
        central_share,
    };
    assert_eq!(scan.step, Some(step));
    assert!(
        matches!(last.step, Some(Step::Consolidate { failure: Some(failure) })
        if failure.error == "States.ExceedToleratedFailureThreshold")
    );
    let whole = read(json!({"step": "consolidate", "run": run, "failure": null}));
    assert_eq!(whole.step, Some(Step::Consolidate { failure: None }));
}

#[test]
fn an_unknown_step_is_refused_with_a_fix() {
    insta::assert_snapshot!(refused(json!({"step": "scann"})), @"event: step: `scann` is unknown; did you mean `scan`?");
    let plan = json!({
        "step": "plan", "started": "now", "map_concurrency": 0, "batch_accounts": 2000, "lease": 1,
    });
    insta::assert_snapshot!(refused(plan), @r"
    event: batch_accounts: 2000 is out of range; use 1 to 1000
    event: lease: unknown key; possible values: step, event, started, map_concurrency, batch_accounts
    event: map_concurrency: 0 is out of range; use 1 to 10000
    event: started: `now` is not a time; write it as 2026-11-22T06:00:00Z, or in a schedule as <aws.scheduler.scheduled-time>
    ");
    let scan = json!({
        "step": "scan", "run": {"run_id": "../x"}, "batch": -1, "central_share": 0,
    });
    insta::assert_snapshot!(refused(scan), @r"
    event: batch: the number -1 is out of range; use a whole number, 0 or above
    event: central_share: 0 is not a share; use a number above 0 and at most 1
    event: run.run_id: `../x` is not a run id: use 2 to 48 letters, digits, `.`, `_` and `-`, and begin with a letter or digit
    ");
    let run = json!({"run_id": "audit-7", "started": "2026-11-22T06:00:00Z"});
    let nested = json!({
        "step": "consolidate", "run": run, "event": {"step": "plan", "acounts": {}},
    });
    insta::assert_snapshot!(refused(nested), @r"
    event: acounts: unknown key; did you mean `accounts`?
    event: step: unknown key; possible values: scheduled_time, run_id, accounts, regions, checks, destinations, dry_run, continuation
    ");
}
