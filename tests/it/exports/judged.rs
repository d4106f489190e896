//! Report formats, validated by independent tools.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::counts::{Counts, of_report};
use super::reports;
use crate::judged::installed;

fn counts(value: &Value) -> Counts {
    serde_json::from_value(value.clone()).unwrap()
}

/// What all forms say of findings and of what is not known.
fn shared(counts: &Counts) -> Counts {
    let kept = ["fail", "account ", "check ", "unknown targets"];
    let kept = |name: &String| kept.iter().any(|prefix| name.starts_with(prefix));
    let counts = counts.iter().filter(|(name, _)| kept(name));
    counts.map(|(name, count)| (name.clone(), *count)).collect()
}

/// What a script of `tests/exports` prints, as JSON.
fn run_script(interpreter: &Path, script: &str, args: &[&str]) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports");
    let mut command = Command::new(interpreter);
    let output = command
        .arg(folder.join(script))
        .args(args)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script} {args:?}\n{errors}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn events_are_valid_ocsf_in_both_versions_and_match_the_report() {
    for version in ["1.3.0", "1.5.0"] {
        let run = reports().export(&["--format", "ocsf", "--ocsf-version", version]);
        assert_eq!(run.code(), 0, "{}", run.stderr);
        let file = run.stdout.trim();
        let judged = counts(&run_script(
            &installed::python("exports"),
            "ocsf.py",
            &[file, version],
        ));
        assert_eq!(shared(&judged), of_report(reports().last()), "{version}");
        assert!(judged["closed"] > 0, "{judged:?}");
        assert_eq!(judged.get("pass"), None);
    }
}

#[test]
fn security_hub_takes_the_findings_as_they_are() {
    let file = reports().last().join("findings.asff.jsonl.gz");
    let args = [file.to_str().unwrap()];
    let judged = counts(&run_script(
        &installed::python("emulator"),
        "asff.py",
        &args,
    ));
    assert_eq!(shared(&judged), of_report(reports().last()));
    assert_eq!(judged["imported"], judged["there"]);
    assert!(judged["ARCHIVED"] > 0, "{judged:?}");
}

#[test]
fn tables_are_read_by_duckdb_and_match_the_report() {
    let folder = reports().last().to_str().unwrap();
    let judged = run_script(&installed::python("exports"), "tables.py", &[folder]);
    let (csv, parquet) = (counts(&judged["csv"]), counts(&judged["parquet"]));
    assert_eq!(csv, parquet);
    assert_eq!(shared(&parquet), of_report(reports().last()));
    assert!(parquet["ledger pass"] > 0 && parquet["ledger skipped"] > 0);
    assert_eq!(parquet["violations"], parquet["fail"]);
}

#[test]
fn a_lake_has_the_events_of_all_runs() {
    let folder = reports().folder.path().to_str().unwrap();
    let judged = run_script(&installed::python("exports"), "lake.py", &[folder]);
    let (lines, rows) = (counts(&judged["lines"]), counts(&judged["rows"]));
    assert_eq!(lines, rows);
    for (run, word) in [
        ("day-1", "status Fail"),
        ("day-3", "status Unknown"),
        ("day-3", "activity Close"),
    ] {
        let is_one = |name: &&String| name.starts_with(run) && name.ends_with(&format!(" {word}"));
        assert!(rows.keys().filter(is_one).count() > 0, "{run} {word}");
    }
    assert_eq!(judged["regions"], json!(["us-east-1"]));
}

#[test]
fn the_queries_of_the_docs_have_answers() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/exports.md");
    let folder = reports().folder.path().to_str().unwrap();
    let counts = run_script(
        &installed::python("exports"),
        "queries.py",
        &[page.to_str().unwrap(), folder],
    );
    let counts: Vec<u64> = serde_json::from_value(counts).unwrap();
    assert_eq!(counts.len(), 8);
    assert!(counts.iter().all(|rows| *rows > 0), "{counts:?}");
}
