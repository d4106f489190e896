//! `orgscan doctor` as a process, against an endpoint that answers as AWS does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::run::{Run, point_at, runtime};
use crate::serving::Serving;

mod fake;

use fake::{
    FakeAws, FakeResponse, STACK_SETS, concurrency, delegated, fine, identity, json_error, role,
    stack, subscriptions, xml_error,
};

const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:alerts";

/// What doctor printed.
struct DoctorOutput {
    run: Run,
    asked: Vec<(String, String)>,
}

fn examined(answers: BTreeMap<&'static str, FakeResponse>, args: &[&str]) -> DoctorOutput {
    examined_at(None, answers, args)
}

fn examined_at(
    date: Option<&'static str>,
    answers: BTreeMap<&'static str, FakeResponse>,
    args: &[&str],
) -> DoctorOutput {
    let home = TempDir::new().unwrap();
    let fake = Arc::new(FakeAws {
        answers,
        date,
        asked: Mutex::default(),
    });
    let serving = runtime().block_on(Serving::start(fake.clone()));
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_orgscan"));
    point_at(&mut command, &serving.url, home.path());
    command.args(["doctor", "--region", "eu-west-1"]).args(args);
    for (variable, value) in [
        ("ORGSCAN_METRICS_NAMESPACE", "OrgScan"),
        ("ORGSCAN_ALERT_TOPIC_ARN", TOPIC),
        ("ORGSCAN_REPORT_LOCATION", "s3://orgscan-reports/daily"),
        ("ORGSCAN_REPORT_KMS_KEY_ID", "alias/reports"),
        ("ORGSCAN_SIGNING_KMS_KEY_ID", "alias/signing"),
        (
            "ORGSCAN_EXCEPTIONS_LOCATION",
            "s3://orgscan-settings/exceptions.yaml",
        ),
        ("ORGSCAN_ROLE_EXTERNAL_ID", "a-secret-id"),
    ] {
        command.env(variable, value);
    }
    let run = Run::of(command, home.path().to_owned());
    assert!(!(run.stdout.clone() + &run.stderr).contains("a-secret-id"));
    let left = std::fs::read_dir(home.path()).unwrap().count();
    assert_eq!(left, 0, "doctor leaves nothing");
    let asked = fake.asked.lock().unwrap().clone();
    DoctorOutput { run, asked }
}

impl DoctorOutput {
    /// The status of each check.
    fn lines(&self) -> BTreeMap<String, Value> {
        let document: Value = serde_json::from_str(&self.run.stdout)
            .unwrap_or_else(|_| panic!("{}{}", self.run.stdout, self.run.stderr));
        let lines = document["checks"].as_array().unwrap().iter();
        lines
            .map(|line| (line["check"].as_str().unwrap().to_owned(), line.clone()))
            .collect()
    }
}

const JSON: &[&str] = &["--format", "json"];

/// What nobody can check without writing.
const NO_DRY_RUN: [&str; 3] = ["metrics", "alert topic", "report bucket"];

#[test]
fn all_is_ok_in_the_management_account_and_nothing_is_written() {
    let examined = examined(fine(), JSON);
    assert_eq!(examined.run.code(), 0, "{}", examined.run.stdout);
    let lines = examined.lines();
    assert_eq!(lines.len(), 20, "{lines:#?}");
    for (check, line) in &lines {
        let expected = match NO_DRY_RUN.contains(&check.as_str()) {
            true => "not_checked",
            false => "ok",
        };
        assert_eq!(line["status"], expected, "{line}");
    }
    let asked: BTreeSet<&str> = examined
        .asked
        .iter()
        .map(|(operation, _)| operation.as_str())
        .collect();
    let answered = fine();
    // No stack is looked for where no role has the name.
    let expected = answered
        .keys()
        .copied()
        .filter(|one| *one != "cloudformation:DescribeStackResources");
    assert_eq!(asked, expected.collect());
    for (operation, body) in &examined.asked {
        if ["kms:Sign", "kms:GenerateDataKey"].contains(&operation.as_str()) {
            assert!(body.contains("\"DryRun\":true"), "{operation}: {body}");
        }
    }
}

#[test]
fn all_is_ok_for_a_delegated_administrator_of_both_services() {
    let both = examined(delegated(&[STACK_SETS, "iam.amazonaws.com"]), JSON);
    assert_eq!(both.run.code(), 0, "{}", both.run.stdout);
    assert_eq!(both.lines()["delegation"]["status"], "ok");
    let one = examined(delegated(&[STACK_SETS]), JSON);
    assert_eq!(one.run.code(), 1);
    let line = &one.lines()["delegation"];
    assert_eq!(line["status"], "problem");
    let command = line["command"].as_str().unwrap();
    assert!(
        command.ends_with("--service-principal iam.amazonaws.com"),
        "{command}"
    );
}

#[test]
fn each_problem_is_found_with_its_fix_and_its_exit_code() {
    let bare = (200, json!({ "EnabledServicePrincipals": [] }).to_string());
    let other_key = json!({ "KeyId": "k", "KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY" });
    let cases: [(&str, &str, FakeResponse, &[&str]); 14] = [
        (
            "organization",
            "organizations:DescribeOrganization",
            json_error("AWSOrganizationsNotInUseException"),
            &[],
        ),
        (
            "accounts",
            "organizations:ListAccounts",
            json_error("AccessDeniedException"),
            &[],
        ),
        (
            "StackSets access",
            "organizations:ListAWSServiceAccessForOrganization",
            bare,
            &[],
        ),
        (
            "Lambda quota",
            "lambda:GetAccountSettings",
            concurrency(10),
            &["--reserved-concurrency", "60"],
        ),
        ("central role", "iam:GetRole", role(), &["--preflight"]),
        ("member role", "iam:GetRole", role(), &["--preflight"]),
        (
            "assume role",
            "sts:AssumeRole",
            xml_error(403, "AccessDenied"),
            &[],
        ),
        (
            "alert topic",
            "sns:GetTopicAttributes",
            xml_error(404, "NotFound"),
            &[],
        ),
        (
            "alert topic",
            "sns:GetTopicAttributes",
            subscriptions(0),
            &[],
        ),
        ("report bucket", "s3:HeadBucket", (404, String::new()), &[]),
        ("report bucket", "s3:HeadBucket", (301, String::new()), &[]),
        (
            "report key",
            "kms:GenerateDataKey",
            json_error("AccessDeniedException"),
            &[],
        ),
        (
            "signing key",
            "kms:GetPublicKey",
            (200, other_key.to_string()),
            &[],
        ),
        (
            "exceptions",
            "s3:GetObject",
            (200, "exceptions: [\n".to_owned()),
            &[],
        ),
    ];
    for (check, operation, answer, args) in cases {
        let mut answers = fine();
        answers.insert(operation, answer);
        let examined = examined(answers, &[JSON, args].concat());
        assert_eq!(examined.run.code(), 1, "{check}: {}", examined.run.stdout);
        let lines = examined.lines();
        assert_eq!(lines[check]["status"], "problem", "{}", lines[check]);
        let fix = lines[check]["remediation"].as_str().unwrap();
        assert!(!fix.is_empty(), "{check}");
    }
    let mut of_stack = fine();
    of_stack.insert("iam:GetRole", role());
    of_stack.insert("cloudformation:DescribeStackResources", stack());
    let examined = examined(of_stack, &[JSON, &["--preflight"]].concat());
    assert_eq!(examined.run.code(), 0, "{}", examined.run.stdout);
    assert_eq!(examined.lines()["assume role"]["status"], "not_checked");
}

/// A caller that may do nothing: what doctor may not ask is not checked, never ok.
#[test]
fn a_permission_that_is_missing_is_named_and_never_ok() {
    let mut answers: BTreeMap<_, _> = fine()
        .into_keys()
        .map(|operation| (operation, xml_error(403, "AccessDenied")))
        .collect();
    for operation in fine().into_keys() {
        if ["organizations", "lambda", "kms"]
            .iter()
            .any(|service| operation.starts_with(service))
        {
            answers.insert(operation, json_error("AccessDeniedException"));
        }
    }
    answers.insert("s3:HeadBucket", (403, String::new()));
    answers.insert("sts:GetCallerIdentity", identity("111122223333"));
    let examined = examined(answers, JSON);
    let lines = examined.lines();
    for (check, action) in [
        ("organization", "organizations:DescribeOrganization"),
        (
            "StackSets access",
            "organizations:ListAWSServiceAccessForOrganization",
        ),
        (
            "IAM access",
            "organizations:ListAWSServiceAccessForOrganization",
        ),
        ("Lambda quota", "lambda:GetAccountSettings"),
        ("central role", "iam:GetRole"),
        ("member role", "iam:GetRole"),
        ("alert topic", "sns:GetTopicAttributes"),
        ("report bucket", "s3:ListBucket"),
    ] {
        let line = &lines[check];
        assert_eq!(line["status"], "not_checked", "{line}");
        let detail = line["detail"].as_str().unwrap();
        assert!(detail.starts_with(&format!("needs {action}")), "{detail}");
    }
    let needs_nothing = [
        "credentials",
        "clock",
        "partition",
        "home Region",
        "open files",
    ];
    for (check, line) in &lines {
        let is_ok = line["status"] == "ok";
        assert_eq!(is_ok, needs_nothing.contains(&check.as_str()), "{line}");
    }
}

#[test]
fn without_credentials_or_with_a_wrong_clock_that_comes_first() {
    let mut answers = fine();
    answers.insert(
        "sts:GetCallerIdentity",
        xml_error(403, "InvalidClientTokenId"),
    );
    for (check, examined) in [
        ("credentials", examined(answers, JSON)),
        (
            "clock",
            examined_at(Some("Mon, 01 Jan 2001 00:00:00 GMT"), fine(), JSON),
        ),
    ] {
        assert_eq!(examined.run.code(), 1, "{}", examined.run.stdout);
        for (name, line) in examined.lines() {
            let expected = match name.as_str() {
                name if name == check => "problem",
                "open files" => "ok",
                _ => "not_checked",
            };
            assert_eq!(line["status"], expected, "{line}");
        }
    }
}

#[test]
fn people_read_aligned_lines_and_a_broken_configuration_is_no_examination() {
    let run = examined(fine(), &[]).run;
    assert!(
        run.stdout
            .contains("ok           credentials      account 111122223333"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("No problems. 3 not checked."),
        "{}",
        run.stdout
    );
    let home = TempDir::new().unwrap();
    let config = home.path().join("orgscan.yaml");
    std::fs::write(&config, "rol: {}\n").unwrap();
    let mut command = crate::isolated::orgscan();
    command.args(["doctor", "--config"]).arg(&config);
    let broken = Run::of(command, home.path().to_owned());
    assert_eq!(broken.code(), 2);
    assert!(
        broken.stderr.contains("orgscan.yaml:1: rol"),
        "{}",
        broken.stderr
    );
}
