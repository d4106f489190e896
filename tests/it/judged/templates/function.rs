//! The function as it is deployed: with its own settings, in its role, where the emulator denies what no policy
//! allows, by action and resource.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::deployed::Deployment;
use super::policies::{SERVICES, texts};
use super::printed;
use super::stack::aws_cli;
use crate::judged::World;
use crate::lambda::{Function, MINUTES, response};

/// The settings' own bucket, since the report bucket has no name before the deployment.
const SETTINGS_BUCKET: &str = "orgscan-settings";

/// A topic of one of the alert routes.
const ROUTE: &str = "arn:aws:sns:us-east-1:123456789012:owners";

/// One check of a Region, and all that need a permission of the central role.
const CHECKS: &[&str] = &[
    "iam-user-beside-identity-center",
    "organization-delegated-administrator-missing",
    "organization-policy-delegation-missing",
    "organization-root-access-not-central",
    "organization-scp-missing",
    "s3-bucket-public",
];

/// Sends its requests elsewhere: metrics to the replay, invocations to nobody.
const ELSEWHERE: &[&str] = &["cloudwatch:PutMetricData", "lambda:InvokeFunction"];

/// All parts of the stack that add a permission.
const EVERYTHING: &[&str] = &[
    "Mode=distributed",
    "AthenaTables=on",
    "SecurityLake=on",
    "Regions=us-east-1",
    "ConfigLocation=s3://orgscan-settings/config/orgscan.yaml",
    "ExceptionsLocation=s3://orgscan-settings/exceptions.yaml",
    "AlertRouteTopicArns=arn:aws:sns:us-east-1:123456789012:owners",
];

fn put(world: &World, key: &str, content: &Value) {
    let file = world.folder().join("settings.yaml");
    std::fs::write(&file, content.to_string()).unwrap();
    let object = format!("s3://{SETTINGS_BUCKET}/{key}");
    printed(&mut aws_cli(
        world,
        &["s3", "cp", file.to_str().unwrap(), &object],
    ));
}

/// An organization with everything deployed, and the settings where the parameters say.
fn deployed() -> Deployment {
    let world = World::start(&["--no-bucket-region", "--no-account-paths"]);
    let bucket = format!("s3://{SETTINGS_BUCKET}");
    printed(&mut aws_cli(&world, &["s3", "mb", &bucket]));
    printed(&mut aws_cli(
        &world,
        &["sns", "create-topic", "--name", "owners"],
    ));
    let route = json!({"topic_arn": ROUTE, "match": {"names": ["*"]}, "send": "always"});
    let config = json!({
        "accounts": {"exclude": {"tags": {"environment": "no-such-environment"}}},
        "checks": {"include": CHECKS},
        "destinations": {"alert": {"topic_arn": ROUTE, "send": "always", "routes": [route]}},
    });
    put(&world, "config/orgscan.yaml", &config);
    put(&world, "exceptions.yaml", &json!({"exceptions": []}));
    Deployment::in_world(world, EVERYTHING)
}

/// The function's process, with the environment that the stack gave it and its role's credentials.
fn function(deployed: &Deployment) -> Function {
    let world = &deployed.world;
    let name = deployed.outputs["FunctionName"].as_str();
    let args = [
        "lambda",
        "get-function-configuration",
        "--function-name",
        name,
        "--output",
        "json",
    ];
    let message: Value = serde_json::from_str(&printed(&mut aws_cli(world, &args))).unwrap();
    let own = message["Environment"]["Variables"].clone();
    let mut variables: BTreeMap<String, String> = serde_json::from_value(own).unwrap();
    assert!(variables.contains_key("ORGSCAN_CONFIG"), "{message}");
    variables.extend(deployed.variables());
    let variables: Vec<_> = variables
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    Function::start_at(&world.emulator.url, world.folder(), &variables)
}

/// Scans on two days, the report of their week, and scans and the same report after it.
fn daily_and_weekly(function: &mut Function) {
    let daily = |day: &str| json!({"scheduled_time": format!("2026-11-{day}T05:00:00Z")});
    let weekly = json!({"weekly": {"scheduled_time": "2026-11-23T07:00:00Z"}});
    let events = [
        ("daily-1", daily("16")),
        ("daily-2", daily("17")),
        ("weekly", weekly.clone()),
        ("daily-after-weekly", daily("24")),
        ("weekly-again", weekly),
        ("daily-again", daily("25")),
    ];
    for (name, event) in events {
        let answer = response(function.invoke(name, &event, MINUTES));
        assert!(answer["report_location"].is_string(), "{name}: {answer}");
    }
}

/// The steps of a distributed run, with a batch that was given up.
fn distributed(function: &mut Function) {
    let event = json!({"scheduled_time": "2026-11-26T05:00:00Z"});
    let plan = json!({
        "step": "plan", "event": event, "started": "2026-11-26T05:00:00Z", "map_concurrency": 2, "batch_accounts": 10,
    });
    let plan = response(function.invoke("plan", &plan, MINUTES));
    let share = &plan["central_share"];
    let scan = json!({"step": "scan", "event": event, "run": plan["run"], "batch": 0, "central_share": share});
    response(function.invoke("scan", &scan, MINUTES));
    let failure = json!({"Error": "Lambda.Unknown", "Cause": "exited"});
    let given_up = json!({"step": "record_failure", "event": event, "run": plan["run"], "batch": 1, "failure": failure});
    response(function.invoke("record_failure", &given_up, MINUTES));
    let last = json!({"step": "consolidate", "event": event, "run": plan["run"], "failure": null});
    let answer = response(function.invoke("consolidate", &last, MINUTES));
    assert!(answer["report_location"].is_string(), "{answer}");
}

/// What a role's policies allow, an action and a resource at a time, as CloudFormation made them.
fn grants(deployed: &Deployment) -> BTreeSet<(String, String)> {
    let (_, role) = deployed.outputs["CentralRoleArn"].rsplit_once('/').unwrap();
    let args = [
        "iam",
        "get-role-policy",
        "--role-name",
        role,
        "--policy-name",
        "scan",
        "--output",
        "json",
    ];
    let message: Value =
        serde_json::from_str(&printed(&mut aws_cli(&deployed.world, &args))).unwrap();
    let statements = message["PolicyDocument"]["Statement"].as_array().unwrap();
    let pairs = statements.iter().flat_map(|statement| {
        assert_eq!(statement["Effect"], "Allow");
        let resources = texts(&statement["Resource"]);
        texts(&statement["Action"])
            .into_iter()
            .flat_map(move |action| {
                let resources = resources.clone().into_iter();
                resources.map(move |resource| (action.clone(), resource))
            })
    });
    pairs.collect()
}

/// Whether a resource is one of a policy's pattern, which has `*` and nothing else that is special.
fn is_of(pattern: &str, resource: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == resource,
        Some((begin, rest)) => resource.strip_prefix(begin).is_some_and(|left| {
            (0..=left.len())
                .filter(|at| left.is_char_boundary(*at))
                .any(|at| is_of(rest, &left[at..]))
        }),
    }
}

/// What the function's own account was asked for: action, resource and status.
fn requests(deployed: &Deployment) -> Vec<(String, String, u64)> {
    let central = deployed
        .world
        .emulator
        .inventory
        .management_account
        .as_str();
    let requests = deployed.world.requests().into_iter();
    let own = requests.filter(|one| one["account"] == central);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    own.map(|one| {
        let status = one["status"].as_u64().unwrap();
        (text(&one["action"]), text(&one["resource"]), status)
    })
    .collect()
}

#[test]
fn the_deployed_function_runs_daily_weekly_and_distributed_with_what_its_role_allows_and_needs_all_of_it()
 {
    let deployed = deployed();
    let mut function = function(&deployed);
    daily_and_weekly(&mut function);
    distributed(&mut function);
    let denied: Vec<_> = requests(&deployed)
        .into_iter()
        // The rule of a member whose role is missing.
        .filter(|(action, _, status)| *status == 403 && action != "sts:AssumeRole")
        .collect();
    assert!(denied.is_empty(), "{denied:?}");

    // Asked only where the usual way is barred.
    let barred = json!({"action": "ec2:DescribeRegions", "error": "permission"});
    deployed.world.rules(&[barred]);
    let event = json!({"scheduled_time": "2026-11-27T05:00:00Z"});
    response(function.invoke("barred", &event, MINUTES));

    let asked = requests(&deployed);
    let unused: Vec<_> = grants(&deployed)
        .into_iter()
        .filter(|(action, pattern)| {
            let elsewhere = [SERVICES, ELSEWHERE].concat().contains(&action.as_str());
            let used = asked
                .iter()
                .any(|(done, resource, _)| done == action && is_of(pattern, resource));
            !elsewhere && !used
        })
        .collect();
    assert!(unused.is_empty(), "granted and never needed: {unused:?}");
}
