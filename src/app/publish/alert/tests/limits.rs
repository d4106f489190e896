//! What SNS, SQS, telephones and chats can carry.

use orgscan_aws::testing::RecordingClient;
use orgscan_core::model::{
    AccountMove, AccountRemoval, AlertOutcome, BaselineRun, ChangeGroup, ChangeKind, CheckChanges,
    CoverageLoss, Crossing, PermissionLoss, SeverityCounts, ThresholdScope, TruncatedList,
};
use orgscan_core::testing::id;

use super::*;

/// Bytes of a message with its attributes, at most.
///
/// Source: <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>
const SNS: usize = 262_144;

/// What SNS asks of subjects.
#[track_caller]
fn assert_short(alert: &Alert) {
    let Alert { subject, sms, .. } = alert;
    assert!(subject.len() < 100, "{subject}");
    assert!(sms.len() <= 140, "{sms}");
    for text in [subject, sms] {
        assert!(
            text.starts_with(|c: char| c.is_ascii_alphanumeric()),
            "{text}"
        );
        let plain = |c: char| c.is_ascii() && !c.is_ascii_control();
        assert!(text.chars().all(plain), "{text}");
    }
}

fn list<T: Clone>(one: &T) -> TruncatedList<T> {
    let mut list = TruncatedList::default();
    for _ in 0..10_000 {
        list.push(one.clone());
    }
    list
}

/// 10,000 accounts with 20 thresholds crossed each, everything lost in all of them, and long texts
/// wherever others choose them, of characters that take four bytes.
fn a_huge_organization() -> Report {
    let name = &"\u{1f4a5}".repeat(50);
    let ou = vec!["\u{1f4a5}".repeat(128); 5].join("/");
    let gap = Gap::new("ec2:DescribeVolumes", Cause::Throttled);
    let found = [Critical, Informational];
    let verdict = evaluated(BUCKETS, TargetScope::Global, 9, &found, &[gap]);
    let result = |n| result(account(n, name, &format!("{ou}{n}")), vec![verdict.clone()]);
    let mut report = report_of(&(0..10_000).map(result).collect::<Vec<_>>());
    for account in &mut report.accounts {
        account.changes = [CheckChanges {
            check_id: BUCKETS.into(),
            new: SeverityCounts {
                critical: 1,
                ..SeverityCounts::default()
            },
            ..CheckChanges::default()
        }]
        .into_iter()
        .collect();
    }
    let crossing = |n: u64| Crossing {
        scope: match n % 2 {
            0 => ThresholdScope::Ou(ou.clone()),
            _ => ThresholdScope::Account(id(n / 20)),
        },
        indicator: "UnencryptedVolumes".into(),
        value: 1_000_000,
        lower_bound: true,
        highest_severity: Some(Critical),
        threshold: "more than 100000 or 12.5% of severity informational or worse".into(),
        exceeded: Vec::new(),
        new_or_reopened: 1,
    };
    report.thresholds_crossed = (0..200_000).map(crossing).collect();
    report.notes = vec!["n".repeat(5_000); 5_000];
    report.changes = changes(name, &ou);
    report
}

fn changes(name: &str, ou: &str) -> orgscan_core::model::Changes {
    let severity = |n: usize| Severity::ALL[n % 5];
    let groups = (0..5_000).map(|n| ChangeGroup {
        status: [ChangeKind::New, ChangeKind::Reopened, ChangeKind::Worsened][n % 3],
        severity: severity(n),
        check_id: format!("{name}-{n}").into(),
        findings: 1_000_000,
        accounts: 2,
        sample: vec![id(1), id(2)],
    });
    let long = "\u{1f4a5}".repeat(5_000);
    let run = BaselineRun {
        id: "r".repeat(128),
        started: orgscan_core::testing::run().started,
        finished: orgscan_core::testing::run().finished,
        alert: Some(AlertOutcome {
            delivered: false,
            detail: long.clone(),
        }),
    };
    let million = SeverityCounts {
        critical: 1_000_000,
        high: 1_000_000,
        ..SeverityCounts::default()
    };
    let (account_id, account_name) = (id(1), name.to_owned());
    let lost = list(&CoverageLoss {
        account_id: account_id.clone(),
        account_name: account_name.clone(),
        targets: 9,
        causes: [(Cause::Throttled, 9)].into(),
    });
    orgscan_core::model::Changes {
        baseline: Baseline::Compared { run },
        counts: [ChangeKind::New, ChangeKind::Reopened, ChangeKind::Resolved]
            .map(|kind| (kind, million))
            .into(),
        groups: groups.collect(),
        accounts_moved: list(&AccountMove {
            account_id: account_id.clone(),
            account_name: account_name.clone(),
            from_ou_path: ou.to_owned(),
            to_ou_path: ou.to_owned(),
        }),
        accounts_gone: list(&AccountRemoval {
            account_id: account_id.clone(),
            account_name: account_name.clone(),
            detail: long.clone(),
            findings: 1,
        }),
        coverage_lost: lost.clone(),
        coverage_missing: lost,
        coverage_regained: TruncatedList::default(),
        permission_lost: list(&PermissionLoss {
            account_id,
            account_name,
            action: long,
            cause: Cause::DeniedByScp,
        }),
    }
}

#[test]
fn the_message_stays_small_and_exact_however_large_the_organization() {
    let report = a_huge_organization();
    let exceptions: Vec<_> = (0..10_000)
        .map(|n| ExceptionNotice {
            id: format!("{n}-{}", "\u{1f4a5}".repeat(5_000)),
            owner: "\u{1f4a5}".repeat(5_000),
            reason: "\u{1f4a5}".repeat(5_000),
            expires: "2026-11-20".parse().unwrap(),
            kind: orgscan_core::model::ExceptionKind::Gaps,
            matched: Some(1),
        })
        .collect();
    let route = "\u{1f4a5} route".repeat(1_000);
    let context = AlertContext {
        exceptions: &exceptions,
        report_location: Some("s3://bucket/prefix"),
        has_page: false,
        manifest: None,
        route: Some(&route),
        ..context(&report)
    };
    let alert = render(&context).unwrap();
    let size = |a: &Attribute| a.name.len() + a.data_type.len() + a.value.len();
    let attributes: usize = alert.attributes.iter().map(size).sum();
    let message = message(&alert, true);
    assert!(message.len() + attributes <= SNS, "{}", message.len());
    assert_eq!(alert.attributes.len(), 10, "SQS takes no more");
    assert_short(&alert);
    for exact in [
        "crossed (200,000)",
        "and 199,980 more",
        "and 9,995 more",
        "and 4,980 more",
    ] {
        let is_listed = alert.email.contains(exact) || exact == "and 4,980 more";
        assert!(is_listed, "{exact}\n{}", alert.email);
    }
    let chat: serde_json::Value = serde_json::from_str(&alert.chat).unwrap();
    let long = chat["content"]["description"].as_str().unwrap();
    assert!(long.chars().count() < 3_000, "{long}");
    assert!(long.ends_with("more in the report"), "{long}");
}

#[test]
fn a_truncated_list_of_accounts_is_marked() {
    let alert = alert_of(&a_huge_organization());
    let value = |name: &str| {
        let found = alert.attributes.iter().find(|one| one.name == name);
        let value: Vec<String> = serde_json::from_str(&found.unwrap().value).unwrap();
        value
    };
    assert_eq!(value("account_ids").len(), 101);
    assert_eq!(value("account_ids").last().unwrap(), "more");
    assert_eq!(value("ou_paths").last().unwrap(), "more");
    let bytes: usize = value("ou_paths").iter().map(String::len).sum();
    assert!(bytes < 10_000, "{bytes}");
}

#[test]
fn numbers_too_long_for_the_subject_leave_the_last_part_out() {
    let mut report = a_bad_night();
    report.findings.critical = u64::MAX / 2;
    report.coverage.accounts_failed = u64::MAX / 2;
    let alert = alert_of(&report);
    assert_short(&alert);
    assert!(alert.sms.contains("critical"), "{}", alert.sms);
}

#[tokio::test]
async fn the_request_has_every_format_and_the_attributes() {
    let wire = RecordingClient::default();
    let config = aws_sdk_sns::Config::builder()
        .behavior_version(aws_sdk_sns::config::BehaviorVersion::latest())
        .region(aws_sdk_sns::config::Region::new("eu-west-1"))
        .credentials_provider(aws_credential_types::Credentials::new(
            "a", "b", None, None, "test",
        ))
        .http_client(wire.client())
        .build();
    let client = aws_sdk_sns::Client::from_conf(config);
    let alert = alert_of(&a_bad_night());
    let topic = "arn:aws:sns:eu-west-1:111100000999:alerts";
    let request = publish(&client, topic, &alert, false).unwrap();
    request.send().await.ok();
    let sent = wire.sent();
    let body = std::str::from_utf8(sent[0].body().bytes().unwrap()).unwrap();
    assert!(
        body.contains("Action=Publish") && body.contains("Subject=orgscan"),
        "{body}"
    );
    assert!(body.contains("MessageStructure=json"), "{body}");
    assert!(body.contains("Name=thresholds_crossed&"), "{body}");
}

#[test]
fn each_protocol_gets_its_format() {
    let alert = alert_of(&a_bad_night());
    let format = |chat, protocol: &str| {
        let formats: serde_json::Value = serde_json::from_str(&message(&alert, chat)).unwrap();
        formats[protocol].as_str().map(str::to_owned)
    };
    assert_eq!(format(false, "default"), Some(alert.json.clone()));
    assert_eq!(format(false, "email"), Some(alert.email.clone()));
    assert_eq!(format(false, "sms"), Some(alert.sms.clone()));
    assert_eq!(format(false, "https"), None);
    assert_eq!(format(true, "https"), Some(alert.chat.clone()));
}
