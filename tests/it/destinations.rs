//! All three destinations on emulators: what arrives there, read back by an independent client.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::emulator::{Python, environment};
use crate::world::World;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/receiver")
}

/// ministack: CloudWatch over CBOR, and SNS that delivers to SQS.
struct Receiver {
    url: String,
    process: Child,
}

impl Receiver {
    fn start(world: &World) -> Self {
        let requirements = folder().join("requirements.txt");
        let place = environment().with_file_name("receiver");
        let python = tokio::runtime::Runtime::new()
            .unwrap()
            .block_on(Python::ensure(&place, &requirements))
            .unwrap();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let log = std::fs::File::create(world.folder().join("receiver.log")).unwrap();
        let process = Command::new(&python.interpreter)
            .args(["-m", "ministack"])
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", port.to_string())
            .env("SERVICES", "cloudwatch,sns,sqs")
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let receiver = Self {
            url: format!("http://127.0.0.1:{port}"),
            process,
        };
        let patience = Instant::now() + Duration::from_secs(60);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < patience, "ministack does not start");
            std::thread::sleep(Duration::from_millis(100));
        }
        receiver
    }

    fn ask(&self, world: &World, command: &str, more: &[&str]) -> Value {
        let output = Command::new(World::interpreter())
            .arg(folder().join("destinations.py"))
            .args([command, "--receiver", &self.url])
            .args(["--organization", &world.emulator.url])
            .args(more)
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn value<'a>(series: &'a [Value], name: &str, account: Option<&str>) -> Option<&'a Value> {
    let found = series.iter().find(|one| {
        let dimensions = one["Dimensions"].as_array().unwrap();
        let of = dimensions.first().map(|d| d["Value"].as_str().unwrap());
        one["MetricName"] == name && of == account
    });
    found.map(|one| &one["values"][0])
}

#[test]
fn metrics_one_alert_and_the_report_arrive() {
    let world = World::start(&[]);
    let receiver = Receiver::start(&world);
    let made = receiver.ask(&world, "setup", &[]);
    let text_of = |name: &str| made[name].as_str().unwrap().to_owned();
    let location = format!("s3://{}/security", text_of("bucket"));
    let mut command = world.orgscan(&["scan", "--metrics", "--report", &location]);
    for region in &world.emulator.inventory.regions {
        command.args(["--region", region.as_str()]);
    }
    command
        .args(["--topic-arn", &text_of("topic"), "--run-id", "delivered"])
        .env("AWS_ENDPOINT_URL_CLOUDWATCH", &receiver.url)
        .env("AWS_ENDPOINT_URL_SNS", &receiver.url);
    let mut scan = || command.output().unwrap();
    let output = scan();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{errors}");

    let arrived = receiver.ask(&world, "read", &["--queue", &text_of("queue")]);
    let messages = arrived["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 1, "exactly one message: {messages:?}");
    let body = messages[0]["Message"].as_str().unwrap();
    assert!(
        body.contains("acquired-startup") && body.contains(&location),
        "{body}"
    );
    assert_eq!(
        messages[0]["MessageAttributes"]["run_id"]["Value"],
        "delivered"
    );

    let series = arrived["series"].as_array().unwrap();
    let alex = world.id("sandbox-alex");
    assert_eq!(value(series, "UsersWithoutMfa", Some(&alex)).unwrap(), 4.0);
    assert_eq!(
        value(series, "ConsoleUsersWithoutMfa", Some(&alex)).unwrap(),
        2.0
    );
    assert_eq!(
        value(series, "UnencryptedVolumesAtLeast", None).unwrap(),
        5.0
    );
    assert_eq!(value(series, "UnencryptedVolumes", None), None);
    assert_eq!(value(series, "AccountsFailed", None).unwrap(), 2.0);
    let failed = world.id("acquired-startup");
    assert_eq!(value(series, "UsersWithoutMfa", Some(&failed)), None);
    assert_eq!(value(series, "UsersWithoutMfaAtLeast", Some(&failed)), None);

    let objects = arrived["objects"].as_object().unwrap();
    let names = ["report.json", "findings.csv", "coverage.csv"];
    for name in names {
        let found = objects.keys().filter(|key| {
            key.starts_with("security/daily/") && key.ends_with(&format!("/delivered/{name}"))
        });
        assert_eq!(found.count(), 1, "{name} in {:?}", objects.keys());
    }

    // Started again after its end, the run sends nothing a second time.
    let output = scan();
    assert_eq!(output.status.code(), Some(3));
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("Sent before, and not again"), "{text}");
    let arrived = receiver.ask(&world, "read", &["--queue", &text_of("queue")]);
    assert_eq!(arrived["messages"].as_array().unwrap().len(), 0);
}
