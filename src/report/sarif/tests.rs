use orgscan_core::model::Severity::{Critical, High, Low};
use orgscan_core::model::{AccountResult, Cause, Decision, Gap, TargetScope};
use orgscan_core::testing::{
    BUCKETS, CHECKS, USERS, account, evaluated, failed, plain, plan, report, result,
};

use super::*;

fn example() -> (Report, Vec<AccountResult>) {
    let gap = Gap::new("s3:GetBucketAcl", Cause::DeniedByScp);
    let verdicts = vec![
        evaluated(USERS, TargetScope::Global, 2, &[High, Low], &[]),
        evaluated(BUCKETS, TargetScope::Global, 4, &[Critical], &[gap]),
    ];
    let results = vec![
        result(account(1, "one", "Work"), verdicts),
        failed(account(2, "two", "Work")),
    ];
    let listed = results
        .iter()
        .map(|one| (one.account.clone(), Decision::Scan));
    let plan = plan(listed.collect());
    let report = report(
        &plan,
        &results,
        &orgscan_core::testing::no_thresholds(),
        vec![],
    );
    (report, results)
}

fn written(results: usize, compressed: u64) -> Value {
    let (report, accounts) = example();
    let mut sink = Box::new(Sarif::within(
        Vec::new(),
        &report,
        CHECKS,
        results,
        compressed,
    ));
    for account in &accounts {
        let applied = plain(account);
        sink.account(&AccountReport::new(&applied, None, CHECKS))
            .unwrap();
    }
    serde_json::from_slice(&sink.finish().unwrap()).unwrap()
}

fn notifications(sarif: &Value, id: &str) -> Vec<String> {
    let all = &sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    let all = all.as_array().unwrap().iter();
    all.filter(|one| one["descriptor"]["id"] == id)
        .map(|one| one["message"]["text"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn findings_are_results_and_gaps_are_notifications() {
    let sarif = written(RESULTS, COMPRESSED);
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().unwrap();
    let levels: Vec<_> = results
        .iter()
        .map(|one| one["level"].as_str().unwrap())
        .collect();
    assert_eq!(levels, ["error", "error", "note"]);
    for result in results {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(
            run["tool"]["driver"]["rules"][index]["id"],
            result["ruleId"]
        );
        let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        let uri = uri.as_str().unwrap();
        assert!(
            uri.starts_with(&orgscan_core::testing::id(1).to_string()),
            "{uri}"
        );
    }
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let gaps = notifications(&sarif, "not-evaluated");
    let denied = format!("{BUCKETS}: not evaluated in 1 target: denied_by_scp, s3:GetBucketAcl");
    assert!(gaps.iter().any(|gap| gap.starts_with(&denied)), "{gaps:?}");
    // The account that could not be entered, for each check.
    let failed = gaps
        .iter()
        .filter(|gap| gap.contains(orgscan_core::testing::id(2).as_str()));
    assert_eq!(failed.count(), CHECKS.len());
    assert_eq!(notifications(&sarif, "results-omitted"), [""; 0]);
}

#[test]
fn what_finds_no_room_is_of_the_lowest_severity_and_named() {
    let sarif = written(2, COMPRESSED);
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 2);
    let omitted = notifications(&sarif, "results-omitted");
    assert!(
        omitted[0].starts_with("Findings omitted: 1 low. "),
        "{omitted:?}"
    );
    // The header of gzip alone is more than nothing.
    let sarif = written(RESULTS, 0);
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 0);
    let omitted = notifications(&sarif, "results-omitted");
    assert!(
        omitted[0].contains("1 critical, 1 high, 1 low"),
        "{omitted:?}"
    );
}
