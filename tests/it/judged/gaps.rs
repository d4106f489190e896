//! Unknown is never zero: what is taken away from one account changes its numbers to lower bounds,
//! and nothing else.

use serde_json::{Value, json};

use crate::expected::expected_findings;
use crate::judged::World;
use crate::judged::findings::{coverage, expected_coverage, findings};
use crate::run::Run;

/// An account that is complete in the untouched organization, with an unencrypted volume in
/// eu-central-1.
const ACCOUNT: &str = "storefront";
const REGION: &str = "eu-central-1";

fn indicator<'a>(report: &'a Value, account: &str, name: &str) -> &'a Value {
    let accounts = report["accounts"].as_array().unwrap();
    let found = accounts.iter().find(|one| one["id"] == account);
    &found.unwrap()["indicators"][name]
}

/// Everything of a report that is about other accounts.
fn others(run: &Run, account: &str) -> Vec<Value> {
    let report = run.report();
    let accounts = report["accounts"].as_array().unwrap().iter();
    accounts
        .filter(|one| one["id"] != account)
        .map(|one| {
            json!([
                one["account"],
                one["outcome"],
                one["indicators"],
                one["targets"]
            ])
        })
        .collect()
}

fn deny(account: &str, region: Option<&str>, action: &str) -> Value {
    json!({"account": account, "region": region, "action": action, "error": "permission"})
}

#[test]
fn a_denied_call_makes_its_number_a_lower_bound_and_changes_nothing_else() {
    let world = World::start(&[]);
    let id = world.id(ACCOUNT);
    let before = world.scan(&[]);
    world.rules(&[deny(&id, Some(REGION), "ec2:DescribeVolumes")]);
    let after = world.scan(&[]);

    let volumes = "UnencryptedVolumes";
    assert_eq!(
        indicator(&before.report(), &id, volumes)["targets_unknown"],
        0
    );
    let gone = indicator(&after.report(), &id, volumes).clone();
    assert_eq!(gone["targets_unknown"], 1);
    assert_eq!(others(&before, &id), others(&after, &id));

    let mut expected = expected_findings();
    expected.retain(|[check, account, region, ..]| {
        !(check == "ebs-volume-unencrypted" && account == ACCOUNT && region == REGION)
    });
    assert_eq!(expected.len() + 1, expected_findings().len());
    assert_eq!(findings(&world, &after), expected);

    let mut rows = expected_coverage();
    let row = [ACCOUNT, REGION, "unknown", "missing_permission"];
    rows.insert(row.map(str::to_owned));
    assert_eq!(coverage(&world, &after), rows);

    let (before, after) = (before.metrics(), after.metrics());
    let plain = (volumes.to_owned(), id.clone());
    let at_least = (format!("{volumes}AtLeast"), id.clone());
    assert_eq!(before[&plain], 2.0);
    assert!(!before.contains_key(&at_least));
    assert!(!after.contains_key(&plain));
    assert_eq!(after[&at_least], 1.0);
    let total = (format!("{volumes}AtLeast"), String::new());
    assert_eq!(before[&total], after[&total] + 1.0);
    let other: Vec<_> = before
        .keys()
        .filter(|(_, account)| *account != id)
        .collect();
    let still: Vec<_> = after.keys().filter(|(_, account)| *account != id).collect();
    assert_eq!(other, still);
}

#[test]
fn the_alert_has_at_least_where_a_number_has_gaps() {
    let world = World::shared();
    let alert = world.scan(&[]).file("alert.txt");
    assert!(alert.contains("at least"), "{alert}");
    assert!(alert.contains("acquired-startup"), "{alert}");
    assert!(alert.contains("role"), "{alert}");
}

/// Every gap of the organization, declared as expected.
const EXPECTED_GAPS: &str = r"
expected_gaps:
  - accounts: { names: [acquired-startup, staging-integrations] }
    causes: [role_not_assumable]
    reason: not enrolled yet
    owner: platform team
    expires: 9999-12-31
  - accounts: { names: [payments-ledger] }
    regions: [eu-central-1, global]
    causes: [denied_by_scp]
    reason: data stays in the west
    owner: payments
    expires: 9999-12-31
";

#[test]
fn declared_gaps_are_skips_and_the_numbers_are_complete() {
    let world = World::start(&[]);
    let id = world.id(ACCOUNT);
    world.rules(&[deny(&id, Some(REGION), "ec2:DescribeVolumes")]);
    let list = world.folder().join("exceptions.yaml");
    let declared = format!(
        "{EXPECTED_GAPS}  - accounts: {{ ids: ['{id}'] }}\n    regions: [{REGION}]\n    \
         actions: ['ec2:DescribeVolumes']\n    reason: test\n    owner: test\n    \
         expires: 9999-12-31\n"
    );
    std::fs::write(&list, declared).unwrap();
    let run = world.scan(&["--exceptions", list.to_str().unwrap()]);
    assert_eq!(run.code(), 0, "{}{}", run.stdout, run.stderr);
    let report = run.report();
    assert_eq!(report["coverage"]["targets"]["unknown"], 0);
    assert_eq!(report["coverage"]["accounts_incomplete"], 0);
    assert_eq!(report["coverage"]["accounts_skipped"], 3);
    let volumes = indicator(&report, &id, "UnencryptedVolumes");
    assert_eq!(volumes["targets_unknown"], 0);
    let metrics = run.metrics();
    assert!(metrics.keys().all(|(name, _)| !name.ends_with("AtLeast")));
    assert_eq!(metrics[&("UnencryptedVolumes".to_owned(), id)], 1.0);
}

#[test]
fn a_declared_gap_that_has_expired_is_a_gap_again() {
    let world = World::shared();
    let list = world.folder().join("expired.yaml");
    std::fs::write(&list, EXPECTED_GAPS.replace("9999-12-31", "2020-01-31")).unwrap();
    let run = world.scan(&["--exceptions", list.to_str().unwrap()]);
    assert_eq!(run.code(), 3);
    assert_eq!(coverage(world, &run), expected_coverage());
}

#[test]
fn without_the_credential_report_the_calls_per_user_are_used_and_noted() {
    let world = World::start(&[]);
    world.rules(&[json!({"action": "iam:GenerateCredentialReport", "error": "permission"})]);
    let run = world.scan(&[]);
    // When keys were used last and whether root signed in is in the credential report alone.
    let is_of_use = |check: &str| ["iam-credentials-unused", "root-used-recently"].contains(&check);
    let mut expected = expected_findings();
    expected.retain(|[check, ..]| !is_of_use(check));
    assert_eq!(findings(&world, &run), expected);
    let found = coverage(&world, &run);
    assert!(expected_coverage().is_subset(&found));
    for [account, scope, outcome, cause] in found.difference(&expected_coverage()) {
        let unknown = ["global", "unknown", "missing_permission"];
        assert_eq!([scope, outcome, cause], unknown, "{account}");
    }
    let unused = run.rows("coverage.csv").into_iter();
    let mut unused = unused.filter(|row| row["check_id"] == "iam-credentials-unused");
    assert!(unused.any(|row| row["outcome"] == "unknown"));
    let report = run.file("report.json");
    assert!(report.contains("calls per user"), "{report}");
    assert!(report.contains("iam:GenerateCredentialReport"));
}

#[test]
fn an_account_whose_regions_cannot_be_listed_is_tried_everywhere() {
    let world = World::start(&[]);
    let id = world.id("capetown-branch");
    let no_list = ["ec2:DescribeRegions", "account:ListRegions"];
    world.rules(&no_list.map(|action| deny(&id, None, action)));
    let run = world.scan(&[]);
    // Its opt-in Region is scanned too, although nobody said that it is on.
    assert_eq!(findings(&world, &run), expected_findings());
    assert_eq!(coverage(&world, &run), expected_coverage());
    assert!(
        run.file("report.json")
            .contains("Regions could not be listed")
    );
}

#[test]
fn throttling_that_passes_changes_no_finding() {
    let world = World::start(&[]);
    world.rules(&[
        json!({"action": "ec2:DescribeInstances", "error": "throttle", "times": 20}),
        json!({"action": "s3:GetBucketAcl", "error": "unavailable", "times": 5}),
    ]);
    let run = world.scan(&[]);
    assert_eq!(findings(&world, &run), expected_findings());
    assert_eq!(coverage(&world, &run), expected_coverage());
    let accounts = run.report()["accounts"].as_array().unwrap().clone();
    let throttled: u64 = accounts
        .iter()
        .map(|one| one["throttled"].as_u64().unwrap())
        .sum();
    assert_eq!(throttled, 20);
}

#[test]
fn an_account_that_hangs_delays_only_itself_and_times_out() {
    let world = World::start(&[]);
    let id = world.id(ACCOUNT);
    world.rules(&[
        json!({"account": id, "region": REGION, "action": "ec2:DescribeVolumes", "error": "hang"}),
    ]);
    let config = world.folder().join("impatient.yaml");
    std::fs::write(&config, "timeouts: { request_seconds: 15, attempts: 2 }\n").unwrap();
    let run = world.scan(&["--config", config.to_str().unwrap()]);
    let mut rows = expected_coverage();
    rows.insert([ACCOUNT, REGION, "unknown", "timed_out"].map(str::to_owned));
    assert_eq!(coverage(&world, &run), rows);
}

#[test]
fn a_deadline_ends_the_run_with_what_it_has() {
    let world = World::start(&[]);
    world.rules(&[json!({"action": "ec2:DescribeVolumes", "error": "hang"})]);
    let config = world.folder().join("deadline.yaml");
    let yaml = "timeouts: { run_seconds: 606, publish_seconds: 600 }\n";
    std::fs::write(&config, yaml).unwrap();
    let run = world.scan(&["--config", config.to_str().unwrap()]);
    assert_eq!(run.code(), 3, "{}", run.stderr);
    let unknown = run.report()["coverage"]["targets"]["causes"].clone();
    assert!(
        unknown["deadline_exceeded"].as_u64().unwrap() > 0,
        "{unknown}"
    );
    // What was read in time is there; what was not is unknown and not invented.
    let found = findings(&world, &run);
    assert!(found.is_subset(&expected_findings()), "{found:?}");
    assert!(
        !found
            .iter()
            .any(|[check, ..]| check == "ebs-volume-unencrypted")
    );
}

#[test]
fn what_aws_answers_to_other_accounts_only_is_skipped_with_the_reason_and_the_run_is_complete() {
    let world = World::start(&[]);
    let action = "iam:ListOrganizationsFeatures";
    let central = world.id("management");
    let args = [
        "--account",
        &central,
        "--check",
        "organization-root-access-not-central",
        "--check",
        "s3-bucket-public",
    ];
    let scan = |error: &str| {
        world.rules(&[json!({"action": action, "error": error})]);
        world.scan(&args)
    };
    let row = |run: &Run| {
        let mut rows = run.rows("coverage.csv").into_iter();
        rows.find(|row| row["check_id"] == "organization-root-access-not-central")
            .unwrap()
    };
    let crossed = |run: &Run, name: &str| {
        let metric = (name.to_owned(), String::new());
        run.metrics().contains_key(&metric)
    };

    let elsewhere = scan("wrong_account");
    assert_eq!(elsewhere.code(), 0, "{}", elsewhere.stderr);
    let skipped = row(&elsewhere);
    assert_eq!(
        [
            &*skipped["outcome"],
            &*skipped["cause"],
            &*skipped["action"]
        ],
        ["skipped", "delegation_required", action]
    );
    assert!(
        skipped["detail"].contains("iam.amazonaws.com"),
        "{skipped:?}"
    );
    // The alarm on thresholds ends with this number, which complete runs alone publish.
    assert!(crossed(&elsewhere, "ThresholdsCrossed"));

    let denied = scan("permission");
    assert_eq!(denied.code(), 3, "{}", denied.stderr);
    assert_eq!(row(&denied)["outcome"], "unknown");
    assert!(crossed(&denied, "ThresholdsCrossedAtLeast"));
}
