//! The steps of a distributed run, as the Lambda binary takes them, over the replayed organization.

use std::time::Duration;

use orgscan_core::model::Region;
use orgscan_sim::{Fault, FaultFile, STACK_SET, ServiceBehavior, Settings};
use serde_json::{Value, json};

use crate::bucket::{Bucket, file};
use crate::lambda::{Function, InvocationResult, MINUTES, response};
use crate::run::without_dates;
use crate::simulated::SimulatedOrganization;

const BUCKET: &str = "reports";
const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:security";

/// When the runs of these tests start, by their events. The simulated ages count back from it.
const STARTED: &str = "2026-11-22T06:00:00Z";

/// A function that reports to the replayed organization's S3, and a distributed run of it.
struct Steps {
    function: Function,
    /// What the plan answered.
    plan: Value,
    event: Value,
}

fn settings(faults: &str) -> Settings {
    Settings {
        behavior: ServiceBehavior::none(),
        clock: Some(STARTED.parse().unwrap()),
        faults: faults_of(faults),
        log: true,
        ..Settings::default()
    }
}

fn faults_of(yaml: &str) -> Vec<Fault> {
    FaultFile::parse("faults", yaml).unwrap().faults
}

/// A function for the Regions that the organization uses.
fn function(replayed: &SimulatedOrganization, location: &str) -> Function {
    let folder = replayed.folder();
    let config = folder.join("lambda.yaml");
    let regions: Vec<&str> = replayed
        .inventory
        .regions
        .iter()
        .map(Region::as_str)
        .collect();
    let text = json!({
        "regions": {"include": regions},
        // A request that hangs does so for longer than any child lives.
        "timeouts": {"request_seconds": 300},
        "enrollment": {"stack_set": STACK_SET},
        "destinations": {"report": {"location": location}, "alert": {"topic_arn": TOPIC}},
    });
    std::fs::write(&config, text.to_string()).unwrap();
    let config = ("ORGSCAN_CONFIG", config.to_str().unwrap());
    Function::start_at(&replayed.replay.url, &folder, &[config])
}

fn plan_event(event: &Value, batch_accounts: usize) -> Value {
    json!({
        "step": "plan", "event": event, "started": STARTED,
        "map_concurrency": 4, "batch_accounts": batch_accounts,
    })
}

impl Steps {
    fn plan(replayed: &SimulatedOrganization, batch_accounts: usize) -> Self {
        Self::plan_of(replayed, json!({"run_id": "nightly"}), batch_accounts)
    }

    fn plan_of(replayed: &SimulatedOrganization, event: Value, batch_accounts: usize) -> Self {
        let mut function = function(replayed, "s3://reports/audit");
        let plan = function.invoke("1", &plan_event(&event, batch_accounts), MINUTES);
        Self {
            plan: response(plan),
            function,
            event,
        }
    }

    fn batches(&self) -> u64 {
        self.plan["batches"].as_u64().unwrap()
    }

    fn scan(&mut self, batch: u64, time: Duration) -> InvocationResult {
        let event = json!({
            "step": "scan", "event": self.event, "run": self.plan["run"], "batch": batch,
            "central_share": self.plan["central_share"],
        });
        self.function.invoke("scan", &event, time)
    }

    fn record_failure(&mut self, batch: u64, error: &str, message: &str) {
        let cause = json!({"errorType": error, "errorMessage": message}).to_string();
        let event = json!({
            "step": "record_failure", "event": self.event, "run": self.plan["run"], "batch": batch,
            "failure": {"Error": error, "Cause": cause},
        });
        let answer = response(self.function.invoke("give-up", &event, MINUTES));
        assert_eq!(answer, json!({ "batch": batch }));
    }

    fn consolidate(&mut self, failure: &Value) -> Value {
        let event = json!({
            "step": "consolidate", "event": self.event, "run": self.plan["run"],
            "failure": failure,
        });
        response(self.function.invoke("consolidate", &event, MINUTES))
    }
}

/// The error's name and message.
fn refused(answer: InvocationResult) -> (String, String) {
    let InvocationResult::Error(error) = answer else {
        panic!("{answer:?}");
    };
    let text = |field: &str| error[field].as_str().unwrap().to_owned();
    (text("errorType"), text("errorMessage"))
}

fn opened_sessions(replayed: &SimulatedOrganization) -> usize {
    let requests = replayed.requests().into_iter();
    requests.filter(|one| one.api == "sts:AssumeRole").count()
}

#[test]
fn a_run_in_steps_finds_what_a_run_in_one_finds_and_publishes_once() {
    let replayed = SimulatedOrganization::start(settings(""));
    let event = json!({"run_id": "nightly", "scheduled_time": STARTED});
    let whole = function(&replayed, "s3://whole/audit").invoke("0", &event, MINUTES);
    let coverage = response(whole)["coverage"].clone();
    let whole = Bucket::at(&replayed.replay.url, "whole").below("audit/daily/");
    let bucket = Bucket::at(&replayed.replay.url, BUCKET);
    let mut steps = Steps::plan(&replayed, 4);
    assert_eq!(steps.plan["accounts_listed"], coverage["accounts_listed"]);
    assert_eq!(steps.plan["run"]["run_id"], "nightly");
    assert_eq!(steps.plan["batches_key"], "audit/runs/nightly/batches.json");
    assert_eq!(steps.plan["central_share"], 0.25);
    let items = &bucket.below("audit/runs/nightly/")["batches.json"];
    let items: Vec<Value> = serde_json::from_str(items).unwrap();
    let accounts = |item: &Value| item["accounts"].as_array().unwrap().len();
    let to_scan: usize = items.iter().map(accounts).sum();
    assert_eq!(steps.plan["accounts_to_scan"], to_scan);
    assert_eq!(items.len(), 4);
    assert!(items.iter().all(|item| accounts(item) <= 4));

    for batch in 0..steps.batches() {
        let done = response(steps.scan(batch, MINUTES));
        assert_eq!(done["accounts_remaining"], 0, "{done}");
    }
    assert_eq!(bucket.below("audit/daily/").len(), 0, "published too early");
    let answer = steps.consolidate(&Value::Null);
    assert_eq!(answer["coverage"], coverage);

    let report = bucket.below("audit/daily/");
    for name in ["findings.csv", "coverage.csv"] {
        let [report, whole] = [&report, &whole].map(|files| without_dates(name, file(files, name)));
        assert_eq!(report, whole, "{name}");
    }
    let [report, whole] = [&report, &whole]
        .map(|files| -> Value { serde_json::from_str(file(files, "report.json")).unwrap() });
    assert_eq!(report["enrollment"], whole["enrollment"]);
    assert_eq!(steps.consolidate(&Value::Null), answer);
    // Once by the one scan, and once by the last step of the other.
    let sent = replayed.requests().into_iter();
    let asked = sent.filter(|one| one.api == "cloudformation:ListStackInstances");
    assert_eq!(asked.count(), 2);
    let again = plan_event(&steps.event, 4);
    let again = response(steps.function.invoke("plan", &again, MINUTES));
    assert_eq!(again["already_finished"], true);
    assert_eq!(replayed.replay.writes().messages.len(), 2);
}

#[test]
fn a_child_that_runs_out_of_time_leaves_the_rest_to_the_next_attempt() {
    let hanging =
        "faults: [{operation: DescribeVolumes, account: storefront, kind: hang, times: 1}]";
    let replayed = SimulatedOrganization::start(settings(hanging));
    let light = json!({
        "run_id": "nightly", "checks": {"include": ["ebs-volume-unencrypted"]},
        "regions": {"include": ["us-east-1", "eu-central-1"]},
    });
    let mut steps = Steps::plan_of(&replayed, light, 1_000);
    let all = steps.plan["accounts_to_scan"].as_u64().unwrap();
    let (name, message) = refused(steps.scan(0, Duration::from_secs(30)));
    assert_eq!(name, "OutOfTime", "{message}");
    let left = (1..all).find(|left| message.contains(&format!("with {left} of {all} accounts")));
    let left = left.unwrap_or_else(|| panic!("{message}"));
    let before = opened_sessions(&replayed);
    let answer = response(steps.scan(0, MINUTES));
    assert_eq!(answer["accounts_completed"], all);
    let opened = opened_sessions(&replayed) - before;
    assert_eq!(opened as u64, left, "only what was left is scanned");
    let answer = steps.consolidate(&Value::Null);
    assert_eq!(
        answer["coverage"]["targets"]["causes"]["deadline_exceeded"],
        Value::Null
    );
}

#[test]
fn accounts_of_failed_batches_are_failures_with_a_cause() {
    let replayed = SimulatedOrganization::start(settings(""));
    let bucket = Bucket::at(&replayed.replay.url, BUCKET);
    let mut steps = Steps::plan(&replayed, 4);
    response(steps.scan(0, MINUTES));
    steps.record_failure(1, "OutOfTime", "the time was up with 4 of 4 accounts left");
    steps.record_failure(2, "Runtime.ExitError", "exited with 137");
    let failure = json!({"Error": "States.ExceedToleratedFailureThreshold", "Cause": "too many"});
    let answer = steps.consolidate(&failure);
    let coverage = &answer["coverage"];
    let count = |name: &str| coverage[name].as_u64().unwrap();
    assert_eq!(
        count("accounts_listed"),
        count("accounts_scanned") + count("accounts_skipped") + count("accounts_failed")
    );
    assert_eq!(answer["complete"], false);

    let report = bucket.below("audit/daily/");
    let report: Value = serde_json::from_str(file(&report, "report.json")).unwrap();
    let notes = report["notes"].to_string();
    assert!(
        notes.contains("ExceedToleratedFailureThreshold: too many"),
        "{notes}"
    );
    let items = &bucket.below("audit/runs/nightly/")["batches.json"];
    let items: Vec<Value> = serde_json::from_str(items).unwrap();
    let expected = [
        (
            1,
            "deadline_exceeded",
            "batch 1 failed: OutOfTime: the time was up",
        ),
        (
            2,
            "other",
            "batch 2 failed: Runtime.ExitError: exited with 137",
        ),
        (3, "other", "batch 3 has neither a result nor an error"),
    ];
    for (batch, cause, detail) in expected {
        for id in items[batch]["accounts"].as_array().unwrap() {
            let accounts = report["accounts"].as_array().unwrap().iter();
            let account = accounts.clone().find(|one| one["id"] == *id).unwrap();
            assert_eq!(account["outcome"], "failed", "{account}");
            assert_eq!(account["gap"]["cause"], cause);
            assert_eq!(account["gap"]["action"], "lambda:InvokeFunction");
            let message = account["gap"]["detail"].as_str().unwrap();
            assert!(message.starts_with(detail), "{message}");
        }
    }
}

#[test]
fn children_do_not_wait_for_the_runs_lease_and_the_plan_does() {
    let replayed = SimulatedOrganization::start(settings(""));
    let bucket = Bucket::at(&replayed.replay.url, BUCKET);
    let mut steps = Steps::plan(&replayed, 4);
    // An end that is farther away would be that of a process whose clock is ahead.
    let until = jiff::Timestamp::now() + jiff::SignedDuration::from_mins(5);
    let lease = json!({"holder": "somebody", "token": "t", "until": until});
    bucket.put("audit/runs/nightly/lease.json", lease.to_string());
    assert_eq!(response(steps.scan(0, MINUTES))["accounts_remaining"], 0);
    let plan = plan_event(&steps.event, 4);
    let (name, message) = refused(steps.function.invoke("plan", &plan, MINUTES));
    assert_eq!(name, "RunInterrupted");
    assert!(message.contains("somebody"), "{message}");
}

#[test]
fn a_run_keeps_its_plan_and_its_settings() {
    let replayed = SimulatedOrganization::start(settings(""));
    let mut steps = Steps::plan(&replayed, 4);
    let listed = |replayed: &SimulatedOrganization| {
        let requests = replayed.requests().into_iter();
        requests
            .filter(|one| one.api == "organizations:ListAccounts")
            .count()
    };
    let before = listed(&replayed);
    let again = plan_event(&steps.event, 7);
    let again = response(steps.function.invoke("plan", &again, MINUTES));
    assert_eq!(
        again, steps.plan,
        "batches are those that map_concurrency may be at"
    );
    assert_eq!(listed(&replayed), before);

    steps.event = json!({"run_id": "nightly", "regions": {"include": ["eu-west-1"]}});
    let (name, message) = refused(steps.scan(0, MINUTES));
    assert_eq!(name, "RunFailed");
    assert!(message.contains("other settings"), "{message}");
}

#[test]
fn what_cannot_be_distributed_is_named_with_a_fix() {
    let replayed = SimulatedOrganization::start(settings(""));
    let folder = replayed.folder();
    let mut local = function(&replayed, folder.to_str().unwrap());
    let (name, message) = refused(local.invoke("1", &plan_event(&json!({}), 4), MINUTES));
    assert_eq!(name, "RunFailed");
    assert!(message.contains("s3://bucket/prefix"), "{message}");

    let mut function = function(&replayed, "s3://reports/audit");
    let dry = plan_event(&json!({"dry_run": true}), 4);
    let (_, message) = refused(function.invoke("2", &dry, MINUTES));
    assert!(message.contains("without dry_run"), "{message}");
    let run = json!({"run_id": "unplanned", "started": "2026-11-22T06:00:00Z"});
    let scan = json!({"step": "scan", "run": run, "batch": 0, "central_share": 1});
    let (_, message) = refused(function.invoke("3", &scan, MINUTES));
    assert!(
        message.contains("unplanned/run.json does not exist"),
        "{message}"
    );
    let (name, message) = refused(function.invoke("4", &json!({"step": "scan"}), MINUTES));
    assert_eq!(name, "InvalidEvent");
    assert!(message.contains("run: missing"), "{message}");
}
