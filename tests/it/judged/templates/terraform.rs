//! The Terraform module, which wraps the template.

use serde_json::{Value, json};

use super::{at, printed, program, text};

pub(super) const VARIABLES: &str = "infra/terraform/variables.tf";

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
