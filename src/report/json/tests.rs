use orgscan_core::compare::{AccountObservation, ComparisonInput, compare};
use orgscan_core::enrollment::of_run;
use orgscan_core::model::Severity::{Critical, High};
use orgscan_core::model::{
    AccountResult, Cause, Decision, Drift, Gap, InstanceStatus, SkipReason, StackInstance,
    StackSet, StackSetFacts, StackSetInfo, TargetScope,
};
use orgscan_core::testing::{
    BUCKETS, CHECKS, USERS, account, evaluated, failed, plain, plan, region, report, report_of,
    result,
};

use super::*;

fn render(report: &Report, results: &[AccountResult]) -> String {
    let mut json = Box::new(ReportJson::start(Vec::new(), report, CHECKS).unwrap());
    for result in results {
        let applied = plain(result);
        json.account(&AccountReport::new(&applied, None, CHECKS))
            .unwrap();
    }
    String::from_utf8(json.finish().unwrap()).unwrap()
}

/// A report with one of everything, and names that try to break out of their quotes.
fn example() -> (Report, Vec<AccountResult>) {
    let gap = Gap::new("s3:GetBucketAcl", Cause::DeniedByResourcePolicy);
    let verdicts = vec![
        evaluated(BUCKETS, TargetScope::Global, 4, &[Critical], &[gap]),
        evaluated(USERS, TargetScope::Global, 2, &[High], &[]),
        evaluated("of-another-version", region("eu-west-1"), 1, &[High], &[]),
    ];
    let name = "\"},\n{\"id\": \u{1b}[2J\u{202e}";
    let results = vec![
        result(account(1, name, "Work/Prod"), verdicts),
        failed(account(2, "legacy", "Work")),
    ];
    let skip = Decision::Skip {
        reason: SkipReason::Excluded,
        detail: "excluded by name".into(),
    };
    let mut accounts: Vec<_> = results
        .iter()
        .map(|result| (result.account.clone(), Decision::Scan))
        .collect();
    accounts.push((account(3, "sandbox", ""), skip));
    let mut thresholds = orgscan_core::testing::no_thresholds();
    let zero = orgscan_core::settings::Threshold {
        count: Some(0),
        ..Default::default()
    };
    thresholds.organization.insert("PublicBuckets".into(), zero);
    thresholds.accounts.insert("PublicBuckets".into(), zero);
    let notes = vec!["one note".to_owned()];
    let mut report = report(&plan(accounts), &results, &thresholds, notes);
    report.enrollment = of_run(&report, &facts());
    (report, results)
}

/// A stack set that was read, with a stack in the first account.
fn facts() -> StackSetFacts {
    let stack = StackInstance {
        status: InstanceStatus::Current,
        reason: String::new(),
        drift: Drift::InSync,
        drift_checked: Some("2026-11-14T03:00:00Z".parse().unwrap()),
    };
    StackSetFacts {
        stack_set: StackSet::Read(StackSetInfo::default()),
        instances: [(orgscan_core::testing::id(1), stack)].into(),
        incomplete: None,
    }
}

#[test]
fn the_enrollment_has_reason_and_remediation() {
    let (report, results) = example();
    let document: serde_json::Value = serde_json::from_str(&render(&report, &results)).unwrap();
    let enrollment = &document["enrollment"];
    assert_eq!(enrollment["complete"], false);
    assert_eq!(enrollment["stack_set"]["status"], "read");
    let counts = serde_json::json!({"enrolled": 1, "no_stack_instance": 1, "skipped": 1});
    assert_eq!(enrollment["by_state"], counts);
    let [enrolled, missing, out] = [0, 1, 2].map(|at| &enrollment["accounts"][at]);
    assert_eq!(enrolled["drift"], "in_sync");
    assert_eq!(enrolled.get("remediation"), None);
    assert_eq!(missing["gap"]["cause"], "role_not_assumable");
    assert!(
        missing["remediation"]
            .as_str()
            .unwrap()
            .contains("aws cloudformation")
    );
    assert_eq!(out["can_be_scanned"], serde_json::Value::Null);
    let part = orgscan_core::consolidate::part(
        &report,
        &report.accounts[0],
        &orgscan_core::testing::plain(&results[0]),
    );
    assert_eq!(part.enrollment.unwrap().accounts.len(), 1);
}

#[test]
fn the_document_is_valid_against_its_schema() {
    let schema = serde_json::to_value(schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let (report, results) = example();
    for text in [render(&report, &results), render(&report_of(&[]), &[])] {
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<_> = validator
            .iter_errors(&document)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:#?}\n{text}");
    }
}

#[test]
fn the_schema_rejects_what_is_not_a_report() {
    let schema = serde_json::to_value(schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let (report, results) = example();
    let document: serde_json::Value = serde_json::from_str(&render(&report, &results)).unwrap();
    for key in document.as_object().unwrap().keys() {
        let mut broken = document.clone();
        broken.as_object_mut().unwrap().remove(key);
        assert!(!validator.is_valid(&broken), "without {key}");
    }
    let mut broken = document;
    broken["findings"][0]["account_id"] = "12".into();
    assert!(!validator.is_valid(&broken));
}

#[test]
fn keys_are_in_a_fixed_order_and_lines_contain_one_account_or_finding_each() {
    let (report, results) = example();
    let text = render(&report, &results);
    let keys: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix('"')?.split_once("\": "))
        .map(|(key, _)| key)
        .collect();
    assert_eq!(
        keys.join(" "),
        "schema_version run indicators ous coverage findings_by_severity \
         suppressed_by_severity exceptions thresholds_crossed \
         notes frameworks changes checks accounts enrollment findings"
    );
    let lines = |key: &str| text.lines().filter(|line| line.starts_with(key)).count();
    assert_eq!(lines("{\"id\""), 3);
    assert_eq!(lines("{\"account_id\""), 3);
    assert_eq!(lines("{\"check_id\""), 3);
    assert_eq!(text, render(&report, &results));
}

#[test]
fn a_number_has_its_completeness() {
    let (report, results) = example();
    let document: serde_json::Value = serde_json::from_str(&render(&report, &results)).unwrap();
    let buckets = &document["accounts"][0]["indicators"]["PublicBuckets"];
    assert_eq!(buckets["value"], 1);
    assert_eq!(buckets["complete"], false);
    let users = &document["accounts"][0]["indicators"]["UsersWithoutMfa"];
    assert_eq!(users["complete"], true);
    assert_eq!(
        document["accounts"][1]["gap"]["cause"],
        "role_not_assumable"
    );
    assert_eq!(document["accounts"][2]["outcome"], "skipped");
    assert_eq!(document["findings"][0]["title"], "IAM user without MFA");
    assert_eq!(
        document["checks"][USERS]["remediation"],
        serde_json::json!(["Run the command.", "Check it."])
    );
    assert_eq!(document["coverage"]["complete"], false);
}

#[test]
fn a_finding_has_its_history_and_one_that_was_not_scanned_is_listed_with_it() {
    let (before, later) = ("2026-11-01T03:00:00Z", "2026-11-15T03:00:00Z");
    let now = |at: &str| ComparisonInput {
        at: at.parse().unwrap(),
        organization: None,
        checks: vec![USERS, BUCKETS],
        rules: Default::default(),
    };
    let found = vec![
        evaluated(USERS, TargetScope::Global, 2, &[High], &[]),
        evaluated(BUCKETS, TargetScope::Global, 2, &[High], &[]),
    ];
    let first = result(account(1, "prod", ""), found);
    let known = compare(None, AccountObservation::Result(&first), &now(before));
    let denied = Gap::new("iam:GetCredentialReport", Cause::DeniedByScp);
    let partly = vec![
        evaluated(USERS, TargetScope::Global, 0, &[], &[denied]),
        evaluated(BUCKETS, TargetScope::Global, 2, &[High, Critical], &[]),
    ];
    let second = result(account(1, "prod", ""), partly);
    let known = known.unwrap().into_known();
    let comparison = compare(known, AccountObservation::Result(&second), &now(later));
    let report = report_of(std::slice::from_ref(&second));
    let mut json = Box::new(ReportJson::start(Vec::new(), &report, CHECKS).unwrap());
    let applied = plain(&second);
    json.account(&AccountReport::new(&applied, comparison.as_ref(), CHECKS))
        .unwrap();
    let document: serde_json::Value = serde_json::from_slice(&json.finish().unwrap()).unwrap();
    let findings = document["findings"].as_array().unwrap().iter();
    let seen: Vec<_> = findings
        .map(|one| {
            ["check_id", "status", "first_seen", "last_seen"].map(|key| one[key].as_str().unwrap())
        })
        .collect();
    let expected = [
        [USERS, "unknown", before, before],
        [BUCKETS, "ongoing", before, later],
        [BUCKETS, "new", later, later],
    ];
    assert_eq!(seen, expected);
    // The number counts what was found.
    assert_eq!(document["findings_by_severity"]["high"], 1);
}
