//! All three destinations on emulators: what arrives there, read back by an independent client.

use std::process::Command;

use orgscan_store::integrity::Sha256Sum;
use serde_json::Value;

use crate::judged::receiver::Receiver;
use crate::judged::{World, installed};

impl Receiver {
    pub(crate) fn ask(&self, world: &World, command: &str, more: &[&str]) -> Value {
        let output = Command::new(installed::python("emulator"))
            .arg(Receiver::scripts().join("destinations.py"))
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
    let receiver = Receiver::start(world.folder(), "cloudwatch,sns,sqs", &[]);
    let made = receiver.ask(&world, "setup", &[]);
    let text_of = |name: &str| made[name].as_str().unwrap().to_owned();
    let location = format!("s3://{}/security", text_of("bucket"));
    let mut command = world.orgscan(&["scan", "--metrics", "--report", &location]);
    for region in &world.emulator.inventory.regions {
        command.args(["--region", region.as_str()]);
    }
    command
        .args([
            "--alert-topic-arn",
            &text_of("topic"),
            "--run-id",
            "delivered",
        ])
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
    let document: Value = serde_json::from_str(body).unwrap();
    assert_eq!(document["baseline"]["history"], "first_run");
    assert!(
        document["report_location"]
            .as_str()
            .unwrap()
            .starts_with(&location)
    );
    assert_eq!(document["incomplete_accounts"]["first"][0]["failed"], true);
    assert_eq!(document["manifest"]["sequence"], 1);
    let head = document["manifest"]["sha256"].clone();
    assert!(body.contains("acquired-startup"), "{body}");
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
    // The message is a witness of what lies there.
    let stored = objects
        .iter()
        .find(|(key, _)| key.ends_with("/manifest.json"));
    let stored = stored.unwrap().1.as_str().unwrap();
    assert_eq!(head, Sha256Sum::of(stored.as_bytes()).to_string());
    let names = [
        "report.json",
        "findings.csv",
        "coverage.csv",
        "messages.json",
        "manifest.json",
        "manifest.sig",
    ];
    for name in names {
        let found = objects.keys().filter(|key| {
            key.starts_with("security/daily/") && key.ends_with(&format!("/delivered/{name}"))
        });
        assert_eq!(found.count(), 1, "{name} in {:?}", objects.keys());
    }

    // Each account's own part, and nothing about others in it.
    let part = |account: &str, name: &str| {
        let key = format!("security/accounts/{account}/{name}");
        objects.get(&key).map(|text| text.as_str().unwrap())
    };
    let own = part(&alex, "report.json").unwrap();
    assert!(own.contains(&alex) && !own.contains(&failed));
    let rows = part(&alex, "findings.csv").unwrap();
    assert!(
        rows.lines().skip(1).all(|row| row.contains(&alex)),
        "{rows}"
    );
    assert!(part(&failed, "report.json").unwrap().contains("\"failed\""));

    // Started again after its end, the run sends nothing a second time.
    let output = scan();
    assert_eq!(output.status.code(), Some(3));
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("Already delivered, not sent again"), "{text}");
    let arrived = receiver.ask(&world, "read", &["--queue", &text_of("queue")]);
    assert_eq!(arrived["messages"].as_array().unwrap().len(), 0);
}
