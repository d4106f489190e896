//! What linters say about the templates and the scripts.

use std::collections::BTreeSet;

use serde_json::Value;
use tempfile::TempDir;

use super::deployed::NOT_EMULATED;
use super::{CENTRAL, MEMBER, at, printed, program, text};

#[test]
fn cfn_lint_reports_nothing() {
    let message = printed(program("cfn-lint").args([CENTRAL, MEMBER]));
    assert_eq!(message, "");
}

#[test]
fn checkov_finds_nothing_and_each_exception_has_its_reason() {
    for template in [CENTRAL, MEMBER] {
        let mut checkov = program("checkov");
        checkov.args(["--framework", "cloudformation", "--skip-download"]);
        checkov.args(["--output", "json", "--file", template]);
        let found: Value = serde_json::from_str(&printed(&mut checkov)).unwrap();
        assert_eq!(found["summary"]["failed"], 0, "{found}");
        assert_eq!(found["summary"]["parsing_errors"], 0, "{found}");
        assert!(found["summary"]["passed"].as_u64().unwrap() > 0);
        for skipped in found["results"]["skipped_checks"].as_array().unwrap() {
            let reason = skipped["check_result"]["suppress_comment"].as_str();
            assert!(reason.is_some_and(|why| why.len() > 20), "{skipped}");
        }
    }
}

/// What cfn-guard says of each rule, by `PASS`, `FAIL` and `SKIP`.
fn guarded(template: &str) -> Value {
    let folder = TempDir::with_prefix("orgscan-it-").unwrap();
    let file = folder.path().join("template.yaml");
    std::fs::write(&file, template).unwrap();
    let mut guard = program("python");
    guard.arg("tests/templates/guard.py").arg(file);
    serde_json::from_str(&printed(guard.arg("infra/rules.guard"))).unwrap()
}

#[test]
fn the_guard_rules_pass() {
    let central = guarded(&text(CENTRAL));
    assert_eq!(central["FAIL"], Value::Array(vec![]));
    assert_eq!(central["SKIP"], Value::Array(vec![]), "concerns nothing");
    let member = guarded(&text(MEMBER));
    assert_eq!(member["FAIL"], Value::Array(vec![]));
}

/// A rule, and what it takes in the central template to break it: this text replaced by that.
const BREACHES: &[[&str; 3]] = &[
    [
        "role_names_its_actions",
        "Action: cloudwatch:PutMetricData",
        "Action: cloudwatch:*",
    ],
    [
        "role_on_a_condition_names_its_actions",
        "Action: s3:GetObject\n                  Resource: !Sub\n",
        "Action: s3:*\n                  Resource: !Sub\n",
    ],
    [
        "policy_names_its_actions",
        "Action: sns:Publish\n            Resource: !Ref AlertTopic",
        "Action: \"sns:*\"\n            Resource: !Ref AlertTopic",
    ],
    [
        "policy_on_a_condition_names_its_actions",
        "Action: s3:GetObject\n              Resource: !Sub ${ReportBucket.Arn}/accounts",
        "Action: s3:Get*\n              Resource: !Sub ${ReportBucket.Arn}/accounts",
    ],
    [
        "key_names_its_actions",
        "- kms:CancelKeyDeletion",
        "- kms:*",
    ],
    [
        "key_rotates",
        "EnableKeyRotation: true",
        "EnableKeyRotation: false",
    ],
    [
        "bucket_is_encrypted",
        "SSEAlgorithm: !Ref ReportEncryption",
        "Other: 1",
    ],
    [
        "bucket_wants_tls",
        "aws:SecureTransport: false",
        "aws:SecureTransport: true",
    ],
    [
        "topic_is_encrypted_by_a_key_of_ours",
        "KmsMasterKeyId: !GetAtt Key.Arn",
        "KmsMasterKeyId: alias/aws/sns",
    ],
    [
        "queue_is_encrypted",
        "SqsManagedSseEnabled: true",
        "SqsManagedSseEnabled: false",
    ],
    [
        "logs_are_encrypted",
        "KmsKeyId: !GetAtt Key.Arn",
        "Other: 1",
    ],
    [
        "settings_are_encrypted",
        "KmsKeyArn: !GetAtt Key.Arn",
        "Other: 1",
    ],
    [
        "logs_have_a_retention",
        "RetentionInDays: !Ref LogRetentionDays",
        "Other: 1",
    ],
    [
        "queue_keeps_messages_as_long_as_it_can",
        "MessageRetentionPeriod: 1209600",
        "MessageRetentionPeriod: 60",
    ],
    ["bucket_has_a_life_cycle", "Prefix: weekly/", "Other: 1"],
    [
        "reports_outlive_the_stack",
        "DeletionPolicy: RetainExceptOnCreate",
        "DeletionPolicy: Delete",
    ],
    [
        "everything_is_tagged",
        "Tags: [{Key: application, Value: orgscan}]",
        "Tags: []",
    ],
];

#[test]
fn each_of_our_own_rules_can_fail() {
    let whole = text(CENTRAL);
    let every = guarded(&whole)["PASS"].clone();
    let every = every
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule.as_str().unwrap().to_owned());
    let shown: BTreeSet<String> = BREACHES
        .iter()
        .map(|[rule, ..]| (*rule).to_owned())
        .collect();
    assert_eq!(shown, every.collect());
    for [rule, right, wrong] in BREACHES {
        assert!(whole.contains(right), "{rule}: there is no {right}");
        let failed = guarded(&whole.replacen(right, wrong, 1))["FAIL"].to_string();
        assert!(
            failed.contains(rule),
            "{wrong} does not break {rule}: {failed}"
        );
    }
}

#[test]
fn shellcheck_reports_nothing() {
    let scripts = std::fs::read_dir(at("infra"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let scripts: Vec<_> = scripts
        .filter(|path| path.extension().is_some_and(|end| end == "sh"))
        .collect();
    assert!(scripts.len() >= 2, "{scripts:?}");
    printed(program("shellcheck").args(scripts));
}

/// Mistakes in what no emulator takes, and how cfn-lint names each by AWS's schema of the type.
const MISTAKES: &[(&str, &str, &str, &str)] = &[
    (
        "AWS::CloudFormation::StackSet",
        "      StackSetName: !Sub ${AWS::StackName}-member-role\n",
        "      StackSetTitle: member-role\n",
        "E3002",
    ),
    (
        "AWS::CloudFormation::StackSet",
        "      PermissionModel: SERVICE_MANAGED\n",
        "",
        "E3003",
    ),
    (
        "AWS::CloudFormation::StackSet",
        "DIFFERENCE, !Ref AWS::NoValue",
        "MINUS, !Ref AWS::NoValue",
        "E3030",
    ),
];

#[test]
fn resources_that_no_emulator_supports_match_awss_schema() {
    let shown: BTreeSet<_> = MISTAKES.iter().map(|(kind, ..)| *kind).collect();
    assert_eq!(shown, NOT_EMULATED.iter().copied().collect());
    let mut template = text(CENTRAL);
    for (_, right, wrong, _) in MISTAKES {
        assert!(template.contains(right), "{right}");
        template = template.replacen(right, wrong, 1);
    }
    let folder = TempDir::with_prefix("orgscan-it-").unwrap();
    let file = folder.path().join("orgscan.yaml");
    std::fs::write(&file, template).unwrap();
    let output = program("cfn-lint").arg(&file).output().unwrap();
    let message = String::from_utf8(output.stdout).unwrap();
    for (kind, _, _, rule) in MISTAKES {
        let found = message.lines().any(|line| line.starts_with(rule));
        assert!(found, "{rule} of {kind}: {message}");
    }
}
