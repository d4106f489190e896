//! Whole scans over an emulator's wire protocol, against lists that were written by hand.

use std::collections::{BTreeMap, BTreeSet};

use orgscan_core::services::CHECKS;
use serde_json::Value;

use crate::expected::{Finding, expected, expected_findings, without_ids};
use crate::judged::{World, ec2_checks};
use crate::run::{Run, without_dates};

/// account, Region, outcome, cause
type CoverageRow = [String; 4];

/// The findings of the opt-in checks.
fn expected_of_named_checks() -> BTreeSet<Finding> {
    let columns = ["check", "account", "region", "resource", "part", "severity"];
    expected("named-findings.csv", columns)
}

pub(crate) fn expected_coverage() -> BTreeSet<CoverageRow> {
    expected(
        "demo-coverage.csv",
        ["account", "region", "outcome", "cause"],
    )
}

/// Logical names of accounts, by id.
fn account_names(world: &World) -> BTreeMap<String, &str> {
    let accounts = world.emulator.inventory.accounts.iter();
    accounts
        .map(|(name, account)| (account.id.to_string(), name.as_str()))
        .collect()
}

/// What orgscan found, under the names that the organization's makers gave everything.
pub(crate) fn findings(world: &World, run: &Run) -> BTreeSet<Finding> {
    let accounts = account_names(world);
    let resources = world.names();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let report = run.report();
    let found: Vec<Finding> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let arn = text(&finding["resource"]);
            [
                text(&finding["check_id"]),
                accounts[&text(&finding["account_id"])].to_owned(),
                text(&finding["region"]),
                resources
                    .get(arn.as_str())
                    .map_or_else(|| without_ids(&arn, &accounts), |name| (*name).to_owned()),
                with_names(&text(&finding["part"]), &resources),
                text(&finding["severity"]),
            ]
        })
        .collect();
    let set: BTreeSet<Finding> = found.iter().cloned().collect();
    assert_eq!(set.len(), found.len(), "a finding is listed twice");
    set
}

/// Ids of prefix lists as `{logical-name}`.
fn with_names(part: &str, resources: &BTreeMap<&str, &str>) -> String {
    let mut part = part.to_owned();
    for (arn, name) in resources {
        if let Some((_, id)) = arn.split_once("prefix-list/") {
            part = part.replace(id, &format!("{{{name}}}"));
        }
    }
    part
}

/// What was not plainly covered, once for each account and Region.
pub(crate) fn coverage(world: &World, run: &Run) -> BTreeSet<CoverageRow> {
    let accounts = account_names(world);
    let failed: BTreeSet<String> = run.report()["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|account| account["outcome"] == "failed")
        .map(|account| account["id"].as_str().unwrap().to_owned())
        .collect();
    run.rows("coverage.csv")
        .into_iter()
        .filter(|row| !matches!(row["outcome"].as_str(), "pass" | "fail"))
        .filter(|row| row["cause"] != "not_included")
        .map(|row| {
            let name = accounts[&row["account_id"]].to_owned();
            // One for each gap.
            let causes: BTreeSet<&str> = row["cause"].split(" | ").collect();
            let cause = Vec::from_iter(causes).join(" | ");
            if failed.contains(&row["account_id"]) && row["outcome"] == "unknown" {
                return [name, "*".to_owned(), "failed".to_owned(), cause];
            }
            [name, row["region"].clone(), row["outcome"].clone(), cause]
        })
        .filter(|[name, _, outcome, _]| {
            // Regions left out of an account of which nothing could be read say nothing more.
            !(outcome == "skipped" && failed.contains(&world.id(name)))
        })
        .collect()
}

fn assert_as_expected(world: &World, run: &Run) {
    assert_eq!(findings(world, run), expected_findings());
    assert_eq!(coverage(world, run), expected_coverage());
    assert_eq!(run.code(), 3, "incomplete: {}", run.stderr);
}

#[test]
fn a_scan_finds_exactly_what_was_created() {
    let world = World::shared();
    assert_as_expected(world, &world.scan(&[]));
}

#[test]
fn opt_in_checks_find_exactly_what_was_created() {
    let world = World::shared();
    // Those of EC2 find something in every account: `ec2_checks` tests some of them.
    let waiting = CHECKS.iter().filter(|check| !check.by_default);
    let named = waiting.filter(|check| !ec2_checks::NAMED.contains(&check.id));
    let flags: Vec<_> = named.flat_map(|check| ["--check", check.id]).collect();
    let run = world.scan(&flags);
    assert_eq!(findings(world, &run), expected_of_named_checks());
    assert_eq!(run.code(), 3, "incomplete: {}", run.stderr);
}

#[test]
fn two_scans_of_the_same_state_differ_only_in_run_id_and_times() {
    let world = World::shared();
    let (first, second) = (
        world.scan(&["--run-id", "run-1"]),
        world.scan(&["--run-id", "run-2"]),
    );
    for file in ["findings.csv", "coverage.csv"] {
        let (a, b) = (
            without_dates(file, &first.file(file)),
            without_dates(file, &second.file(file).replace("run-2", "run-1")),
        );
        let differing = a.lines().zip(b.lines()).find(|(a, b)| a != b);
        assert_eq!(differing, None, "{file}");
        assert_eq!(a.len(), b.len(), "{file}");
    }
}

#[test]
fn small_pages_and_buckets_without_a_region_change_nothing() {
    let world = World::start(&["--page-size", "2", "--no-bucket-region"]);
    assert_as_expected(&world, &world.scan(&[]));
}

#[test]
fn the_report_adds_up() {
    let world = World::shared();
    let run = world.scan(&[]);
    let report = run.report();
    let coverage = &report["coverage"];
    let number = |name: &str| coverage[name].as_u64().unwrap();
    assert_eq!(
        number("accounts_listed"),
        number("accounts_scanned") + number("accounts_skipped") + number("accounts_failed")
    );
    assert_eq!(
        number("accounts_listed") as usize,
        world.emulator.inventory.accounts.len()
    );
    assert_eq!(number("accounts_failed"), 2);
    assert_eq!(number("accounts_skipped"), 1);
    let severities = report["findings_by_severity"].as_object().unwrap();
    let total: u64 = severities.values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(total as usize, expected_findings().len());
    assert_eq!(run.rows("findings.csv").len(), expected_findings().len());
}
