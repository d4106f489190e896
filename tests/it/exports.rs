//! Every report format, compared with the others.

pub(crate) mod counts;
#[cfg(feature = "judges")]
mod judged;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use orgscan_sim::{ServiceBehavior, Settings};
use serde_json::{Value, json};
use tempfile::TempDir;

use counts::{of_junit, of_page, of_report, of_sarif};

use crate::bucket::{Bucket, file};
use crate::isolated::orgscan;
use crate::run::{Run, rows};
use crate::simulated::SimulatedOrganization;

/// All forms.
const FORMATS: [&str; 8] = [
    "json", "csv", "html", "ocsf", "asff", "parquet", "sarif", "junit",
];

/// What is accepted in the second run.
const EXCEPTIONS: &str = "
exceptions:
- { id: volumes, checks: [ebs-volume-unencrypted], reason: They go soon, owner: o, expires: 9999-12-31 }
expected_gaps:
- { id: scps, regions: [us-*], reason: Nobody works there, owner: o, expires: 9999-12-31 }
";

/// Reports of two runs of an organization, which tests share that only read them. In the second one there
/// are findings that are accepted, that were closed, and that could not be evaluated again.
struct Reports {
    folder: TempDir,
    runs: Vec<PathBuf>,
}

fn reports() -> &'static Reports {
    static SHARED: OnceLock<Reports> = OnceLock::new();
    SHARED.get_or_init(|| {
        let folder = TempDir::with_prefix("orgscan-it-").unwrap();
        let exceptions = folder.path().join("exceptions.yaml");
        std::fs::write(&exceptions, EXCEPTIONS).unwrap();
        let config = folder.path().join("config.yaml");
        let all = json!({ "destinations": { "report": { "location": folder.path(), "formats": FORMATS } } });
        std::fs::write(&config, all.to_string()).unwrap();
        let scan = |day: u64, faults: Value| {
            let simulated = SimulatedOrganization::start(Settings {
                behavior: ServiceBehavior::none(),
                day: Some(day),
                faults: serde_json::from_value(faults).unwrap(),
                ..Settings::default()
            });
            let mut command = simulated.orgscan(&["scan", "--run-id", &format!("day-{day}")]);
            command.arg("--config").arg(&config);
            command.env("ORGSCAN_REPORT_TABLES", "true");
            command.env("ORGSCAN_REPORT_SECURITY_LAKE", "true");
            if day > 1 {
                command.arg("--exceptions").arg(&exceptions);
            }
            let run = Run::of(command, folder.path().to_owned());
            assert_eq!(run.code(), 3, "{}", run.stderr);
        };
        scan(1, json!([]));
        scan(
            3,
            json!([{ "service": "s3", "kind": "denied_by_scp_explicit" }]),
        );
        let mut runs = folders_with(folder.path(), "results.jsonl.gz");
        runs.sort();
        Reports { folder, runs }
    })
}

impl Reports {
    /// The folder of the last run.
    fn last(&self) -> &Path {
        self.runs.last().unwrap()
    }

    fn export(&self, args: &[&str]) -> Run {
        let to = TempDir::new_in(self.folder.path()).unwrap().keep();
        let mut command = orgscan();
        command
            .args(["export", "--report"])
            .arg(self.folder.path())
            .arg("--to")
            .arg(&to)
            .args(args);
        Run::of(command, to)
    }
}

fn folders_with(folder: &Path, name: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(folders_with(&path, name));
        } else if path.file_name().is_some_and(|file| file == name) {
            found.push(folder.to_owned());
        }
    }
    found
}

#[test]
fn the_page_matches_the_report() {
    assert_eq!(of_page(reports().last()), of_report(reports().last()));
}

#[test]
fn code_scanning_and_ci_outputs_match_the_report() {
    let run = reports().export(&["--format", "sarif,junit"]);
    assert_eq!(run.code(), 0, "{}", run.stderr);
    let folder = Path::new(run.stdout.lines().next().unwrap())
        .parent()
        .unwrap();
    assert_eq!(of_sarif(folder), of_report(reports().last()));
    let report = std::fs::read_to_string(reports().last().join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let open = report["findings"].as_array().unwrap().iter();
    let open = open.filter(|one| one["exception"].is_null()).count() as u64;
    let unknown = report["coverage"]["targets"]["unknown"].as_u64().unwrap();
    assert_eq!(of_junit(folder), (open, unknown));
}

#[test]
fn an_export_of_a_run_has_the_bytes_that_the_run_wrote_and_so_has_the_next() {
    let formats = FORMATS.iter().flat_map(|format| ["--format", format]);
    let mut args: Vec<&str> = formats.collect();
    args.extend(["--since", "2000-01-01"]);
    let (one, two) = (reports().export(&args), reports().export(&args));
    assert_eq!(one.code(), 0, "{}", one.stderr);
    let own = reports().folder.path();
    for (first, second) in one.stdout.lines().zip(two.stdout.lines()) {
        let from = |path: &str| path.find("daily/").map(|at| path[at..].to_owned()).unwrap();
        let name = from(first);
        assert_eq!(name, from(second));
        let bytes = std::fs::read(first).unwrap();
        assert!(bytes == std::fs::read(second).unwrap(), "{name}");
        assert!(bytes == std::fs::read(own.join(&name)).unwrap(), "{name}");
    }
    assert_eq!(one.stdout.lines().count(), reports().runs.len() * 13);
}

#[test]
fn an_export_of_a_part_counts_that_part_alone() {
    let report = |run: &Run| run.report();
    let all = report(&reports().export(&["--format", "json"]));
    let account = all["findings"][0]["account_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let check = all["findings"][0]["check_id"].as_str().unwrap().to_owned();
    let part = reports().export(&[
        "--format",
        "json",
        "--format",
        "csv",
        "--account",
        &account,
        "--check",
        &check,
    ]);
    assert_eq!(part.code(), 0, "{}", part.stderr);
    let is_own =
        |row: &BTreeMap<String, String>| row["account_id"] == account && row["check_id"] == check;
    let whole = std::fs::read_to_string(reports().last().join("findings.csv")).unwrap();
    let expected: Vec<_> = rows(&whole).into_iter().filter(is_own).collect();
    assert_eq!(part.rows("findings.csv"), expected);
    assert!(!expected.is_empty());
    let narrowed = report(&part);
    assert_eq!(narrowed["coverage"]["accounts_listed"], 1);
    assert_eq!(narrowed["checks"].as_object().unwrap().len(), 1);
    let note = narrowed["notes"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .as_str()
        .unwrap();
    assert!(
        note.contains(&format!("only account {account}; check {check}")),
        "{note}"
    );
    let schema = std::fs::read_to_string("docs/report.schema.json").unwrap();
    let schema = serde_json::from_str(&schema).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    assert!(schema.is_valid(&narrowed));
}

#[test]
fn an_export_that_is_refused_has_the_reason() {
    let refused = |args: &[&str]| {
        let run = reports().export(args);
        assert_eq!(run.code(), 2, "{args:?}: {}", run.stdout);
        run.stderr
    };
    let message = refused(&["--format", "csv", "--run-id", "another"]);
    assert!(message.contains("no run another in"), "{message}");
    let message = refused(&["--format", "csv", "--account", "100000000001"]);
    assert!(
        message.contains("no account of the run matches"),
        "{message}"
    );
    let message = refused(&["--format", "csv", "--check", "no-such-check"]);
    assert!(
        message.contains("the run has no check `no-such-check`"),
        "{message}"
    );
    let message = refused(&["--format", "csv", "--framework", "cis-5"]);
    assert!(message.contains("cis-5.0"), "{message}");
    let message = refused(&["--format", "csv", "--until", "2000-01-01"]);
    assert!(message.contains("no run between these days"), "{message}");
}

#[test]
fn a_run_in_s3_is_exported_from_there_and_its_tables_lie_beside_it() {
    let simulated = SimulatedOrganization::start(Settings {
        behavior: ServiceBehavior::none(),
        ..Settings::default()
    });
    let location = "s3://audit/orgscan";
    let mut scan = simulated.orgscan(&["scan", "--report", location, "--run-id", "stored"]);
    scan.env("ORGSCAN_REPORT_TABLES", "true");
    let config = simulated.folder().join("orgscan.yaml");
    let lake = "{ location: reports, region: eu-west-1, security_lake: true }";
    std::fs::write(&config, format!("destinations: {{ report: {lake} }}")).unwrap();
    scan.arg("--config").arg(&config);
    let run = Run::of(scan, simulated.folder());
    assert_eq!(run.code(), 3, "{}", run.stderr);
    let to = simulated.folder();
    let mut export =
        simulated.orgscan(&["export", "--report", location, "--format", "csv", "--to"]);
    export.arg(&to);
    let exported = Run::of(export, to);
    assert_eq!(exported.code(), 0, "{}", exported.stderr);
    let bucket = Bucket::at(&simulated.replay.url, "audit");
    let objects = bucket.below("orgscan/daily/");
    for name in ["findings.csv", "coverage.csv"] {
        assert_eq!(exported.file(name), file(&objects, name));
    }
    let tables = bucket.below("orgscan/tables/");
    let names: Vec<_> = tables
        .keys()
        .map(|key| key.split('/').next().unwrap())
        .collect();
    assert_eq!(names, ["coverage", "findings"]);
    assert!(
        tables.keys().all(|key| key.ends_with("/stored.parquet")),
        "{:?}",
        tables.keys()
    );
    // By the Region that the bucket is in, which is not the home Region here.
    let lake = bucket.below("orgscan/ext/orgscan/1.0/region=eu-west-1/accountId=");
    let findings = exported.rows("findings.csv");
    let found: BTreeSet<_> = findings
        .iter()
        .map(|row| row["account_id"].clone())
        .collect();
    let kept: BTreeSet<_> = lake
        .iter()
        .map(|(key, file)| {
            assert!(
                key.ends_with("/stored.parquet") && file.starts_with("PAR1"),
                "{key}"
            );
            key[..12].to_owned()
        })
        .collect();
    assert!(!found.is_empty() && found.is_subset(&kept), "{kept:?}");
}
