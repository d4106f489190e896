use super::*;
use crate::config::{Threshold, Thresholds};
use crate::model::Severity::{Critical, High, Informational, Low, Medium};
use crate::model::{
    AccountResult, Cause, Crossing, Decision, Gap, Place, Region, RegionDecision, Scope, SkipReason,
};
use crate::testing::{
    BUCKETS, USERS, VOLUMES, Wire, account, failed, id, judged, plan, region, report, report_of,
    result,
};

fn limits() -> Thresholds {
    let above = |count| Threshold {
        count: Some(count),
        ..Threshold::default()
    };
    let mut thresholds = crate::testing::no_thresholds();
    thresholds
        .organization
        .insert("PublicBuckets".into(), above(0));
    thresholds.accounts.insert("PublicBuckets".into(), above(0));
    let bad = Threshold {
        severity: Some(High),
        ..above(1)
    };
    thresholds.accounts.insert("UnencryptedVolumes".into(), bad);
    thresholds
}

fn a_bad_night() -> Report {
    let throttled = Gap::new("ec2:DescribeVolumes", Cause::Throttled);
    let web = vec![
        judged(USERS, Place::Global, 30, &[High, Medium, Low], &[]),
        judged(BUCKETS, Place::Global, 12, &[Critical, Critical], &[]),
        judged(VOLUMES, region("eu-west-1"), 40, &[High; 12], &[]),
        judged(VOLUMES, region("us-east-1"), 9, &[Medium; 3], &[throttled]),
    ];
    let quiet = vec![
        judged(USERS, Place::Global, 3, &[], &[]),
        judged(BUCKETS, Place::Global, 2, &[], &[]),
        judged(VOLUMES, region("eu-west-1"), 1, &[Low], &[]),
    ];
    let skip = |reason| Decision::Skip {
        reason,
        detail: String::new(),
    };
    let mut web = result(account(1, "prod-web", "Workloads/Production"), web);
    let off = RegionDecision::Skip {
        reason: SkipReason::RegionOff,
    };
    web.regions.insert(Region::new("ap-east-1"), off);
    let results = [
        web,
        result(account(2, "dev", "Workloads"), quiet),
        failed(account(3, "legacy-billing", "")),
    ];
    let mut accounts: Vec<_> = results
        .iter()
        .map(|result| (result.account.clone(), Decision::Scan))
        .collect();
    accounts.push((account(4, "old", ""), skip(SkipReason::AccountNotActive)));
    accounts.push((account(5, "sandbox", ""), skip(SkipReason::Excluded)));
    accounts.push((account(6, "older", ""), skip(SkipReason::AccountNotActive)));
    let notes = vec!["1 account uses a credential report of 3 hours ago".to_owned()];
    report(&plan(accounts), &results, &limits(), notes)
}

#[test]
fn a_bad_night_reads_like_this() {
    let alert = render(
        &a_bad_night(),
        Some("s3://audit/orgscan/daily/2026/11/15/run/"),
    );
    insta::assert_snapshot!(alert.subject, @"orgscan: 3 thresholds crossed, at least 2 critical findings in 1 of 3 accounts, 2 incomplete");
    insta::assert_snapshot!(alert.body, @"
    3 thresholds crossed. At least 2 critical findings in 1 of 3 accounts.
    Known findings: 2 critical, 13 high, 4 medium, 2 low.
    Some things are unknown: 1 of 3 accounts could not be scanned, 1 only in part. True numbers can be higher.

    Thresholds crossed (3)
       at least 2  public S3 buckets in the organization (threshold: more than 0)
                2  public S3 buckets in 111100000001 prod-web (Workloads/Production) (threshold: more than 0)
      at least 12  unencrypted EBS volumes in 111100000001 prod-web (Workloads/Production) (threshold: more than 1 of severity high or worse)

    What was found
            found  accounts  worst
       at least 3         1  high      IAM users without MFA
       at least 1         1  high      IAM users with a console password and without MFA
      at least 16         2  high      unencrypted EBS volumes
       at least 2         1  critical  public S3 buckets

    Accounts with findings (2), the worst first
      111100000001 prod-web (Workloads/Production): at least 2 critical, 13 high, 4 medium, 1 low
      111100000002 dev (Workloads): 1 low

    Could not be looked at: 4 of 10 checks, one for each account and Region
      3  the role cannot be assumed
      1  throttled

    Incomplete accounts (2)
      111100000003 legacy-billing: not scanned, the role cannot be assumed
      111100000001 prod-web (Workloads/Production): 1 of 4 checks, throttled

    Left out on purpose: 3 accounts (2 not active in Organizations, 1 excluded by a filter), 1 Region over all accounts.

    Notes
      1 account uses a credential report of 3 hours ago

    Every finding, and how to mend it:
      s3://audit/orgscan/daily/2026/11/15/run/

    Run 2026-11-15T03-00-00Z of organization o-a1b2c3d4e5, 2026-11-15 03:00 to 03:07 UTC, orgscan 0.1.0.
    ");
}

#[test]
fn a_quiet_night_reads_like_this() {
    let verdicts = vec![
        judged(USERS, Place::Global, 3, &[], &[]),
        judged(BUCKETS, Place::Global, 2, &[], &[]),
        judged(VOLUMES, region("eu-west-1"), 1, &[], &[]),
    ];
    let report = report_of(&[result(account(1, "dev", ""), verdicts)]);
    let alert = render(&report, None);
    insta::assert_snapshot!(alert.subject, @"orgscan: no findings in 1 account");
    insta::assert_snapshot!(alert.body, @"
    No threshold crossed. No findings in 1 account.
    Everything was looked at: 3 checks in 1 account.

    What was found
      found  accounts  worst
          0         0  -      IAM users without MFA
          0         0  -      IAM users with a console password and without MFA
          0         0  -      unencrypted EBS volumes
          0         0  -      public S3 buckets

    Run 2026-11-15T03-00-00Z of organization o-a1b2c3d4e5, 2026-11-15 03:00 to 03:07 UTC, orgscan 0.1.0.
    ");
    assert!(!needed(&report));
}

#[test]
fn a_night_without_any_access_reads_like_this() {
    let results: Vec<_> = (1..=3).map(|n| failed(account(n, "a", ""))).collect();
    let report = report_of(&results);
    let alert = render(&report, None);
    insta::assert_snapshot!(alert.subject, @"orgscan: nothing could be looked at in 3 accounts");
    insta::assert_snapshot!(alert.body, @"
    Nothing could be looked at in 3 accounts.

    What was found
        found  accounts  worst
      unknown         -  -      IAM users without MFA
      unknown         -  -      IAM users with a console password and without MFA
      unknown         -  -      unencrypted EBS volumes
      unknown         -  -      public S3 buckets

    Could not be looked at: 9 of 9 checks, one for each account and Region
      9  the role cannot be assumed

    Incomplete accounts (3)
      111100000001 a: not scanned, the role cannot be assumed
      111100000002 a: not scanned, the role cannot be assumed
      111100000003 a: not scanned, the role cannot be assumed

    Run 2026-11-15T03-00-00Z of organization o-a1b2c3d4e5, 2026-11-15 03:00 to 03:07 UTC, orgscan 0.1.0.
    ");
    assert!(needed(&report));
}

#[test]
fn a_run_that_scans_nothing_does_not_read_like_an_all_clear() {
    let skip = Decision::Skip {
        reason: SkipReason::NotIncluded,
        detail: String::new(),
    };
    let plan = plan(vec![(account(1, "a", ""), skip)]);
    let alert = render(&report(&plan, &[], &limits(), vec![]), None);
    insta::assert_snapshot!(alert.subject, @"orgscan: nothing scanned, 1 account left out on purpose");
    insta::assert_snapshot!(alert.body, @"
    No account was scanned: all were left out.

    Left out on purpose: 1 account (1 not included by a filter).

    Run 2026-11-15T03-00-00Z of organization o-a1b2c3d4e5, 2026-11-15 03:00 to 03:07 UTC, orgscan 0.1.0.
    ");
}

#[test]
fn no_findings_so_far_do_not_read_like_an_all_clear() {
    let good = result(
        account(1, "a", ""),
        vec![judged(BUCKETS, Place::Global, 2, &[], &[])],
    );
    let alert = render(&report_of(&[good, failed(account(2, "b", ""))]), None);
    insta::assert_snapshot!(alert.subject, @"orgscan: 1 of 2 accounts not fully scanned, no findings otherwise");
    insta::assert_snapshot!(alert.body.lines().take(3).collect::<Vec<_>>().join("\n"), @"
    No threshold crossed as far as is known. No findings where it was possible to look.
    Some things are unknown: 1 of 2 accounts could not be scanned. True numbers can be higher.
    ");
}

#[test]
fn attributes_are_what_filter_policies_can_use() {
    let text: Vec<_> = render(&a_bad_night(), None)
        .attributes
        .iter()
        .map(|a| format!("{} {} {}", a.name, a.data_type, a.value))
        .collect();
    insta::assert_snapshot!(text.join("\n"), @"
    run_id String 2026-11-15T03-00-00Z
    severity String critical
    findings Number 21
    thresholds_crossed Number 3
    coverage_complete String false
    organization String o-a1b2c3d4e5
    ");
}

/// What SNS asks of subjects.
fn assert_subject(subject: &str) {
    assert!(subject.len() < 100, "{subject}");
    assert!(
        subject.starts_with(|c: char| c.is_ascii_alphanumeric()),
        "{subject}"
    );
    assert!(
        subject
            .chars()
            .all(|c| c.is_ascii() && !c.is_ascii_control()),
        "{subject}"
    );
}

/// 10,000 accounts with 20 thresholds crossed each, and long texts wherever others choose them.
fn a_huge_organization() -> Report {
    let name = "a name of fifty characters, as long as AWS allows.";
    let ou = vec!["O".repeat(128); 5].join("/");
    let gap = Gap::new("ec2:DescribeVolumes", Cause::Throttled);
    let verdict = judged(
        BUCKETS,
        Place::Global,
        9,
        &[Critical, Informational],
        &[gap],
    );
    let result = |n| result(account(n, name, &ou), vec![verdict.clone()]);
    let mut report = report_of(&(0..10_000).map(result).collect::<Vec<_>>());
    let crossing = |n: u64| Crossing {
        scope: Scope::Account(id(n / 20)),
        indicator: "UnencryptedVolumes".into(),
        value: 1_000_000,
        at_least: true,
        severity: Some(Critical),
        limit: "more than 100000 or 12.5% of severity informational or worse".into(),
    };
    report.crossed = (0..200_000).map(crossing).collect();
    report.notes = vec!["n".repeat(5_000); 5_000];
    report
}

#[test]
fn the_message_stays_small_and_exact_however_large_the_organization() {
    let alert = render(&a_huge_organization(), Some("s3://bucket/prefix"));
    let size = |a: &Attribute| a.name.len() + a.data_type.len() + a.value.len();
    let attributes: usize = alert.attributes.iter().map(size).sum();
    assert!(alert.body.len() + attributes < 20_000, "SNS allows 256 KiB");
    assert!(alert.attributes.len() <= 10);
    assert_subject(&alert.subject);
    assert_eq!(
        alert.subject,
        "orgscan: 200,000 thresholds crossed, at least 10,000 critical findings in 10,000 of 10,000 accounts"
    );
    for exact in ["crossed (200,000)", "and 199,980 more", "and 9,990 more"] {
        assert!(alert.body.contains(exact), "{exact}\n{}", alert.body);
    }
}

#[test]
fn numbers_too_long_for_the_subject_leave_the_last_part_out() {
    let mut report = a_bad_night();
    report.findings.critical = u64::MAX / 2;
    report.coverage.accounts_failed = u64::MAX / 2;
    assert_subject(&render(&report, None).subject);
}

#[test]
fn names_that_others_chose_cannot_add_lines_or_turn_them_around() {
    let name = "x\r\n\r\nAll clear\u{1b}[2J\u{202e}\u{2028}Run 1\0";
    let verdict = judged(BUCKETS, Place::Global, 9, &[Critical], &[]);
    let good = result(account(1, "prod-web", "Work"), vec![verdict.clone()]);
    let bad = result(account(1, name, "Work\n"), vec![verdict]);
    let render = |results: &[AccountResult]| render(&report_of(results), None).body;
    let (good, bad) = (render(&[good]), render(&[bad]));
    assert_eq!(good.lines().count(), bad.lines().count());
    assert!(
        bad.chars()
            .all(|c| c == '\n' || c == '…' || (c.is_ascii() && !c.is_control())),
        "{bad}"
    );
}

#[tokio::test]
async fn the_request_carries_subject_body_and_attributes() {
    let wire = Wire::default();
    let config = aws_sdk_sns::Config::builder()
        .behavior_version(aws_sdk_sns::config::BehaviorVersion::latest())
        .region(aws_sdk_sns::config::Region::new("eu-west-1"))
        .credentials_provider(aws_credential_types::Credentials::new(
            "a", "b", None, None, "test",
        ))
        .http_client(wire.client())
        .build();
    let client = aws_sdk_sns::Client::from_conf(config);
    let alert = render(&a_bad_night(), None);
    let topic = "arn:aws:sns:eu-west-1:111100000999:alerts";
    publish(&client, topic, &alert).unwrap().send().await.ok();
    let sent = wire.sent();
    let body = std::str::from_utf8(sent[0].body().bytes().unwrap()).unwrap();
    assert!(
        body.contains("Action=Publish") && body.contains("Subject=orgscan"),
        "{body}"
    );
    assert!(body.contains("Name=thresholds_crossed&"), "{body}");
}
