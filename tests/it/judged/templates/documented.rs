//! Commands in the documentation: the AWS CLI, orgscan and the scripts accept each of them.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::Value;

use super::scripts::{FakeCli, ScriptResult};
use super::{MEMBER, at, parsed, printed, program, text};

/// The document whose commands are not tested: what earlier versions had.
const CHANGELOG: &str = "docs/CHANGELOG.md";

/// The document whose steps name operations without all options. Its code blocks are commands.
const CHECKS: &str = "docs/checks.md";

#[derive(Deserialize)]
struct DocumentedCommand {
    file: String,
    line: u32,
    block: bool,
    command: Vec<String>,
}

impl std::fmt::Display for DocumentedCommand {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{}:{}: {}",
            self.file,
            self.line,
            self.command.join(" ")
        )
    }
}

/// All commands of a program.
fn commands(program_name: &str) -> Vec<DocumentedCommand> {
    let documents = ["docs", "docs/how-to"].into_iter().flat_map(|folder| {
        let files = std::fs::read_dir(at(folder)).unwrap();
        files.map(move |file| format!("{folder}/{}", file.unwrap().file_name().display()))
    });
    let mut documents: Vec<_> = documents.filter(|name| name.ends_with(".md")).collect();
    documents.retain(|name| name != CHANGELOG);
    documents.push("README.md".to_owned());
    let mut python = program("python");
    python.arg("tests/templates/documented.py").args(documents);
    let found: Vec<DocumentedCommand> = serde_json::from_str(&printed(&mut python)).unwrap();
    let found: Vec<_> = found
        .into_iter()
        .filter(|one| one.command[0] == program_name && (one.block || one.file != CHECKS))
        .collect();
    assert!(!found.is_empty(), "no command of {program_name}");
    found
}

/// What the AWS CLI has against commands, by command.
pub(super) fn refused_by_the_aws_cli(commands: &[Vec<String>]) -> Value {
    let mut python = program("python");
    python.arg("tests/templates/aws_commands.py");
    let mut child = python
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin
        .write_all(serde_json::to_string(commands).unwrap().as_bytes())
        .unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_aws_cli_accepts_its_commands() {
    let commands: Vec<_> = commands("aws")
        .into_iter()
        .map(|one| one.command[1..].to_vec())
        .collect();
    assert_eq!(refused_by_the_aws_cli(&commands), serde_json::json!({}));
    let wrong = [
        "cloudformation",
        "describe-stacks",
        "--stak-name",
        "orgscan",
    ]
    .map(str::to_owned)
    .to_vec();
    let refused = refused_by_the_aws_cli(&[wrong]);
    assert_eq!(refused.as_object().unwrap().len(), 1, "{refused}");
}

#[test]
fn orgscan_accepts_its_commands() {
    let mut refused = Vec::new();
    for one in commands("orgscan") {
        let mut command = Command::new(env!("CARGO_BIN_EXE_orgscan"));
        let arguments = one.command[1..].iter().filter(|argument| *argument != "&");
        let arguments = arguments.map(|argument| match argument.as_str() {
            "SHA256" => "0".repeat(64),
            // What stands for the reader's own.
            other => other.replace("s3://BUCKET", "s3://bucket"),
        });
        // clap reads what is before the flag first.
        let output = command.args(arguments).arg("--help").output().unwrap();
        if !output.status.success() {
            refused.push(format!(
                "{one}\n{}",
                String::from_utf8_lossy(&output.stderr)
            ));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

/// What `deploy.sh` does with a command, without changing anything. The code is where the command says.
fn dry_run(mut fake: FakeCli, one: &DocumentedCommand) -> ScriptResult {
    let zip = fake.zip("x86_64");
    fake.has_code("x86_64");
    let mut args: Vec<_> = one.command[1..].iter().map(String::as_str).collect();
    match args.iter().position(|arg| *arg == "--zip") {
        Some(position) => args[position + 1] = zip.to_str().unwrap(),
        None if one.command.iter().any(|arg| arg.starts_with("CodeKey=")) => {}
        None => args.extend(["--zip", zip.to_str().unwrap()]),
    }
    args.push("--dry-run");
    fake.run("deploy.sh", &args)
}

#[test]
fn the_scripts_accept_their_commands() {
    for one in commands("infra/deploy.sh") {
        // Of the first deployment, or of one after it.
        let [first, upgrade] = [FakeCli::new(), FakeCli::in_states(&["UPDATE_COMPLETE"])]
            .map(|fake| dry_run(fake, &one));
        let accepted = [&first, &upgrade].map(|ended| ended.code == Some(0));
        assert!(accepted.contains(&true), "{one}\n{first}\n{upgrade}");
    }
    for one in commands("infra/remove.sh") {
        let args: Vec<_> = one.command[1..].iter().map(String::as_str).collect();
        let ended = FakeCli::in_states(&["UPDATE_COMPLETE"]).run("remove.sh", &args);
        // Without a terminal it does not delete.
        assert!(
            ended.code == Some(0) || ended.stderr.contains("give --yes"),
            "{one}\n{ended}"
        );
    }
}

#[test]
fn the_manifest_for_control_tower_has_the_parameters_of_the_member_role() {
    let document = text("docs/control-tower.md");
    let (_, rest) = document.split_once("```yaml\n---\n").unwrap();
    let (manifest, _) = rest.split_once("```").unwrap();
    let manifest: Value = serde_saphyr::from_str(manifest).unwrap();
    let resource = &manifest["resources"][0];
    assert_eq!(resource["deploy_method"], "stack_set");
    assert_eq!(manifest["region"], resource["regions"][0]);
    let given = resource["parameters"].as_array().unwrap().iter();
    let given: BTreeMap<_, _> = given
        .map(|one| {
            (
                one["parameter_key"].as_str().unwrap(),
                one["parameter_value"].as_str().unwrap(),
            )
        })
        .collect();
    let parameters = parsed(MEMBER)["Parameters"].as_object().unwrap().clone();
    let required: Vec<_> = parameters
        .iter()
        .filter(|(_, one)| one.get("Default").is_none())
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(given.keys().copied().collect::<Vec<_>>(), required);
    for (name, value) in given {
        let pattern = format!(
            "^(?:{})$",
            parameters[name]["AllowedPattern"].as_str().unwrap()
        );
        assert!(
            regex_lite::Regex::new(&pattern).unwrap().is_match(value),
            "{name}: {value}"
        );
    }
}

#[test]
fn every_command_of_the_deployment_names_its_region() {
    let all = ["aws", "infra/deploy.sh", "infra/remove.sh"].map(commands);
    let of_deployment = |one: &&DocumentedCommand| {
        one.block
            && [
                "docs/deployment.md",
                "docs/control-tower.md",
                "docs/terraform.md",
            ]
            .contains(&one.file.as_str())
    };
    let all: Vec<_> = all.iter().flatten().filter(of_deployment).collect();
    assert!(all.len() > 20, "{}", all.len());
    for one in all {
        assert!(
            one.command
                .iter()
                .any(|arg| arg == "--region" || arg == "--help"),
            "{one}"
        );
    }
}
