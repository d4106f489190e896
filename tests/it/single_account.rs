//! One account alone: its alias in place of a name, and what a choice of Regions leaves out of it.

use orgscan_sim::{ServiceBehavior, Settings};
use serde_json::{Value, json};

use crate::run::Run;
use crate::simulated::SimulatedOrganization;

fn simulated(faults: Value) -> SimulatedOrganization {
    SimulatedOrganization::start(Settings {
        behavior: ServiceBehavior::none(),
        faults: serde_json::from_value(faults).unwrap(),
        log: true,
        ..Settings::default()
    })
}

fn asked_for_aliases(simulated: &SimulatedOrganization) -> usize {
    let sent = simulated.requests();
    let aliases = sent
        .iter()
        .filter(|one| one.api == "iam:ListAccountAliases");
    aliases.count()
}

fn own(simulated: &SimulatedOrganization) -> Run {
    simulated.scan(&["--account", "self", "--check", "ebs-volume-unencrypted"])
}

#[test]
fn the_own_account_is_shown_by_its_alias_for_one_request() {
    let simulated = simulated(json!([]));
    let run = own(&simulated);
    assert_eq!(run.code(), 0, "{}{}", run.stdout, run.stderr);
    let report = run.report();
    assert_eq!(report["accounts"][0]["name"], "master");
    let named = format!("account master ({})", simulated.id("management"));
    assert!(run.stdout.contains(&named), "{}", run.stdout);
    assert!(
        !report["notes"].to_string().contains("alias"),
        "{}",
        report["notes"]
    );
    assert_eq!(asked_for_aliases(&simulated), 1);
    let planned = simulated.orgscan(&["plan", "--account", "self"]);
    let planned = Run::of(planned, simulated.folder());
    for expected in ["master", "iam:ListAccountAliases"] {
        assert!(planned.stdout.contains(expected), "{}", planned.stdout);
    }
}

#[test]
fn an_account_whose_alias_is_denied_is_shown_by_its_id_with_a_note() {
    let simulated = simulated(json!([
        {"service": "iam", "operation": "ListAccountAliases", "kind": "denied_unexplained"}
    ]));
    let run = own(&simulated);
    assert_eq!(run.code(), 0, "{}{}", run.stdout, run.stderr);
    let report = run.report();
    let id = simulated.id("management").as_str();
    assert_eq!(report["accounts"][0]["name"], id);
    assert_eq!(report["coverage"]["complete"], true);
    let notes = report["notes"].to_string();
    for expected in ["its id as name", "iam:ListAccountAliases"] {
        assert!(notes.contains(expected), "{notes}");
    }
}

#[test]
fn in_an_organization_no_alias_is_requested() {
    let simulated = simulated(json!([]));
    let account = simulated.id("media-library").as_str();
    let run = simulated.scan(&["--account", account, "--check", "ebs-volume-unencrypted"]);
    assert_eq!(run.code(), 0, "{}{}", run.stdout, run.stderr);
    assert_eq!(asked_for_aliases(&simulated), 0);
}

#[test]
fn buckets_in_regions_that_are_not_selected_are_counted() {
    let simulated = simulated(json!([]));
    let account = simulated.id("media-library").as_str();
    let scan = |region: &[&str]| {
        let checks = ["s3-bucket-public", "s3-bucket-versioning-off"];
        let checks = checks.iter().flat_map(|check| ["--check", check]);
        let args: Vec<_> = ["--account", account].into_iter().chain(checks).collect();
        simulated.scan(&[&args, region].concat())
    };
    let skipped = |run: &Run| run.report()["coverage"]["buckets_skipped"].clone();
    let examined = |run: &Run| {
        let report = run.report();
        let totals = report["indicators"].as_array().unwrap().iter();
        let mut found = totals.filter(|total| total["indicator"] == "PublicBuckets");
        found.next().unwrap()["resources_evaluated"]
            .as_u64()
            .unwrap()
    };
    let (all, some) = (scan(&[]), scan(&["--region", "us-west-2"]));
    assert_eq!(skipped(&all), 0);
    let excluded = examined(&all) - examined(&some);
    assert!(excluded > 1, "{excluded}");
    // Once, though two checks are about buckets.
    assert_eq!(skipped(&some), excluded);
    let in_regions = "in Regions that are not selected";
    for (text, expected) in [
        (&some.stdout, format!("{excluded} buckets {in_regions}")),
        (
            &some.file("coverage.csv"),
            format!("{excluded} buckets skipped, {in_regions}"),
        ),
    ] {
        let unbroken = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(unbroken.contains(&expected), "{expected}: {text}");
    }
}
