//! `orgscan enrollment`, and the same in the report of a scan.

#[cfg(feature = "judges")]
pub(crate) mod judged;

use std::collections::BTreeMap;

use orgscan_sim::{STACK_SET, ServiceBehavior, Settings};
use serde_json::{Value, json};

use crate::run::{Run, rows};
use crate::simulated::SimulatedOrganization;

/// The recorded accounts that are not simply enrolled. By hand: from `APART` in
/// src/sim/stack_sets.rs, and from the roles in tests/emulator/organization.py.
const APART: &[(&str, &str)] = &[
    ("acquired-startup", "no_stack_instance"),
    ("legacy-crm", "account_not_active"),
    ("media-library", "instance_pending"),
    ("sandbox-alex", "instance_failed"),
    ("sandbox-networking", "drifted"),
    ("staging-integrations", "role_not_assumable"),
    ("staging-storefront", "instance_outdated"),
];

fn simulated(faults: Value) -> SimulatedOrganization {
    SimulatedOrganization::start(Settings {
        behavior: ServiceBehavior::none(),
        faults: serde_json::from_value(faults).unwrap(),
        log: true,
        ..Settings::default()
    })
}

fn enrollment(simulated: &SimulatedOrganization, args: &[&str]) -> Run {
    let all = [&["enrollment"], args].concat();
    Run::of(simulated.orgscan(&all), simulated.folder())
}

/// What is said of each account, by its name.
fn by_name(section: &Value) -> BTreeMap<String, Value> {
    let accounts = section["accounts"].as_array().unwrap().iter();
    let named = accounts.map(|one| {
        let name = one["account_name"].as_str().unwrap();
        // moto's name for the management account.
        let name = name.replace("master", "management");
        (name, one.clone())
    });
    named.collect()
}

/// The accounts that are not enrolled, with their states.
fn apart(section: &Value) -> Vec<(String, String)> {
    let all = by_name(section).into_iter();
    let states = all.map(|(name, one)| (name, one["state"].as_str().unwrap().to_owned()));
    states.filter(|(_, state)| state != "enrolled").collect()
}

fn expected() -> Vec<(String, String)> {
    let apart = APART.iter();
    apart
        .map(|(name, state)| ((*name).to_owned(), (*state).to_owned()))
        .collect()
}

#[test]
fn every_account_is_shown_with_its_state_its_reason_and_the_remediation() {
    let simulated = simulated(json!([]));
    let run = enrollment(&simulated, &["--stack-set", STACK_SET, "--format", "json"]);
    assert_eq!(run.code(), 3, "{}", run.stderr);
    let section: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(apart(&section), expected());
    let accounts = by_name(&section);
    assert_eq!(accounts.len(), simulated.inventory.accounts.len());
    let of = |name: &str, field: &str| accounts[name][field].to_string();
    assert!(of("sandbox-alex", "reason").contains("service control policy"));
    assert!(of("sandbox-alex", "remediation").contains("update-stack-instances"));
    assert!(of("acquired-startup", "remediation").contains("add its OU"));
    assert!(of("staging-integrations", "remediation").contains("external_id"));
    assert_eq!(accounts["sandbox-networking"]["can_be_scanned"], true);
    assert_eq!(accounts["storefront"]["drift"], "in_sync");
    assert_eq!(accounts["management"]["stack_instance"], Value::Null);

    let sent = simulated.requests();
    let of = |api: &str| sent.iter().filter(|one| one.api == api).count();
    assert_eq!(of("cloudformation:DescribeStackSet"), 1);
    assert_eq!(of("cloudformation:ListStackInstances"), 1);
    assert_eq!(of("sts:AssumeRole"), 15);
    // Nothing is read in the accounts.
    assert_eq!(of("ec2:DescribeRegions"), 0);
}

#[test]
fn text_and_csv_have_the_same_content() {
    let simulated = simulated(json!([]));
    let table = enrollment(&simulated, &["--stack-set", STACK_SET]).stdout;
    assert!(
        table.contains("Enrollment  16 accounts: 9 enrolled"),
        "{table}"
    );
    assert!(table.contains("not checked"), "{table}");
    assert!(table.contains("How to fix: move it to an OU"), "{table}");
    let csv = enrollment(&simulated, &["--stack-set", STACK_SET, "--format", "csv"]);
    let states: Vec<_> = rows(&csv.stdout)
        .into_iter()
        .map(|row| (row["account_name"].clone(), row["state"].clone()))
        .filter(|(_, state)| state != "enrolled")
        .collect();
    let mut states = states;
    states.sort();
    assert_eq!(states, expected());
}

#[test]
fn without_a_stack_set_assume_role_decides_alone() {
    let simulated = simulated(json!([]));
    let run = enrollment(&simulated, &[]);
    assert_eq!(run.code(), 3, "{}", run.stderr);
    let message = "No stack set is configured";
    assert!(run.stdout.contains(message), "{}", run.stdout);
    let run = enrollment(&simulated, &["--format", "json"]);
    let section: Value = serde_json::from_str(&run.stdout).unwrap();
    let states: Vec<_> = apart(&section);
    let refused = ["acquired-startup", "legacy-crm", "staging-integrations"];
    let names: Vec<_> = states.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, refused);
    assert_eq!(section["stack_set"]["status"], "not_configured");
}

#[test]
fn all_is_well_where_all_that_is_to_be_scanned_is_enrolled() {
    let simulated = simulated(json!([]));
    let account = simulated.id("storefront").to_string();
    let only = ["--account", &account, "--stack-set", STACK_SET];
    let run = enrollment(&simulated, &only);
    assert_eq!(run.code(), 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("1 enrolled"), "{}", run.stdout);
    let own = enrollment(&simulated, &["--account", "self"]);
    assert_eq!(own.code(), 0, "{}{}", own.stdout, own.stderr);
    let wrong = enrollment(&simulated, &["--call-as", "ADMIN"]);
    assert_eq!(wrong.code(), 2);
    assert!(wrong.stderr.contains("DELEGATED_ADMIN"), "{}", wrong.stderr);
}

#[test]
fn what_could_not_be_found_out_is_unknown() {
    let throttled = json!([{"service": "sts", "operation": "AssumeRole", "account": "storefront",
        "kind": "throttled"}]);
    let simulated = simulated(throttled);
    let folder = simulated.folder();
    let config = folder.join("orgscan.yaml");
    std::fs::write(&config, "timeouts: { attempts: 2 }\n").unwrap();
    let account = simulated.id("storefront").to_string();
    let only = ["--account", &account, "--config", config.to_str().unwrap()];
    let run = enrollment(&simulated, &[&only[..], &["--format", "json"]].concat());
    assert_eq!(run.code(), 3, "{}", run.stderr);
    let section: Value = serde_json::from_str(&run.stdout).unwrap();
    let storefront = &by_name(&section)["storefront"];
    assert_eq!(storefront["state"], "unknown");
    assert_eq!(storefront["can_be_scanned"], Value::Null);
    assert_eq!(storefront["gap"]["cause"], "throttled");
}

#[test]
fn a_scan_has_it_in_its_report_and_a_count_in_the_alert() {
    let simulated = simulated(json!([]));
    let run = simulated.scan(&["--stack-set", STACK_SET]);
    assert_eq!(run.code(), 3, "{}", run.stderr);
    let section = run.report()["enrollment"].clone();
    assert_eq!(apart(&section), expected());
    let count = "Enrollment: 6 of 16 accounts not enrolled: 1 no stack instance,";
    let alert = run.file("alert.txt");
    assert!(alert.contains(count), "{alert}");
    assert!(run.stdout.contains("orgscan enrollment"), "{}", run.stdout);
    let sent = simulated.requests();
    let asked = sent
        .iter()
        .filter(|one| one.api.starts_with("cloudformation:"));
    assert_eq!(asked.count(), 2);
}

#[test]
fn a_stack_set_that_may_not_be_read_stops_no_scan_and_is_noted() {
    let denied = json!([{"service": "cloudformation", "kind": "missing_permission"}]);
    let simulated = simulated(denied);
    let run = simulated.scan(&["--stack-set", STACK_SET]);
    assert_eq!(run.code(), 3, "{}", run.stderr);
    let section = &run.report()["enrollment"];
    assert_eq!(section["stack_set"]["status"], "unreadable");
    assert_eq!(section["stack_set"]["gap"]["cause"], "missing_permission");
    assert_eq!(by_name(section)["storefront"]["state"], "enrolled");
    let alert = run.file("alert.txt");
    assert!(alert.contains("could not be read"), "{alert}");
    let account = simulated.id("storefront").to_string();
    let only = ["--account", &account, "--stack-set", STACK_SET];
    let alone = enrollment(&simulated, &only);
    assert_eq!(alone.code(), 3, "{}", alone.stdout);
    let message = "could not be read: cloudformation:";
    assert!(alone.stdout.contains(message), "{}", alone.stdout);
    let other = enrollment(&simulated, &["--stack-set", "other"]);
    assert_eq!(other.code(), 3);
}

#[test]
fn what_the_role_turns_out_to_lack_is_drift() {
    let lacking = json!([{"service": "ec2", "operation": "DescribeVolumes", "account": "storefront",
        "kind": "missing_permission"}]);
    let simulated = simulated(lacking);
    let run = simulated.scan(&["--stack-set", STACK_SET]);
    let storefront = by_name(&run.report()["enrollment"])["storefront"].clone();
    assert_eq!(storefront["state"], "drifted");
    assert_eq!(storefront["reason"], "the role lacks ec2:DescribeVolumes");
}
