//! An answer that ends early, as a proxy on the way may cut it, makes things unknown and resolves none.

use std::path::{Path, PathBuf};

use orgscan_core::services::CHECKS;
use orgscan_sim::{FaultFile, ServiceBehavior, Settings};
use serde_json::Value;

use crate::run::Run;
use crate::simulated::SimulatedOrganization;

fn organization(faults: &str) -> SimulatedOrganization {
    SimulatedOrganization::start(Settings {
        behavior: ServiceBehavior::none(),
        faults: FaultFile::parse("faults", faults).unwrap().faults,
        ..Settings::default()
    })
}

/// A scan of a few accounts with all checks, into a folder where a run may have been before.
fn scan(simulated: &SimulatedOrganization, folder: &Path, id: &str) -> Run {
    let mut command = simulated.orgscan(&["scan", "--run-id", id, "--report"]);
    command
        .arg(folder)
        .args(["--region", "eu-west-1", "--region", "us-east-1"]);
    command.args(CHECKS.iter().flat_map(|check| ["--check", check.id]));
    for account in ["analytics", "network-hub", "storefront", "security-audit"] {
        command.args(["--account", simulated.id(account).as_str()]);
    }
    Run::of(command, folder.to_owned())
}

fn report(folder: &Path, id: &str) -> Value {
    let runs = folder.join("daily");
    let path = folders(&runs).into_iter().find(|path| path.ends_with(id));
    let text = std::fs::read_to_string(path.unwrap().join("report.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn folders(below: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(below).into_iter().flatten();
    let found = entries.map(|entry| entry.unwrap().path());
    let found: Vec<PathBuf> = found.filter(|path| path.is_dir()).collect();
    let deeper: Vec<PathBuf> = found.iter().flat_map(|path| folders(path)).collect();
    found.into_iter().chain(deeper).collect()
}

fn sum(of: &Value) -> u64 {
    let counts = of.as_object().into_iter().flat_map(|of| of.values());
    counts.filter_map(Value::as_u64).sum()
}

#[test]
fn cut_answers_of_every_service_resolve_nothing_and_are_unknown() {
    let whole = organization("");
    let folder = whole.folder();
    let first = scan(&whole, &folder, "whole");
    assert!(first.code() < 4, "{}", first.stderr);
    let before = report(&folder, "whole");
    let found = before["findings"].as_array().unwrap().len();
    assert!(found > 20, "{found}");

    // Whatever is asked of the accounts.
    let all = "faults:\n- { service: ec2, kind: cut_cleanly }\n- { service: iam, kind: cut_cleanly }\n\
               - { service: s3, kind: cut_cleanly }\n- { service: s3control, kind: cut_cleanly }\n";
    // What is asked once the lists are there.
    let details = "faults:\n- { service: s3, operation: 'Get*', kind: cut_cleanly }\n\
                   - { service: s3control, kind: cut_cleanly }\n\
                   - { service: ec2, operation: 'Get*', kind: cut_cleanly }\n\
                   - { service: ec2, operation: DescribeRouteTables, kind: cut_cleanly }\n\
                   - { service: iam, operation: 'Get*', kind: cut_cleanly }\n\
                   - { service: iam, operation: ListEntitiesForPolicy, kind: cut_cleanly }\n";
    for (id, faults) in [("all", all), ("details", details)] {
        let cut = organization(faults);
        let run = scan(&cut, &folder, id);
        assert_eq!(run.code(), 3, "{}", run.stderr);
        let after = report(&folder, id);
        let resolved = sum(&after["changes"]["counts"]["resolved"]);
        assert_eq!(resolved, 0, "{id}: {}", after["changes"]);
        let causes = &after["coverage"]["targets"]["causes"];
        assert!(causes["malformed"].as_u64().unwrap() > 20, "{id}: {causes}");
    }
}
