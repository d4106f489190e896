//! Manifests that real runs leave, and `orgscan verify` over them.

#[cfg(feature = "judges")]
mod judged;

use std::fs;
use std::path::{Path, PathBuf};

use orgscan_sim::{ServiceBehavior, Settings};
use orgscan_store::integrity::Sha256Sum;
use serde_json::Value;

use crate::isolated::orgscan;
use crate::run::{Run, find};
use crate::simulated::SimulatedOrganization;

fn simulated() -> SimulatedOrganization {
    SimulatedOrganization::start(Settings {
        behavior: ServiceBehavior::none(),
        ..Settings::default()
    })
}

/// A quick scan, with its report there.
fn scan(simulated: &SimulatedOrganization, id: &str, location: &[&str], folder: &Path) -> Run {
    let account = simulated.id("security-audit").to_string();
    let mut command = simulated.orgscan(&["scan", "--account", &account]);
    command
        .args(["--region", "us-east-1", "--run-id", id])
        .args(location);
    let run = Run::of(command, folder.to_owned());
    assert!(run.code() < 2, "{}", run.stderr);
    run
}

fn verify(simulated: &SimulatedOrganization, args: &[&str]) -> Run {
    let mut command = simulated.orgscan(&["verify"]);
    command.args(args);
    Run::of(command, PathBuf::new())
}

#[test]
fn the_files_of_runs_are_verified_until_one_is_changed() {
    let simulated = simulated();
    let reports = simulated.folder();
    let location = reports.to_str().unwrap();
    for id in ["first", "second", "third"] {
        scan(&simulated, id, &["--report", location], &reports);
    }
    let run = verify(&simulated, &["--report", location]);
    assert_eq!(run.code(), 0, "{}{}", run.stdout, run.stderr);
    let (sum, key) = ("Verified 3 runs, ", "; signed by the key SHA256:");
    let is_sum = run.stdout.starts_with(sum) && run.stdout.contains(key);
    assert!(is_sum && run.stdout.lines().count() == 1, "{}", run.stdout);
    let run = verify(&simulated, &[location, "--details"]);
    assert_eq!(run.code(), 0, "{}{}", run.stdout, run.stderr);
    assert!(
        run.stdout
            .contains("Links 1 to 3: signed by the key SHA256:"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("according to state/head.json"),
        "{}",
        run.stdout
    );

    // The hash that an alert has, and the same that sha256sum tells.
    let manifest = find(&reports.join("daily"), "manifest.json").unwrap();
    let head = Sha256Sum::of(&fs::read(&manifest).unwrap()).to_string();
    assert_eq!(
        verify(&simulated, &[location, "--manifest-sha256", &head]).code(),
        0
    );
    let other = verify(
        &simulated,
        &[location, "--manifest-sha256", &"0".repeat(64)],
    );
    assert_eq!(other.code(), 1, "{}", other.stdout);
    assert!(
        other.stdout.contains("the end of the chain: missing"),
        "{}",
        other.stdout
    );
    let one = verify(&simulated, &[location, "--run-id", "second"]);
    assert_eq!(one.code(), 0, "{}", one.stdout);
    assert!(one.stdout.contains("Verified 1 run, "), "{}", one.stdout);
    let unchecked = "the chain was not verified";
    assert!(one.stdout.contains(unchecked), "{}", one.stdout);

    // A checkpoint lets the first run go.
    let point = simulated.folder().join("checkpoint.json");
    let point = point.to_str().unwrap();
    assert_eq!(
        verify(&simulated, &[location, "--write-checkpoint", point]).code(),
        0
    );
    scan(&simulated, "fourth", &["--report", location], &reports);
    let first = manifest.parent().unwrap().with_file_name("first");
    fs::remove_dir_all(&first).unwrap();
    let short = verify(&simulated, &[location]);
    assert_eq!(short.code(), 1);
    assert!(
        short.stdout.contains("first/manifest.json: missing"),
        "{}",
        short.stdout
    );
    let run = verify(&simulated, &[location, "--checkpoint", point]);
    assert_eq!(run.code(), 0, "{}", run.stdout);

    let changed = first.with_file_name("fourth").join("findings.csv");
    fs::write(&changed, "account_id\n").unwrap();
    let run = verify(
        &simulated,
        &[location, "--checkpoint", point, "--format", "json"],
    );
    assert_eq!(run.code(), 1);
    let verdict: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(verdict["problems"][0]["kind"], "changed");
    let path = verdict["problems"][0]["path"].as_str().unwrap();
    assert!(path.ends_with("fourth/findings.csv"), "{path}");

    let nothing = verify(&simulated, &[simulated.folder().to_str().unwrap()]);
    assert_eq!(nothing.code(), 2);
    assert!(nothing.stderr.contains("no report"), "{}", nothing.stderr);
}

#[test]
fn a_run_that_is_started_again_stays_verified() {
    let simulated = simulated();
    let reports = simulated.folder();
    let location = reports.to_str().unwrap();
    for id in ["first", "second", "first"] {
        scan(&simulated, id, &["--report", location], &reports);
    }
    let run = verify(&simulated, &[location]);
    assert_eq!(run.code(), 0, "{}", run.stdout);
    assert!(run.stdout.contains("head 3 "), "{}", run.stdout);
}

#[test]
fn a_demo_is_verified_too_and_keeps_its_key_to_itself() {
    let folder = tempfile::tempdir().unwrap();
    let demo = || {
        let mut command = orgscan();
        command.env("HOME", folder.path());
        command.current_dir(folder.path());
        command
    };
    let quick = ["demo", "--accounts", "16", "--latency", "0", "--days", "2"];
    let output = demo().args(quick).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let output = demo().args(["verify", "orgscan-demo"]).output().unwrap();
    let message = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{message}");
    assert!(message.contains("Verified 2 runs"), "{message}");
    let there = fs::read_dir(folder.path()).unwrap();
    let there: Vec<_> = there.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(there, ["orgscan-demo"]);
}

/// The README's own commands, with the user's own key made before: a demo's daily and weekly reports are one
/// chain, signed with one key.
#[test]
fn a_demos_daily_and_weekly_reports_are_one_chain_of_one_key() {
    let simulated = simulated();
    let own = simulated.folder();
    scan(
        &simulated,
        "own",
        &["--report", own.to_str().unwrap()],
        &own,
    );
    let reports = simulated.folder().join("orgscan-demo");
    let location = reports.to_str().unwrap();
    let orgscan = |args: &[&str]| {
        let mut command = simulated.orgscan(args);
        // Whatever the configuration says of keys.
        command.env("ORGSCAN_SIGNING_KEY_FILE", own.with_extension("pem"));
        Run::of(command, PathBuf::new())
    };
    let days = [
        "demo",
        "--days",
        "2",
        "--accounts",
        "20",
        "--report",
        location,
    ];
    let run = orgscan(&days);
    assert_eq!(run.code(), 0, "{}", run.stderr);
    let week =
        orgscan_report::trend::Week::of(orgscan_report::trend::day_of(jiff::Timestamp::now()));
    for week in [&[][..], &["--week", &week.to_string()]] {
        let args = [&["weekly", "--report", location][..], week].concat();
        let run = orgscan(&args);
        assert!(matches!(run.code(), 0 | 3), "{}", run.stderr);
        let run = orgscan(&["verify", location]);
        assert_eq!(run.code(), 0, "{}{}", run.stdout, run.stderr);
    }
    let again = orgscan(&days);
    assert_eq!(again.code(), 0, "{}", again.stderr);
    let run = orgscan(&["verify", location, "--details"]);
    assert_eq!(run.code(), 0, "{}{}", run.stdout, run.stderr);
    let links = |line: &&str| line.starts_with("Link");
    let signed: Vec<&str> = run.stdout.lines().filter(links).collect();
    assert_eq!(signed.len(), 1, "{}", run.stdout);
    assert!(signed[0].contains(": signed by the key"), "{signed:?}");

    // Neither writes where the other does.
    let account = simulated.id("security-audit").as_str();
    let run = orgscan(&["scan", "--account", account, "--report", location]);
    assert_eq!(run.code(), 2, "{}", run.stderr);
    assert!(run.stderr.contains("use another folder"), "{}", run.stderr);
    let run = orgscan(&[
        "demo",
        "--accounts",
        "20",
        "--report",
        own.to_str().unwrap(),
    ]);
    assert_eq!(run.code(), 2, "{}", run.stderr);
    assert!(run.stderr.contains("not from a demo"), "{}", run.stderr);
    // A demo's key that somebody has put beside real reports signs nothing.
    fs::copy(
        reports.join("demo-signing-key.pem"),
        own.join("demo-signing-key.pem"),
    )
    .unwrap();
    let run = orgscan(&[
        "weekly",
        "--week",
        &week.to_string(),
        "--report",
        own.to_str().unwrap(),
    ]);
    assert_eq!(run.code(), 2, "{}", run.stderr);
    assert!(
        run.stderr.contains("demo-signing-key.pem; move that file"),
        "{}",
        run.stderr
    );
}
