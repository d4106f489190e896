//! Signals: the first one stops a command in an orderly manner, the second one at once.

#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use orgscan_sim::{Fault, FaultKind, Latency, LoggedRequest, ServiceBehavior, Settings};

use crate::run::Run;
use crate::simulated::SimulatedOrganization;

/// Each signal with the exit code of a command that it interrupts.
const SIGNALS: [(&str, i32); 3] = [("HUP", 129), ("INT", 130), ("TERM", 143)];

/// How long a test waits for what has to happen.
const PATIENCE: Duration = Duration::from_secs(600);

/// An organization in which some accounts are done soon, and one never.
fn organization(faults: Vec<Fault>) -> SimulatedOrganization {
    let latency = Latency {
        median: Duration::from_millis(5),
        p99: Duration::from_millis(30),
    };
    SimulatedOrganization::start(Settings {
        log: true,
        faults,
        behavior: ServiceBehavior {
            latency: Some(latency),
            ..ServiceBehavior::none()
        },
        ..Settings::default()
    })
}

fn hang(account: Option<&str>, operation: &str) -> Fault {
    Fault {
        account: account.map(str::to_owned),
        region: None,
        service: None,
        operation: Some(operation.to_owned()),
        share: 1.0,
        kind: FaultKind::Hang,
        // Those that are continued do not meet it again.
        times: Some(1),
    }
}

/// A command that is to be interrupted, with a folder of its own for temporary files.
struct StartedCommand {
    process: Child,
    temporary: PathBuf,
}

impl StartedCommand {
    fn spawn(simulated: &SimulatedOrganization, mut command: Command) -> Self {
        let temporary = simulated.folder();
        let process = command
            .env("TMPDIR", &temporary)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self { process, temporary }
    }

    fn send(&self, signal: &str) {
        send(self.process.id(), signal);
    }

    /// Waits until something is so, while the command is running.
    fn until(&mut self, mut is_so: impl FnMut() -> bool) {
        wait_for(|| {
            assert_eq!(self.process.try_wait().unwrap(), None);
            is_so()
        });
    }

    /// Its end, with what it said.
    fn end(self) -> (Output, String) {
        let output = self.process.wait_with_output().unwrap();
        let message = String::from_utf8(output.stderr.clone()).unwrap();
        (output, message)
    }
}

fn send(process: u32, signal: &str) {
    let signal = format!("-{signal}");
    let sent = Command::new("kill")
        .args([signal, process.to_string()])
        .status();
    assert!(sent.unwrap().success());
}

fn wait_for(mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < until, "it does not come to that");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn entries(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect()
}

/// Results that are stored.
fn done(reports: &Path, run: &str) -> usize {
    let names = entries(&reports.join("runs").join(run).join("accounts"));
    names.iter().filter(|name| name.ends_with(".json")).count()
}

/// The command that continues the run, run by a shell.
fn continued(simulated: &SimulatedOrganization, message: &str) -> Run {
    let line = message
        .lines()
        .find(|line| line.starts_with("  orgscan scan"));
    let line = line.unwrap_or_else(|| panic!("no command in {message}"));
    let program = env!("CARGO_BIN_EXE_orgscan");
    let script = format!(
        "{program} {}",
        line.trim_start().strip_prefix("orgscan").unwrap()
    );
    let environment = simulated.orgscan(&[]);
    let mut command = Command::new("sh");
    command.env_clear().args(["-c", &script]);
    let variables = environment.get_envs();
    command.envs(variables.filter_map(|(name, value)| Some((name, value?))));
    Run::of(command, PathBuf::new())
}

#[test]
fn the_first_signal_keeps_finished_work_and_shows_how_to_continue() {
    for (signal, code) in SIGNALS {
        let simulated = organization(vec![hang(Some("storefront"), "DescribeVolumes")]);
        let reports = simulated.folder().join("my reports");
        let mut command = simulated.orgscan(&["scan", "--region", "us-east-1", "--report"]);
        command.arg(&reports).args(["--run-id", "nightly"]);
        let mut started = StartedCommand::spawn(&simulated, command);
        started.until(|| done(&reports, "nightly") >= 3);
        started.send(signal);
        let temporary = started.temporary.clone();
        let (output, message) = started.end();
        assert_eq!(output.status.code(), Some(code), "{message}");
        assert!(
            message.contains(&format!("Interrupted by SIG{signal}")),
            "{message}"
        );
        assert!(
            message.contains("run nightly did not complete"),
            "{message}"
        );
        assert_eq!(entries(&temporary), Vec::<String>::new());
        let left = entries(&reports.join("runs/nightly"));
        assert!(!left.iter().any(|name| name.starts_with('.')), "{left:?}");

        let kept = done(&reports, "nightly");
        let before = simulated.requests().len();
        let run = continued(&simulated, &message);
        assert_eq!(run.code(), 3, "{}", run.stderr);
        let assumed = |from: usize| {
            let log = simulated.requests();
            log[from..]
                .iter()
                .filter(|one| one.api == "sts:AssumeRole")
                .count()
        };
        assert!(
            assumed(before) + kept <= assumed(0),
            "accounts that were done are scanned again"
        );
        let verified = Run::of(
            simulated.orgscan(&["verify", reports.to_str().unwrap()]),
            PathBuf::new(),
        );
        assert_eq!(verified.code(), 0, "{}{}", verified.stdout, verified.stderr);
    }
}

#[test]
fn in_s3_the_lease_is_released_and_the_copy_removed() {
    let simulated = organization(vec![hang(Some("storefront"), "DescribeVolumes")]);
    let location = ["--report", "s3://reports/audit"];
    let command = simulated.orgscan(&["scan", "--region", "us-east-1", location[0], location[1]]);
    let mut started = StartedCommand::spawn(&simulated, command);
    started.until(|| results(&simulated) >= 3);
    assert_eq!(entries(&started.temporary).len(), 1);
    started.send("TERM");
    let temporary = started.temporary.clone();
    let (output, message) = started.end();
    assert_eq!(output.status.code(), Some(143), "{message}");
    assert!(message.contains("are in s3://reports/audit"), "{message}");
    assert_eq!(entries(&temporary), Vec::<String>::new());
    // The run has no name but the one that was printed, and nobody has to wait for the lease to end.
    let run = continued(&simulated, &message);
    assert_eq!(run.code(), 3, "{}", run.stderr);
}

/// Objects in S3 that are results of accounts.
fn results(simulated: &SimulatedOrganization) -> usize {
    let objects = simulated.replay.writes().objects;
    objects
        .iter()
        .filter(|key| key.contains("/accounts/"))
        .count()
}

#[test]
fn in_s3_a_continued_run_scans_before_it_reads_the_results_that_are_there() {
    let simulated = organization(Vec::new());
    // Two accounts at a time, so that some have no result when the run is interrupted.
    let config = simulated.folder().join("config.yaml");
    fs::write(&config, "concurrency: { accounts: 2 }\n").unwrap();
    let mut command = simulated.orgscan(&["scan", "--region", "us-east-1", "--config"]);
    command
        .arg(&config)
        .args(["--report", "s3://reports/audit"]);
    let mut started = StartedCommand::spawn(&simulated, command);
    started.until(|| results(&simulated) >= 6);
    started.send("INT");
    let (output, message) = started.end();
    assert_eq!(output.status.code(), Some(130), "{message}");
    let (stored, before) = (results(&simulated), simulated.requests().len());
    assert!(stored < 14, "too late: {stored} accounts are done");

    let run = continued(&simulated, &message);
    assert_eq!(run.code(), 3, "{}", run.stderr);
    let log = &simulated.requests()[before..];
    let central = &log[0].account;
    let first = log.iter().position(|one| one.account != *central).unwrap();
    let read = |log: &[LoggedRequest]| log.iter().filter(|one| one.api == "s3:GetObject").count();
    // The lease, the record, the state to compare with, and the largest accounts.
    assert!(read(&log[..first]) <= 4, "{:?}", &log[..first]);
    assert!(read(log) >= stored, "{} of {stored}", read(log));
}

#[test]
fn a_second_signal_ends_at_once() {
    let simulated = organization(vec![Fault {
        times: None,
        ..hang(None, "PutObject")
    }]);
    let command = simulated.orgscan(&["scan", "--report", "s3://reports"]);
    let mut started = StartedCommand::spawn(&simulated, command);
    started.until(|| {
        simulated
            .replay
            .log()
            .iter()
            .any(|one| one.api == "s3:GetObject")
    });
    started.send("INT");
    // Until the first one is dealt with, so that the two are not taken for one.
    std::thread::sleep(Duration::from_millis(200));
    started.send("TERM");
    let (output, message) = started.end();
    assert_eq!(output.status.code(), Some(143), "{message}");
    assert_eq!(message, "");
}

#[test]
fn a_run_that_writes_nothing_states_it() {
    let simulated = organization(vec![hang(Some("storefront"), "DescribeVolumes")]);
    let command = simulated.orgscan(&["scan", "--region", "us-east-1"]);
    let mut started = StartedCommand::spawn(&simulated, command);
    started.until(|| simulated.replay.log().len() > 50);
    started.send("INT");
    let temporary = started.temporary.clone();
    let (output, message) = started.end();
    assert_eq!(output.status.code(), Some(130), "{message}");
    assert!(message.contains("Its results are lost"), "{message}");
    assert_eq!(entries(&temporary), Vec::<String>::new());
}

#[test]
fn other_commands_end_too_and_the_server_ends_well() {
    let simulated = organization(vec![Fault {
        times: None,
        ..hang(None, "ListAccounts")
    }]);
    for args in [&["plan"][..], &["enrollment"]] {
        let mut started = StartedCommand::spawn(&simulated, simulated.orgscan(args));
        let asked = || {
            let log = simulated.replay.log();
            log.iter()
                .filter(|one| one.api == "organizations:ListAccounts")
                .count()
        };
        let before = asked();
        started.until(|| asked() > before);
        started.send("TERM");
        let (output, message) = started.end();
        assert_eq!(output.status.code(), Some(143), "{args:?}: {message}");
        assert!(message.contains("Interrupted by SIGTERM"), "{message}");
    }
    for (signal, _) in SIGNALS {
        let mut command = simulated.orgscan(&["replay"]);
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut ready = String::new();
        let mut out = std::io::BufReader::new(process.stdout.take().unwrap());
        std::io::BufRead::read_line(&mut out, &mut ready).unwrap();
        assert!(ready.starts_with("ready http://"), "{ready}");
        send(process.id(), signal);
        assert_eq!(process.wait().unwrap().code(), Some(0), "{signal}");
    }
}

#[test]
fn a_demo_is_interrupted_too() {
    let simulated = organization(Vec::new());
    let folder = simulated.folder();
    let mut command = simulated.orgscan(&["demo", "--accounts", "300", "--report"]);
    command.arg(&folder);
    let mut started = StartedCommand::spawn(&simulated, command);
    let runs = folder.join("runs");
    started.until(|| entries(&runs).iter().any(|run| done(&folder, run) >= 3));
    started.send("INT");
    let (output, message) = started.end();
    assert_eq!(output.status.code(), Some(130), "{message}");
    assert!(message.contains("The demo did not complete"), "{message}");
}

#[test]
fn a_signal_that_was_ignored_at_the_start_stays_ignored() {
    let simulated = organization(vec![hang(Some("storefront"), "DescribeVolumes")]);
    let reports = simulated.folder();
    let mut command = Command::new("sh");
    let scan = simulated.orgscan(&[]);
    command.env_clear();
    command.envs(
        scan.get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    // As nohup does.
    command.args(["-c", r#"trap "" HUP; exec "$@""#, "sh"]);
    command.arg(env!("CARGO_BIN_EXE_orgscan"));
    command.args([
        "scan",
        "--region",
        "us-east-1",
        "--run-id",
        "nightly",
        "--report",
    ]);
    command.arg(&reports);
    let mut started = StartedCommand::spawn(&simulated, command);
    started.until(|| done(&reports, "nightly") >= 3);
    started.send("HUP");
    started.send("TERM");
    let (output, message) = started.end();
    assert_eq!(output.status.code(), Some(143), "{message}");
    assert!(message.contains("Interrupted by SIGTERM"), "{message}");
}

#[test]
fn process_one_of_a_container_takes_the_signal_too() {
    let namespace = ["--user", "--map-root-user", "--pid", "--fork"];
    let probe = Command::new("unshare").args(namespace).arg("true").output();
    if !probe.is_ok_and(|output| output.status.success()) {
        // This machine allows no namespaces of one's own.
        return;
    }
    let simulated = organization(vec![hang(Some("storefront"), "DescribeVolumes")]);
    let reports = simulated.folder();
    let scan = simulated.orgscan(&["scan", "--region", "us-east-1", "--run-id", "nightly"]);
    let mut command = Command::new("unshare");
    command.env_clear();
    command.envs(
        scan.get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    command
        .args(namespace)
        .arg(scan.get_program())
        .args(scan.get_args());
    command.arg("--report").arg(&reports);
    let mut started = StartedCommand::spawn(&simulated, command);
    started.until(|| done(&reports, "nightly") >= 3);
    let parent = started.process.id();
    let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap();
    send(children.trim().parse().unwrap(), "TERM");
    let (output, message) = started.end();
    assert_eq!(output.status.code(), Some(143), "{message}");
    assert!(message.contains("Continue it with:"), "{message}");
}
