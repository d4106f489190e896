//! What the configuration says, as the command line shows, refuses and warns about it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use orgscan_sim::{ServiceBehavior, Settings};
use serde_json::Value;

use crate::isolated::orgscan;
use crate::run::Run;
use crate::simulated::SimulatedOrganization;

/// The organization that these tests share.
fn simulated() -> &'static SimulatedOrganization {
    static SHARED: OnceLock<SimulatedOrganization> = OnceLock::new();
    SHARED.get_or_init(|| {
        SimulatedOrganization::start(Settings {
            behavior: ServiceBehavior::none(),
            ..Settings::default()
        })
    })
}

fn written(yaml: &str) -> PathBuf {
    let path = simulated().folder().join("orgscan.yaml");
    fs::write(&path, yaml).unwrap();
    path
}

/// A command that needs no organization, with this configuration.
fn offline(yaml: &str, args: &[&str]) -> Run {
    let path = written(yaml);
    let mut command = orgscan();
    command.args(args).env("ORGSCAN_CONFIG", &path);
    Run::of(command, path)
}

#[test]
fn the_effective_configuration_is_shown_with_the_source_of_every_value() {
    let path = written("role:\n  name: Auditor\nregions: { exclude: [us-west-1] }\n");
    let file = path.display().to_string();
    let show = |more: &[&str]| {
        let mut command = orgscan();
        command
            .args(["config", "show", "--config", &file])
            .args(more);
        command.env("ORGSCAN_ROLE_EXTERNAL_ID", "a-secret-id");
        command.env("ORGSCAN_API_SHARE", "0.25");
        Run::of(command, path.clone())
    };
    let flags = ["--exclude-region", "us-west-2", "--report", "reports"];
    let run = show(&flags);
    assert_eq!(run.code(), 0, "{}", run.stderr);
    for (value, source) in [
        ("role.name: \"Auditor\"", format!("{file}:2")),
        ("regions.exclude[0]: \"us-west-1\"", format!("{file}:3")),
        (
            "regions.exclude[1]: \"us-west-2\"",
            "--exclude-region".to_owned(),
        ),
        ("api_share: 0.25", "ORGSCAN_API_SHARE".to_owned()),
        (
            "role.external_id: \"(set, not shown)\"",
            "ORGSCAN_ROLE_EXTERNAL_ID".to_owned(),
        ),
        ("role.path: \"/\"", "default".to_owned()),
        ("exceptions.location: null", "default".to_owned()),
    ] {
        let mut lines = run.stdout.lines();
        let line = lines.find(|line| line.starts_with(&format!("{value} ")));
        let line = line.unwrap_or_else(|| panic!("no {value} in {}", run.stdout));
        assert!(line.ends_with(&format!(" # {source}")), "{line}");
    }
    assert!(run.stdout.contains("tcp 22 (SSH)"), "{}", run.stdout);
    let json = show(&["--format", "json"]);
    let document: Value = serde_json::from_str(&json.stdout).unwrap();
    let values = document["values"].as_array().unwrap();
    let share = values
        .iter()
        .find(|one| one["field"] == "api_share")
        .unwrap();
    assert_eq!(
        (&share["value"], &share["source"]),
        (&0.25.into(), &"ORGSCAN_API_SHARE".into())
    );
    assert_eq!(
        document["effective_sensitive_ports"]
            .as_array()
            .unwrap()
            .len(),
        50
    );
    assert!(!(run.stdout + &json.stdout).contains("a-secret-id"));
}

#[test]
fn every_command_that_reads_the_configuration_refuses_a_broken_one() {
    let plain = "sensitive_ports:\n- { port: 22, name: SSH }\n";
    for args in [
        &["checks"][..],
        &["checks", "--framework", "cis-7.0"],
        &["explain", "s3-bucket-public"],
        &["explain", "--threshold", "PublicBuckets"],
        &["config", "show"],
        &["scan"],
        &["plan"],
        &["enrollment"],
        &["exceptions", "check"],
        &["dashboard"],
        &["trend"],
        &["verify"],
    ] {
        let run = offline("rol: {}\n", args);
        assert_eq!(run.code(), 2, "{args:?}: {}", run.stderr);
        let expected = "orgscan.yaml:1: rol: unknown key; did you mean `role`?";
        assert!(run.stderr.contains(expected), "{args:?}: {}", run.stderr);
        let run = offline(plain, args);
        assert_eq!(run.code(), 2, "{args:?}: {}", run.stderr);
        for expected in [
            "orgscan.yaml:1: sensitive_ports: a plain list",
            "{ add:",
            "{ remove:",
            "{ replace:",
        ] {
            assert!(run.stderr.contains(expected), "{args:?}: {}", run.stderr);
        }
    }
    assert_eq!(offline("{}", &["checks"]).code(), 0);
}

#[test]
fn the_ports_of_a_check_are_listed() {
    let yaml =
        "sensitive_ports: { add: [{ port: 8443, name: admin page }], remove: [{ port: 2049 }] }\n";
    for args in [
        ["explain", "security-group-sensitive-port-open"].as_slice(),
        &["explain", "ec2-instance-exposed"],
        &["explain", "--threshold", "ExposedSensitivePorts"],
    ] {
        let run = offline(yaml, args);
        let text = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(run.code(), 0, "{}", run.stderr);
        assert!(text.contains("Sensitive ports (50,"), "{text}");
        assert!(text.contains("tcp 8443 (admin page)"), "{text}");
        assert!(
            text.contains("tcp 22 (SSH)") && !text.contains("NFS"),
            "{text}"
        );
    }
}

#[test]
fn an_exclude_that_names_nothing_is_in_the_summary_the_report_and_the_log() {
    let yaml = "accounts: { exclude: { ids: ['999999999999'], ous: [sandbox] } }\n\
                regions: { exclude: [us-wst-2] }\n";
    let file = written(yaml);
    let config = ["--config", file.to_str().unwrap()];
    let run = simulated().scan(&[&config[..], &["-v", "--check", "iam-user-without-mfa"]].concat());
    let text = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let notes = run.report()["notes"].to_string();
    for expected in [
        "accounts.exclude.ids `999999999999` matches nothing",
        "accounts.exclude.ous `sandbox` (did you mean `Sandbox`?) matches nothing",
        "regions.exclude `us-wst-2` (did you mean `us-west-2`?) matches nothing",
    ] {
        assert!(notes.contains(expected), "{notes}");
        for message in [&run.stdout, &run.stderr, &run.file("alert.txt")] {
            assert!(text(message).contains(expected), "{expected}: {message}");
        }
    }
    let mut plan = simulated().orgscan(&["plan", "--region", "us-east-1"]);
    plan.args(config);
    let plan = Run::of(plan, file.clone());
    assert!(
        text(&plan.stdout).contains("did you mean `Sandbox`?"),
        "{}",
        plan.stdout
    );
}

#[test]
fn a_plan_refuses_what_a_scan_refuses() {
    let demo = simulated().folder();
    fs::write(demo.join("demo-signing-key.pem"), "").unwrap();
    let cases = [
        (
            "regions: { include: [eu-wst-1] }".to_owned(),
            "did you mean `eu-west-1`?",
        ),
        (
            "accounts: { include: { ous: [sandbox] } }".to_owned(),
            "did you mean `Sandbox`?",
        ),
        (
            "accounts: { exclude: { names: ['*'] } }".to_owned(),
            "the account filters select no active account",
        ),
        (
            "checks: { include: [s3-bucket-public], exclude: [s3-bucket-public] }".to_owned(),
            "the check filters select no check",
        ),
        (
            format!(
                "destinations: {{ report: {{ location: {} }} }}",
                demo.display()
            ),
            "demo-signing-key.pem",
        ),
    ];
    for (yaml, expected) in cases {
        let path = written(&yaml);
        let refused = |command: &str| {
            let mut command = simulated().orgscan(&[command]);
            command.arg("--config").arg(&path);
            let run = Run::of(command, path.clone());
            assert_eq!(run.code(), 2, "{yaml}: {}", run.stderr);
            assert!(run.stderr.contains(expected), "{yaml}: {}", run.stderr);
            run.stderr
        };
        assert_eq!(refused("plan"), refused("scan"));
    }
}

/// A scan of two checks into a folder.
fn scan_into(folder: &Path, id: &str, yaml: &str) -> Value {
    let path = written(yaml);
    let mut command = simulated().orgscan(&["scan", "--region", "us-east-1", "--run-id", id]);
    command.args([
        "--check",
        "security-group-sensitive-port-open",
        "--check",
        "iam-user-without-mfa",
    ]);
    command
        .arg("--config")
        .arg(path)
        .arg("--report")
        .arg(folder);
    Run::of(command, folder.join("none"));
    report_below(&folder.join("daily"), id).unwrap()
}

/// The report of a run, however deep below a folder.
fn report_below(folder: &Path, id: &str) -> Option<Value> {
    let text = fs::read_to_string(folder.join(id).join("report.json"));
    let below = || {
        let entries = fs::read_dir(folder)
            .ok()?
            .map(|entry| entry.unwrap().path());
        let mut folders = entries.filter(|path| path.is_dir());
        folders.find_map(|path| report_below(&path, id))
    };
    match text {
        Ok(text) => Some(serde_json::from_str(&text).unwrap()),
        Err(_) => below(),
    }
}

#[test]
fn another_list_of_ports_resolves_nothing() {
    let folder = simulated().folder();
    let total = |report: &Value, kind: &str| -> u64 {
        let counts = report["changes"]["counts"][kind].as_object().into_iter();
        counts
            .flat_map(|counts| counts.values())
            .map(|count| count.as_u64().unwrap())
            .sum()
    };
    let ports = |report: &Value| -> u64 {
        let findings = report["findings"].as_array().unwrap().iter();
        findings
            .filter(|one| one["check_id"] == "security-group-sensitive-port-open")
            .count() as u64
    };
    let first = scan_into(&folder, "first", "{}");
    assert!(ports(&first) > 0, "{first:#}");
    let other = "sensitive_ports: { replace: [{ port: 61234, name: none }] }\n";
    let second = scan_into(&folder, "second", other);
    let gone = ports(&first) - ports(&second);
    assert!(gone > 0, "{second:#}");
    assert_eq!(total(&second, "resolved"), 0, "{:#}", second["changes"]);
    assert_eq!(total(&second, "out_of_scope"), gone);
    // Nor by the next run with the same list.
    let third = scan_into(&folder, "third", other);
    assert_eq!(
        (total(&third, "resolved"), total(&third, "out_of_scope")),
        (0, gone)
    );
    let back = scan_into(&folder, "back", "{}");
    assert_eq!(
        (total(&back, "new"), total(&back, "reopened")),
        (0, 0),
        "{:#}",
        back["changes"]
    );
    assert_eq!(ports(&back), ports(&first));
    let record = fs::read_to_string(folder.join("runs/second/run.json")).unwrap();
    assert!(
        record.contains("tcp 61234") && record.contains("90 days"),
        "{record}"
    );
}
