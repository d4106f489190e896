//! A framework's view of a run, and runs that are selected by framework.

use std::collections::BTreeMap;

use orgscan_sim::{ServiceBehavior, Settings};
use serde_json::Value;

use crate::simulated::SimulatedOrganization;

fn plain() -> SimulatedOrganization {
    SimulatedOrganization::start(Settings {
        behavior: ServiceBehavior::none(),
        ..Settings::default()
    })
}

#[test]
fn a_framework_turns_its_checks_on_and_its_view_is_whole() {
    let simulated = plain();
    let run = simulated.scan(&["--framework", "cis-7.0"]);
    assert_eq!(run.code(), 3, "{}", run.stderr);
    let report = run.report();
    assert!(report["checks"]["s3-bucket-http-allowed"].is_object());
    assert!(report["checks"]["s3-bucket-versioning-off"].is_null());
    let views = report["frameworks"].as_array().unwrap();
    assert_eq!(views.len(), 1);
    let controls = views[0]["controls"].as_array().unwrap();
    assert_eq!(controls.len(), 70);
    // Control and outcome, to how many accounts.
    let mut rows: BTreeMap<(String, String), u64> = BTreeMap::new();
    for row in run.rows("frameworks.csv") {
        assert_eq!(row["framework_id"], "cis-7.0");
        let key = (row["control_id"].clone(), row["outcome"].clone());
        *rows.entry(key).or_default() += 1;
    }
    for control in controls {
        let id = control["id"].as_str().unwrap();
        let of = |outcome: &str| {
            let key = (id.to_owned(), outcome.to_owned());
            rows.get(&key).copied().unwrap_or_default()
        };
        let accounts = &control["accounts"];
        if control["checks"].as_array().unwrap().is_empty() {
            let outcome = match id {
                "2.1.4" => "manual",
                _ => "not_covered",
            };
            assert_eq!((&accounts[outcome], of(outcome)), (&15.into(), 1), "{id}");
            assert_ne!(control["manual_review"], "", "{id}");
            continue;
        }
        for outcome in [
            "pass",
            "pass_in_part",
            "fail",
            "unknown",
            "not_selected",
            "not_covered",
            "manual",
        ] {
            assert_eq!(accounts[outcome], of(outcome), "{id} {outcome}");
        }
        assert_eq!(accounts["not_selected"], 0, "{id}");
    }
    let tls = controls.iter().find(|one| one["id"] == "3.1.1");
    let tls = &tls.unwrap()["accounts"];
    // Two accounts cannot be reached; five have buckets that accept plain HTTP.
    let counts = ["fail", "unknown", "pass"].map(|outcome| tls[outcome].as_u64().unwrap());
    assert_eq!(counts, [5, 2, 8]);
}

#[test]
fn a_control_has_its_evidence_and_never_passes_on_a_part() {
    let simulated = plain();
    let run = simulated.scan(&["--framework", "cis-7.0", "--framework", "cis-6.0"]);
    let report = run.report();
    let views = report["frameworks"].as_array().unwrap();
    let [newest, six] = [0, 1].map(|at| views[at]["controls"].as_array().unwrap());
    let of = |controls: &[Value], id: &str| {
        let mut controls = controls.iter();
        controls.find(|one| one["id"] == id).unwrap().clone()
    };
    let root = of(newest, "2.7");
    assert_eq!(root["partial"], true);
    assert_eq!(root["accounts"]["pass"], 0);
    assert!(
        root["accounts"]["pass_in_part"].as_u64().unwrap() > 0,
        "{root}"
    );
    // The benchmark counts the same control one lower in the version before.
    assert_eq!(of(six, "2.6")["accounts"], root["accounts"]);
    let time = |at: &Value| at.as_str().unwrap().to_owned();
    for control in newest {
        let evidence = &control["evidence"];
        let calls = evidence["calls"].as_array().unwrap();
        let is_covered = !control["checks"].as_array().unwrap().is_empty();
        assert_eq!(!calls.is_empty(), is_covered, "{control}");
        if evidence["collected_from"].is_null() {
            continue;
        }
        let [from, until] = ["collected_from", "collected_until"].map(|key| time(&evidence[key]));
        assert!(
            time(&report["run"]["started"]) <= from && from <= until,
            "{control}"
        );
    }
    let rows = run.rows("frameworks.csv");
    let in_part = rows.iter().filter(|row| row["outcome"] == "pass_in_part");
    for row in in_part {
        assert!(row["manual_review"].starts_with("Review "), "{row:?}");
        assert!(
            !row["calls"].is_empty() && !row["collected_from"].is_empty(),
            "{row:?}"
        );
    }
    let root = rows.iter().find(|row| row["control_id"] == "2.7");
    assert_eq!(root.unwrap()["assessment"], "manual");
}

#[test]
fn without_a_selection_the_report_has_all_frameworks_and_marks_unselected_controls() {
    let simulated = plain();
    let run = simulated.scan(&[]);
    let report = run.report();
    let views = report["frameworks"].as_array().unwrap();
    let ids: Vec<_> = views.iter().map(|one| one["id"].clone()).collect();
    assert_eq!(ids, ["cis-7.0", "cis-6.0", "cis-5.0", "aws-fsbp"]);
    let controls = views[0]["controls"].as_array().unwrap();
    let tls = controls.iter().find(|one| one["id"] == "3.1.1").unwrap();
    assert_eq!(tls["accounts"]["not_selected"], 15);
    let rows = run.rows("frameworks.csv");
    let row = rows
        .iter()
        .find(|row| row["framework_id"] == "cis-7.0" && row["control_id"] == "3.1.1");
    let row = row.unwrap();
    assert_eq!(
        (&*row["account_id"], &*row["outcome"]),
        ("*", "not_selected")
    );
}

#[test]
fn categories_and_severities_leave_fewer_checks_and_never_none_in_silence() {
    let simulated = plain();
    let checks = |flags: &[&str]| -> Vec<String> {
        let report = simulated.scan(flags).report();
        let checks = report["checks"].as_object().unwrap().keys();
        checks.cloned().collect()
    };
    assert_eq!(
        checks(&["--category", "data-encryption"]),
        [
            "ebs-volume-unencrypted",
            "efs-unencrypted",
            "rds-instance-unencrypted"
        ]
    );
    assert_eq!(
        checks(&["--framework", "aws-fsbp", "--category", "logging"]),
        [
            "api-logging-off",
            "cloudfront-logging-off",
            "cloudtrail-missing",
            "cloudtrail-validation-off",
            "config-global-types-not-recorded",
            "config-recorder-off",
            "elb-logging-off",
            "guardduty-off",
            "s3-bucket-logging-off",
            "vpc-flow-logs-off"
        ]
    );
    let high = checks(&["--min-severity", "high"]);
    assert!(high.contains(&"s3-bucket-public".to_owned()));
    assert!(!high.contains(&"ebs-volume-unencrypted".to_owned()));
    let run = simulated.scan(&["--category", "logging", "--min-severity", "critical"]);
    assert_eq!(run.code(), 2);
    assert!(
        run.stderr
            .contains("opt-in checks run only with --check or --framework"),
        "{}",
        run.stderr
    );
}

#[test]
fn the_list_of_controls_is_for_people_and_programs() {
    let simulated = plain();
    let printed = |args: &[&str]| {
        let output = simulated.orgscan(args).output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, text, _) = printed(&["checks", "--framework", "cis-7.0"]);
    assert_eq!(code, Some(0));
    assert!(text.contains("3.1.1") && text.contains("s3-bucket-http-allowed"));
    let unbroken = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        unbroken.contains("Not covered: ") && unbroken.contains("Manual: 1."),
        "{text}"
    );
    let (_, text, _) = printed(&["checks", "--framework", "cis-7.0", "--format", "json"]);
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["controls"].as_array().unwrap().len(), 70);
    let (_, text, _) = printed(&["checks", "--category", "logging", "--format", "json"]);
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json[0]["id"], "s3-bucket-logging-off");
    assert_eq!(json[0]["enabled_by_default"], false);
    let (code, _, message) = printed(&["checks", "--framework", "cis-7"]);
    assert_eq!(code, Some(2));
    assert!(message.contains("did you mean `cis-7.0`?"), "{message}");
}
