//! The command line as a process.

use serde_json::{Value, json};

use crate::expected::expected_findings;
use crate::isolated::orgscan;
use crate::run::Run;
use crate::simulated::SimulatedOrganization;

fn run(simulated: &SimulatedOrganization, args: &[&str]) -> Run {
    Run::of(simulated.orgscan(args), simulated.folder())
}

#[test]
fn the_demo_needs_nothing_and_leaves_everything_as_files() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report");
    let mut command = orgscan();
    command.args(["demo", "--accounts", "16", "--latency", "5/20"]);
    command.arg("--report").arg(&report);
    let run = Run::of(command, report);
    assert_eq!(run.code(), 0, "{}", run.stderr);
    assert_eq!(run.rows("findings.csv").len(), expected_findings().len());
    assert!(!run.metrics().is_empty());
    assert!(run.file("alert.txt").starts_with("Subject: "));
    assert!(run.stdout.contains(" explain s"), "{}", run.stdout);
    let unbroken = run.stdout.replace('\n', " ");
    assert!(unbroken.contains("exits with code 3"), "{}", run.stdout);
    let enrollment = "6 of 16 accounts not enrolled";
    assert!(run.stdout.contains(enrollment), "{}", run.stdout);
}

#[test]
fn faults_of_a_demo_come_from_a_file_and_show() {
    let folder = tempfile::tempdir().unwrap();
    let (faults, report) = (
        folder.path().join("faults.yaml"),
        folder.path().join("report"),
    );
    let demo = |text: &str| {
        std::fs::write(&faults, text).unwrap();
        let mut command = orgscan();
        command.args(["demo", "--accounts", "16", "--latency", "0", "--faults"]);
        command.arg(&faults).arg("--report").arg(&report);
        Run::of(command, report.clone())
    };
    let run = demo("faults:\n- { service: iam, kind: denied_by_scp_explicit }\n");
    assert_eq!(run.code(), 0, "{}", run.stderr);
    let users = run
        .rows("coverage.csv")
        .into_iter()
        .filter(|row| row["check_id"] == "iam-user-without-mfa" && row["cause"] == "denied_by_scp");
    assert_eq!(users.count(), 13);
    let refused = demo("faults:\n- { kind: trottled }\n");
    assert_eq!(refused.code(), 2);
    assert!(
        refused.stderr.contains("faults.yaml:2"),
        "{}",
        refused.stderr
    );
    assert!(refused.stderr.contains("throttled"), "{}", refused.stderr);
}

#[test]
fn a_narrowed_scan_is_complete_and_fails_on_the_chosen_severity() {
    let simulated = SimulatedOrganization::shared();
    let id = simulated.id("staging-storefront").as_str();
    let only = [
        "--account",
        id,
        "--check",
        "security-group-sensitive-port-open",
    ];
    let clean = simulated.scan(&only);
    assert_eq!(clean.code(), 0, "{}", clean.stderr);
    let skipped = clean.report()["coverage"]["accounts_skipped"]
        .as_u64()
        .unwrap();
    assert_eq!(skipped as usize, simulated.inventory.accounts.len() - 1);
    let failing = simulated.scan(&[&only[..], &["--fail-on", "critical"]].concat());
    assert_eq!(failing.code(), 1);
    let milder = simulated.scan(&[
        "--account",
        simulated.id("payments-api").as_str(),
        "--fail-on",
        "high",
    ]);
    assert_eq!(milder.code(), 0, "{}", milder.stdout);
}

#[test]
fn accounts_are_selected_by_nested_ou_name_and_tag() {
    let simulated = SimulatedOrganization::shared();
    let scanned = |yaml: &str| -> Vec<String> {
        let config = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(config.path(), yaml).unwrap();
        let path = config.path().to_str().unwrap();
        let run = run(
            simulated,
            &[
                "plan",
                "--region",
                "us-east-1",
                "--format",
                "json",
                "--config",
                path,
            ],
        );
        let plan: Value = serde_json::from_str(&run.stdout).unwrap();
        let accounts = plan["plan"]["accounts"].as_array().unwrap();
        let scanned = accounts
            .iter()
            .filter(|one| one["decision"]["decision"] == "scan");
        let mut names: Vec<_> = scanned
            .map(|one| one["account"]["name"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    let payments = scanned("accounts: { include: { ous: [Workloads/Production/Payments] } }");
    assert_eq!(payments, ["payments-api", "payments-ledger"]);
    let without = "accounts: { include: { ous: [Workloads/Production] }, exclude: { ous: [Workloads/Production/Payments] } }";
    assert!(
        scanned(without)
            .iter()
            .all(|name| !name.starts_with("payments"))
    );
    assert!(scanned(without).contains(&"storefront".to_owned()));
    let named = scanned("accounts: { include: { names: ['sandbox-*'] } }");
    assert_eq!(named, ["sandbox-alex", "sandbox-networking"]);
    let tagged = scanned("accounts: { include: { tags: { environment: sandbox } } }");
    assert_eq!(tagged, named);
}

#[test]
fn the_plan_names_accounts_regions_actions_and_requests() {
    let simulated = SimulatedOrganization::shared();
    let run = run(
        simulated,
        &["plan", "--region", "us-east-1", "--region", "af-south-1"],
    );
    assert_eq!(
        run.code(),
        3,
        "two accounts cannot be entered: {}",
        run.stderr
    );
    for text in [
        "storefront",
        "us-east-1 (1 disabled",
        "cannot be scanned: sts:AssumeRole",
        "SUSPENDED",
        "At least",
        "ec2:DescribeVolumes",
        "sts:AssumeRole",
        "organizations:ListAccounts",
    ] {
        assert!(run.stdout.contains(text), "{text} in {}", run.stdout);
    }
    let more = ["s3:GetObject", "s3:ListBucket", "lambda:InvokeFunction"];
    assert!(more.iter().all(|action| !run.stdout.contains(action)));
    let mut command = simulated.orgscan(&["plan", "--region", "us-east-1"]);
    command.env("ORGSCAN_REPORT_LOCATION", "s3://orgscan-reports/audit");
    let run = Run::of(command, simulated.folder());
    assert!(more.iter().all(|action| run.stdout.contains(action)));
}

#[test]
fn the_own_account_needs_no_organization_and_no_role() {
    let simulated = SimulatedOrganization::with(json!([
        {"service": "organizations", "kind": "missing_permission"},
        {"service": "sts", "operation": "AssumeRole", "kind": "assume_role_denied"},
    ]));
    let run = simulated.scan(&["--account", "self"]);
    assert_eq!(run.code(), 0, "{}{}", run.stdout, run.stderr);
    let report = run.report();
    assert_eq!(report["coverage"]["accounts_listed"], 1);
    let notes = report["accounts"][0]["notes"].to_string();
    assert!(notes.contains("caller's own credentials"), "{notes}");
}

#[test]
fn an_organization_that_cannot_be_listed_stops_the_run_with_a_fix() {
    let faults = json!([{"service": "organizations", "kind": "missing_permission"}]);
    let simulated = SimulatedOrganization::with(faults);
    let run = simulated.scan(&[]);
    assert_eq!(run.code(), 2);
    assert!(
        run.stderr.contains("organizations:DescribeOrganization"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("--account self"), "{}", run.stderr);
}

#[test]
fn a_run_that_is_started_again_with_its_id_scans_only_what_is_missing() {
    let simulated = SimulatedOrganization::with(json!([]));
    let folder = simulated.folder();
    let again = |expect: i32| {
        let mut command = simulated.orgscan(&["scan", "--run-id", "nightly", "--report"]);
        command.arg(&folder).arg("--timings");
        for region in &simulated.inventory.regions {
            command.args(["--region", region.as_str()]);
        }
        let run = Run::of(command, folder.clone());
        assert_eq!(run.code(), expect, "{}", run.stderr);
        run
    };
    let first = again(3);
    let findings = first.file("findings.csv");
    let stored = folder.join("runs/nightly/accounts");
    let missing = stored.join(format!("{}.json", simulated.id("storefront")));
    std::fs::remove_file(&missing).unwrap();
    let second = again(3);
    assert_eq!(second.file("findings.csv"), findings);
    let assumed = |run: &Run| {
        let line = run
            .stderr
            .lines()
            .find(|line| line.contains("sts:AssumeRole"));
        line.unwrap().split_whitespace().nth(1).unwrap().to_owned()
    };
    assert_eq!(assumed(&first), "15");
    assert_eq!(assumed(&second), "1");
}

#[test]
fn timings_show_where_the_time_went() {
    let run = SimulatedOrganization::shared().scan(&["--timings"]);
    for text in [
        "ec2:DescribeVolumes",
        "collect and evaluate",
        "requests per Region",
        "peak memory",
    ] {
        assert!(run.stderr.contains(text), "{text} in {}", run.stderr);
    }
}

#[test]
fn json_on_standard_output_is_the_report() {
    let run = SimulatedOrganization::shared().scan(&["--format", "json"]);
    let printed: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(printed, run.report());
}

#[test]
fn a_dry_run_writes_nothing_and_shows_the_cost_of_the_metrics() {
    let simulated = SimulatedOrganization::shared();
    let folder = simulated.folder();
    let mut command =
        simulated.orgscan(&["scan", "--region", "us-east-1", "--dry-run", "--report"]);
    command.arg(&folder);
    let run = Run::of(command, folder.clone());
    assert_eq!(run.code(), 3, "{}", run.stderr);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    assert!(run.stdout.contains("USD per month"), "{}", run.stdout);
}

#[test]
fn a_bad_configuration_names_file_line_field_and_fix() {
    let simulated = SimulatedOrganization::shared();
    let config = simulated.folder().join("bad.yaml");
    std::fs::write(&config, "role:\n  nam: x\napi_share: 2\n").unwrap();
    let run = simulated.scan(&["--config", config.to_str().unwrap()]);
    assert_eq!(run.code(), 2);
    assert!(
        run.stderr.contains("bad.yaml:2: role.nam"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("bad.yaml:3: api_share"),
        "{}",
        run.stderr
    );
}

#[test]
fn wrong_credentials_and_wrong_usage_exit_with_two() {
    let simulated = SimulatedOrganization::shared();
    let mut command = simulated.orgscan(&["scan", "--account", "self"]);
    command
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY");
    let without = Run::of(command, simulated.folder());
    assert_eq!(without.code(), 2);
    assert!(
        without.stderr.contains("there are no AWS credentials"),
        "{}",
        without.stderr
    );
    assert_eq!(run(simulated, &["scan", "--no-such-flag"]).code(), 2);
    assert_eq!(run(simulated, &["explain", "no-such-check"]).code(), 2);
    assert_eq!(run(simulated, &["checks"]).code(), 0);
}
