//! The CloudFormation templates: linted, compared with what the code needs, and deployed to an emulator.

mod chosen;
mod deployed;
mod documented;
mod evaluated;
mod function;
mod inline;
mod limits;
mod lint;
mod locked;
mod policies;
mod scripts;
mod settings;
mod stack;
mod structure;
mod terraform;
mod upgraded;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

use crate::judged::installed;

const CENTRAL: &str = "infra/orgscan.yaml";
const MEMBER: &str = "stacksets/member-role.yaml";

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub(crate) fn text(path: &str) -> String {
    std::fs::read_to_string(at(path)).unwrap()
}

/// Where the programs of the templates' own Python environment are.
fn programs() -> &'static Path {
    static PROGRAMS: OnceLock<PathBuf> = OnceLock::new();
    PROGRAMS.get_or_init(|| {
        let python = installed::python("templates");
        python.parent().unwrap().to_owned()
    })
}

/// One of these programs, at the root of the source tree.
fn program(name: &str) -> Command {
    let mut command = Command::new(programs().join(name));
    command.current_dir(at(""));
    command
}

/// What a program prints, if it succeeds.
fn printed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let message = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{message}{errors}");
    message
}

/// A template with `!Ref` and its like in their long form.
fn parsed(path: &str) -> Value {
    let mut command = program("python");
    command.arg("tests/templates/to_json.py").arg(path);
    serde_json::from_str(&printed(&mut command)).unwrap()
}

/// All objects in a value that have this key.
fn with_key<'a>(value: &'a Value, key: &str) -> Vec<&'a Value> {
    let inside: Vec<&Value> = match value {
        Value::Object(fields) => fields.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => Vec::new(),
    };
    let here = value.get(key).map(|_| value);
    let deeper = inside.into_iter().flat_map(|one| with_key(one, key));
    here.into_iter().chain(deeper).collect()
}
