//! What an upgrade keeps: by CloudFormation's own schemas, and as the emulator does it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::stack::{aws_cli, cloudformation, deploy_release, outputs};
use super::{CENTRAL, parsed, printed, program, text};
use crate::judged::World;

/// What has data, or is known by its name or ARN outside the stack.
const STAYS: &[&str] = &[
    "AlertTopic",
    "CentralRole",
    "FailureQueue",
    "Function",
    "Key",
    "KeyAlias",
    "LogGroup",
    "MemberRoleStackSet",
    "ReportBucket",
    "ReportBucketPolicy",
];

/// Parameters that make another resource of one that is there, or take it away; nothing else does. Where
/// another resource is named, it is its place that decides.
const DECIDED: &[&str] = &[
    "AlertSubscription.Condition: AlertEmail",
    "AlertSubscription.Endpoint: AlertEmail",
    "AlertSubscription.TopicArn: AlertTopic",
    "AthenaDatabase.Condition: AthenaTables",
    "CentralRole.RoleName: CentralRoleName",
    "CoverageTable.Condition: AthenaTables",
    "CoverageTable.DatabaseName: AthenaDatabase",
    "ErrorAlarm.Condition: Mode",
    "FailedExecutions.Condition: Mode",
    "FindingsTable.Condition: AthenaTables",
    "FindingsTable.DatabaseName: AthenaDatabase",
    "FunctionInvokeConfig.FunctionName: Function",
    "MemberRole.Condition: CallAs",
    "MemberRole.Condition: MemberRoleDeployment",
    "MemberRole.Path: MemberRolePath",
    "MemberRole.RoleName: MemberRoleName",
    "MemberRoleStackSet.Condition: MemberRoleDeployment",
    "ReportBucketPolicy.Bucket: ReportBucket",
    "SigningKey.Condition: SignReports",
    "SigningKeyAlias.Condition: SignReports",
    "StateMachine.Condition: Mode",
    "StateMachineLogGroup.Condition: Mode",
    "StateMachineRole.Condition: Mode",
    "ThresholdCrossedAlarm.Condition: ThresholdAlarm",
];

/// By resource and property, what decides whether it is another one.
fn decided() -> Vec<(String, String, String)> {
    let mut command = program("python");
    command.arg("tests/templates/replaced.py").arg(CENTRAL);
    let found: BTreeMap<String, BTreeMap<String, Vec<String>>> =
        serde_json::from_str(&printed(&mut command)).unwrap();
    let of_resource = |(resource, properties): (String, BTreeMap<String, Vec<String>>)| {
        let each = properties.into_iter().flat_map(|(property, names)| {
            names.into_iter().map(move |name| (property.clone(), name))
        });
        let each = each.map(move |(property, name)| (resource.clone(), property, name));
        each.collect::<Vec<_>>()
    };
    found.into_iter().flat_map(of_resource).collect()
}

#[test]
fn only_known_parameters_make_another_resource_of_one_that_is_there() {
    let message: Vec<_> = decided()
        .into_iter()
        .map(|(resource, property, name)| format!("{resource}.{property}: {name}"))
        .collect();
    assert_eq!(message, DECIDED);
}

#[test]
fn retained_resources_can_only_be_renamed_and_the_documentation_names_the_parameter() {
    let template = parsed(CENTRAL);
    let parameters = template["Parameters"].as_object().unwrap();
    let documentation = text("docs/deployment.md");
    let (_, rest) = documentation
        .split_once("Not to be changed later:")
        .unwrap();
    let (warned, _) = rest.split_once("\n## ").unwrap();
    for (resource, property, name) in decided() {
        if STAYS.contains(&resource.as_str()) && parameters.contains_key(&name) {
            let known = ["RoleName", "Condition"];
            assert!(known.contains(&property.as_str()), "{resource}: {property}");
            assert!(warned.contains(&format!("`{name}`")), "{name}");
        }
    }
}

/// The physical ids of what is deployed, by logical id.
fn deployed(world: &World) -> BTreeMap<String, String> {
    let made = cloudformation(
        world,
        &["describe-stack-resources", "--stack-name", "orgscan"],
    );
    let made = made["StackResources"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    made.map(|one| {
        let id = text(&one["LogicalResourceId"]);
        (id, text(&one["PhysicalResourceId"]))
    })
    .collect()
}

/// What the emulator leaves behind where it should go, since its updates take away only what is no longer in the template.
const NOT_TAKEN_AWAY: &[&str] = &[
    "AlertSubscription",
    "FailedExecutions",
    "StateMachine",
    "StateMachineLogGroup",
    "StateMachineRole",
];

#[test]
fn an_upgrade_in_place_changes_the_function_and_keeps_what_stays() {
    let world = World::start(&[]);
    let upgrade = |release: &str, parameters: &[&str]| {
        let targets = ["TargetOrganizationalUnits=r-a1b2"];
        let message = deploy_release(&world, release, &[&targets[..], parameters].concat());
        (deployed(&world), message)
    };
    let (first, message) = upgrade("1", &[]);
    assert!(message.contains("aws lambda invoke"), "{message}");
    let before = function(&world);
    let bucket = outputs(&world)["ReportBucketName"].clone();
    let object = format!("s3://{bucket}/daily/kept.txt");
    printed(&mut aws_cli(&world, &["s3", "cp", CENTRAL, &object]));

    let (second, message) = upgrade("2", DISTRIBUTED);
    assert!(
        message.contains("aws stepfunctions start-execution"),
        "{message}"
    );
    let between = function(&world);
    assert_ne!(before.0, between.0, "the code is the same");
    assert_eq!((before.1, between.1), (1769, 3008));
    let added = second.keys().filter(|name| !first.contains_key(*name));
    assert_eq!(added.collect::<Vec<_>>(), NOT_TAKEN_AWAY);

    let (third, _) = upgrade("3", &["Mode=single", "MemorySize=1769"]);
    assert_eq!(function(&world).1, 1769);
    let left = third.keys().filter(|name| !first.contains_key(*name));
    assert_eq!(left.collect::<Vec<_>>(), NOT_TAKEN_AWAY);

    let kept = STAYS.iter().filter(|name| first.contains_key(**name));
    let kept: Vec<_> = kept
        .map(|name| [&first[*name], &second[*name], &third[*name]])
        .collect();
    assert_eq!(kept.len(), STAYS.len() - NOT_CREATED.len());
    assert!(kept.iter().all(|[a, b, c]| a == b && b == c), "{kept:?}");
    printed(&mut aws_cli(&world, &["s3", "ls", &object]));
}

/// What the emulator does not make in the first place.
const NOT_CREATED: &[&str] = &["MemberRoleStackSet"];

/// Another way to run, and something about each part of the stack.
const DISTRIBUTED: &[&str] = &[
    "Mode=distributed",
    "MemorySize=3008",
    "ReportEncryption=aws:kms",
    "ReportAccess=organization",
    "ReportRetentionDays=500",
    "LogRetentionDays=90",
    "MetricsNamespace=Security",
    "AlertEmail=a@example.com",
    "ThresholdAlarm=off",
    "ScheduleTimeZone=Europe/Berlin",
];

/// The code that the function runs, and its memory.
fn function(world: &World) -> (String, u64) {
    let mut command = aws_cli(world, &["lambda", "get-function-configuration"]);
    command.args(["--function-name", "orgscan-scan", "--output", "json"]);
    let message: Value = serde_json::from_str(&printed(&mut command)).unwrap();
    let code = message["CodeSha256"].as_str().unwrap().to_owned();
    (code, message["MemorySize"].as_u64().unwrap())
}
