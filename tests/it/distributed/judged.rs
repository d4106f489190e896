//! The state machine, executed by ministack with the real Lambda binary, over the replayed
//! organization.
//!
//! ministack does not do all that AWS does. `definition` tests by rules what it ignores:
//! JitterStrategy, MaxDelaySeconds, the state machine's own TimeoutSeconds, and the
//! limit of 256 KiB on what goes from state to state. It names a throttled function's error
//! `Lambda.Unknown`, and leaves `<aws.scheduler.scheduled-time>` in a schedule's input as it is.

mod router;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use orgscan_sim::{FaultFile, ServiceBehavior, Settings};
use serde_json::{Value, json};
use tempfile::TempDir;

use router::Router;

use super::definition::filled;
use crate::bucket::{Bucket, file};
use crate::isolated;
use crate::judged::installed;
use crate::judged::receiver::Receiver;
use crate::run::rows;
use crate::simulated::SimulatedOrganization;

const BUCKET: &str = "orgscan-reports";
const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:security";

/// What a machine is made of.
struct Options {
    accounts: usize,
    batch_accounts: &'static str,
    concurrency: &'static str,
    tolerated: &'static str,
    /// Copies of the function that may run at the same time, where there is a limit.
    reserved: u32,
    /// Faults of the replayed organization.
    faults: &'static str,
}

/// A state machine and its function on ministack, a replayed organization that it scans, and a router
/// that brings the function's reports to ministack's S3.
struct StateMachine {
    replayed: SimulatedOrganization,
    receiver: Receiver,
    router: Router,
}

impl StateMachine {
    fn start(options: &Options) -> Self {
        let replayed = SimulatedOrganization::start(Settings {
            accounts: Some(options.accounts),
            behavior: ServiceBehavior::none(),
            faults: FaultFile::parse("faults", options.faults).unwrap().faults,
            ..Settings::default()
        });
        // A tenth of the waits between attempts.
        let receiver = Receiver::start(
            &replayed.folder(),
            "s3,lambda,states,scheduler,logs,iam,sts",
            &[("SFN_WAIT_SCALE", "0.1")],
        );
        let router = Router::start(BUCKET, &receiver.url, &replayed.replay.url);
        let machine = Self {
            replayed,
            receiver,
            router,
        };
        machine.set_up(options);
        machine
    }

    fn set_up(&self, options: &Options) {
        let folder = self.replayed.folder();
        let definition = folder.join("statemachine.asl.json");
        let text = filled(&[
            ("AWS::Partition", "aws"),
            ("MapConcurrency", options.concurrency),
            ("ToleratedFailurePercentage", options.tolerated),
            ("BatchAccounts", options.batch_accounts),
        ]);
        std::fs::write(&definition, text).unwrap();
        let config = folder.join("orgscan.yaml");
        let location = format!("s3://{BUCKET}/audit");
        let alert = json!({"topic_arn": TOPIC, "send": "always"});
        let text = json!({
            "api_share": 1,
            "regions": {"include": ["us-east-1", "eu-central-1"]},
            "checks": {"include": ["ebs-volume-unencrypted"]},
            "timeouts": {"publish_seconds": 8, "attempts": 3},
            "destinations": {"report": {"location": location}, "alert": alert},
        });
        std::fs::write(&config, text.to_string()).unwrap();
        let mut variables = isolated::clock();
        variables.extend(
            [
                ("AWS_ENDPOINT_URL", &*self.replayed.replay.url),
                ("AWS_ENDPOINT_URL_S3", &self.router.serving.url),
                ("AWS_EC2_METADATA_DISABLED", "true"),
                ("ORGSCAN_CONFIG", config.to_str().unwrap()),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        let variables = json!(variables).to_string();
        let reserved = options.reserved.to_string();
        let timeout = "20";
        let (zip, definition) = (zip().to_str().unwrap(), definition.to_str().unwrap());
        let mut arguments = vec!["--zip", zip, "--definition", definition];
        arguments.extend(["--variables", &variables, "--timeout", timeout]);
        arguments.extend(["--reserved", &reserved]);
        self.ask("setup", &arguments);
    }

    fn ask(&self, command: &str, arguments: &[&str]) -> Value {
        let mut all = vec![command, "--receiver", &self.receiver.url];
        all.extend(arguments);
        serde_json::from_str(&script(&all)).unwrap()
    }

    /// Starts an execution, and waits for its end.
    fn run(&self, input: &Value) -> Value {
        self.ask("run", &["--input", &input.to_string()])
    }

    fn bucket(&self) -> Bucket {
        Bucket::at(&self.receiver.url, BUCKET)
    }
}

/// What would be uploaded: the file that `LAMBDA_ZIP` names, `target/lambda/orgscan.zip` before a
/// release, else the binary that the tests were built with.
fn zip() -> &'static PathBuf {
    static ZIP: OnceLock<(PathBuf, Option<TempDir>)> = OnceLock::new();
    let (path, _) = ZIP.get_or_init(|| {
        if let Some(path) = std::env::var_os("LAMBDA_ZIP") {
            return (path.into(), None);
        }
        let folder = TempDir::with_prefix("orgscan-it-").unwrap();
        let path = folder.path().join("orgscan.zip");
        let binary = env!("CARGO_BIN_EXE_orgscan-lambda");
        script(&["zip", "--binary", binary, "--zip", path.to_str().unwrap()]);
        (path, Some(folder))
    });
    path
}

fn script(arguments: &[&str]) -> String {
    let mut command = Command::new(installed::python("emulator"));
    command.arg(Receiver::scripts().join("machine.py"));
    let output = command.args(arguments).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

fn children(ended: &Value) -> &Vec<Value> {
    ended["runs"][0]["children"].as_array().unwrap()
}

fn errors(child: &Value) -> Vec<&str> {
    let errors = child["failures"].as_array().unwrap().iter();
    errors.map(|error| error.as_str().unwrap()).collect()
}

#[test]
fn the_schedule_starts_it_for_three_accounts() {
    let machine = StateMachine::start(&Options {
        accounts: 3,
        batch_accounts: "1",
        concurrency: "3",
        tolerated: "0",
        reserved: 0,
        faults: "faults: []",
    });
    let input = json!({"run_id": "nightly"});
    let ended = machine.ask("schedule", &["--input", &input.to_string()]);
    assert_eq!(ended["status"], "SUCCEEDED", "{ended}");
    let output: Value = serde_json::from_str(ended["output"].as_str().unwrap()).unwrap();
    assert_eq!(output["run_id"], "nightly");
    assert_eq!(children(&ended).len(), 3, "{ended}");
    let again = machine.run(&input);
    assert_eq!(again["output"], ended["output"]);
    assert_eq!(again["runs"], json!([]), "scanned again");
    assert_eq!(machine.replayed.replay.writes().messages.len(), 1);
    let report = machine.bucket().below("audit/daily/");
    let report: Value = serde_json::from_str(file(&report, "report.json")).unwrap();
    assert_eq!(report["coverage"]["accounts_listed"], 3);
}

#[test]
fn three_hundred_accounts_with_children_that_fail_run_out_of_time_and_are_throttled() {
    let machine = StateMachine::start(&Options {
        accounts: 300,
        batch_accounts: "20",
        concurrency: "4",
        tolerated: "10",
        reserved: 0,
        // The first one hangs until the invocation's time is up, and not again.
        faults: "faults:
            - { operation: DescribeVolumes, account: storefront, kind: hang, times: 1 }
            - { operation: DescribeVolumes, account: sandbox-networking, kind: throttled }",
    });
    let unwritable = machine.replayed.id("sandbox-alex").to_string();
    machine
        .router
        .refuse(&format!("/accounts/{unwritable}.json"));
    let ended = machine.run(&json!({"run_id": "many"}));
    assert_eq!(ended["status"], "SUCCEEDED", "{ended}");
    let counts = &ended["runs"][0]["counts"];
    assert_eq!([&counts["total"], &counts["failed"]], [15, 1], "{ended}");

    let scanning = |account: &str| {
        let id = json!(machine.replayed.id(account).as_str());
        let mut all = children(&ended).iter();
        let found = all.find(|one| one["input"]["accounts"].as_array().unwrap().contains(&id));
        found.unwrap_or_else(|| panic!("nobody scans {account}"))
    };
    let failed = scanning("sandbox-alex");
    assert_eq!(failed["error"], "RunFailed", "{failed}");
    assert_eq!(
        errors(failed),
        ["RunFailed"],
        "what cannot pass is tried again"
    );
    let late = scanning("storefront");
    assert_eq!(late["status"], "SUCCEEDED", "{late}");
    assert!(errors(late).contains(&"OutOfTime"), "{late}");
    assert_eq!(late["output"], json!({}));

    let report = machine.bucket().below("audit/daily/");
    let unknown: BTreeMap<String, String> = rows(file(&report, "coverage.csv"))
        .into_iter()
        .filter(|row| ["unknown", "failed"].contains(&row["outcome"].as_str()))
        .map(|row| (row["account_name"].clone(), row["cause"].clone()))
        .collect();
    assert_eq!(unknown["sandbox-networking"], "throttled");
    assert_eq!(unknown["sandbox-alex"], "other");
    assert_eq!(unknown.get("storefront"), None);
    let report: Value = serde_json::from_str(file(&report, "report.json")).unwrap();
    let mut accounts = report["accounts"].as_array().unwrap().iter();
    let gap = &accounts.find(|one| one["id"] == unwritable).unwrap()["gap"];
    let message = gap["detail"].as_str().unwrap();
    assert!(message.contains("failed: RunFailed"), "{message}");
    let coverage = &report["coverage"];
    let count = |name: &str| coverage[name].as_u64().unwrap();
    assert_eq!(count("accounts_listed"), 300);
    let parts = ["accounts_scanned", "accounts_skipped", "accounts_failed"];
    assert_eq!(parts.map(count).iter().sum::<u64>(), 300);
    assert_eq!(machine.replayed.replay.writes().messages.len(), 1);
}

#[test]
fn beyond_tolerance_it_publishes_what_there_is_and_fails() {
    let machine = StateMachine::start(&Options {
        accounts: 3,
        batch_accounts: "1",
        concurrency: "3",
        tolerated: "0",
        reserved: 2,
        faults: "faults: []",
    });
    machine.router.refuse("/accounts/123456789012.json");
    let ended = machine.run(&json!({"run_id": "broken"}));
    assert_eq!(ended["status"], "FAILED", "{ended}");
    assert_eq!(ended["error"], "States.ExceedToleratedFailureThreshold");
    let counts = &ended["runs"][0]["counts"];
    assert_eq!([&counts["total"], &counts["failed"]], [3, 1], "{ended}");
    // One child too many for the function's copies.
    let throttled = children(&ended).iter().flat_map(errors);
    assert!(
        throttled.clone().any(|error| error == "Lambda.Unknown"),
        "{ended}"
    );

    let report = machine.bucket().below("audit/daily/");
    let report: Value = serde_json::from_str(file(&report, "report.json")).unwrap();
    assert_eq!(report["coverage"]["accounts_listed"], 3);
    assert_eq!(report["coverage"]["accounts_failed"], 1);
    assert_eq!(report["coverage"]["accounts_scanned"], 2);
    let notes = report["notes"].to_string();
    assert!(notes.contains("stopped the scan before its end"), "{notes}");
    assert_eq!(machine.replayed.replay.writes().messages.len(), 1);
}
