//! The Lambda binary against a Lambda runtime API, over HTTP.

#[cfg(feature = "judges")]
mod judged;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::run::point_at;
use crate::simulated::SimulatedOrganization;

/// What the function answered to an event.
#[derive(Debug)]
pub(crate) enum InvocationResult {
    Response(Value),
    Error(Value),
}

/// The runtime API of one function, and the function as a process.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>
pub(crate) struct Function {
    api: TcpListener,
    process: Child,
    logs: std::path::PathBuf,
}

impl Function {
    /// A function for the organization at `url`, with its logs in a folder.
    pub(crate) fn start_at(url: &str, folder: &Path, variables: &[(&str, &str)]) -> Self {
        let api = TcpListener::bind("127.0.0.1:0").unwrap();
        let logs = tempfile::NamedTempFile::new_in(folder).unwrap();
        let (file, logs) = logs.keep().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_orgscan-lambda"));
        point_at(&mut command, url, folder);
        let process = command
            .env(
                "AWS_LAMBDA_RUNTIME_API",
                api.local_addr().unwrap().to_string(),
            )
            .env("AWS_LAMBDA_FUNCTION_NAME", "orgscan")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/orgscan")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "test")
            .envs(variables.iter().copied())
            .stderr(file.try_clone().unwrap())
            .stdout(Stdio::from(file))
            .spawn()
            .unwrap();
        Self { api, process, logs }
    }

    /// Hands over an event and waits for the answer.
    pub(crate) fn invoke(&mut self, id: &str, event: &Value, time: Duration) -> InvocationResult {
        self.invoke_text(id, &event.to_string(), time)
    }

    /// The same with the event's text.
    fn invoke_text(&mut self, id: &str, event: &str, time: Duration) -> InvocationResult {
        let mut answered = None;
        let mut handed_over = false;
        while answered.is_none() {
            let mut stream = self.accept();
            stream
                .set_read_timeout(Some(Duration::from_secs(600)))
                .unwrap();
            if let Some((path, body)) = read_request(&mut stream) {
                if path.ends_with("/invocation/next") {
                    assert!(!handed_over, "asked for the next event before answering");
                    hand_over(&mut stream, id, event, time);
                    handed_over = true;
                    continue;
                }
                let accepted =
                    "HTTP/1.1 202 Accepted\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
                stream.write_all(accepted.as_bytes()).unwrap();
                let value = serde_json::from_slice(&body).unwrap();
                answered = Some(if path.ends_with("/response") {
                    InvocationResult::Response(value)
                } else {
                    InvocationResult::Error(value)
                });
            }
        }
        answered.unwrap()
    }

    /// The next connection of the function. Each carries one request.
    fn accept(&mut self) -> TcpStream {
        self.api.set_nonblocking(true).unwrap();
        let patience = Instant::now() + Duration::from_secs(600);
        loop {
            match self.api.accept() {
                Ok((stream, _)) => {
                    stream.set_nonblocking(false).unwrap();
                    return stream;
                }
                Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock),
            }
            let ended = self.process.try_wait().unwrap();
            assert!(
                ended.is_none(),
                "the function ended: {ended:?} {:?}",
                self.logs()
            );
            assert!(
                Instant::now() < patience,
                "the function says nothing: {:?}",
                self.logs()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// All log lines so far.
    fn logs(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(&self.logs).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
            .collect()
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn read_request(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    if reader.read_line(&mut first).ok()? == 0 {
        return None;
    }
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((first.split(' ').nth(1)?.to_owned(), body))
}

fn hand_over(stream: &mut TcpStream, id: &str, body: &str, time: Duration) {
    let deadline = SystemTime::now() + time;
    let deadline = deadline.duration_since(UNIX_EPOCH).unwrap().as_millis();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\n\
         lambda-runtime-aws-request-id: {id}\r\n\
         lambda-runtime-deadline-ms: {deadline}\r\n\
         lambda-runtime-invoked-function-arn: arn:aws:lambda:us-east-1:123456789012:function:orgscan\r\n\
         lambda-runtime-trace-id: Root=1-0-0\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
}

pub(crate) fn response(answer: InvocationResult) -> Value {
    match answer {
        InvocationResult::Response(value) => value,
        InvocationResult::Error(value) => panic!("{value}"),
    }
}

pub(crate) const MINUTES: Duration = Duration::from_secs(600);

#[test]
fn it_answers_a_schedule_a_narrowed_event_and_a_malformed_one() {
    let simulated = SimulatedOrganization::shared();
    let reports = simulated.folder();
    let regions = simulated.inventory.regions.iter();
    let regions: Vec<_> = regions.map(|region| region.as_str()).collect();
    let regions = regions.join(",");
    let mut function = simulated.function(&[
        ("ORGSCAN_REGIONS", &regions),
        ("ORGSCAN_REPORT_LOCATION", reports.to_str().unwrap()),
    ]);

    let schedule = json!({
        "version": "0", "id": "1", "account": "123456789012", "region": "us-east-1",
        "detail-type": "Scheduled Event", "source": "aws.events", "resources": [], "detail": {},
        "time": "2026-11-22T06:00:00Z",
    });
    let answer = response(function.invoke("1", &schedule, MINUTES));
    assert_eq!(answer["run_id"], "20261122T060000Z");
    assert_eq!(answer["complete"], false);
    assert_eq!(answer["coverage"]["accounts_failed"], 2);
    let location = answer["report_location"].as_str().unwrap();
    assert!(
        location.contains("daily/2026/11/22/20261122T060000Z"),
        "{location}"
    );

    let id = simulated.id("storefront");
    let narrowed = json!({
        "accounts": {"include": {"ids": [id]}},
        "regions": {"include": ["eu-central-1"]},
        "checks": {"include": ["ebs-volume-unencrypted"]},
        "dry_run": true,
    });
    let answer = response(function.invoke("2", &narrowed, MINUTES));
    assert_eq!(answer["complete"], true);
    assert_eq!(answer["coverage"]["accounts_scanned"], 1);
    assert_eq!(answer["coverage"]["targets"]["known"], 1);
    assert_eq!(answer["findings_by_severity"]["medium"], 1);
    assert_eq!(answer["dry_run"], true);

    let malformed = json!({"acounts": {"include": {"ids": [12]}}});
    let InvocationResult::Error(error) = function.invoke("3", &malformed, MINUTES) else {
        panic!("a malformed event was taken");
    };
    let message = error["errorMessage"].as_str().unwrap();
    assert!(
        message.contains("acounts") && message.contains("accounts"),
        "{message}"
    );

    for text in ["{\"dry_run\": true} {}", "{}x", "{"] {
        let InvocationResult::Error(error) = function.invoke_text("4", text, MINUTES) else {
            panic!("a text with more than an event was taken: {text}");
        };
        assert_eq!(error["errorType"], "InvalidEvent");
        let message = error["errorMessage"].as_str().unwrap();
        assert!(
            message.starts_with("event: not one JSON document"),
            "{message}"
        );
    }

    let logs = function.logs();
    let has = |field: &str, value: &str| {
        logs.iter().any(|line| {
            line.to_string()
                .contains(&format!("\"{field}\":\"{value}\""))
        })
    };
    assert!(has("run_id", "20261122T060000Z"));
    assert!(has("region", "eu-central-1"));
    assert!(has("account_id", simulated.id("payments-ledger").as_str()));
}

#[test]
fn it_publishes_what_it_has_before_the_invocation_ends() {
    let simulated =
        SimulatedOrganization::with(json!([{"operation": "DescribeInstances", "kind": "hang"}]));
    let reports = simulated.folder();
    let config = simulated.folder().join("lambda.yaml");
    // It scans for 15 seconds, and a busy machine too has published long before the invocation ends.
    let yaml = "regions: { include: [us-east-1] }\ntimeouts: { publish_seconds: 585 }\n";
    std::fs::write(&config, yaml).unwrap();
    let mut function = simulated.function(&[
        ("ORGSCAN_CONFIG", config.to_str().unwrap()),
        ("ORGSCAN_REPORT_LOCATION", reports.to_str().unwrap()),
    ]);
    let answer = response(function.invoke("1", &json!({}), MINUTES));
    assert_eq!(answer["complete"], false);
    assert!(
        answer["coverage"]["targets"]["causes"]["deadline_exceeded"]
            .as_u64()
            .unwrap()
            > 0
    );
    assert!(answer["report_location"].is_string());
}

#[test]
fn a_failed_delivery_is_a_failed_invocation_that_names_what_is_missing() {
    let simulated =
        SimulatedOrganization::with(json!([{"service": "sns", "kind": "missing_permission"}]));
    let topic = "arn:aws:sns:us-east-1:123456789012:nowhere";
    let mut function = simulated.function(&[
        ("ORGSCAN_REGIONS", "us-east-1"),
        ("ORGSCAN_ALERT_TOPIC_ARN", topic),
    ]);
    let InvocationResult::Error(error) = function.invoke("1", &json!({}), MINUTES) else {
        panic!("an alert that nobody got was answered as delivered");
    };
    let message = error["errorMessage"].as_str().unwrap();
    assert!(
        message.contains("alert: sns:Publish") && message.contains("the answer: "),
        "{message}"
    );
}

#[test]
fn sessions_longer_than_aws_grants_to_a_role_are_refused_with_the_line_that_asks_for_them() {
    let config = tempfile::NamedTempFile::new().unwrap();
    let ask_for = |seconds: u32| {
        std::fs::write(
            config.path(),
            format!("role:\n  session_seconds: {seconds}\n"),
        )
        .unwrap();
    };
    ask_for(3_600);
    let path = config.path().to_str().unwrap();
    let mut function = SimulatedOrganization::shared().function(&[("ORGSCAN_CONFIG", path)]);
    let InvocationResult::Error(started) =
        function.invoke("1", &json!({"no-such-field": 1}), MINUTES)
    else {
        panic!("an event with an unknown field was accepted");
    };
    assert!(
        started["errorMessage"]
            .as_str()
            .unwrap()
            .contains("no-such-field"),
        "{started}"
    );
    // The file is read for each event.
    ask_for(7_200);
    let InvocationResult::Error(error) = function.invoke("2", &json!({"dry_run": true}), MINUTES)
    else {
        panic!("sessions of two hours were accepted");
    };
    let message = error["errorMessage"].as_str().unwrap();
    assert!(message.contains(&format!("{path}:2")), "{error}");
    assert!(
        message.contains("role.session_seconds: 7200 is above 3600"),
        "{error}"
    );
}
