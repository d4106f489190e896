//! The central stack on the emulator, made with the product's own scripts.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

use super::{at, printed, programs};
use crate::judged::World;

/// The member role's name, beside the role that the emulated organization has already.
pub(super) const ROLE: &str = "OrgScanReader";

/// The AWS CLI's environment for the emulator. Its CloudFormation finds templates in S3 by this host's name alone.
fn aws(world: &World, command: &mut Command) {
    let config = world.folder().join("aws-config");
    std::fs::write(&config, "[default]\ns3 =\n  addressing_style = path\n").unwrap();
    world.environment(command);
    let path =
        std::env::join_paths([programs().to_owned(), "/usr/bin".into(), "/bin".into()]).unwrap();
    command
        .env("PATH", path)
        .env("AWS_CONFIG_FILE", config)
        .env(
            "AWS_ENDPOINT_URL",
            world.emulator.url.replace("127.0.0.1", "localhost"),
        );
}

pub(super) fn script(world: &World, name: &str, args: &[&str]) -> Command {
    let mut command = Command::new(at("infra").join(name));
    aws(world, &mut command);
    command.args(args);
    command
}

/// Runs `infra/deploy.sh`. Gives what it prints.
pub(super) fn deploy(world: &World, parameters: &[&str]) -> String {
    deploy_release(world, "", parameters)
}

/// The same with code that is another one for each release.
pub(super) fn deploy_release(world: &World, release: &str, parameters: &[&str]) -> String {
    let zip = world.folder().join("orgscan.zip");
    let release = if release.is_empty() { "0" } else { release };
    let mut python = Command::new(programs().join("python"));
    python.arg(at("tests/templates/code_zip.py")).arg(&zip);
    printed(python.args(["x86_64", release]));
    let role = format!("MemberRoleName={ROLE}");
    let mut command = script(world, "deploy.sh", &["--zip", zip.to_str().unwrap(), &role]);
    printed(command.args(parameters))
}

pub(super) fn cloudformation(world: &World, args: &[&str]) -> Value {
    let mut all = vec!["--output", "json", "cloudformation"];
    all.extend(args);
    serde_json::from_str(&printed(&mut aws_cli(world, &all))).unwrap()
}

pub(super) fn aws_cli(world: &World, args: &[&str]) -> Command {
    let mut command = Command::new(programs().join("aws"));
    aws(world, &mut command);
    command.args(["--region", "us-east-1"]).args(args);
    command
}

pub(super) fn outputs(world: &World) -> BTreeMap<String, String> {
    let stacks = cloudformation(world, &["describe-stacks", "--stack-name", "orgscan"]);
    let outputs = stacks["Stacks"][0]["Outputs"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    outputs
        .map(|one| (text(&one["OutputKey"]), text(&one["OutputValue"])))
        .collect()
}
