//! Under AWS's quotas, and smaller ones: everything is covered, hardly anything is throttled, and
//! what AWS limits centrally holds up nothing else.

use orgscan_sim::{Latency, LoggedRequest, ServiceBehavior, Settings};
use serde_json::Value;

use crate::run::Run;
use crate::simulated::SimulatedOrganization;

/// Accounts of the recorded organization that are there to fail, wholly or in part.
const SOUND: &str = "accounts: { exclude: { names: [acquired-startup, staging-integrations, \
                     payments-ledger] } }\n";

fn under(behavior: ServiceBehavior, accounts: usize) -> SimulatedOrganization {
    SimulatedOrganization::start(Settings {
        accounts: Some(accounts),
        behavior,
        log: true,
        ..Settings::default()
    })
}

/// Half of what AWS publishes, and answers in a quarter of the time: the quotas are hit harder.
fn half() -> ServiceBehavior {
    ServiceBehavior {
        quota_scale: Some(0.5),
        latency: Some(Latency {
            median: std::time::Duration::from_millis(10),
            p99: std::time::Duration::from_millis(60),
        }),
        credential_report: None,
        ..ServiceBehavior::aws()
    }
}

fn scanned(simulated: &SimulatedOrganization, share: &str) -> Run {
    let config = simulated.folder().join("orgscan.yaml");
    std::fs::write(&config, SOUND).unwrap();
    let run = simulated.scan(&["--config", config.to_str().unwrap(), "--api-share", share]);
    assert_eq!(run.code(), 0, "complete: {}", run.stderr);
    run
}

#[test]
fn with_quotas_half_as_large_everything_is_covered_and_hardly_anything_throttled() {
    for share in ["0.5", "1"] {
        let simulated = under(half(), 60);
        let report = scanned(&simulated, share).report();
        assert_eq!(report["coverage"]["targets"]["unknown"], 0);
        assert_eq!(report["coverage"]["accounts_failed"], 0);
        let counts = simulated.replay.counts();
        let allowed = counts.requests / 100;
        assert!(counts.throttled <= allowed, "share {share}: {counts:?}");
        // A share that is twice what there is has to meet the quota at least once.
        assert!(counts.throttled > 0 || share != "1", "{counts:?}");
        let counted = report["accounts"].as_array().unwrap().len();
        assert_eq!(counted, 60);
    }
}

#[test]
fn all_requests_together_stay_within_the_limit_while_every_session_expires() {
    for limit in [1, 2, 40] {
        let simulated = under(
            ServiceBehavior {
                quota_scale: None,
                credential_report: None,
                // Sessions are renewed two minutes before they end: these with every request.
                session_limit: std::time::Duration::from_secs(60),
                latency: Some(Latency {
                    median: std::time::Duration::from_millis(2),
                    p99: std::time::Duration::from_millis(5),
                }),
                ..ServiceBehavior::aws()
            },
            16,
        );
        let config = simulated.folder().join("orgscan.yaml");
        let text = format!("{SOUND}concurrency: {{ requests: {limit} }}\n");
        std::fs::write(&config, text).unwrap();
        let config = config.to_str().unwrap();
        // The lease, results and the report go to S3 meanwhile.
        let location = ["--config", config, "--report", "s3://audit/orgscan"];
        let run = simulated.scan(&location);
        assert_eq!(run.code(), 0, "complete: {}", run.stderr);
        let counts = simulated.replay.counts();
        assert!(counts.in_flight_peak <= limit, "{limit}: {counts:?}");
        let renewals = counts.apis["sts:AssumeRole"].requests;
        assert!(renewals > 300, "{renewals}");
        assert!(counts.apis.contains_key("s3:PutObject"), "{counts:?}");
    }
}

fn position(log: &[LoggedRequest], mut is_it: impl FnMut(&LoggedRequest) -> bool) -> usize {
    log.iter().position(&mut is_it).unwrap()
}

#[test]
fn accounts_are_scanned_while_the_list_is_still_read() {
    let simulated = under(ServiceBehavior::aws(), 200);
    scanned(&simulated, "0.5");
    let log = simulated.requests();
    let first = position(&log, |one| one.api == "ec2:DescribeVolumes");
    let pages: Vec<usize> = (0..log.len())
        .filter(|at| log[*at].api == "organizations:ListAccounts")
        .collect();
    assert_eq!(pages.len(), 10);
    let later = pages.iter().filter(|at| **at > first).count();
    assert!(later >= 3, "{first} of {pages:?}");
}

#[test]
fn the_credential_report_is_asked_for_first_and_read_last() {
    let simulated = under(ServiceBehavior::none(), 16);
    let account = simulated.id("media-library").to_string();
    let run = simulated.scan(&["--account", &account]);
    assert_eq!(run.code(), 0, "{}", run.stderr);
    let log = simulated.requests();
    let of: Vec<&str> = log
        .iter()
        .filter(|one| one.account == account)
        .map(|one| one.api.as_str())
        .collect();
    let asked = of
        .iter()
        .position(|api| *api == "iam:GenerateCredentialReport");
    assert!(asked.unwrap() < 4, "{of:?}");
    assert_eq!(of.last(), Some(&"iam:GetCredentialReport"), "{of:?}");
}

#[test]
fn an_account_that_waits_to_be_tried_again_takes_no_room_from_others() {
    let simulated = SimulatedOrganization::start(Settings {
        behavior: ServiceBehavior::none(),
        faults: serde_json::from_value(serde_json::json!([
            {"account": "storefront", "service": "ec2", "operation": "DescribeVolumes", "kind": "throttled"}
        ]))
        .unwrap(),
        log: true,
        ..Settings::default()
    });
    // As many requests at a time as that account has Regions.
    let config = simulated.folder().join("orgscan.yaml");
    std::fs::write(&config, "concurrency: { requests: 3 }\n").unwrap();
    let check = ["--check", "ebs-volume-unencrypted"];
    let run = simulated.scan(&[&check[..], &["--config", config.to_str().unwrap()]].concat());
    assert_eq!(run.code(), 3, "{}", run.stderr);
    let throttled = simulated.id("storefront").as_str();
    let log = simulated.requests();
    let others = |one: &LoggedRequest| one.account != throttled && one.api == "ec2:DescribeVolumes";
    let last = log.iter().rposition(others).unwrap();
    let later = log[last..].iter().filter(|one| one.account == throttled);
    assert!(later.count() > 3);
}

#[test]
fn a_throttled_account_delays_only_itself() {
    let simulated = SimulatedOrganization::start(Settings {
        behavior: ServiceBehavior::none(),
        faults: serde_json::from_value(serde_json::json!([
            {"account": "storefront", "service": "ec2", "operation": "DescribeVolumes", "kind": "throttled"}
        ]))
        .unwrap(),
        log: true,
        ..Settings::default()
    });
    let run = simulated.scan(&["--check", "ebs-volume-unencrypted"]);
    assert_eq!(run.code(), 3, "{}", run.stderr);
    let throttled = simulated.id("storefront").as_str();
    let log = simulated.requests();
    let is_late =
        |one: &&LoggedRequest| one.account != throttled && one.api == "ec2:DescribeVolumes";
    let others = log.iter().filter(is_late).count();
    let last = log.iter().rposition(|one| is_late(&one)).unwrap();
    let retries = log[last..]
        .iter()
        .filter(|one| one.account == throttled)
        .count();
    assert!(others > 30 && retries > 3, "{others} {retries}");
    let unknown = |name: &str| -> Value {
        let report = run.report();
        let accounts = report["accounts"].as_array().unwrap().clone();
        let found = accounts.into_iter().find(|one| one["name"] == name);
        found.unwrap()["targets"]["causes"].clone()
    };
    assert_eq!(unknown("storefront")["throttled"], 3);
    assert_eq!(unknown("analytics"), Value::Null);
}

#[test]
fn the_largest_account_is_not_started_last() {
    let simulated = SimulatedOrganization::start(Settings {
        accounts: Some(16),
        resources: 12,
        behavior: ServiceBehavior::none(),
        log: true,
        ..Settings::default()
    });
    let folder = simulated.folder();
    let config = folder.join("orgscan.yaml");
    std::fs::write(&config, "concurrency: { accounts: 1 }\n").unwrap();
    // Its buckets make it the account with most requests.
    let large = simulated.id("media-library").as_str();
    let order = |run_id: &str| {
        let seen = simulated.replay.log().len();
        let mut command = simulated.orgscan(&["scan", "--run-id", run_id, "--region", "us-east-1"]);
        command
            .arg("--config")
            .arg(&config)
            .arg("--report")
            .arg(&folder);
        assert_eq!(command.output().unwrap().status.code(), Some(3));
        let log = simulated.requests();
        let asked = log[seen..].iter().filter(|one| one.api == "s3:ListBuckets");
        let accounts: Vec<String> = asked.map(|one| one.account.clone()).collect();
        accounts
            .iter()
            .position(|account| account == large)
            .unwrap()
    };
    assert!(order("first") > 2);
    // The very first account that is listed waits for no other, and another one is large too.
    let second = order("second");
    assert!(second <= 2, "{second}");
}
