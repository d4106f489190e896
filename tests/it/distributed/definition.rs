//! The state machine's definition: what an interpreter does not hold it to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use orgscan_app::config::{Invocation, event_schema};
use serde_json::{Value, json};

/// The definition with values for what the template fills in.
pub(super) fn filled(values: &[(&str, &str)]) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("infra/statemachine.asl.json");
    let mut text = std::fs::read_to_string(path).unwrap();
    for (name, value) in values {
        text = text.replace(&format!("${{{name}}}"), value);
    }
    text
}

/// All that the template fills in.
pub(super) const VALUES: &[(&str, &str)] = &[
    ("AWS::Partition", "aws"),
    (
        "FunctionArn",
        "arn:aws:lambda:us-east-1:123456789012:function:orgscan",
    ),
    ("MapConcurrency", "40"),
    ("ToleratedFailurePercentage", "10"),
    ("BatchAccounts", "20"),
];

fn definition() -> Value {
    serde_json::from_str(&filled(VALUES)).unwrap()
}

/// Every state by its name, those of the children included.
fn states(definition: &Value) -> BTreeMap<String, Value> {
    let of = |machine: &Value| machine["States"].as_object().unwrap().clone();
    let outer = of(definition);
    let inner = of(&outer["ScanBatches"]["ItemProcessor"]);
    outer.into_iter().chain(inner).collect()
}

fn list(value: &Value) -> Vec<&Value> {
    value.as_array().into_iter().flatten().collect()
}

fn names(retrier: &Value) -> Vec<&str> {
    let names = list(&retrier["ErrorEquals"]).into_iter();
    names.map(|name| name.as_str().unwrap()).collect()
}

#[test]
fn the_template_fills_in_what_there_is_to_fill_in() {
    let text = filled(&[]);
    let found: BTreeSet<&str> = text
        .split("${")
        .skip(1)
        .map(|rest| rest.split_once('}').unwrap().0)
        .collect();
    let known: BTreeSet<&str> = VALUES.iter().map(|(name, _)| *name).collect();
    assert_eq!(found, known);
}

#[test]
fn every_state_leads_to_one_that_is_there() {
    let definition = definition();
    for machine in [
        &definition,
        &definition["States"]["ScanBatches"]["ItemProcessor"],
    ] {
        let states = machine["States"].as_object().unwrap();
        let mut reached = BTreeSet::from([machine["StartAt"].as_str().unwrap()]);
        for (name, state) in states {
            let branches = list(&state["Choices"])
                .into_iter()
                .chain(list(&state["Catch"]));
            let next: Vec<&str> = branches
                .chain([state])
                .filter_map(|branch| branch["Next"].as_str())
                .chain(state["Default"].as_str())
                .collect();
            let is_end =
                state["End"] == true || state["Type"] == "Fail" || state["Type"] == "Succeed";
            assert!(is_end || !next.is_empty(), "{name} leads nowhere");
            reached.extend(next);
        }
        let there: BTreeSet<&str> = states.keys().map(String::as_str).collect();
        assert_eq!(reached, there);
    }
}

/// What ministack ignores: jitter, the longest wait, the time limits.
#[test]
fn every_task_is_tried_again_with_backoff_jitter_and_a_longest_wait() {
    let definition = definition();
    // Longer than the longest invocation, 900 seconds, or the function's own deadline would not count.
    let tasks = states(&definition).into_iter();
    for (name, task) in tasks.filter(|(_, state)| state["Type"] == "Task") {
        assert!(task["TimeoutSeconds"].as_u64().unwrap() > 900, "{name}");
        assert!(!list(&task["Retry"]).is_empty(), "{name}");
        for retrier in list(&task["Retry"]) {
            assert!(retrier["BackoffRate"].as_f64().unwrap() > 1.0, "{retrier}");
            assert_eq!(retrier["JitterStrategy"], "FULL", "{retrier}");
            let longest = retrier["MaxDelaySeconds"].as_u64().unwrap();
            assert!(
                retrier["IntervalSeconds"].as_u64().unwrap() < longest,
                "{retrier}"
            );
            assert!(retrier["MaxAttempts"].as_u64().unwrap() >= 4, "{retrier}");
        }
    }
    assert!(definition["TimeoutSeconds"].as_u64().unwrap() < 24 * 3_600);
}

#[test]
fn what_may_pass_is_tried_again_and_what_cannot_is_not() {
    let states = states(&definition());
    let retried = |state: &str| -> BTreeSet<String> {
        let retriers = list(&states[state]["Retry"]).into_iter();
        retriers.flat_map(names).map(str::to_owned).collect()
    };
    let own = |state: &str| -> Vec<String> {
        let names = retried(state).into_iter();
        names.filter(|name| !name.contains('.')).collect()
    };
    assert_eq!(own("Plan"), ["NotConnected", "RunInterrupted"]);
    assert_eq!(
        own("ScanBatch"),
        ["NotConnected", "OutOfTime", "RunInterrupted"]
    );
    assert_eq!(
        own("Consolidate"),
        ["NotConnected", "NotDelivered", "RunInterrupted"]
    );
    let of_lambda = [
        "Lambda.AWSLambdaException",
        "Lambda.ClientExecutionTimeoutException",
        "Lambda.SdkClientException",
        "Lambda.ServiceException",
        "Lambda.TooManyRequestsException",
        "Lambda.Unknown",
        "Runtime.ExitError",
        "Sandbox.Timedout",
        "States.Timeout",
    ];
    for state in ["Plan", "ScanBatch", "Consolidate"] {
        let names = retried(state);
        for name in of_lambda {
            assert!(names.contains(name), "{state} does not try {name} again");
        }
    }
    assert_eq!(names(&states["RecordFailure"]["Retry"][0]), ["States.ALL"]);
}

/// The children's outputs together have 256 KiB at most: an empty object and a comma for each of 50,000 fit.
/// A ResultWriter would store them in S3, but AWS does not document whether it can write to a bucket with a
/// default retention.
#[test]
fn the_map_reads_s3_writes_nothing_and_always_leads_to_the_last_step() {
    let definition = definition();
    let map = &definition["States"]["ScanBatches"];
    let mode = json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
    assert_eq!(map["ItemProcessor"]["ProcessorConfig"], mode);
    assert_eq!(map["ItemReader"]["ReaderConfig"]["InputType"], "JSON");
    assert_eq!(map["MaxConcurrency"], 40);
    assert_eq!(map["ToleratedFailurePercentage"], 10);
    // Batches are made by the plan.
    assert_eq!(map["ItemBatcher"], Value::Null);
    assert_eq!(map["ResultWriter"], Value::Null);
    assert_eq!(map["ResultPath"], Value::Null);
    assert!(map.as_object().unwrap().contains_key("ResultPath"));
    assert_eq!(names(&map["Catch"][0]), ["States.ALL"]);
    assert_eq!(
        [&map["Catch"][0]["Next"], &map["Next"]],
        ["Consolidate", "Consolidate"]
    );
    let child = &map["ItemProcessor"]["States"];
    assert_eq!(child["ScanBatch"]["OutputPath"], Value::Null);
    assert!(
        child["ScanBatch"]
            .as_object()
            .unwrap()
            .contains_key("OutputPath")
    );
    assert_eq!(names(&child["ScanBatch"]["Catch"][0]), ["States.ALL"]);
    assert_eq!(
        child["BatchFailed"]["Type"], "Fail",
        "a failed batch counts as failed"
    );
}

/// What a path in a payload stands for.
fn sample(name: &str) -> Value {
    match name {
        "event" => {
            json!({"scheduled_time": "2026-11-22T06:00:00Z", "regions": {"include": ["eu-*"]}})
        }
        "started" => json!("2026-11-22T06:00:00.123Z"),
        "run" => json!({"run_id": "nightly", "started": "2026-11-22T06:00:00Z"}),
        "batch" => json!(7),
        "central_share" => json!(0.025),
        "failure" => json!({"Error": "Lambda.Unknown", "Cause": "exited"}),
        _ => panic!("{name} is no field of an event"),
    }
}

#[test]
fn the_function_understands_every_payload() {
    let schema = jsonschema::validator_for(&event_schema()).unwrap();
    let mut steps = BTreeSet::new();
    for (name, state) in states(&definition()) {
        let Some(payload) = state["Parameters"]["Payload"].as_object() else {
            continue;
        };
        let fields = payload
            .iter()
            .map(|(key, value)| match key.strip_suffix(".$") {
                Some(key) => (key.to_owned(), sample(key)),
                None => (key.clone(), value.clone()),
            });
        let event: Value = fields.collect::<serde_json::Map<_, _>>().into();
        let asked = Invocation::from_event(&event).unwrap();
        assert!(asked.step.is_some(), "{name}");
        assert!(schema.is_valid(&event), "{name}: {event}");
        steps.insert(event["step"].as_str().unwrap().to_owned());
    }
    assert_eq!(
        steps,
        BTreeSet::from(["consolidate", "record_failure", "plan", "scan"].map(str::to_owned))
    );
}

#[test]
fn the_template_has_the_same_definition() {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("infra/orgscan.yaml");
    let template = std::fs::read_to_string(template).unwrap();
    let (_, rest) = template
        .split_once("      DefinitionString: !Sub\n      - |\n")
        .unwrap();
    let (block, _) = rest.split_once("      - FunctionArn:").unwrap();
    let lines = block
        .lines()
        .map(|line| line.strip_prefix("        ").unwrap());
    assert_eq!(lines.collect::<Vec<_>>().join("\n") + "\n", filled(&[]));
}
