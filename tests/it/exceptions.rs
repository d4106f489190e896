//! What somebody has accepted, from the file to the report.

#[cfg(feature = "judges")]
mod judged;

use std::path::PathBuf;
use std::sync::OnceLock;

use orgscan_sim::{ServiceBehavior, Settings};
use serde_json::{Value, json};

use crate::isolated::orgscan;
use crate::run::Run;
use crate::simulated::SimulatedOrganization;

/// An account that can be evaluated completely, with six public buckets.
const ACCOUNT: &str = "media-library";

/// The organization that these tests share.
fn simulated() -> &'static SimulatedOrganization {
    static SHARED: OnceLock<SimulatedOrganization> = OnceLock::new();
    SHARED.get_or_init(|| {
        SimulatedOrganization::start(Settings {
            behavior: ServiceBehavior::none(),
            ..Settings::default()
        })
    })
}

/// Two exceptions for buckets of the account: one of them by name, whose last day is `expires`.
fn list(expires: &str) -> String {
    let resources = &simulated().inventory.resources;
    let (press, vendor) = (
        &resources["press-downloads"].arn,
        &resources["vendor-dropbox"].arn,
    );
    format!(
        r#"
exceptions:
  - id: press
    checks: [s3-bucket-public]
    resources: ["{press}"]
    reason: Press photos are for everybody
    owner: media team
    expires: {expires}
  - id: vendors
    accounts: {{ names: [{ACCOUNT}] }}
    resources: ["regex:{vendor}"]
    reason: Vendors upload here
    owner: purchasing
    expires: 9999-12-31
"#
    )
}

fn written(text: &str) -> PathBuf {
    let path = simulated().folder().join("exceptions.yaml");
    std::fs::write(&path, text).unwrap();
    path
}

/// A scan of the one account with this file.
fn scan(exceptions: &str, more: &[&str]) -> Run {
    let path = written(exceptions);
    let id = simulated().id(ACCOUNT).as_str();
    let mut args = vec!["--account", id, "--exceptions", path.to_str().unwrap()];
    args.extend(more);
    simulated().scan(&args)
}

fn buckets(report: &Value) -> &Value {
    let mut indicators = report["indicators"].as_array().unwrap().iter();
    indicators
        .find(|one| one["indicator"] == "PublicBuckets")
        .unwrap()
}

fn exception<'a>(report: &'a Value, id: &str) -> &'a Value {
    let mut list = report["exceptions"]["entries"].as_array().unwrap().iter();
    list.find(|one| one["id"] == id).unwrap()
}

#[test]
fn a_suppressed_finding_is_listed_with_its_exception_and_counted_apart() {
    let (before, run) = (scan("", &[]), scan(&list("9999-12-31"), &[]));
    assert_eq!(run.code(), 0, "{}", run.stderr);
    let (was, report) = (before.report(), run.report());
    let findings = |report: &Value| report["findings"].as_array().unwrap().len();
    assert_eq!(findings(&was), findings(&report));
    let value = |report: &Value| buckets(report)["value"].as_u64().unwrap();
    assert_eq!((value(&was), value(&report)), (6, 4));
    assert_eq!(buckets(&report)["suppressed"], 2);
    assert_eq!(report["suppressed_by_severity"]["high"], 1);
    assert_eq!(report["suppressed_by_severity"]["critical"], 1);
    let suppressed = report["findings"].as_array().unwrap().iter();
    let suppressed: Vec<_> = suppressed
        .filter(|one| !one["exception"].is_null())
        .collect();
    assert_eq!(suppressed.len(), 2);
    assert_eq!(suppressed[0]["exception"]["owner"], "media team");
    assert_eq!(exception(&report, "vendors")["effect"], "applied");

    let rows = run.rows("findings.csv");
    let press = rows
        .iter()
        .find(|row| row["exception_id"] == "press")
        .unwrap();
    assert_eq!(press["exception_reason"], "Press photos are for everybody");
    assert_eq!(press["exception_expires"], "9999-12-31");
    assert_eq!(rows.len(), before.rows("findings.csv").len());
    let lines = run.rows("exceptions.csv");
    assert_eq!(
        (&*lines[0]["exception_id"], &*lines[0]["applied"]),
        ("press", "1")
    );

    let metrics = run.metrics();
    let of = |name: &str, account: &str| metrics.get(&(name.to_owned(), account.to_owned()));
    let id = simulated().id(ACCOUNT).as_str();
    assert_eq!(of("PublicBucketsSuppressed", ""), Some(&2.0));
    assert_eq!(of("PublicBucketsSuppressed", id), Some(&2.0));
    assert_eq!(of("PublicBuckets", id), Some(&4.0));
    assert_eq!(of("UsersWithoutMfaSuppressed", ""), Some(&0.0));
    assert_eq!(of("UsersWithoutMfaSuppressed", id), None);
    assert!(
        run.stdout.contains("Suppressed by 2 exceptions"),
        "{}",
        run.stdout
    );
}

#[test]
fn an_expired_exception_counts_again_and_is_reported() {
    let run = scan(&list("2020-02-29"), &["--fail-on", "high"]);
    let report = run.report();
    assert_eq!(buckets(&report)["value"], 5);
    let press = exception(&report, "press");
    assert_eq!(
        (&press["state"], &press["effect"]),
        (&json!("expired"), &json!("lapsed"))
    );
    assert!(
        run.stdout
            .contains("expired on 2020-02-29; 1 finding counts again"),
        "{}",
        run.stdout
    );
    assert_eq!(run.code(), 1);
}

#[test]
fn a_build_with_only_suppressed_findings_passes() {
    let all =
        "exceptions:\n- { accounts: { names: ['*'] }, reason: r, owner: o, expires: 9999-12-31 }\n";
    let run = scan(all, &["--fail-on", "informational"]);
    assert_eq!(run.code(), 0, "{}", run.stdout);
    assert!(
        run.stdout.contains("No findings, except suppressed ones."),
        "{}",
        run.stdout
    );
    assert!(!run.rows("findings.csv").is_empty());
}

/// Before anything is asked in any account, whichever command would use the list.
#[test]
fn a_list_that_cannot_be_used_is_found_before_the_scan() {
    let organization = SimulatedOrganization::start(Settings {
        behavior: ServiceBehavior::none(),
        log: true,
        ..Settings::default()
    });
    let good = list("9999-12-31");
    let slip = good.replace("s3-bucket-public", "s3-bucket-publc");
    let path = written("");
    let refused = |args: &[&str], expected: &str| {
        let mut command = organization.orgscan(args);
        command.env("ORGSCAN_EXCEPTIONS_LOCATION", &path);
        let run = Run::of(command, organization.folder());
        assert_eq!(run.code(), 2, "{}", run.stderr);
        assert!(run.stderr.contains(expected), "{}", run.stderr);
        assert!(run.stderr.contains("nothing was scanned"), "{}", run.stderr);
    };
    for (text, expected) in [
        (
            &*slip,
            "exceptions.yaml:4: exceptions[0].checks[0]: no check `s3-bucket-publc`",
        ),
        ("exceptions: [\n", "not valid YAML"),
        (
            &*good.replace("    expires: 9999-12-31\n", ""),
            "expires: missing",
        ),
    ] {
        std::fs::write(&path, text).unwrap();
        for command in ["scan", "plan", "enrollment"] {
            refused(&[command], expected);
        }
        let output = organization.folder();
        refused(&["scan", "--report", output.to_str().unwrap()], expected);
        assert_eq!(std::fs::read_dir(output).unwrap().count(), 0);
    }
    std::fs::remove_file(&path).unwrap();
    refused(&["scan"], "exceptions.yaml: cannot be read");
    let requests = organization.requests();
    let sessions = requests.iter().filter(|one| one.api == "sts:AssumeRole");
    assert_eq!(sessions.count(), 0);
}

#[test]
fn results_stay_as_they_were_found_so_another_list_needs_no_other_scan() {
    let folder = simulated().folder();
    let again = |exceptions: &str| {
        let path = written(exceptions);
        let id = simulated().id(ACCOUNT).as_str();
        let mut command = simulated().orgscan(&["scan", "--account", id, "--run-id", "nightly"]);
        command.args(["--region", "eu-west-1", "--exceptions"]);
        command.arg(path).arg("--report").arg(&folder);
        let run = Run::of(command, folder.clone());
        assert_eq!(run.code(), 0, "{}", run.stderr);
        run
    };
    let stored = || {
        let id = simulated().id(ACCOUNT);
        let path = format!("runs/nightly/accounts/{id}.json");
        std::fs::read_to_string(folder.join(path)).unwrap()
    };
    assert_eq!(buckets(&again("").report())["suppressed"], 0);
    let found = stored();
    let run = again(&list("9999-12-31"));
    assert_eq!(buckets(&run.report())["suppressed"], 2);
    assert_eq!(stored(), found);
}

#[test]
fn a_filter_leaves_it_open_whether_an_exception_still_matches_something() {
    let other = "exceptions:\n- { id: other, accounts: { names: [storefront] }, checks: [s3-bucket-public], \
                 reason: r, owner: o, expires: 9999-12-31 }\n\
                 - { id: own, accounts: { names: [media-library] }, checks: [ebs-volume-unencrypted], \
                 regions: [us-east-1], reason: r, owner: o, expires: 9999-12-31 }\n";
    let report = scan(other, &[]).report();
    assert_eq!(exception(&report, "other")["effect"], "not_evaluated");
    assert_eq!(exception(&report, "own")["effect"], "matched_nothing");
    let without = scan(other, &["--exclude-check", "ebs-volume-unencrypted"]).report();
    assert_eq!(exception(&without, "own")["effect"], "not_evaluated");
}

/// orgscan with no AWS to talk to.
fn offline(args: &[&str]) -> Run {
    let folder = simulated().folder();
    let mut command = orgscan();
    command.args(args);
    Run::of(command, folder)
}

#[test]
fn a_list_is_checked_and_printed_without_aws() {
    let good = written(&list("2020-01-31"));
    let good = good.to_str().unwrap();
    let checked = offline(&["exceptions", "check", good]);
    assert_eq!(checked.code(), 0, "{}", checked.stderr);
    assert!(
        checked
            .stdout
            .contains("2 exceptions, 0 expected gaps; 1 expired"),
        "{}",
        checked.stdout
    );
    let listed = offline(&["exceptions", "list", good]);
    assert!(
        listed.stdout.contains("press    expired  2020-01-31"),
        "{}",
        listed.stdout
    );
    let json = offline(&["exceptions", "list", good, "--format", "json"]);
    let list: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(list[1]["id"], "vendors");
    assert_eq!(list[0]["state"], "expired");

    let bad = written("exceptions:\n- { checks: [s3-bucket-public], owner: '', resn: r }\n");
    let bad = offline(&["exceptions", "check", bad.to_str().unwrap()]);
    assert_eq!(bad.code(), 2);
    for expected in [
        "exceptions.yaml:2: exceptions[0].resn: unknown key",
        "exceptions[0].reason: missing",
    ] {
        assert!(bad.stderr.contains(expected), "{}", bad.stderr);
    }
    let none = offline(&["exceptions", "check"]);
    assert_eq!(none.code(), 2);
    assert!(
        none.stderr.contains("ORGSCAN_EXCEPTIONS_LOCATION"),
        "{}",
        none.stderr
    );
}

#[test]
fn the_configuration_may_permit_exceptions_without_an_end() {
    let endless = written("exceptions:\n- { checks: [s3-bucket-public], reason: r, owner: o }\n");
    let config = simulated().folder().join("orgscan.yaml");
    let text = json!({ "exceptions": { "location": endless, "require_expiry": false } });
    std::fs::write(&config, text.to_string()).unwrap();
    let config = config.to_str().unwrap();
    let listed = offline(&["exceptions", "list", "--config", config]);
    assert_eq!(listed.code(), 0, "{}", listed.stderr);
    assert!(listed.stdout.contains("never"), "{}", listed.stdout);
    assert_eq!(
        offline(&["exceptions", "list", endless.to_str().unwrap()]).code(),
        2
    );
}

#[test]
fn a_prowler_mutelist_is_imported_and_scans_with_it() {
    let mutelist = simulated().folder().join("mutelist.yaml");
    let arn = &simulated().inventory.resources["press-downloads"].arn;
    let name = arn.rsplit(':').next().unwrap();
    let text = format!(
        "Mutelist:\n  Accounts:\n    '*':\n      Checks:\n        s3_bucket_public_access:\n          \
         Regions: ['eu-west-1']\n          Resources: ['^{name}$']\n          Description: Press\n        \
         ecr_repositories_scan_images_on_push_enabled:\n          Regions: ['*']\n          Resources: ['*']\n"
    );
    std::fs::write(&mutelist, text).unwrap();
    let mutelist = mutelist.to_str().unwrap();
    let terms = ["--owner", "media team", "--expires", "9999-12-31"];
    let imported = offline(&[&["exceptions", "import", mutelist][..], &terms].concat());
    assert_eq!(imported.code(), 0, "{}", imported.stderr);
    let without = "no counterpart in orgscan: account \"*\", check \"ecr_repositories_scan_images_on_push_enabled\"";
    assert!(imported.stderr.contains(without), "{}", imported.stderr);
    assert!(
        imported.stdout.contains("# - account \"*\""),
        "{}",
        imported.stdout
    );
    let report = scan(&imported.stdout, &[]).report();
    assert_eq!(buckets(&report)["suppressed"], 1);

    let bare = offline(&["exceptions", "import", mutelist]);
    assert!(bare.stderr.contains("--owner"), "{}", bare.stderr);
    let unfinished = written(&bare.stdout);
    assert_eq!(
        offline(&["exceptions", "check", unfinished.to_str().unwrap()]).code(),
        2
    );
    assert_eq!(offline(&["exceptions", "import", "/none.yaml"]).code(), 2);
}
