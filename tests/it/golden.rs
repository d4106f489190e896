//! What scans find stays what it was: findings with their ids, coverage and indicators, check by check. A check that
//! is newer than the files in `tests/expected/golden` is not in them; `ORGSCAN_BLESS=1` writes them again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;

use base64::Engine;
use orgscan_core::checks::INDICATORS;
use orgscan_core::services::CHECKS;
use orgscan_sim::{ServiceBehavior, Settings};
use sha2::{Digest, Sha256};

use crate::run::Run;
use crate::simulated::SimulatedOrganization;

type CsvRow = BTreeMap<String, String>;

const FINDING: [&str; 6] = [
    "severity",
    "account_id",
    "region",
    "resource",
    "part",
    "finding_id",
];
const COVERAGE: [&str; 8] = [
    "account_id",
    "region",
    "outcome",
    "cause",
    "action",
    "resources_evaluated",
    "violations",
    "resource",
];

fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD_NO_PAD.encode(bytes)
}

fn organization(accounts: Option<usize>) -> SimulatedOrganization {
    SimulatedOrganization::start(Settings {
        accounts,
        behavior: ServiceBehavior::none(),
        ..Settings::default()
    })
}

fn scan(organization: &SimulatedOrganization) -> Run {
    let checks = CHECKS.iter().flat_map(|check| ["--check", check.id]);
    let run = organization.scan(&checks.collect::<Vec<_>>());
    assert_eq!(run.code(), 3, "{}", run.stderr);
    run
}

/// The rows of each check, in order.
fn by_check(rows: &[CsvRow], columns: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let mut checks: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows {
        let cells: Vec<&str> = columns.iter().map(|column| &*row[*column]).collect();
        let of_check = checks.entry(row["check_id"].clone()).or_default();
        of_check.insert(cells.join("\t"));
    }
    checks
}

fn indicators(run: &Run) -> Vec<String> {
    let is_indicator = |name: &str| INDICATORS.iter().any(|indicator| indicator.name == name);
    let metrics = run.metrics().into_iter();
    let metrics = metrics.filter(|((name, _), _)| is_indicator(name));
    let lines = metrics.map(|((name, account), value)| format!("{name}\t{account}\t{value}"));
    lines.collect()
}

/// Compares lines, each of which begins with the name of what it tells about, with those of a file. Names that the file
/// has not are new.
fn assert_golden(name: &str, lines: &[String]) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/expected/golden")
        .join(name);
    if std::env::var_os("ORGSCAN_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, lines.join("\n") + "\n").unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap();
    let subject = |line: &str| line.split('\t').next().unwrap().to_owned();
    let known: BTreeSet<String> = golden.lines().map(subject).collect();
    let lines = lines.iter().filter(|line| known.contains(&subject(line)));
    let (was, is): (BTreeSet<&str>, BTreeSet<&str>) = (
        golden.lines().collect(),
        lines.map(String::as_str).collect(),
    );
    let mut difference = String::new();
    was.difference(&is)
        .for_each(|line| writeln!(difference, "- {line}").unwrap());
    is.difference(&was)
        .for_each(|line| writeln!(difference, "+ {line}").unwrap());
    assert!(difference.is_empty(), "{name}:\n{difference}");
}

#[test]
fn the_recorded_organization_has_the_same_findings_coverage_and_indicators() {
    let organization = organization(None);
    let run = scan(&organization);
    for (file, columns) in [("findings", &FINDING[..]), ("coverage", &COVERAGE)] {
        let checks = by_check(&run.rows(&format!("{file}.csv")), columns);
        let lines = checks
            .iter()
            .flat_map(|(check, rows)| rows.iter().map(move |row| format!("{check}\t{row}")));
        assert_golden(&format!("recorded-{file}.tsv"), &lines.collect::<Vec<_>>());
    }
    assert_golden("recorded-indicators.tsv", &indicators(&run));
}

#[test]
fn the_demos_organization_has_the_same_findings_coverage_and_indicators() {
    let organization = organization(Some(60));
    let run = scan(&organization);
    for (file, columns) in [("findings", &FINDING[..]), ("coverage", &COVERAGE)] {
        let checks = by_check(&run.rows(&format!("{file}.csv")), columns);
        // How many rows, and what they are: too many to be kept one by one.
        let lines = checks.iter().map(|(check, rows)| {
            let all: Vec<&str> = rows.iter().map(String::as_str).collect();
            {
                let digest = base64(&Sha256::digest(all.join("\n")));
                format!("{check}\t{}\t{digest}", rows.len())
            }
        });
        assert_golden(&format!("demo-{file}.tsv"), &lines.collect::<Vec<_>>());
    }
    assert_golden("demo-indicators.tsv", &indicators(&run));
}
