//! The texts as people read them, and the limits of what carries them.

mod limits;
mod needed;
mod regressions;
mod sequence;

use orgscan_core::model::Severity::{self, Critical, High, Informational, Low, Medium};
use orgscan_core::model::{
    AccountResult, Cause, Decision, Gap, Region, RegionDecision, SkipReason, TargetScope,
};
use orgscan_core::settings::{Threshold, Thresholds};
use orgscan_core::testing::{
    BUCKETS, USERS, VOLUMES, account, evaluated, failed, plan, region, report, report_of, result,
};

use super::*;

fn limits() -> Thresholds {
    let above = |count| Threshold {
        count: Some(count),
        ..Threshold::default()
    };
    let mut thresholds = orgscan_core::testing::no_thresholds();
    thresholds
        .organization
        .insert("PublicBuckets".into(), above(0));
    thresholds.accounts.insert("PublicBuckets".into(), above(0));
    let bad = Threshold {
        min_severity: Some(High),
        ..above(1)
    };
    thresholds.accounts.insert("UnencryptedVolumes".into(), bad);
    thresholds
}

fn a_bad_night() -> Report {
    let throttled = Gap::new("ec2:DescribeVolumes", Cause::Throttled);
    let web = vec![
        evaluated(USERS, TargetScope::Global, 30, &[High, Medium, Low], &[]),
        evaluated(BUCKETS, TargetScope::Global, 12, &[Critical, Critical], &[]),
        evaluated(VOLUMES, region("eu-west-1"), 40, &[High; 12], &[]),
        evaluated(VOLUMES, region("us-east-1"), 9, &[Medium; 3], &[throttled]),
    ];
    let quiet = vec![
        evaluated(USERS, TargetScope::Global, 3, &[], &[]),
        evaluated(BUCKETS, TargetScope::Global, 2, &[], &[]),
        evaluated(VOLUMES, region("eu-west-1"), 1, &[Low], &[]),
    ];
    let skip = |reason| Decision::Skip {
        reason,
        detail: String::new(),
    };
    let mut web = result(account(1, "prod-web", "Workloads/Production"), web);
    let off = RegionDecision::Skip {
        reason: SkipReason::RegionDisabled,
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

/// What there is to tell of a report without any more.
fn context(report: &Report) -> AlertContext<'_> {
    AlertContext {
        report,
        exceptions: &[],
        report_location: None,
        has_page: false,
        manifest: None,
        dashboard: None,
        route: None,
    }
}

fn alert_of(report: &Report) -> Alert {
    render(&context(report)).unwrap()
}

fn first_lines(text: &str, n: usize) -> String {
    text.lines().take(n).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_bad_night_without_history_reads_like_this() {
    let report = a_bad_night();
    let context = AlertContext {
        report_location: Some("s3://audit/orgscan/daily/2026/11/15/run/"),
        has_page: false,
        manifest: None,
        dashboard: Some(
            "https://eu-west-1.console.aws.amazon.com/cloudwatch/home#dashboards/dashboard/OrgScan",
        ),
        ..context(&report)
    };
    let alert = render(&context).unwrap();
    insta::assert_snapshot!(alert.subject, @"orgscan: at least 2 critical and 19 other findings in 2 of 3 accounts; 3 thresholds crossed");
    insta::assert_snapshot!(alert.sms, @"orgscan: at least 2 critical and 19 other findings in 2 of 3 accounts; 1 account could not be scanned, 1 scanned in part");
    insta::assert_snapshot!(alert.email, @"
    At least 2 critical and 19 other findings in 2 of 3 accounts; 1 account could not be scanned, 1 scanned in part; 3 thresholds crossed.

    Thresholds crossed (3)
       at least 2  public S3 buckets in the organization; threshold: more than 0
                2  public S3 buckets in prod-web (111100000001), Workloads/Production; threshold: more than 0
      at least 12  unencrypted EBS volumes in prod-web (111100000001), Workloads/Production; threshold: more than 1 of severity high or worse

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
    Dashboard:
      https://eu-west-1.console.aws.amazon.com/cloudwatch/home#dashboards/dashboard/OrgScan

    Run 2026-11-15T03-00-00Z of organization o-a1b2c3d4e5, 2026-11-15 03:00 to 03:07 UTC, orgscan 0.1.0: 3 accounts, 36 requests, 8.3% throttled, 450 s.
    ");
    assert!(needed(&context));
}

#[test]
fn the_reader_is_led_to_the_page_and_an_owner_to_the_account() {
    let results = [result(account(1, "prod", "Work"), vec![])];
    let (one, none) = (report_of(&results), report_of(&[]));
    let led = |report: &Report, has_page| {
        let context = AlertContext {
            report,
            exceptions: &[],
            report_location: Some("s3://audit/run/"),
            has_page,
            manifest: None,
            dashboard: None,
            route: None,
        };
        let alert = render(&context).unwrap();
        let json: serde_json::Value = serde_json::from_str(&alert.json).unwrap();
        let (_, email) = alert.email.split_once("how to fix them:\n  ").unwrap();
        let location = email.lines().next().unwrap().to_owned();
        assert!(alert.chat.contains(&location), "{}", alert.chat);
        (location, json["page_url"].clone())
    };
    let account = "s3://audit/run/index.html#/account/111100000001";
    assert_eq!(led(&one, true), (account.to_owned(), account.into()));
    let page = "s3://audit/run/index.html";
    assert_eq!(led(&none, true), (page.to_owned(), page.into()));
    assert_eq!(led(&one, false).0, "s3://audit/run/");
    assert!(led(&one, false).1.is_null());
}

#[test]
fn a_quiet_night_reads_like_this() {
    let verdicts = vec![
        evaluated(USERS, TargetScope::Global, 3, &[], &[]),
        evaluated(BUCKETS, TargetScope::Global, 2, &[], &[]),
        evaluated(VOLUMES, region("eu-west-1"), 1, &[], &[]),
    ];
    let report = report_of(&[result(account(1, "dev", ""), verdicts)]);
    let alert = alert_of(&report);
    insta::assert_snapshot!(alert.subject, @"orgscan: no findings in 1 account");
    insta::assert_snapshot!(alert.email, @"
    No findings in 1 account.

    Open findings: none
      findings  accounts  highest severity  indicator
             0         0  -                 IAM users without MFA
             0         0  -                 IAM users with a console password and without MFA
             0         0  -                 unencrypted EBS volumes
             0         0  -                 public S3 buckets

    Run 2026-11-15T03-00-00Z of organization o-a1b2c3d4e5, 2026-11-15 03:00 to 03:07 UTC, orgscan 0.1.0: 1 account, 12 requests, 8.3% throttled, 450 s.
    ");
    assert!(!needed(&context(&report)));
}

#[test]
fn a_night_without_any_access_reads_like_this() {
    let results: Vec<_> = (1..=3).map(|n| failed(account(n, "a", ""))).collect();
    let report = report_of(&results);
    let alert = alert_of(&report);
    insta::assert_snapshot!(alert.subject, @"orgscan: no check could be evaluated in 3 accounts");
    insta::assert_snapshot!(alert.email, @"
    No check could be evaluated in 3 accounts.

    Open findings in what could be evaluated: none
      findings  accounts  highest severity  indicator
       unknown         -  -                 IAM users without MFA
       unknown         -  -                 IAM users with a console password and without MFA
       unknown         -  -                 unencrypted EBS volumes
       unknown         -  -                 public S3 buckets

    Coverage gaps: 9 of 9 targets not evaluated (target: one check in one account and Region)
      9  the role cannot be assumed

    Accounts with gaps (3)
      a (111100000001): not scanned, the role cannot be assumed
      a (111100000002): not scanned, the role cannot be assumed
      a (111100000003): not scanned, the role cannot be assumed

    Run 2026-11-15T03-00-00Z of organization o-a1b2c3d4e5, 2026-11-15 03:00 to 03:07 UTC, orgscan 0.1.0: 3 accounts, 36 requests, 8.3% throttled, 450 s.
    ");
    assert!(needed(&context(&report)));
}

#[test]
fn a_run_that_scans_nothing_does_not_read_like_an_all_clear() {
    let skip = Decision::Skip {
        reason: SkipReason::NotIncluded,
        detail: String::new(),
    };
    let plan = plan(vec![(account(1, "a", ""), skip)]);
    let alert = alert_of(&report(&plan, &[], &limits(), vec![]));
    insta::assert_snapshot!(alert.subject, @"orgscan: no account scanned, 1 account skipped");
    insta::assert_snapshot!(alert.email, @"
    No account scanned, 1 account skipped.

    Skipped: 1 account (1 not included by a filter).

    Run 2026-11-15T03-00-00Z of organization o-a1b2c3d4e5, 2026-11-15 03:00 to 03:07 UTC, orgscan 0.1.0: 0 accounts, 0 requests, 0.0% throttled, 450 s.
    ");
}

#[test]
fn no_findings_so_far_do_not_read_like_an_all_clear() {
    let good = result(
        account(1, "a", ""),
        vec![evaluated(BUCKETS, TargetScope::Global, 2, &[], &[])],
    );
    let alert = alert_of(&report_of(&[good, failed(account(2, "b", ""))]));
    insta::assert_snapshot!(alert.subject, @"orgscan: no findings in what could be evaluated; 1 account could not be scanned");
    insta::assert_snapshot!(first_lines(&alert.email, 3), @"
    No findings in what could be evaluated; 1 account could not be scanned.

    Open findings in what could be evaluated: none
    ");
}

#[test]
fn names_that_others_chose_cannot_add_lines_or_turn_them_around() {
    let name = "x\r\n\r\nAll clear\u{1b}[2J\u{202e}\u{2028}<!channel>[a](https://b)\0";
    let verdict = evaluated(BUCKETS, TargetScope::Global, 9, &[Critical], &[]);
    let good = result(account(1, "prod-web", "Work"), vec![verdict.clone()]);
    let bad = result(account(1, name, "Work\n"), vec![verdict]);
    let texts = |results: &[AccountResult]| {
        let alert = alert_of(&regressions::since_yesterday(report_of(results)));
        (alert.email, alert.chat)
    };
    let ((good, _), (bad, chat)) = (texts(&[good]), texts(&[bad]));
    assert!(
        good.contains("prod-web (111100000001): S3 bucket"),
        "{good}"
    );
    assert_eq!(good.lines().count(), bad.lines().count());
    let plain = |c: char| c == '\n' || c == '…' || (c.is_ascii() && !c.is_control());
    assert!(bad.chars().all(plain), "{bad}");
    assert!(!chat.contains("<!") && !chat.contains("[a]"), "{chat}");
    assert!(chat.contains("&lt;!channel&gt;"), "{chat}");
}
