use std::collections::BTreeMap;

use orgscan_aws::testing::RecordingClient;
use orgscan_core::model::Severity::High;
use orgscan_core::model::{AccountResult, Cause, Decision, Gap, Severity, SkipReason, TargetScope};
use orgscan_core::settings::{Threshold, Thresholds};
use orgscan_core::testing::{
    BUCKETS, CHECKS, USERS, VOLUMES, account, evaluated, exceptions, failed, id, no_thresholds,
    plan, region, report, report_of, report_with, result, run,
};

use super::*;

fn names(metrics: &[Metric], account_id: Option<u64>) -> Vec<&str> {
    let account_id = account_id.map(id);
    metrics
        .iter()
        .filter(|metric| metric.account_id == account_id)
        .map(|metric| &*metric.name)
        .collect()
}

fn value(metrics: &[Metric], name: &str) -> Option<f64> {
    let found = |metric: &&Metric| metric.name == name && metric.account_id.is_none();
    metrics.iter().find(found).map(|metric| metric.value)
}

fn all_known(n: u64) -> AccountResult {
    let verdicts = CHECKS
        .iter()
        .map(|c| evaluated(c.id, TargetScope::Global, 4, &[High], &[]));
    result(account(n, "a", ""), verdicts.collect())
}

fn rendered(report: &Report) -> Vec<Metric> {
    render(report).collect()
}

/// Account 1 is known completely, account 2 in part.
fn known_in_part() -> Vec<Metric> {
    let gap = Gap::new("ec2:DescribeVolumes", Cause::Throttled);
    let gaps = std::slice::from_ref(&gap);
    let partly = vec![
        evaluated(USERS, TargetScope::Global, 4, &[High], &[]),
        evaluated(VOLUMES, region("eu-west-1"), 4, &[High], &[]),
        evaluated(VOLUMES, region("us-east-1"), 0, &[], gaps),
        evaluated(BUCKETS, TargetScope::Global, 0, &[], gaps),
    ];
    let partly = result(account(2, "b", ""), partly);
    rendered(&report_of(&[all_known(1), partly]))
}

#[test]
fn a_plain_name_stands_for_a_complete_number_alone() {
    let metrics = known_in_part();
    let complete = "UsersWithoutMfa ConsoleUsersWithoutMfa UnencryptedVolumes PublicBuckets \
                    TargetsUnknown CoveragePercent";
    assert_eq!(names(&metrics, Some(1)).join(" "), complete);
    let partly = "UsersWithoutMfa ConsoleUsersWithoutMfa UnencryptedVolumesAtLeast \
                  TargetsUnknown CoveragePercent";
    assert_eq!(names(&metrics, Some(2)).join(" "), partly);
}

#[test]
fn a_total_is_complete_only_if_every_account_is() {
    let metrics = known_in_part();
    let organization = names(&metrics, None).join(" ");
    let totals = "UsersWithoutMfa UsersWithoutMfaSuppressed ConsoleUsersWithoutMfa \
                  ConsoleUsersWithoutMfaSuppressed UnencryptedVolumesAtLeast \
                  UnencryptedVolumesSuppressedAtLeast PublicBucketsAtLeast \
                  PublicBucketsSuppressedAtLeast";
    assert!(organization.ends_with(totals), "{organization}");
    assert_eq!(value(&metrics, "UnencryptedVolumesAtLeast"), Some(2.0));
    assert_eq!(value(&metrics, "AccountsIncomplete"), Some(1.0));
}

/// Metrics of a scan in which every account's number of volumes may be 1 at most.
fn limited(results: &[AccountResult]) -> Vec<Metric> {
    let one = Threshold {
        count: Some(1),
        ..Threshold::default()
    };
    let thresholds = Thresholds {
        accounts: BTreeMap::from([("UnencryptedVolumes".to_owned(), one)]),
        ..no_thresholds()
    };
    let accounts = results.iter().map(|one| one.account.clone());
    let plan = plan(accounts.map(|account| (account, Decision::Scan)).collect());
    rendered(&report(&plan, results, &thresholds, Vec::new()))
}

fn volumes(n: u64, found: &[Severity], gaps: &[Gap]) -> AccountResult {
    let verdict = evaluated(VOLUMES, region("eu-west-1"), 4, found, gaps);
    result(account(n, "a", ""), vec![verdict])
}

#[test]
fn thresholds_crossed_are_counted_and_none_is_zero_only_where_all_is_known() {
    let crossed = |results: &[AccountResult]| {
        let metrics = limited(results);
        let value = |name| value(&metrics, name);
        [
            value("ThresholdsCrossed"),
            value("ThresholdsCrossedAtLeast"),
        ]
    };
    let (fine, bad) = (volumes(1, &[High], &[]), volumes(2, &[High, High], &[]));
    let gap = Gap::new("ec2:DescribeVolumes", Cause::Throttled);
    let unknown = volumes(3, &[], std::slice::from_ref(&gap));
    assert_eq!(crossed(&[]), [None, None]);
    assert_eq!(crossed(std::slice::from_ref(&fine)), [Some(0.0), None]);
    assert_eq!(crossed(&[fine.clone(), bad.clone()]), [Some(1.0), None]);
    assert_eq!(crossed(&[fine, unknown.clone()]), [None, Some(0.0)]);
    assert_eq!(crossed(&[bad, unknown.clone()]), [None, Some(1.0)]);
    assert_eq!(crossed(&[unknown]), [None, None]);
    let partly = volumes(4, &[High, High], &[gap]);
    assert_eq!(crossed(&[partly]), [None, Some(1.0)]);
}

#[test]
fn suppressed_findings_have_their_own_metric_and_accounts_only_where_there_are_some() {
    let yaml = format!(
        "exceptions:\n- {{ checks: [{USERS}], accounts: {{ names: [a] }}, reason: r, owner: o, \
         expires: 2027-01-31 }}\n"
    );
    let exceptions = exceptions(&yaml);
    let scanned = [
        all_known(1),
        result(
            account(2, "b", ""),
            vec![evaluated(USERS, TargetScope::Global, 4, &[High], &[])],
        ),
    ];
    let plan = plan(
        scanned
            .iter()
            .map(|one| (one.account.clone(), Decision::Scan))
            .collect(),
    );
    let report = report_with(
        &exceptions,
        &plan,
        &scanned,
        &orgscan_core::testing::no_thresholds(),
        vec![],
    );
    let metrics = rendered(&report);
    let of = |n: u64, name: &str| {
        let account = (n > 0).then(|| id(n));
        let mut found = metrics.iter().filter(|one| one.account_id == account);
        found.find(|one| one.name == name).map(|one| one.value)
    };
    assert_eq!(of(0, "UsersWithoutMfa"), Some(1.0));
    assert_eq!(of(0, "UsersWithoutMfaSuppressed"), Some(1.0));
    assert_eq!(of(0, "UnencryptedVolumesSuppressed"), Some(0.0));
    assert_eq!(of(1, "UsersWithoutMfa"), Some(0.0));
    assert_eq!(of(1, "UsersWithoutMfaSuppressed"), Some(1.0));
    assert_eq!(of(1, "UnencryptedVolumesSuppressed"), None);
    assert_eq!(of(2, "UsersWithoutMfaSuppressed"), None);
}

#[test]
fn a_failed_account_has_coverage_of_zero_and_no_numbers() {
    let metrics = rendered(&report_of(&[failed(account(1, "a", ""))]));
    assert_eq!(
        names(&metrics, Some(1)),
        ["TargetsUnknown", "CoveragePercent"]
    );
    assert_eq!(value(&metrics, "AccountsFailed"), Some(1.0));
    assert_eq!(value(&metrics, "CoveragePercent"), Some(0.0));
    assert_eq!(value(&metrics, "PublicBuckets"), None);
    assert_eq!(value(&metrics, "PublicBucketsAtLeast"), None);
}

#[test]
fn a_skipped_account_has_no_metrics_and_an_empty_run_no_percentage() {
    let skip = Decision::Skip {
        reason: SkipReason::Excluded,
        detail: String::new(),
    };
    let plan = plan(vec![(account(1, "a", ""), skip)]);
    let metrics = rendered(&report(&plan, &[], &Default::default(), vec![]));
    assert_eq!(names(&metrics, Some(1)), [""; 0]);
    assert_eq!(value(&metrics, "CoveragePercent"), None);
    assert_eq!(value(&metrics, "AccountsSkipped"), Some(1.0));
    assert_eq!(value(&metrics, "ScanDuration"), Some(450.0));
}

#[test]
fn metrics_have_a_format_for_files() {
    let metrics = rendered(&report_of(&[all_known(1)]));
    let mut lines = Vec::new();
    write_lines(&mut lines, metrics[metrics.len() - 3..].iter().cloned()).unwrap();
    insta::assert_snapshot!(String::from_utf8(lines).unwrap(), @r#"
    {"name":"PublicBuckets","account_id":"111100000001","value":1.0,"unit":"Count","timestamp":"2026-11-15T03:07:30Z"}
    {"name":"TargetsUnknown","account_id":"111100000001","value":0.0,"unit":"Count","timestamp":"2026-11-15T03:07:30Z"}
    {"name":"CoveragePercent","account_id":"111100000001","value":100.0,"unit":"Percent","timestamp":"2026-11-15T03:07:30Z"}
    "#);
}

fn many(n: usize) -> Vec<Metric> {
    let metric = |n| Metric {
        name: format!("Metric{n}"),
        account_id: Some(id(1)),
        value: n as f64,
        unit: Unit::Count,
        timestamp: run().finished,
    };
    (0..n).map(metric).collect()
}

#[test]
fn batches_contain_everything_once_and_stay_within_the_limits() {
    let metrics = many(2_500);
    let batches: Vec<_> = batches(metrics.iter().cloned()).collect();
    let sizes: Vec<_> = batches.iter().map(|batch| batch.len()).collect();
    assert_eq!(sizes, [1_000, 1_000, 500]);
    assert_eq!(batches.concat(), metrics);
    assert_eq!(super::batches(std::iter::empty()).count(), 0);
    let long: Vec<_> = many(1_000)
        .into_iter()
        .map(|metric| Metric {
            name: "x".repeat(2_000),
            ..metric
        })
        .collect();
    assert_eq!(super::batches(long.into_iter()).count(), 3);
}

#[tokio::test]
async fn a_full_batch_goes_out_compressed_and_in_one_request() {
    let wire = RecordingClient::default();
    let config = aws_sdk_cloudwatch::Config::builder()
        .behavior_version(aws_sdk_cloudwatch::config::BehaviorVersion::latest())
        .region(aws_sdk_cloudwatch::config::Region::new("eu-west-1"))
        .credentials_provider(aws_credential_types::Credentials::new(
            "a", "b", None, None, "test",
        ))
        .http_client(wire.client())
        .build();
    let client = aws_sdk_cloudwatch::Client::from_conf(config);
    let metrics = many(1_000);
    put_metric_data(&client, "OrgScan", &metrics)
        .send()
        .await
        .ok();
    let sent = wire.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].headers().get("content-encoding"), Some("gzip"));
    assert!(sent[0].body().bytes().unwrap().len() < 50_000);
}
