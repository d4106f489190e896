//! A run that is killed and started again with its run id: nothing that is done is done again, and the
//! report is the one of an undisturbed run.

use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::bucket::{Bucket, file};
use crate::judged::World;
use crate::run::{Run, remove_dates, without_dates};

/// An account whose scan hangs, so that the run can be killed in its midst.
const HANGING: &str = "storefront";

/// How many accounts are done before the run is killed.
const DONE: usize = 8;

fn command(world: &World, location: &[&str]) -> Command {
    let mut command = world.orgscan(&["scan", "--run-id", "nightly", "--timings"]);
    for region in &world.emulator.inventory.regions {
        command.args(["--region", region.as_str()]);
    }
    command.args(location);
    command
}

/// Runs until some accounts are done; another process that wants the same run meanwhile is refused.
/// Gives the results that were stored when the run was killed.
fn killed(
    world: &World,
    location: &[&str],
    refusal: &str,
    stored: impl Fn() -> BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let account = world.id(HANGING);
    world.rules(&[json!({"account": account, "action": "ec2:DescribeVolumes", "error": "hang"})]);
    let mut process: Child = command(world, location)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let patience = Instant::now() + Duration::from_secs(600);
    while stored().len() < DONE {
        assert!(Instant::now() < patience, "{:?}", stored().keys());
        assert_eq!(process.try_wait().unwrap(), None);
        std::thread::sleep(Duration::from_millis(50));
    }
    let second = Run::of(command(world, location), world.folder().join("none"));
    assert_eq!(second.code(), 2, "{}", second.stdout);
    assert!(second.stderr.contains(refusal), "{}", second.stderr);
    process.kill().unwrap();
    process.wait().unwrap();
    world.rules(&[]);
    stored()
}

/// Roles assumed, by the timings.
fn assumed(run: &Run) -> usize {
    let mut lines = run.stderr.lines();
    let line = lines.find(|line| line.contains("sts:AssumeRole")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// The report without what differs from run to run: times, and how many requests it took.
fn lasting(report: &str) -> String {
    let mut report: Value = serde_json::from_str(report).unwrap();
    report["run"] = Value::Null;
    remove_dates(&mut report);
    for account in report["accounts"].as_array_mut().unwrap() {
        account["requests"] = Value::Null;
    }
    let text = serde_json::to_string_pretty(&report).unwrap();
    let timed = |line: &&str| !line.contains("IAM credential report of");
    text.lines().filter(timed).collect::<Vec<_>>().join("\n")
}

/// Compares a resumed run with an undisturbed one, file by file.
fn assert_same(whole: &Run, resumed: impl Fn(&str) -> String) {
    for name in ["findings.csv", "coverage.csv"] {
        let (whole, resumed) = (
            without_dates(name, &whole.file(name)),
            without_dates(name, &resumed(name)),
        );
        let differing = whole.lines().zip(resumed.lines()).find(|(a, b)| a != b);
        assert_eq!(differing, None, "{name}");
        assert_eq!(whole.len(), resumed.len(), "{name}");
    }
    let (whole, resumed) = (whole.file("report.json"), resumed("report.json"));
    let (whole, resumed) = (lasting(&whole), lasting(&resumed));
    let differing = whole.lines().zip(resumed.lines()).find(|(a, b)| a != b);
    assert_eq!(differing, None, "report.json");
    assert_eq!(whole.len(), resumed.len(), "report.json");
}

#[test]
fn a_killed_run_goes_on_in_its_folder() {
    let world = World::start(&[]);
    let whole = world.scan(&["--run-id", "nightly", "--timings"]);
    let folder = tempfile::TempDir::new_in(world.folder()).unwrap().keep();
    let location = ["--report", folder.to_str().unwrap()];
    let accounts = folder.join("runs/nightly/accounts");
    let stored = || {
        let entries = std::fs::read_dir(&accounts).into_iter().flatten();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let done = names.filter(|name| name.ends_with(".json"));
        done.filter_map(|name| {
            let text = std::fs::read_to_string(accounts.join(&name)).ok()?;
            Some((name, text))
        })
        .collect()
    };
    let done = killed(
        &world,
        &location,
        "another process works on the run",
        stored,
    );
    let resumed = Run::of(command(&world, &location), folder.clone());
    assert_eq!(resumed.code(), 3, "{}", resumed.stderr);
    assert_eq!(assumed(&resumed) + done.len(), assumed(&whole));
    let after: BTreeMap<_, _> = stored();
    assert!(done.iter().all(|(name, text)| after[name] == *text));
    assert_same(&whole, |name| resumed.file(name));
}

#[test]
fn a_killed_run_goes_on_in_s3() {
    let world = World::start(&[]);
    let bucket = Bucket::make(&world, "orgscan-reports");
    let whole = world.scan(&["--run-id", "nightly", "--timings"]);
    let location = ["--report", "s3://orgscan-reports/audit"];
    let stored = || bucket.below("audit/runs/nightly/accounts/");
    let done = killed(&world, &location, "works on the run in s3://", stored);

    // Its lease is still good. What time does of itself is done here by hand.
    let early = Run::of(command(&world, &location), world.folder().join("none"));
    assert_eq!(early.code(), 2, "{}", early.stderr);
    let key = "audit/runs/nightly/lease.json";
    let mut lease: Value = serde_json::from_str(&bucket.below(key)[""]).unwrap();
    lease["until"] = json!("2026-01-01T00:00:00Z");
    bucket.put(key, lease.to_string());

    let resumed = Run::of(command(&world, &location), world.folder().join("none"));
    assert_eq!(resumed.code(), 3, "{}", resumed.stderr);
    assert_eq!(assumed(&resumed) + done.len(), assumed(&whole));
    let after = stored();
    assert!(done.iter().all(|(name, text)| after[name] == *text));
    let report = bucket.below("audit/daily/");
    assert_same(&whole, |name| file(&report, name).to_owned());
    let lease: Value = serde_json::from_str(&bucket.below(key)[""]).unwrap();
    assert_eq!(lease["until"], Value::Null, "the lease is given up");
}
