//! The alert, and the command line that shows it.

#[cfg(feature = "judges")]
mod judged;

use orgscan_sim::{ServiceBehavior, Settings};
use serde_json::Value;

use crate::isolated::orgscan;
use crate::run::Run;
use crate::simulated::SimulatedOrganization;

/// A replayed organization without physics, and the folder of a scan's report.
fn scanned() -> (SimulatedOrganization, String) {
    let simulated = SimulatedOrganization::start(Settings {
        behavior: ServiceBehavior::none(),
        ..Settings::default()
    });
    let folder = simulated.folder();
    let mut command = simulated.orgscan(&["scan", "--run-id", "first", "--region", "eu-west-1"]);
    command.arg("--report").arg(&folder);
    let run = Run::of(command, folder.clone());
    assert_eq!(run.code(), 3, "{}", run.stderr);
    let folder = folder.display().to_string();
    (simulated, folder)
}

#[test]
fn a_stored_runs_alert_is_shown_in_each_format() {
    let (simulated, folder) = scanned();
    let preview = |more: &[&str]| {
        let args = [&["alert", "--preview", "--report", &folder], more].concat();
        Run::of(simulated.orgscan(&args), folder.clone().into())
    };
    let email = preview(&[]);
    assert_eq!(email.code(), 0, "{}", email.stderr);
    assert!(
        email.stdout.starts_with("Subject: orgscan: first run"),
        "{}",
        email.stdout
    );
    assert!(email.stderr.contains("for no topic"), "{}", email.stderr);
    assert_eq!(email.stdout, preview(&["--run-id", "first"]).stdout);
    let sms = preview(&["--format", "sms"]).stdout;
    assert!(
        sms.trim_end().len() <= 140 && sms.contains("critical"),
        "{sms}"
    );
    let json: Value = serde_json::from_str(&preview(&["--format", "json"]).stdout).unwrap();
    assert_eq!(json["run"]["id"], "first");
    let chat: Value = serde_json::from_str(&preview(&["--format", "chat"]).stdout).unwrap();
    assert_eq!(chat["source"], "custom");
    let attributes = preview(&["--format", "attributes"]).stdout;
    assert!(
        attributes.contains("run_id (String): first"),
        "{attributes}"
    );

    let none = preview(&["--run-id", "another"]);
    assert_eq!(none.code(), 2);
    assert!(none.stderr.contains("no run another"), "{}", none.stderr);
    let none = preview(&["--route", "web"]);
    assert!(
        none.stderr.contains("no alert route `web`"),
        "{}",
        none.stderr
    );
}

#[test]
fn a_run_whose_report_is_in_s3_is_previewed_from_there() {
    let simulated = SimulatedOrganization::start(Settings {
        behavior: ServiceBehavior::none(),
        ..Settings::default()
    });
    let location = ["--report", "s3://audit/orgscan"];
    let check = ["--check", "s3-bucket-public", "--region", "us-east-1"];
    for run in ["first", "second"] {
        let scan = simulated.scan(&[&location[..], &check, &["--run-id", run]].concat());
        assert_eq!(scan.code(), 3, "{}", scan.stderr);
    }
    let preview = |more: &[&str]| {
        let args = [&["alert", "--preview"], &location[..], more].concat();
        Run::of(simulated.orgscan(&args), simulated.folder())
    };
    let latest = preview(&[]);
    assert_eq!(latest.code(), 0, "{}", latest.stderr);
    assert!(
        latest.stdout.contains("Compared with run first"),
        "{}",
        latest.stdout
    );
    let first = preview(&["--run-id", "first"]).stdout;
    assert!(first.starts_with("Subject: orgscan: first run"), "{first}");
    let none = preview(&["--run-id", "another"]);
    assert!(none.stderr.contains("no run another"), "{}", none.stderr);
}

#[test]
fn a_threshold_is_explained_with_its_line_and_what_it_stands_before() {
    let simulated = SimulatedOrganization::start(Settings {
        behavior: ServiceBehavior::none(),
        ..Settings::default()
    });
    let config = simulated.folder().join("orgscan.yaml");
    let text = "\
thresholds:
  ous:
    Sandbox:
      PublicBuckets: { new_or_reopened: 2 }
  accounts:
    PublicBuckets: { count: 9 }
  overrides:
    - ou: Sandbox
      indicators:
        PublicBuckets: { count: 5, min_severity: high }
";
    std::fs::write(&config, text).unwrap();
    let explain = |more: &[&str]| {
        let mut command = simulated.orgscan(&["explain", "--threshold"]);
        command.args(more).arg("--config").arg(&config);
        let run = Run::of(command, config.clone());
        assert_eq!(run.code(), 0, "{}", run.stderr);
        run.stdout.replace(config.to_str().unwrap(), "orgscan.yaml")
    };
    let id = simulated.id("sandbox-alex").as_str();
    let listed = explain(&["PublicBuckets", "--account", id]);
    insta::assert_snapshot!(listed.replace(id, "ID"), @"
    PublicBuckets  public S3 buckets
    account ID sandbox-alex: root > Sandbox

    Threshold
      more than 5 of severity high or worse, for OU Sandbox
        orgscan.yaml:10, thresholds.overrides[0].indicators.PublicBuckets

    Overridden
      more than 9, for all accounts
        orgscan.yaml:6, thresholds.accounts.PublicBuckets
    ");
    let offline = explain(&["PublicBuckets", "--account", id, "--ou", "Workloads"]);
    assert!(!offline.contains("Sandbox"), "{offline}");
    assert!(
        offline.contains("more than 9, for all accounts"),
        "{offline}"
    );
    let unit = explain(&["PublicBuckets", "--ou", "Sandbox"]);
    assert!(
        unit.contains("more than 2 new") && unit.contains("orgscan.yaml:4"),
        "{unit}"
    );
    let total = explain(&["PublicBuckets"]);
    assert!(
        total.contains("the default, thresholds.organization"),
        "{total}"
    );
    let command = simulated.orgscan(&["explain", "--threshold", "PublicBucket"]);
    let run = Run::of(command, config.clone());
    assert_eq!(run.code(), 2);
    assert!(
        run.stderr.contains("did you mean `PublicBuckets`?"),
        "{}",
        run.stderr
    );
}

/// The alert of a run of the demo, whose id ends like this.
fn alert_text(folder: &std::path::Path, run: &str) -> String {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let text = alert_text(&path, run);
            if !text.is_empty() {
                return text;
            }
        } else if path.ends_with("alert.txt")
            && path.parent().unwrap().to_str().unwrap().ends_with(run)
        {
            return std::fs::read_to_string(path).unwrap();
        }
    }
    String::new()
}

/// The alert in the README, where `…` stands for lines that it does not show.
fn readme_alert() -> String {
    let readme = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let (_, text) = readme.split_once("```text\n").unwrap();
    text.split_once("\n…\n```").unwrap().0.to_owned()
}

#[test]
fn the_second_day_of_the_demo_reads_as_in_the_readme() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = orgscan();
    let quick = ["--days", "3", "--latency", "0", "--quotas", "0"];
    command.arg("demo").args(quick);
    command.arg("--report").arg(folder.path());
    let run = Run::of(command, folder.path().to_owned());
    assert_eq!(run.code(), 0, "{}", run.stderr);
    let second = alert_text(folder.path(), "-day-2");
    let mut rest = second.as_str();
    for part in readme_alert().split("\n…\n") {
        let found = rest.split_once(part);
        rest = found.map_or_else(
            || panic!("the README has\n{part}\nand not\n{rest}"),
            |it| it.1,
        );
    }
    for expected in [
        "first run",
        "10 reopened findings (10 medium), 65 resolved",
        "payments-ledger (037183764520): closed",
    ] {
        assert!(run.stdout.contains(expected), "{expected}: {}", run.stdout);
    }
}
