//! Readers that have had enough: `orgscan plan | head`.

use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::arguments::{READERS, demo};
use crate::isolated::orgscan;
use crate::run::Run;
use crate::simulated::SimulatedOrganization;

/// The exit code where nobody reads what is printed.
fn unread(mut command: Command) -> (i32, String) {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    drop(process.stdout.take());
    let mut error = String::new();
    process
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut error)
        .unwrap();
    (process.wait().unwrap().code().unwrap(), error)
}

#[test]
fn a_closed_pipe_does_not_change_the_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let reports = folder.path().join("reports");
    demo(&reports, &[]);
    let location = reports.to_str().unwrap();
    let with = |command: &[&str]| {
        let mut process = orgscan();
        process.args(command).args(["--report", location]);
        process
    };
    for command in READERS {
        let expected = Run::of(with(command), PathBuf::new());
        assert_eq!(
            unread(with(command)),
            (expected.code(), expected.stderr),
            "{command:?}"
        );
    }
    for args in [
        &["checks"][..],
        &["explain", "cis-7.0"],
        &["completions", "zsh"],
        &["man"],
        &["schema", "report"],
    ] {
        let mut command = orgscan();
        command.args(args);
        assert_eq!(unread(command), (0, String::new()), "{args:?}");
    }
    // A file that was changed: the code says so, whether somebody reads it or not.
    let report = crate::run::find(&reports.join("daily"), "findings.csv").unwrap();
    std::fs::write(report, "changed\n").unwrap();
    assert_eq!(unread(with(&["verify"])).0, 1);
    let simulated = SimulatedOrganization::shared();
    let incomplete = simulated.orgscan(&["plan", "--region", "us-east-1,af-south-1"]);
    assert_eq!(unread(incomplete).0, 3);
    let mut scan = simulated.orgscan(&[
        "scan",
        "--dry-run",
        "--fail-on",
        "low",
        "--region",
        "us-east-1",
    ]);
    scan.args(["--account", simulated.id("payments-api").as_str()]);
    assert_eq!(unread(scan).0, 1);
}
