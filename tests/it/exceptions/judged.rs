//! Lists in an emulated S3.

use serde_json::json;

use super::{ACCOUNT, exception};
use crate::bucket::Bucket;
use crate::judged::World;
use crate::lambda::{Function, MINUTES, response};

const URL: &str = "s3://orgscan-exceptions/central/exceptions.yaml";

#[test]
fn the_list_is_read_from_s3_and_accounts_are_known_by_their_tags() {
    let world = World::start(&[]);
    let bucket = Bucket::make(&world, "orgscan-exceptions");
    let yaml = "exceptions:\n- { id: sandboxes, checks: [security-group-open-to-world], \
                accounts: { tags: { environment: sandbox } }, reason: r, owner: o, \
                expires: 9999-12-31 }\n";
    bucket.put("central/exceptions.yaml", yaml.to_owned());
    let scan = || world.scan_with(&[], &[("ORGSCAN_EXCEPTIONS_LOCATION", URL)]);
    let run = scan();
    let suppressed = run
        .rows("findings.csv")
        .into_iter()
        .filter(|row| row["exception_id"] == "sandboxes");
    let accounts: std::collections::BTreeSet<_> =
        suppressed.map(|row| row["account_name"].clone()).collect();
    assert!(!accounts.is_empty(), "{}", run.stderr);
    assert!(
        accounts.iter().all(|name| name.starts_with("sandbox-")),
        "{accounts:?}"
    );

    world.rules(&[json!({"action": "organizations:ListTagsForResource", "error": "permission"})]);
    let report = scan().report();
    assert_eq!(exception(&report, "sandboxes")["effect"], "not_evaluated");
    let notes = report["notes"].to_string();
    assert!(notes.contains("exceptions by tag do not apply"), "{notes}");

    world.rules(&[json!({"action": "s3:GetObject", "error": "permission"})]);
    let denied = scan();
    assert_eq!(denied.code(), 2);
    let why = "s3:GetObject on arn:aws:s3:::orgscan-exceptions/central";
    assert!(denied.stderr.contains(why), "{}", denied.stderr);
}

#[test]
fn the_function_reads_the_list_again_for_each_run() {
    let world = World::start(&[]);
    let bucket = Bucket::make(&world, "orgscan-exceptions");
    let all = "exceptions:\n- { accounts: { names: [media-library] }, reason: r, owner: o, \
               expires: 9999-12-31 }\n";
    bucket.put("central/exceptions.yaml", all.to_owned());
    let mut function = Function::start(&world, &[("ORGSCAN_EXCEPTIONS_LOCATION", URL)]);
    let id = world.id(ACCOUNT);
    let mut critical = |run: &str| {
        let event = json!({
            "run_id": format!("run-{run}"),
            "dry_run": true,
            "accounts": { "include": { "ids": [id] } },
            "regions": { "include": ["eu-west-1"] },
        });
        let answer = response(function.invoke(run, &event, MINUTES));
        answer["findings_by_severity"]["critical"].as_u64().unwrap()
    };
    assert_eq!(critical("1"), 0);
    bucket.put("central/exceptions.yaml", "exceptions: []\n".to_owned());
    let without = critical("2");
    assert!(without > 0);
    // Nobody watches it: it goes on without, and its report says so.
    bucket.put("central/exceptions.yaml", "exceptions: [\n".to_owned());
    assert_eq!(critical("3"), without);
}
