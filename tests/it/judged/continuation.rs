//! A run that takes longer than one invocation of the Lambda.

use std::io::Write;
use std::net::TcpListener;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use serde_json::{Value, json};

use crate::bucket::{Bucket, file};
use crate::judged::World;
use crate::lambda::{Function, MINUTES, read_request, response};
use crate::run::without_dates;

/// Lambda's own API, which takes every event or none.
struct Lambda {
    url: String,
    invoked: Receiver<(String, Value)>,
}

impl Lambda {
    fn that_answers(status: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (invoke, invoked) = mpsc::channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let Some((path, body)) = read_request(&mut stream) else {
                    continue;
                };
                let body = serde_json::from_slice(&body).unwrap();
                let answer =
                    format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
                stream.write_all(answer.as_bytes()).unwrap();
                if invoke.send((path, body)).is_err() {
                    return;
                }
            }
        });
        Self { url, invoked }
    }
}

/// A function whose report goes to a bucket. It keeps back as much time for publishing as a busy machine may need.
fn function(world: &World, lambda: &Lambda, prefix: &str) -> Function {
    let config = world.folder().join(format!("{prefix}.yaml"));
    let regions: Vec<_> = world.emulator.inventory.regions.iter().collect();
    let config_text = json!({
        "regions": {"include": regions},
        "timeouts": {"publish_seconds": 270, "request_seconds": 300},
        "destinations": {"report": {"location": format!("s3://orgscan-reports/{prefix}")}},
    });
    std::fs::write(&config, config_text.to_string()).unwrap();
    Function::start(
        world,
        &[
            ("ORGSCAN_CONFIG", config.to_str().unwrap()),
            ("AWS_ENDPOINT_URL_LAMBDA", &lambda.url),
        ],
    )
}

/// When the run starts, by its event. The emulated ages count back from it.
const STARTED: &str = "2026-11-22T06:00:00Z";

/// What is left of it for scanning is half a minute: enough for a part of the accounts, on a busy machine too.
const SHORT: Duration = Duration::from_secs(300);

/// Invokes the function for a part of the accounts. Gives the event for the others.
fn handed_over(function: &mut Function, lambda: &Lambda, event: &Value) -> Value {
    let answer = response(function.invoke("1", event, SHORT));
    assert_eq!(answer["run_id"], "nightly");
    assert_eq!(answer["complete"], false);
    assert_eq!(answer["continuation"], 1);
    assert!(
        answer["accounts_remaining"].as_u64().unwrap() >= 1,
        "{answer}"
    );
    let (path, next) = lambda.invoked.recv().unwrap();
    assert!(path.ends_with("function%3Aorgscan/invocations"), "{path}");
    let continuation = json!({
        "run_id": "nightly", "started": STARTED, "number": 1,
    });
    assert_eq!(next["continuation"], continuation);
    assert_eq!(next["scheduled_time"], event["scheduled_time"]);
    next
}

#[test]
fn a_run_goes_on_in_another_invocation_and_the_last_one_publishes_once() {
    let world = World::start(&["--clock", STARTED]);
    let bucket = Bucket::make(&world, "orgscan-reports");
    let lambda = Lambda::that_answers("202 Accepted");
    let event = json!({"scheduled_time": STARTED, "run_id": "nightly"});
    response(function(&world, &lambda, "whole").invoke("0", &event, MINUTES));
    let whole = bucket.below("whole/daily/2026/11/22/nightly/");

    let hanging = world.id("storefront");
    world.rules(&[json!({"account": hanging, "action": "ec2:DescribeVolumes", "error": "hang"})]);
    let mut function = function(&world, &lambda, "audit");
    let next = handed_over(&mut function, &lambda, &event);
    assert_eq!(bucket.below("audit/daily/").len(), 0, "published too early");

    world.rules(&[]);
    let done = bucket.below("audit/runs/nightly/accounts/");
    let answer = response(function.invoke("2", &next, MINUTES));
    assert_eq!(answer["coverage"]["accounts_failed"], 2, "{answer}");
    assert_eq!(
        answer["coverage"]["targets"]["causes"]["deadline_exceeded"],
        Value::Null
    );
    let published = bucket.below("audit/daily/2026/11/22/nightly/");
    for name in ["findings.csv", "coverage.csv"] {
        let [published, whole] =
            [&published, &whole].map(|files| without_dates(name, file(files, name)));
        assert_eq!(published, whole, "{name}");
    }
    let after = bucket.below("audit/runs/nightly/accounts/");
    let again = done.iter().filter(|(name, text)| after[*name] != **text);
    let again: Vec<_> = again.map(|(name, _)| name.as_str()).collect();
    assert!(
        again
            .iter()
            .all(|name| done[*name].contains("\"deadline_exceeded\"")),
        "{again:?}"
    );

    // Lambda may deliver an event twice, and tries failed ones again.
    for (id, event) in [("3", &next), ("4", &event)] {
        assert_eq!(response(function.invoke(id, event, MINUTES)), answer);
    }
    assert_eq!(bucket.below("audit/daily/2026/11/22/nightly/"), published);
    assert!(lambda.invoked.try_recv().is_err(), "invoked again");
}

#[test]
fn without_a_continuation_the_rest_is_unknown_and_the_report_has_the_reason() {
    let world = World::start(&[]);
    let bucket = Bucket::make(&world, "orgscan-reports");
    world.rules(&[json!({"action": "ec2:DescribeVolumes", "error": "hang"})]);
    let lambda = Lambda::that_answers("403 Forbidden");
    let mut function = function(&world, &lambda, "audit");
    let notes = |run: &str| {
        let report = bucket.below(&format!("audit/daily/2026/11/22/{run}/"));
        let report: Value = serde_json::from_str(file(&report, "report.json")).unwrap();
        report["notes"].to_string()
    };

    let event = json!({"scheduled_time": STARTED, "run_id": "denied"});
    let answer = response(function.invoke("1", &event, SHORT));
    assert_eq!(answer["coverage"]["accounts_listed"], 16);
    let unknown = &answer["coverage"]["targets"]["causes"]["deadline_exceeded"];
    assert!(unknown.as_u64().unwrap() > 0, "{answer}");
    assert_eq!(lambda.invoked.iter().next().unwrap().1["run_id"], "denied");
    let message = notes("denied");
    assert!(message.contains("lambda:InvokeFunction"), "{message}");

    let last = json!({"continuation": {
        "run_id": "last", "started": STARTED, "number": 14,
    }});
    let answer = response(function.invoke("2", &last, SHORT));
    assert_eq!(answer["run_id"], "last");
    assert_eq!(answer["coverage"]["accounts_listed"], 16);
    assert!(lambda.invoked.try_recv().is_err(), "invoked once too often");
    let message = notes("last");
    assert!(message.contains("continued 14 times"), "{message}");
}
