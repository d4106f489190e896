//! What has changed since another run.

use orgscan_core::consolidate::view;
use orgscan_core::model::{
    AccountMove, AccountRemoval, BaselineRun, CheckChanges, CoverageGain, CoverageLoss,
    PermissionLoss, SeverityCounts,
};
use orgscan_core::testing::id;

use super::*;

pub(super) fn counts(severities: &[Severity]) -> SeverityCounts {
    let mut counts = SeverityCounts::default();
    severities.iter().for_each(|one| counts.count(*one));
    counts
}

fn change(check: &str, new: &[Severity], reopened: &[Severity], resolved: u64) -> CheckChanges {
    CheckChanges {
        check_id: check.to_owned().into(),
        new: counts(new),
        reopened: counts(reopened),
        resolved: SeverityCounts {
            high: resolved,
            ..SeverityCounts::default()
        },
        ..CheckChanges::default()
    }
}

pub(super) fn yesterday() -> BaselineRun {
    BaselineRun {
        id: "2026-11-14T03-00-00Z".into(),
        started: "2026-11-14T03:00:00Z".parse().unwrap(),
        finished: "2026-11-14T03:06:11Z".parse().unwrap(),
        alert: None,
    }
}

/// The report compared with yesterday's run, with what its accounts say has changed.
pub(super) fn compared(mut report: Report) -> Report {
    report.changes.baseline = Baseline::Compared { run: yesterday() };
    let seen = view(&report, |_| true).changes;
    report.changes.counts = seen.counts;
    report.changes.groups = seen.groups;
    report.thresholds_crossed = orgscan_core::thresholds::crossings(&report, &limits());
    report
}

/// The same with a new public bucket in each account.
pub(super) fn since_yesterday(mut report: Report) -> Report {
    for account in &mut report.accounts {
        account.changes = [change(BUCKETS, &[Critical], &[], 0)].into_iter().collect();
    }
    compared(report)
}

/// The bad night, the day after a better one.
pub(super) fn a_worse_night() -> Report {
    let mut report = a_bad_night();
    report.accounts[0].changes = [
        change(USERS, &[], &[High], 0),
        change(VOLUMES, &[High; 3], &[], 12),
        change(BUCKETS, &[Critical; 2], &[], 0),
    ]
    .into_iter()
    .collect();
    report.accounts[1].changes = [CheckChanges {
        worsened: counts(&[Low]),
        ..change(VOLUMES, &[], &[], 0)
    }]
    .into_iter()
    .collect();
    let mut report = compared(report);
    let changes = &mut report.changes;
    changes.coverage_lost.push(CoverageLoss {
        account_id: id(3),
        account_name: "legacy-billing".into(),
        targets: 3,
        causes: [(Cause::RoleNotAssumable, 3)].into(),
    });
    changes.permission_lost.push(PermissionLoss {
        account_id: id(2),
        account_name: "dev".into(),
        action: "ec2:DescribeVolumes".into(),
        cause: Cause::DeniedByScp,
    });
    changes.accounts_moved.push(AccountMove {
        account_id: id(2),
        account_name: "dev".into(),
        from_ou_path: String::new(),
        to_ou_path: "Workloads".into(),
    });
    changes.accounts_gone.push(AccountRemoval {
        account_id: id(4),
        account_name: "old".into(),
        detail: "closed".into(),
        findings: 7,
    });
    changes.coverage_regained.push(CoverageGain {
        account_id: id(1),
        account_name: "prod-web".into(),
        targets: 1,
    });
    report
}

fn exception(id: &str, expires: &str) -> ExceptionNotice {
    ExceptionNotice {
        id: id.into(),
        owner: "web team".into(),
        reason: "moves in spring".into(),
        expires: expires.parse().unwrap(),
        kind: orgscan_core::model::ExceptionKind::Findings,
        matched: Some(2),
    }
}

#[test]
fn a_worse_night_reads_like_this() {
    let report = a_worse_night();
    let exceptions = [
        exception("shop-ports", "2026-11-20"),
        exception("old-buckets", "2026-11-14"),
        exception("next-year", "2027-03-31"),
    ];
    let context = AlertContext {
        exceptions: &exceptions,
        report_location: Some("s3://audit/orgscan/daily/2026/11/15/run/"),
        has_page: false,
        manifest: None,
        ..context(&report)
    };
    let alert = render(&context).unwrap();
    insta::assert_snapshot!(alert.subject, @"orgscan: 2 new critical and 3 other new findings in 1 account, 1 reopened, 1 worsened, 12 resolved");
    insta::assert_snapshot!(alert.sms, @"orgscan: 2 new critical and 3 other new findings in 1 account, 1 reopened, 1 worsened, 1 exception expired (2 findings), 12 resolved");
    insta::assert_snapshot!(alert.email, @"
    2 new critical and 3 other new findings in 1 account, 1 reopened, 1 worsened, 1 exception expired (2 findings), 12 resolved; 1 account could not be scanned, 1 scanned in part; 3 thresholds crossed.
    Compared with run 2026-11-14T03-00-00Z of 2026-11-14 03:00 UTC.

    New (5)
      critical  prod-web (111100000001): S3 bucket is public (2)
      high      prod-web (111100000001): EBS volume is not encrypted (3)

    Reopened (1)
      high  prod-web (111100000001): IAM user has no MFA device

    Worsened (1)
      low  dev (111100000002): EBS volume is not encrypted

    Thresholds crossed (3)
       at least 2  public S3 buckets in the organization; threshold: more than 0; 2 new
                2  public S3 buckets in prod-web (111100000001), Workloads/Production; threshold: more than 0; 2 new
      at least 12  unencrypted EBS volumes in prod-web (111100000001), Workloads/Production; threshold: more than 1 of severity high or worse; 3 new

    Coverage lost since the previous run (1)
      legacy-billing (111100000003): not scanned, the role cannot be assumed

    Permissions lost (1)
      dev (111100000002): ec2:DescribeVolumes, denied by a service control policy

    Accounts closed or removed (1)
      old (111100000004): closed, with 7 findings

    Accounts moved to another OU (1)
      dev (111100000002): from the root to Workloads

    Coverage restored: 1 account.

    Exceptions expired or about to expire (2)
      old-buckets, web team: expired 2026-11-14, no longer suppresses 2 findings
      shop-ports, web team: expires 2026-11-20, suppresses 2 findings

    Open findings in what could be evaluated: 2 critical, 13 high, 4 medium, 2 low
         findings  accounts  highest severity  indicator
       at least 3         1  high              IAM users without MFA
       at least 1         1  high              IAM users with a console password and without MFA
      at least 16         2  high              unencrypted EBS volumes
       at least 2         1  critical          public S3 buckets

    Accounts with findings (2), highest severity first
      prod-web (111100000001), Workloads/Production: at least 2 critical, 13 high, 4 medium, 1 low
      dev (111100000002), Workloads: 1 low

    Coverage gaps: 4 of 10 targets not evaluated (target: one check in one account and Region)
      3  the role cannot be assumed
      1  throttled

    Accounts with gaps (2)
      legacy-billing (111100000003): not scanned, the role cannot be assumed
      prod-web (111100000001), Workloads/Production: 1 of 4 targets not evaluated, throttled

    Skipped: 3 accounts (2 not active in Organizations, 1 excluded by a filter), 1 account-Region pair.

    Notes
      1 account uses a credential report of 3 hours ago

    All findings, and how to fix them:
      s3://audit/orgscan/daily/2026/11/15/run/

    Run 2026-11-15T03-00-00Z of organization o-a1b2c3d4e5, 2026-11-15 03:00 to 03:07 UTC, orgscan 0.1.0: 3 accounts, 36 requests, 8.3% throttled, 450 s.
    ");
    insta::assert_snapshot!(alert.chat, @r#"{"version":"1.0","source":"custom","id":"2026-11-15T03-00-00Z","content":{"textType":"client-markdown","title":"orgscan: 2 new critical and 3 other new findings in 1 account, 1 reopened, 1 worsened, 1 exception expired (2 findings), 12 resolved; 1 account could not be scanned, 1 scanned in part; 3 thresholds c…","description":"*New (5)*\n• critical prod-web (111100000001): S3 bucket is public (2)\n• high prod-web (111100000001): EBS volume is not encrypted (3)\n\n*Reopened (1)*\n• high prod-web (111100000001): IAM user has no MFA device\n\n*Worsened (1)*\n• low dev (111100000002): EBS volume is not encrypted\n\n*Thresholds crossed (3)*\n• at least 2 public S3 buckets in the organization; threshold: more than 0; 2 new\n• 2 public S3 buckets in prod-web (111100000001), Workloads/Production; threshold: more than 0; 2 new\n• at least 12 unencrypted EBS volumes in prod-web (111100000001), Workloads/Production; threshold: more than 1 of severity high or worse; 3 new\n\n*Coverage lost since the previous run (1)*\n• legacy-billing (111100000003): not scanned, the role cannot be assumed\n\n*Permissions lost (1)*\n• dev (111100000002): ec2:DescribeVolumes, denied by a service control policy\n\n*Accounts closed or removed (1)*\n• old (111100000004): closed, with 7 findings\n\n*Accounts moved to another OU (1)*\n• dev (111100000002): from the root to Workloads\n\n*Coverage restored: 1 account.*\n\n*Exceptions expired or about to expire (2)*\n• old-buckets, web team: expired 2026-11-14, no longer suppresses 2 findings\n• shop-ports, web team: expires 2026-11-20, suppresses 2 findings","nextSteps":["All findings, and how to fix them: s3://audit/orgscan/daily/2026/11/15/run/"],"keywords":["orgscan","security"]},"metadata":{"threadId":"2026-11-15T03-00-00Z","summary":"2 new critical and 3 other new findings in 1 account, 1 reopened, 1 worsened, 1 exception expired (2 findings), 12 resolved; 1 account could not be scanned, 1 scanned in part; 3 thresholds crossed.","eventType":"orgscan.alert"}}"#);
    let document: serde_json::Value = serde_json::from_str(&alert.json).unwrap();
    insta::assert_snapshot!("document", format!("{document:#}"));
    assert!(jsonschema::is_valid(&schema().into(), &document));
    assert!(needed(&context));
}

#[test]
fn the_attributes_are_what_filter_policies_can_use() {
    let text = |report: &Report| {
        let attributes = alert_of(report).attributes;
        let lines = attributes
            .iter()
            .map(|a| format!("{} {} {}", a.name, a.data_type, a.value));
        lines.collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(text(&a_worse_night()), @r#"
    run_id String 2026-11-15T03-00-00Z
    highest_severity String critical
    findings Number 21
    thresholds_crossed Number 3
    coverage_complete String false
    regressions Number 7
    regressions_highest_severity String critical
    organization_id String o-a1b2c3d4e5
    account_ids String.Array ["111100000001","111100000002","111100000003","111100000004"]
    ou_paths String.Array ["Workloads","Workloads/Production"]
    "#);
    insta::assert_snapshot!(text(&a_bad_night()), @r#"
    run_id String 2026-11-15T03-00-00Z
    highest_severity String critical
    findings Number 21
    thresholds_crossed Number 3
    coverage_complete String false
    organization_id String o-a1b2c3d4e5
    account_ids String.Array ["111100000001","111100000002","111100000003"]
    ou_paths String.Array ["Workloads","Workloads/Production"]
    "#);
}

#[test]
fn every_attribute_is_in_the_documentation() {
    let page = include_str!("../../../../../docs/alert.md");
    for attribute in alert_of(&a_worse_night()).attributes {
        let row = format!("| `{}` | {} |", attribute.name, attribute.data_type);
        assert!(page.contains(&row), "{row}");
    }
}

#[test]
fn a_first_run_reports_all_findings() {
    let mut report = a_worse_night();
    report.changes.baseline = Baseline::FirstRun;
    let alert = alert_of(&report);
    insta::assert_snapshot!(alert.subject, @"orgscan: first run: at least 2 critical and 19 other findings in 2 of 3 accounts");
    insta::assert_snapshot!(first_lines(&alert.email, 8), @"
    First run: at least 2 critical and 19 other findings in 2 of 3 accounts; 1 account could not be scanned, 1 scanned in part; 3 thresholds crossed.
    This is the first run. The next run reports what changed.

    Findings (5)
      critical  prod-web (111100000001): S3 bucket is public (2)
      high      prod-web (111100000001): EBS volume is not encrypted (3)

    Reopened (1)
    ");
    assert!(needed(&context(&report)));
}

#[test]
fn without_a_usable_history_all_findings_are_reported_with_the_reason() {
    let mut report = a_bad_night();
    report.changes.baseline = Baseline::Unavailable {
        reason: "s3://audit/state/findings.jsonl.gz is of a newer version; use orgscan 2".into(),
    };
    let alert = alert_of(&report);
    insta::assert_snapshot!(alert.subject, @"orgscan: at least 2 critical and 19 other findings in 2 of 3 accounts; 3 thresholds crossed");
    insta::assert_snapshot!(first_lines(&alert.email, 3), @"
    At least 2 critical and 19 other findings in 2 of 3 accounts; 1 account could not be scanned, 1 scanned in part; 3 thresholds crossed; changes are unknown.
    Changes are unknown because the history cannot be used: s3://audit/state/findings.jsonl.gz is of a newer version; use orgscan 2
    ");
    assert!(needed(&context(&report)));
}

#[test]
fn nothing_new_is_no_message_but_reads_well_where_one_is_asked_for() {
    let report = compared(a_bad_night());
    assert!(!report.thresholds_crossed.is_empty() && !report.coverage.is_complete());
    assert!(!needed(&context(&report)));
    let alert = alert_of(&report);
    insta::assert_snapshot!(alert.subject, @"orgscan: no new findings; 1 account could not be scanned, 1 scanned in part; 3 thresholds crossed");
    insta::assert_snapshot!(alert.sms, @"orgscan: no new findings; 1 account could not be scanned, 1 scanned in part; 3 thresholds crossed");
    insta::assert_snapshot!(first_lines(&alert.email, 8), @"
    No new findings; 1 account could not be scanned, 1 scanned in part; 3 thresholds crossed.
    Compared with run 2026-11-14T03-00-00Z of 2026-11-14 03:00 UTC.

    Thresholds crossed (3)
       at least 2  public S3 buckets in the organization; threshold: more than 0
                2  public S3 buckets in prod-web (111100000001), Workloads/Production; threshold: more than 0
      at least 12  unencrypted EBS volumes in prod-web (111100000001), Workloads/Production; threshold: more than 1 of severity high or worse
    ");
    assert!(alert.chat.contains("No new findings"), "{}", alert.chat);
}

#[test]
fn the_same_thing_in_many_accounts_is_one_line() {
    let verdict = |n| match n {
        1..=42 => evaluated(BUCKETS, TargetScope::Global, 9, &[Critical; 2], &[]),
        _ => evaluated(BUCKETS, TargetScope::Global, 9, &[], &[]),
    };
    let results = (1..=60).map(|n| result(account(n, "a", "Work"), vec![verdict(n)]));
    let mut report = report_of(&results.collect::<Vec<_>>());
    for account in &mut report.accounts[..42] {
        account.changes = [change(BUCKETS, &[Critical; 2], &[], 0)]
            .into_iter()
            .collect();
    }
    for account in &mut report.accounts[40..43] {
        account.changes = [change(USERS, &[High], &[], 0)].into_iter().collect();
    }
    let text = alert_of(&compared(report)).email;
    insta::assert_snapshot!(first_lines(&text, 6), @"
    80 new critical and 3 other new findings in 43 accounts; 43 thresholds crossed.
    Compared with run 2026-11-14T03-00-00Z of 2026-11-14 03:00 UTC.

    New (83)
      critical  40 accounts: S3 bucket is public (80)
      high      a (111100000041), a (111100000042), a (111100000043): IAM user has no MFA device
    ");
}
