//! What is shown on a real terminal, which Python makes.

use std::path::PathBuf;
use std::process::Command;

use super::demo;
use crate::judged::installed;
use crate::run::Run;

/// A demo on a terminal of its own. Gives what the terminal shows.
fn on_terminal(command: &Command) -> String {
    let mut python = installed::terminal("");
    python
        .env("TERM", "xterm-256color")
        .arg(command.get_program())
        .args(command.get_args());
    let run = Run::of(python, PathBuf::new());
    assert_eq!(run.code(), 0, "{}", run.stderr);
    run.stderr
}

#[test]
fn quiet_leaves_the_summary_and_takes_what_accompanies_it() {
    let folder = tempfile::tempdir().unwrap();
    let loud = on_terminal(&demo(folder.path()));
    let mut quiet = demo(folder.path());
    quiet.arg("--quiet");
    let shown = on_terminal(&quiet);
    for accompanies in ["Scanning a simulated organization", "Next", "accounts, "] {
        assert!(loud.contains(accompanies), "{accompanies}: {loud}");
        assert!(!shown.contains(accompanies), "{accompanies}: {shown}");
    }
    assert!(shown.contains("Open"), "{shown}");
    let run = Run::of(quiet, PathBuf::new());
    assert_eq!(run.stderr, "");
}
