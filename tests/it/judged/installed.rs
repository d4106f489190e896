//! What `.ci/judges` installs. Nothing is installed here: what is missing fails, and says what to run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::isolated::isolate;

/// How to install what is missing.
const INSTALL_HINT: &str = "run .ci/judges, which installs what these tests need";

/// The folder in which `.ci/judges` keeps the packages of the folder `tests/{name}`.
pub(crate) fn tool_folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("target")
        .join(name)
}

/// The Python interpreter that has the packages of `tests/{name}/requirements.txt`.
pub(crate) fn python(name: &str) -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let requirements = tests.join(name).join("requirements.txt");
    assert_stamped(&tool_folder(name), &requirements);
    tool_folder(name).join("venv/bin/python")
}

/// The folder with the npm packages of `tests/{name}/package-lock.json`.
pub(crate) fn npm_packages(name: &str) -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let folder = tool_folder(name).join("node");
    assert_same(
        &folder.join("installed.json"),
        &tests.join(name).join("package-lock.json"),
    );
    folder
}

/// Fails where this folder does not have what the file asks for.
pub(crate) fn assert_stamped(tool_folder: &Path, wanted: &Path) {
    assert_same(&tool_folder.join("installed.txt"), wanted);
}

fn assert_same(stamp: &Path, wanted: &Path) {
    let has = fs::read_to_string(stamp).is_ok_and(|has| has == fs::read_to_string(wanted).unwrap());
    assert!(
        has,
        "{} does not have the packages of {}: {INSTALL_HINT}",
        stamp.with_file_name("").display(),
        wanted.display()
    );
}

/// The path of a program of this machine.
pub(crate) fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut found = std::env::split_paths(&path).map(|folder| folder.join(name));
    let found = found.find(|program| program.is_file());
    found.unwrap_or_else(|| panic!("{name} is not on the PATH: {INSTALL_HINT}"))
}

/// A program that runs what its further arguments say on a terminal of its own, and types this when asked for a code.
pub(crate) fn terminal(typed: &str) -> Command {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/terminal.py");
    let mut command = Command::new(program("python3"));
    isolate(&mut command).arg(script).arg(typed);
    command
}
