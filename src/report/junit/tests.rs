use orgscan_core::model::Severity::{Critical, High};
use orgscan_core::model::{AccountResult, Cause, Decision, Gap, SkipReason, TargetScope};
use orgscan_core::testing::{
    BUCKETS, CHECKS, USERS, account, evaluated, failed, plain, plan, report, result,
};

use super::*;

fn example() -> (Report, Vec<AccountResult>) {
    let gap = || Gap::new("s3:GetBucketAcl", Cause::DeniedByScp);
    let verdicts = vec![
        evaluated(USERS, TargetScope::Global, 2, &[High], &[]),
        evaluated(BUCKETS, TargetScope::Global, 4, &[Critical], &[gap()]),
    ];
    let other = vec![
        evaluated(USERS, TargetScope::Global, 2, &[], &[]),
        evaluated(BUCKETS, TargetScope::Global, 4, &[], &[gap()]),
    ];
    let results = vec![
        result(account(1, "one \"<&>", "Work"), verdicts),
        result(account(2, "two", "Work"), other),
        failed(account(3, "three", "Work")),
    ];
    let mut listed: Vec<_> = results
        .iter()
        .map(|one| (one.account.clone(), Decision::Scan))
        .collect();
    let skip = Decision::Skip {
        reason: SkipReason::Excluded,
        detail: String::new(),
    };
    listed.push((account(4, "four", ""), skip));
    let report = report(
        &plan(listed),
        &results,
        &orgscan_core::testing::no_thresholds(),
        vec![],
    );
    (report, results)
}

fn written(most: usize) -> String {
    let (report, accounts) = example();
    let mut sink = Box::new(Junit::within(Vec::new(), &report, most));
    for account in &accounts {
        let applied = plain(account);
        sink.account(&AccountReport::new(&applied, None, CHECKS))
            .unwrap();
    }
    sink.skipped(&report.accounts[3]).unwrap();
    String::from_utf8(sink.finish().unwrap()).unwrap()
}

#[test]
fn what_is_not_evaluated_is_no_pass() {
    insta::assert_snapshot!(written(CASES));
}

#[test]
fn what_finds_no_room_is_named_and_passes_go_first() {
    let all = written(CASES);
    let cases = all.matches("<testcase").count();
    let without_pass = written(cases - 1);
    assert!(
        without_pass.contains("omitted test cases: 1 passed"),
        "{without_pass}"
    );
    assert!(
        without_pass.contains("<skipped type=\"omitted\""),
        "{without_pass}"
    );
    let one = written(1);
    assert!(one.contains("<failure type=\"high\""), "{one}");
    assert!(one.contains("<error type=\"omitted\""), "{one}");
}
