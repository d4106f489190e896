//! What is read is what the writer of reports writes.

use std::ops::ControlFlow;

use orgscan_core::lines::LineVisitor;
use orgscan_core::model::Severity::{Critical, High};
use orgscan_core::model::{AccountResult, Cause, Decision, Gap, Report, SkipReason, TargetScope};
use orgscan_core::testing::{
    BUCKETS, CHECKS, USERS, account, evaluated, plain, plan, report, result,
};

use super::*;
use crate::json::ReportJson;
use crate::trend::oldest::OldestFindings;
use crate::trend::{DamagedReport, Head, HeadOnly, ReportReader};
use crate::{AccountReport, Sink};

/// A report with a gap, an account that is left out, and names that try to break out of their lines; with the one
/// result that it is of.
pub(super) fn example() -> (Report, AccountResult) {
    let gap = Gap::new("s3:GetBucketAcl", Cause::DeniedByScp);
    let verdicts = vec![
        evaluated(USERS, TargetScope::Global, 2, &[High], &[]),
        evaluated(BUCKETS, TargetScope::Global, 4, &[Critical, High], &[gap]),
    ];
    let one = result(account(1, "\",\n\"findings\": [\n]", "Work"), verdicts);
    let skip = Decision::Skip {
        reason: SkipReason::Excluded,
        detail: "excluded by name".into(),
    };
    let plan = plan(vec![
        (one.account.clone(), Decision::Scan),
        (account(2, "left out", "Work"), skip),
    ]);
    let thresholds = orgscan_core::testing::no_thresholds();
    let report = report(&plan, std::slice::from_ref(&one), &thresholds, vec![]);
    (report, one)
}

fn written() -> String {
    let (report, result) = example();
    let mut json = ReportJson::start(Vec::new(), &report, CHECKS).unwrap();
    let applied = plain(&result);
    json.account(&AccountReport::new(&applied, None, CHECKS))
        .unwrap();
    String::from_utf8(Box::new(json).finish().unwrap()).unwrap()
}

fn read<K: ReportVisitor>(text: &str, keep: K) -> (Result<(Head, K), DamagedReport>, usize) {
    let mut reader = ReportReader::new(keep);
    let mut lines = text.lines();
    let read = lines
        .by_ref()
        .take_while(|line| reader.line(line.as_bytes()) == ControlFlow::Continue(()));
    let read = read.count();
    (reader.finish(), read)
}

#[test]
fn a_report_is_read_as_far_as_is_asked_for() {
    let text = written();
    let (head, short) = read(&text, HeadOnly);
    let (head, HeadOnly) = head.unwrap();
    assert_eq!(head.run.id, orgscan_core::testing::run().id);
    assert_eq!(head.coverage.accounts_listed, 2);
    let users = head
        .indicators
        .iter()
        .find(|one| one.indicator == "UsersWithoutMfa");
    assert_eq!(users.unwrap().number.value, Some(1));
    assert_eq!(head.changes.baseline.history, "not_kept");
    let points = Points::of(&[Arc::from("PublicBuckets")].into());
    let (accounts, longer) = read(&text, points);
    let (_, points) = accounts.unwrap();
    assert_eq!(points.accounts.len(), 2);
    let (all, whole) = read(&text, OldestFindings::default());
    // Without a history nothing is known to be old.
    assert_eq!(all.unwrap().1.in_order().len(), 0);
    assert!(short < longer && longer < whole, "{short} {longer} {whole}");
    assert!(whole < text.lines().count());
}

#[test]
fn a_report_that_ends_early_is_damaged_at_every_position() {
    let text = written();
    let lines: Vec<&str> = text.lines().collect();
    for end in 0..lines.len() - 2 {
        let (all, _) = read(&lines[..end].join("\n"), OldestFindings::default());
        assert!(all.is_err(), "{end} of {}", lines.len());
    }
}

#[test]
fn what_is_wrong_with_a_report_is_named() {
    let text = written();
    let error = |text: &str| {
        read(text, ChangeCollector::default())
            .0
            .unwrap_err()
            .to_string()
    };
    for other in ["1.2", "3.0"] {
        let key = "\"schema_version\": ";
        let text = text.replacen(&format!("{key}\"2.0"), &format!("{key}\"{other}"), 1);
        assert_eq!(
            error(&text),
            format!(
                "line 2: its format is {other}, and this version of orgscan reads 2.x; use the version that wrote it"
            )
        );
    }
    let other = "{\n  \"schema_version\" : \"2.1\"\n}\n";
    assert!(
        error(other).contains("not written as orgscan writes"),
        "{}",
        error(other)
    );
    assert!(error("").contains("ends early"));
    let fewer = text.replacen("\"accounts_listed\":2", "\"accounts_listed\":3", 1);
    assert!(
        error(&fewer).contains("2 accounts of 3"),
        "{}",
        error(&fewer)
    );
    // A newer 2.x may say more.
    let more = text.replacen("\"run\": {", "\"x\": [1],\n\"run\": {\"y\":1,", 1);
    assert!(read(&more, ChangeCollector::default()).0.is_ok());
}

#[test]
fn the_oldest_findings_are_the_first_by_time_severity_and_account() {
    let mut oldest = OldestFindings::default();
    let mut add = |n: u64, day: u8, severity: &str, exception: Value| {
        let finding = json!({
            "id": format!("{n:032x}"), "check_id": "c", "severity": severity, "status": "ongoing",
            "first_seen": format!("2026-11-{day:02}T05:00:00Z"), "last_seen": null,
            "account_id": id(n), "account_name": "", "ou_path": "", "region": "global",
            "resource": "r", "part": "", "exception": exception,
        });
        let finding: StoredFinding = serde_json::from_value(finding).unwrap();
        if let Some(finding) = finding.open() {
            oldest.finding(finding);
        }
    };
    for n in (10..60).rev() {
        add(n, 20, "low", Value::Null);
    }
    add(1, 1, "critical", json!({"id": "accepted"}));
    add(2, 20, "critical", Value::Null);
    add(3, 2, "low", Value::Null);
    let order = oldest.in_order();
    let ids: Vec<_> = order.iter().map(|one| one.account_id.clone()).collect();
    let expected = [3, 2].into_iter().chain(10..33).map(id);
    assert_eq!(ids, expected.collect::<Vec<_>>());
}
