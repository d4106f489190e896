//! That orgscan says what each case of the comparison expects, in the emulated organization.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::judged::installed::{self, tool_folder};

#[test]
fn orgscan_reports_what_each_case_expects() {
    let work = TempDir::with_prefix("orgscan-it-").unwrap();
    let output = Command::new(installed::python("emulator"))
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/prowler/compare.py"))
        .args(["--alone", "--orgscan", env!("CARGO_BIN_EXE_orgscan")])
        .arg("--work")
        .arg(work.path())
        .env(
            "CARGO_TARGET_DIR",
            tool_folder("emulator").parent().unwrap(),
        )
        .output()
        .unwrap();
    let message = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{message}\n{errors}");
}
