//! The Terraform module, as Terraform reads it.

use std::process::Command;

use tempfile::TempDir;

use super::terraform::VARIABLES;
use super::{at, printed};
use crate::judged::installed::{self, tool_folder};

/// Terraform's own command. The registry of its providers is not needed for these tests.
fn terraform() -> Command {
    let fetched = tool_folder("terraform").join("terraform");
    let mut command = Command::new(match fetched.is_file() {
        true => fetched,
        false => installed::program("terraform"),
    });
    command
        .env("CHECKPOINT_DISABLE", "1")
        .env("TF_IN_AUTOMATION", "1");
    command
}

#[test]
fn the_module_is_formatted() {
    printed(
        terraform()
            .args(["fmt", "-check", "-diff"])
            .arg(at("infra/terraform")),
    );
}

/// A value, and what is printed about it; nothing if it is accepted.
const VALUES: &[[&str; 3]] = &[
    ["mode", "distributed", ""],
    ["mode", "both", "Give one of single, distributed"],
    ["memory_size", "127", "Give at least 128"],
    ["memory_size", "10241", "Give at most 10240"],
    ["memory_size", "much", "a number is required"],
    ["target_organizational_units", "r-a1b2,ou-a1b2-c3d4e5f6", ""],
    [
        "target_organizational_units",
        "ou-a1b2-c3d4e5f6,Workloads",
        "Give ids of OUs",
    ],
    [
        "organization_id",
        "a1b2c3d4e5",
        "Give the organization's id",
    ],
    ["external_id", "a", "Give 2 to"],
    ["alert_email", "nobody", "Give one email address"],
    ["report_lock", "governance", "Give one of off, compliance"],
    ["stack_name", "9lives", "Give a letter"],
];

#[test]
fn terraform_accepts_the_defaults_and_refuses_what_the_template_refuses() {
    // The variables alone need no provider.
    let folder = TempDir::with_prefix("orgscan-it-").unwrap();
    std::fs::copy(at(VARIABLES), folder.path().join("variables.tf")).unwrap();
    let run = |args: &[&str]| {
        let output = terraform()
            .current_dir(folder.path())
            .args(args)
            .output()
            .unwrap();
        let message = [output.stdout, output.stderr].concat();
        let message = String::from_utf8(message).unwrap();
        (
            output.status.success(),
            message.split_whitespace().collect::<Vec<_>>().join(" "),
        )
    };
    assert!(run(&["init", "-no-color"]).0);
    let given = [
        ["organization_id", "o-a1b2c3d4e5", ""],
        ["code_bucket", "code-bucket", ""],
    ];
    for [name, value, refused] in given.iter().chain(VALUES) {
        let mut args = vec![
            "plan".to_owned(),
            "-no-color".to_owned(),
            "-input=false".to_owned(),
        ];
        args.extend(
            given
                .iter()
                .map(|[name, value, _]| format!("-var={name}={value}")),
        );
        args.push(format!("-var={name}={value}"));
        let (accepted, message) = run(&args.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(accepted, refused.is_empty(), "{name}={value}: {message}");
        assert!(message.contains(refused), "{name}={value}: {message}");
    }
}
