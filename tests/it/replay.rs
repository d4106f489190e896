//! Whole scans of the replayed organization.

use std::collections::BTreeMap;

use orgscan_sim::{FaultFile, ServiceBehavior, Settings};

use crate::expected::{expected_findings, without_ids};
use crate::run::Run;
use crate::simulated::SimulatedOrganization;

fn plain() -> Settings {
    Settings {
        behavior: ServiceBehavior::none(),
        ..Settings::default()
    }
}

/// How many findings each check has in each account, by the account's name.
fn counts(run: &Run) -> BTreeMap<(String, String), usize> {
    let mut counts = BTreeMap::new();
    for row in run.rows("findings.csv") {
        let of = (row["account_name"].clone(), row["check_id"].clone());
        *counts.entry(of).or_default() += 1;
    }
    counts
}

#[test]
fn a_scan_of_the_replay_finds_what_was_created() {
    let replayed = SimulatedOrganization::start(plain());
    let run = replayed.scan(&[]);
    assert_eq!(run.code(), 3, "{}", run.stderr);
    let resources = replayed.inventory.resources.iter();
    let names: BTreeMap<_, _> = resources
        .map(|(name, resource)| (resource.arn.clone(), name.clone()))
        .collect();
    let accounts = replayed.inventory.accounts.iter();
    let accounts: BTreeMap<_, _> = accounts
        .map(|(name, account)| (account.id.to_string(), name.as_str()))
        .collect();
    let rows = run.rows("findings.csv").into_iter();
    let mut found: Vec<_> = rows
        .map(|row| {
            let arn = &row["resource"];
            let name = names.get(arn).cloned();
            let name = name.unwrap_or_else(|| without_ids(arn, &accounts));
            (row["check_id"].clone(), row["region"].clone(), name)
        })
        .collect();
    let expected = expected_findings().into_iter();
    let mut expected: Vec<_> = expected
        .map(|[check, _, region, resource, _, _]| (check, region, resource))
        .collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(replayed.replay.missing(), [""; 0]);
}

/// What an account has once, however often its resources come: of IAM, all but users; databases, distributions, and what
/// services list in JSON.
fn is_once(check: &str) -> bool {
    const OF_USERS: &[&str] = &[
        "iam-access-key-not-rotated",
        "iam-credentials-unused",
        "iam-user-two-active-keys",
        "iam-user-without-mfa",
    ];
    let once = [
        "cloudfront-",
        "cloudtrail-",
        "efs-",
        "event-bus-",
        "iam-",
        "opensearch-",
        "organization-",
        "rds-",
        "resource-shared-",
        "root-",
    ];
    once.iter().any(|start| check.starts_with(start)) && !OF_USERS.contains(&check)
}

#[test]
fn copies_have_the_findings_of_their_originals_as_many_times_as_there_are_resources() {
    let replayed = SimulatedOrganization::start(Settings {
        accounts: Some(40),
        resources: 3,
        ..plain()
    });
    let run = replayed.scan(&[]);
    let found = counts(&run);
    let mut expected: BTreeMap<_, usize> = BTreeMap::new();
    for [check, account, _, resource, ..] in expected_findings() {
        // What stands for an account as a whole is there once.
        let times = if is_once(&check) || resource.ends_with(":account") {
            1
        } else {
            3
        };
        // How moto names the account that the organization is created from.
        let account = account.replace("management", "master");
        *expected.entry((account, check)).or_default() += times;
    }
    for ((account, check), count) in &expected {
        let of = |name: &str| found.get(&(name.to_owned(), check.clone())).copied();
        assert_eq!(of(account), Some(*count), "{account} {check}");
        let copy = of(&format!("{account}-1"));
        assert!(
            [None, Some(*count)].contains(&copy),
            "{account}-1 {check}: {copy:?}"
        );
    }
    let copied = found.keys().filter(|(account, _)| account.ends_with("-1"));
    assert!(copied.count() > 5, "{found:?}");
    let rows = run.rows("findings.csv");
    let once: std::collections::BTreeSet<_> = rows
        .iter()
        .map(|row| {
            // The ARN of AWS's own policies is the same in every account.
            let subject = (&row["account_id"], &row["resource"]);
            (subject, &row["part"], &row["check_id"])
        })
        .collect();
    assert_eq!(once.len(), rows.len(), "a finding is listed twice");
    assert_eq!(run.report()["accounts"].as_array().unwrap().len(), 40);
    assert_eq!(replayed.replay.missing(), [""; 0]);
}

#[test]
fn written_data_can_be_read() {
    let replayed = SimulatedOrganization::start(plain());
    let topic = "arn:aws:sns:eu-west-1:123456789012:security";
    let args = [
        "--metrics",
        "--alert-topic-arn",
        topic,
        "--report",
        "s3://reports/orgscan",
    ];
    let run = replayed.scan(&args);
    assert_eq!(run.code(), 3, "{}", run.stderr);
    let writes = replayed.replay.writes();
    let metrics: usize = writes
        .metrics
        .iter()
        .map(|request| request["MetricData"].as_array().unwrap().len())
        .sum();
    assert!(metrics > 50, "{metrics}");
    assert_eq!(writes.messages.len(), 1);
    assert_eq!(writes.messages[0]["TopicArn"], topic);
    assert_eq!(writes.messages[0]["region"], "eu-west-1");
    let reports = writes
        .objects
        .iter()
        .filter(|key| key.starts_with("reports/orgscan/"));
    assert!(reports.clone().any(|key| key.ends_with("/report.json")));
    assert!(reports.count() >= 5, "{:?}", writes.objects);
    assert_eq!(replayed.replay.missing(), [""; 0]);
}

#[test]
fn a_scan_keeps_within_the_published_quotas() {
    let mut settings = plain();
    settings.behavior.quota_scale = Some(1.0);
    settings.accounts = Some(30);
    let replayed = SimulatedOrganization::start(settings);
    let run = replayed.scan(&[]);
    assert_eq!(run.code(), 3, "{}", run.stderr);
    let counts = replayed.replay.counts();
    assert_eq!(counts.throttled, 0, "{:?}", counts.apis);
    assert!(counts.requests > 500, "{counts:?}");
}

/// Region, kind of fault, and the cause that it is reported as.
const FAULTS: &[[&str; 3]] = &[
    ["us-east-1", "denied_by_scp_explicit", "denied_by_scp"],
    ["us-east-2", "missing_permission", "missing_permission"],
    ["us-west-1", "throttled", "throttled"],
    ["us-west-2", "internal_error", "service_error"],
    ["eu-west-1", "region_disabled", "credentials_rejected"],
    ["eu-west-2", "reset", "network"],
    ["eu-west-3", "truncated", "malformed"],
    ["eu-central-1", "malformed", "malformed"],
    ["ca-central-1", "cut_cleanly", "malformed"],
    ["eu-north-1", "hang", "timed_out"],
    ["sa-east-1", "denied_unexplained", "denied_unexplained"],
];

#[test]
fn each_fault_is_reported_as_what_it_is() {
    let mut yaml = "faults:\n".to_owned();
    for [region, kind, _] in FAULTS {
        yaml += &format!("- {{ operation: DescribeVolumes, region: {region}, kind: {kind} }}\n");
    }
    let replayed = SimulatedOrganization::start(Settings {
        faults: FaultFile::parse("faults", &yaml).unwrap().faults,
        ..plain()
    });
    let config = replayed.folder().join("orgscan.yaml");
    std::fs::write(&config, "timeouts: { attempts: 1, request_seconds: 15 }\n").unwrap();
    let account = replayed.id("security-audit").to_string();
    let mut args = vec!["--config", config.to_str().unwrap(), "--account", &account];
    args.extend(["--check", "ebs-volume-unencrypted"]);
    args.extend(FAULTS.iter().flat_map(|[region, ..]| ["--region", region]));
    let run = replayed.scan(&args);
    let rows = run.rows("coverage.csv").into_iter();
    let own = rows.filter(|row| row["account_id"] == account);
    let causes: BTreeMap<_, _> = own
        .map(|row| (row["region"].clone(), row["cause"].clone()))
        .collect();
    for [region, kind, cause] in FAULTS {
        assert_eq!(causes[*region], *cause, "{kind}: {}", run.stderr);
    }
}

/// Rules that keep an account's Regions from being listed by EC2, and by Account Management.
const NO_LIST: &str = "- { operation: DescribeRegions, kind: denied_by_scp_explicit }\n\
                       - { operation: ListRegions, kind: missing_permission }\n";

/// Scans one account in three Regions, one of which rejects its session.
fn with_rejected_session(rules: &str, region: &str) -> (BTreeMap<String, [String; 2]>, String) {
    let rejected = format!(
        "- {{ region: {region}, service: ec2, operation: DescribeVolumes, kind: region_disabled }}\n"
    );
    let replayed = SimulatedOrganization::start(Settings {
        faults: FaultFile::parse("faults", &format!("faults:\n{rules}{rejected}"))
            .unwrap()
            .faults,
        ..plain()
    });
    let account = replayed.id("security-audit").to_string();
    let mut args = vec!["--account", &account, "--check", "ebs-volume-unencrypted"];
    args.extend(
        ["us-east-1", "eu-west-1", "af-south-1"]
            .iter()
            .flat_map(|name| ["--region", name]),
    );
    let run = replayed.scan(&args);
    let rows = run.rows("coverage.csv").into_iter();
    let own = rows.filter(|row| row["account_id"] == account && row["region"] != "global");
    let outcomes = own.map(|row| {
        let [region, outcome, cause] = ["region", "outcome", "cause"].map(|name| row[name].clone());
        (region, [outcome, cause])
    });
    assert_eq!(run.code(), 3, "{rules}{}", run.stderr);
    (outcomes.collect(), run.file("report.json"))
}

#[test]
fn a_default_region_that_rejects_the_session_is_unknown_and_never_off() {
    let rejected = ["unknown", "credentials_rejected"].map(str::to_owned);
    let off = ["skipped", "region_disabled"].map(str::to_owned);
    for rules in [
        "",
        "- { operation: DescribeRegions, kind: denied_by_scp_explicit }\n",
        NO_LIST,
    ] {
        let (outcomes, report) = with_rejected_session(rules, "eu-west-1");
        assert_eq!(outcomes["eu-west-1"], rejected, "{rules}");
        // The opt-in Region is off where an answer says so, and tried where none does.
        match rules == NO_LIST {
            false => assert_eq!(outcomes["af-south-1"], off, "{rules}"),
            true => assert_eq!(outcomes["af-south-1"], rejected, "{rules}"),
        }
        assert_eq!(
            report.contains("Account Management lists"),
            rules.contains("Describe") && rules != NO_LIST
        );
        assert_eq!(
            report.contains("Regions could not be listed"),
            rules == NO_LIST
        );
    }
}
