use orgscan_core::model::Severity::Critical;
use orgscan_core::model::{
    Account, Baseline, BaselineRun, CheckChanges, CoverageLoss, SeverityCounts, TargetScope,
    ThresholdScope,
};
use orgscan_core::settings::Threshold;
use orgscan_core::testing::{BUCKETS, account, evaluated, failed, id, plan, report, result};

use super::*;

const ALL: &str = "arn:aws:sns:eu-west-1:111100000999:all";
const WEB: &str = "arn:aws:sns:eu-west-1:111100000999:web";
const DATA: &str = "arn:aws:sns:eu-west-1:111100000999:data";

fn in_ou(ou: &str) -> AccountMatch {
    AccountMatch {
        ous: vec![ou.into()],
        ..AccountMatch::default()
    }
}

fn route(accounts: AccountMatch, topic_arn: &str) -> AlertRoute {
    AlertRoute {
        name: None,
        accounts,
        topic_arn: topic_arn.into(),
        send: None,
        chat: None,
    }
}

/// Two accounts of one OU and one of another, each with a new public bucket but the second, which could
/// be evaluated before.
fn example() -> Report {
    let bucket = |n, ou: &str, tags: &[(&str, &str)]| {
        let verdict = evaluated(BUCKETS, TargetScope::Global, 4, &[Critical], &[]);
        let tags = tags.iter().map(|(k, v)| ((*k).into(), (*v).into()));
        let account = Account {
            tags: tags.collect(),
            ..account(n, &format!("a{n}"), ou)
        };
        result(account, vec![verdict])
    };
    let results = [
        bucket(1, "Work/Web", &[]),
        failed(account(2, "a2", "Work/Web")),
        bucket(3, "Work/Data", &[("team", "data")]),
    ];
    let listed = results
        .iter()
        .map(|one| (one.account.clone(), orgscan_core::model::Decision::Scan));
    let any = Threshold {
        count: Some(0),
        ..Threshold::default()
    };
    let mut thresholds = orgscan_core::testing::no_thresholds();
    let limits: std::collections::BTreeMap<_, _> = [("PublicBuckets".to_owned(), any)].into();
    thresholds.organization = limits.clone();
    thresholds.accounts = limits.clone();
    for ou in ["Work", "Work/Web"] {
        thresholds.ous.insert(ou.into(), limits.clone());
    }
    let mut report = report(
        &plan(listed.collect()),
        &results,
        &thresholds,
        vec!["about a3".into()],
    );
    for n in [0, 2] {
        report.accounts[n].changes = [CheckChanges {
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
    report.changes.baseline = Baseline::Compared {
        run: BaselineRun {
            id: "yesterday".into(),
            started: report.run.started,
            finished: report.run.started,
            alert: None,
        },
    };
    report.changes.coverage_lost.push(CoverageLoss {
        account_id: id(2),
        account_name: "a2".into(),
        targets: 3,
        causes: [(orgscan_core::model::Cause::RoleNotAssumable, 3)].into(),
    });
    report
}

fn messages(report: &Report, config: &AlertConfig) -> Vec<Message> {
    let messages = Messages {
        report,
        config: Some(config),
        exceptions: &[],
        report_location: None,
        has_page: false,
        manifest: None,
    };
    messages.render().unwrap()
}

fn config(routes: Vec<AlertRoute>) -> AlertConfig {
    AlertConfig {
        routes,
        ..AlertConfig::to(ALL)
    }
}

#[test]
fn a_route_gets_what_is_about_its_accounts_and_nothing_else() {
    let report = example();
    let routes = vec![route(in_ou("Work/Web"), WEB)];
    let messages = messages(&report, &config(routes));
    assert_eq!(messages.len(), 2);
    assert!(messages[0].alert.email.contains("a3"));
    let web = &messages[1];
    assert_eq!(web.topic_arn.as_deref(), Some(WEB));
    assert!(web.should_send);
    let formats = [
        &web.alert.email,
        &web.alert.json,
        &web.alert.chat,
        &web.alert.sms,
    ];
    for format in formats {
        assert!(
            !format.contains("a3") && !format.contains(id(3).as_str()),
            "{format}"
        );
    }
    insta::assert_snapshot!(web.alert.sms, @"orgscan Work/Web: 1 new critical finding in 1 account; 1 account could not be scanned; 2 thresholds crossed");
    insta::assert_snapshot!(web.alert.email, @"
    1 new critical finding in 1 account; 1 account could not be scanned; 2 thresholds crossed.
    Compared with run yesterday of 2026-11-15 03:00 UTC.

    New (1)
      critical  a1 (111100000001): S3 bucket is public

    Thresholds crossed (2)
      at least 1  public S3 buckets in OU Work/Web; threshold: more than 0
               1  public S3 buckets in a1 (111100000001), Work/Web; threshold: more than 0

    Coverage lost since the previous run (1)
      a2 (111100000002): not scanned, the role cannot be assumed

    Open findings in what could be evaluated: 1 critical
        findings  accounts  highest severity  indicator
         unknown         -  -                 IAM users without MFA
         unknown         -  -                 IAM users with a console password and without MFA
         unknown         -  -                 unencrypted EBS volumes
      at least 1         1  critical          public S3 buckets

    Accounts with findings (1), highest severity first
      a1 (111100000001), Work/Web: 1 critical

    Coverage gaps: 3 of 4 targets not evaluated (target: one check in one account and Region)
      3  the role cannot be assumed

    Accounts with gaps (1)
      a2 (111100000002), Work/Web: not scanned, the role cannot be assumed

    Run 2026-11-15T03-00-00Z of organization o-a1b2c3d4e5, 2026-11-15 03:00 to 03:07 UTC, orgscan 0.1.0: 2 accounts, 24 requests, 8.3% throttled, 450 s.
    ");
}

#[test]
fn an_ous_total_concerns_routes_with_the_whole_ou() {
    let report = example();
    let crossed = |view: Report| {
        let ous = view
            .thresholds_crossed
            .into_iter()
            .filter_map(|one| match one.scope {
                ThresholdScope::Ou(path) => Some(path),
                ThresholdScope::Organization => Some("all".into()),
                ThresholdScope::Account(_) => None,
            });
        ous.collect::<Vec<String>>()
    };
    assert_eq!(report.thresholds_crossed.len(), 5);
    assert_eq!(
        crossed(view(&report, |one| one.ou_path == "Work/Web")),
        ["Work/Web"]
    );
    assert_eq!(crossed(view(&report, |_| true)), ["Work", "Work/Web"]);
    assert_eq!(crossed(view(&report, |one| one.id == id(1))), [""; 0]);
}

#[test]
fn a_view_of_everything_has_the_numbers_of_the_whole() {
    let report = example();
    let view = view(&report, |_| true);
    assert_eq!(view.coverage, report.coverage);
    assert_eq!(view.findings, report.findings);
    assert_eq!(view.indicators, report.indicators);
    assert_eq!(view.ous, report.ous);
}

#[test]
fn one_message_goes_to_each_topic_however_many_routes_name_it() {
    let report = example();
    let tags = AccountMatch {
        tags: [("team".to_owned(), "data".to_owned())].into(),
        ..AccountMatch::default()
    };
    let named = AlertRoute {
        name: Some("web team".into()),
        chat: Some(true),
        ..route(in_ou("Work/Web"), DATA)
    };
    let routes = vec![
        route(tags, DATA),
        route(in_ou("Work"), ALL),
        named,
        route(in_ou("Nowhere"), WEB),
    ];
    let messages = messages(&report, &config(routes));
    let sent: Vec<_> = messages
        .iter()
        .map(|one| {
            (
                one.topic_arn.as_deref().unwrap(),
                one.alert.route.as_deref(),
                one.should_send,
            )
        })
        .collect();
    assert_eq!(
        sent,
        [
            (ALL, None, true),
            (DATA, Some("team=data, web team"), true),
            (WEB, Some("Nowhere"), false),
        ]
    );
    assert_eq!(
        messages
            .iter()
            .map(|one| one.chat_for_https)
            .collect::<Vec<_>>(),
        [false, true, false]
    );
    assert!(messages[1].alert.json.contains("\"critical\":2"));
}

#[test]
fn a_route_can_be_alerted_after_every_run() {
    let report = example();
    let routes = |send| {
        let always = AlertRoute {
            send,
            ..route(in_ou("Nowhere"), WEB)
        };
        messages(&report, &config(vec![always]))[1].should_send
    };
    assert!(!routes(None));
    assert!(routes(Some(SendWhen::Always)));
    let everyone = AlertConfig {
        send: SendWhen::Always,
        ..config(vec![AlertRoute {
            send: Some(SendWhen::Needed),
            ..route(in_ou("Nowhere"), WEB)
        }])
    };
    assert!(!messages(&report, &everyone)[1].should_send);
}

#[test]
fn a_route_gets_all_findings_where_the_changes_are_unknown() {
    let sent = |since: Baseline, ou: &str| {
        let mut report = example();
        report.changes.baseline = since;
        report.accounts[1].outcome = orgscan_core::model::AccountOutcome::Scanned;
        report.accounts[1].targets = Default::default();
        report.thresholds_crossed.clear();
        messages(&report, &config(vec![route(in_ou(ou), WEB)]))[1].should_send
    };
    let unavailable = || Baseline::Unavailable {
        reason: "damaged".into(),
    };
    for since in [Baseline::FirstRun, Baseline::NotKept, unavailable()] {
        assert!(sent(since.clone(), "Work/Web"), "{since:?}");
        assert!(!sent(since.clone(), "Nowhere"), "{since:?}");
    }
}
