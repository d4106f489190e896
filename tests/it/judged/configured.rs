//! A configuration that lies in S3.

use serde_json::{Value, json};

use crate::bucket::Bucket;
use crate::judged::World;
use crate::lambda::{Function, InvocationResult, MINUTES, response};
use crate::run::Run;

const URL: &str = "s3://orgscan-settings/central/orgscan.yaml";

fn settings(world: &World, yaml: &str) -> Bucket {
    let bucket = Bucket::make(world, "orgscan-settings");
    bucket.put("central/orgscan.yaml", yaml.to_owned());
    bucket
}

#[test]
fn the_command_line_reads_it_and_names_it_in_errors() {
    let world = World::start(&[]);
    let id = world.id("storefront");
    let yaml = format!(
        "accounts: {{ include: {{ ids: ['{id}'] }} }}\nregions: {{ include: [us-east-1] }}\n"
    );
    let bucket = settings(&world, &yaml);
    let plan = |url: &str| {
        let command = world.orgscan(&["plan", "--format", "json", "--config", url]);
        Run::of(command, world.folder().join("none"))
    };
    let run = plan(URL);
    let planned: Value = serde_json::from_str(&run.stdout).unwrap();
    let accounts = planned["plan"]["accounts"].as_array().unwrap();
    let scanned = accounts
        .iter()
        .filter(|one| one["decision"]["decision"] == "scan");
    let scanned: Vec<_> = scanned.map(|one| &one["account"]["id"]).collect();
    assert_eq!(scanned, [&json!(id)]);
    let actions = |planned: &Value| planned["central_actions"].clone();
    let reading = json!("s3:GetObject");
    assert!(actions(&planned).as_array().unwrap().contains(&reading));
    let local = world.folder().join("orgscan.yaml");
    std::fs::write(&local, &yaml).unwrap();
    let planned: Value = serde_json::from_str(&plan(local.to_str().unwrap()).stdout).unwrap();
    assert!(!actions(&planned).as_array().unwrap().contains(&reading));

    bucket.put("central/orgscan.yaml", "role:\n  nam: x\n".to_owned());
    let run = plan(URL);
    assert_eq!(run.code(), 2);
    let expected = format!("{URL}:2: role.nam: unknown key; did you mean `name`?");
    assert!(run.stderr.contains(&expected), "{}", run.stderr);

    let run = plan("s3://orgscan-settings/none.yaml");
    assert_eq!(run.code(), 2);
    for expected in [
        "s3://orgscan-settings/none.yaml: ",
        "NoSuchKey",
        "correct the URL",
    ] {
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
}

#[test]
fn the_function_reads_it_again_for_each_invocation() {
    let world = World::start(&[]);
    let narrowed = |name: &str| {
        let id = world.id(name);
        format!(
            "accounts: {{ include: {{ ids: ['{id}'] }} }}\nregions: {{ include: [us-east-1] }}\n"
        )
    };
    let bucket = settings(&world, &narrowed("storefront"));
    let mut function = Function::start(&world, &[("ORGSCAN_CONFIG", URL)]);
    let mut invoke = |id: &str| {
        let event = json!({ "run_id": format!("run-{id}"), "dry_run": true });
        function.invoke(id, &event, MINUTES)
    };
    let first = response(invoke("1"));
    assert_eq!(first["coverage"]["accounts_scanned"], 1);

    bucket.put("central/orgscan.yaml", "api_share: 7\n".to_owned());
    let InvocationResult::Error(error) = invoke("2") else {
        panic!("a configuration that cannot be used was used");
    };
    let message = error["errorMessage"].as_str().unwrap();
    assert!(
        message.contains(&format!("{URL}:1: api_share")),
        "{message}"
    );

    bucket.put("central/orgscan.yaml", narrowed("acquired-startup"));
    let third = response(invoke("3"));
    assert_eq!(third["coverage"]["accounts_failed"], 1);
}
