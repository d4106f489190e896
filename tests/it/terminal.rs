//! What a person sees on the terminal: colors, characters, widths, progress.

#[cfg(feature = "judges")]
mod judged;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::isolated::orgscan;
use crate::run::Run;
use crate::simulated::SimulatedOrganization;

/// What a style begins with.
const ESCAPE: char = '\u{1b}';

/// A demo with gaps of several causes, so that every part of the summary is there.
fn demo(folder: &Path) -> Command {
    let mut command = orgscan();
    command
        .args([
            "demo",
            "--accounts",
            "16",
            "--latency",
            "0",
            "--quotas",
            "0",
        ])
        .args(["--faults", "example", "--report"])
        .arg(folder);
    command
}

#[test]
fn the_example_of_faults_comes_with_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let run = Run::of(demo(folder.path()), folder.path().to_owned());
    assert_eq!(run.code(), 0, "{}", run.stderr);
    let coverage = run.rows("coverage.csv");
    let causes: BTreeSet<&str> = coverage.iter().map(|row| &*row["cause"]).collect();
    for cause in ["account_blocked", "denied_by_scp", "missing_permission"] {
        assert!(causes.contains(cause), "{cause}: {causes:?}");
    }
}

#[test]
fn a_locale_without_unicode_gets_ascii() {
    let folder = tempfile::tempdir().unwrap();
    let mut plain = demo(folder.path());
    plain.env("LC_ALL", "C");
    let run = Run::of(plain, PathBuf::new());
    assert!(run.stdout.contains(">="), "{}", run.stdout);
    assert!(run.stdout.is_ascii(), "{}", run.stdout);
    assert!(run.stderr.is_ascii(), "{}", run.stderr);

    let mut unicode = demo(folder.path());
    unicode.env("LC_ALL", "C.UTF-8");
    let run = Run::of(unicode, PathBuf::new());
    assert!(run.stdout.contains('≥'), "{}", run.stdout);
}

#[test]
fn no_color_wins_over_what_forces_colors() {
    let folder = tempfile::tempdir().unwrap();
    let run = |variables: &[(&str, &str)]| {
        let mut command = demo(folder.path());
        command.envs(variables.iter().copied());
        Run::of(command, PathBuf::new())
    };
    let force = ("CLICOLOR_FORCE", "1");
    assert!(run(&[force]).stdout.contains(ESCAPE));
    for variables in [&[force, ("NO_COLOR", "1")][..], &[]] {
        let run = run(variables);
        assert!(!run.stdout.contains(ESCAPE), "{}", run.stdout);
        assert!(!run.stderr.contains(ESCAPE), "{}", run.stderr);
    }
}

#[test]
fn nothing_is_wider_than_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let simulated = SimulatedOrganization::shared();
    for columns in ["40", "60", "80", "120"] {
        let regions = ["--region", "us-east-1,af-south-1"];
        let mut plan = simulated.orgscan(&[&["plan"][..], &regions].concat());
        plan.env("COLUMNS", columns);
        let mut demo = demo(folder.path());
        demo.env("COLUMNS", columns);
        for command in [plan, demo] {
            let run = Run::of(command, PathBuf::new());
            let width = columns.parse().unwrap();
            for line in run.stdout.lines() {
                // What a person copies stays in one piece: a command, an address, a policy's action.
                let text = line.trim_start();
                let begins = ["Open ", "orgscan "]
                    .iter()
                    .any(|one| text.starts_with(one));
                let is_whole = begins || !text.contains(' ');
                assert!(
                    line.chars().count() <= width || is_whole,
                    "{columns}: {line}"
                );
            }
        }
    }
}
