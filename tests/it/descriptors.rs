//! With few file descriptors a run is slower, and not less complete.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use orgscan_sim::{ServiceBehavior, Settings};
use serde_json::Value;
use tempfile::TempDir;

use crate::isolated::orgscan;
use crate::run::Run;
use crate::simulated::SimulatedOrganization;

/// The limits to run under: macOS's default, a Lambda function's, and fewer than any system has.
const LIMITS: [u32; 3] = [64, 256, 1_024];

/// A command of a shell that has lowered its limit of open files: `-Sn` the soft limit alone, which
/// orgscan can raise again, `-n` both.
fn limited(option: &str, limit: u32, command: &Command) -> Command {
    let mut shell = Command::new("sh");
    let script = format!("ulimit {option} {limit} && exec \"$0\" \"$@\"");
    shell.args(["-c", &script]).arg(command.get_program());
    shell.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}

fn all_limits() -> impl Iterator<Item = (&'static str, u32)> {
    let soft_and_hard = ["-Sn", "-n"].into_iter();
    soft_and_hard.flat_map(|option| LIMITS.map(|limit| (option, limit)))
}

/// What was found, and what was covered.
fn found(report: &Value) -> (BTreeSet<String>, Value) {
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.len() > 20, "{}", findings.len());
    let of = |one: &Value| {
        let parts = [
            "account_id",
            "check_id",
            "region",
            "resource",
            "part",
            "severity",
        ];
        parts.map(|part| one[part].to_string()).join(" ")
    };
    (
        findings.iter().map(of).collect(),
        report["coverage"].clone(),
    )
}

fn demo(folder: &Path) -> Command {
    let mut command = orgscan();
    command.env("HOME", folder).env("TMPDIR", folder);
    command.args(["demo", "--accounts", "8", "--latency", "2", "--quotas", "0"]);
    command.arg("--report").arg(folder);
    command
}

#[test]
fn the_demo_finds_the_same_with_few_descriptors() {
    let run = |command: fn(&Path) -> Command, limit: Option<(&str, u32)>| {
        let folder = TempDir::with_prefix("orgscan-it-").unwrap();
        let path = folder.path().to_owned();
        let command = match limit {
            Some((option, limit)) => limited(option, limit, &command(&path)),
            None => command(&path),
        };
        let run = Run::of(command, path);
        assert_eq!(run.code(), 0, "{limit:?}: {}", run.stderr);
        found(&run.report())
    };
    let whole = run(demo, None);
    std::thread::scope(|scope| {
        for limit in all_limits() {
            let (run, whole) = (&run, &whole);
            scope.spawn(move || assert_eq!(run(demo, Some(limit)), *whole, "{limit:?}"));
        }
    });
}

#[test]
fn a_scan_finds_the_same_with_few_descriptors() {
    let simulated = SimulatedOrganization::start(Settings {
        accounts: Some(12),
        behavior: ServiceBehavior {
            quota_scale: None,
            credential_report: None,
            ..ServiceBehavior::aws()
        },
        ..Settings::default()
    });
    let run = |limit: Option<(&str, u32)>| {
        let folder = simulated.folder();
        let mut command = simulated.orgscan(&["scan", "-v", "--report"]);
        command
            .arg(&folder)
            .args(["--region", "us-east-1", "--region", "eu-west-1"]);
        let command = match limit {
            Some((option, limit)) => limited(option, limit, &command),
            None => command,
        };
        let run = Run::of(command, folder);
        assert_eq!(run.code(), 3, "{limit:?}: {}", run.stderr);
        let is_named = run.stderr.contains("ulimit -n");
        assert_eq!(
            is_named,
            matches!(limit, Some(("-n", 64 | 256))),
            "{}",
            run.stderr
        );
        found(&run.report())
    };
    let whole = run(None);
    for limit in all_limits() {
        assert_eq!(run(Some(limit)), whole, "{limit:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_soft_limit_is_raised_as_far_as_the_hard_one_allows() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let mut replay = Command::new(env!("CARGO_BIN_EXE_orgscan"));
    replay.args(["replay", "--accounts", "1"]);
    let mut shell = limited("-n 500 && ulimit -Sn", 64, &replay);
    let mut child = shell.stdout(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    let output = child.stdout.take().unwrap();
    BufReader::new(output).read_line(&mut first).unwrap();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id()));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(first.starts_with("ready "), "{first}");
    let limits = limits.unwrap();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"));
    let numbers: Vec<&str> = line.unwrap().split_whitespace().skip(3).take(2).collect();
    assert_eq!(numbers, ["500", "500"]);
}
