//! The Terraform module, which wraps the template.

use std::io::Write;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{at, printed, program, text};

const VARIABLES: &str = "infra/terraform/variables.tf";

fn python(command: &str) -> String {
    printed(program("python").args(["tests/templates/terraform.py", command]))
}

#[test]
fn variables_are_generated_from_the_template() {
    let generated = python("variables");
    if std::env::var_os("ORGSCAN_BLESS").is_some() {
        std::fs::write(at(VARIABLES), &generated).unwrap();
    }
    assert_eq!(text(VARIABLES), generated, "ORGSCAN_BLESS=1 rewrites it");
}

#[test]
fn the_module_is_that_of_the_template_and_of_the_providers_schema() {
    let different: Value = serde_json::from_str(&python("compare")).unwrap();
    assert_eq!(different, json!([]));
}

#[test]
fn checkov_finds_nothing_in_the_module() {
    let mut checkov = program("checkov");
    checkov.args([
        "--framework",
        "terraform",
        "--skip-download",
        "--output",
        "json",
    ]);
    let found: Value =
        serde_json::from_str(&printed(checkov.args(["--directory", "infra/terraform"]))).unwrap();
    assert_eq!(found["summary"]["failed"], 0, "{found}");
    assert_eq!(found["summary"]["parsing_errors"], 0, "{found}");
    let skipped = found["results"]["skipped_checks"].as_array().unwrap();
    assert!(
        found["summary"]["resource_count"].as_u64().unwrap() >= 3,
        "{found}"
    );
    for one in skipped {
        let reason = one["check_result"]["suppress_comment"].as_str();
        assert!(reason.is_some_and(|why| why.len() > 20), "{one}");
    }
}

/// Terraform's own command, if it is installed: the registry of its providers is not needed for these tests.
fn terraform() -> Option<Command> {
    let path = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&path).map(|folder| folder.join("terraform"));
    let program = found.into_iter().find(|program| program.is_file());
    if program.is_none() {
        // Written past the test's capture, so that it is seen.
        let message = b"not run: terraform is not installed\n";
        std::io::stderr().write_all(message).unwrap();
    }
    let mut command = Command::new(program?);
    command
        .env("CHECKPOINT_DISABLE", "1")
        .env("TF_IN_AUTOMATION", "1");
    Some(command)
}

#[test]
fn the_module_is_formatted() {
    if let Some(mut terraform) = terraform() {
        let output = terraform
            .args(["fmt", "-check", "-diff"])
            .arg(at("infra/terraform"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "{said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
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
    ["alert_email", "nobody", "Give one e-mail address"],
    ["report_lock", "governance", "Give one of off, compliance"],
    ["stack_name", "9lives", "Give a letter"],
];

#[test]
fn terraform_accepts_the_defaults_and_refuses_what_the_template_refuses() {
    if terraform().is_none() {
        return;
    }
    // The variables alone need no provider.
    let folder = TempDir::with_prefix("orgscan-it-").unwrap();
    std::fs::copy(at(VARIABLES), folder.path().join("variables.tf")).unwrap();
    let run = |args: &[&str]| {
        let output = terraform()
            .unwrap()
            .current_dir(folder.path())
            .args(args)
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        (
            output.status.success(),
            said.split_whitespace().collect::<Vec<_>>().join(" "),
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
        let (accepted, said) = run(&args.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(accepted, refused.is_empty(), "{name}={value}: {said}");
        assert!(said.contains(refused), "{name}={value}: {said}");
    }
}
