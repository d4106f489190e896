//! orgscan as a process, and what it leaves behind.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use regex_lite::Regex;
use serde_json::Value;

use crate::isolated::isolate;

/// What a run left behind.
pub(crate) struct Run {
    pub(crate) output: Output,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// Where the report was written to.
    pub(crate) folder: PathBuf,
}

impl Run {
    pub(crate) fn of(mut command: Command, folder: PathBuf) -> Self {
        let output = command.output().unwrap();
        Self {
            stdout: String::from_utf8(output.stdout.clone()).unwrap(),
            stderr: String::from_utf8(output.stderr.clone()).unwrap(),
            output,
            folder,
        }
    }

    /// The exit code.
    pub(crate) fn code(&self) -> i32 {
        self.output.status.code().unwrap()
    }

    /// A file of the report.
    pub(crate) fn file(&self, name: &str) -> String {
        let path = find(&self.folder.join("daily"), name)
            .unwrap_or_else(|| panic!("no {name}: {}{}", self.stdout, self.stderr));
        std::fs::read_to_string(path).unwrap()
    }

    /// `report.json`.
    pub(crate) fn report(&self) -> Value {
        serde_json::from_str(&self.file("report.json")).unwrap()
    }

    /// The rows of a CSV file of the report, by column name.
    pub(crate) fn rows(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        rows(&self.file(name))
    }

    /// The lines of `metrics.jsonl`, by name and account.
    pub(crate) fn metrics(&self) -> BTreeMap<(String, String), f64> {
        let text = self.file("metrics.jsonl");
        text.lines()
            .map(|line| {
                let metric: Value = serde_json::from_str(line).unwrap();
                let account = metric["account_id"].as_str().unwrap_or_default().to_owned();
                let name = metric["name"].as_str().unwrap().to_owned();
                ((name, account), metric["value"].as_f64().unwrap())
            })
            .collect()
    }
}

/// Leads a program to an emulator, with credentials of the management account and nothing else of
/// this machine's.
pub(crate) fn point_at(command: &mut Command, url: &str, home: &Path) {
    isolate(command)
        .env("HOME", home)
        .env("AWS_ACCESS_KEY_ID", "management")
        .env("AWS_SECRET_ACCESS_KEY", "management")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ENDPOINT_URL", url);
}

/// A file of rows without what follows from the time of the run: the dates of findings, ages in days, and
/// notes on when IAM made a credential report.
pub(crate) fn without_dates(name: &str, text: &str) -> String {
    if !["findings.csv", "coverage.csv"].contains(&name) {
        return text.to_owned();
    }
    let rows = rows(text).into_iter().map(|mut row| {
        row.retain(|column, _| !column.ends_with("_seen") && column != "notes");
        remove_ages(&mut row);
        format!("{row:?}\n")
    });
    rows.collect()
}

/// Takes ages in days out of a finding's message.
fn remove_ages(row: &mut BTreeMap<String, String>) {
    let age = Regex::new("[0-9]+ days?").unwrap();
    if let Some(message) = row.get_mut("message") {
        *message = age.replace_all(message, "N days").into_owned();
    }
}

/// Takes the dates of findings and of evidence out of a report.
pub(crate) fn remove_dates(report: &mut Value) {
    for finding in report["findings"].as_array_mut().unwrap() {
        for date in ["first_seen", "last_seen"] {
            finding[date] = Value::Null;
        }
    }
    for framework in report["frameworks"].as_array_mut().unwrap() {
        for control in framework["controls"].as_array_mut().unwrap() {
            let evidence = &mut control["evidence"];
            evidence["collected_from"].take();
            evidence["collected_until"].take();
        }
    }
}

/// The rows of a CSV text, by column name.
pub(crate) fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// A file of this name, however deep below the folder.
pub(crate) fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    for entry in std::fs::read_dir(folder).ok()? {
        let path = entry.ok()?.path();
        if path.is_dir() {
            if let Some(found) = find(&path, name) {
                return Some(found);
            }
        } else if path.file_name()? == name {
            return Some(path);
        }
    }
    None
}

/// One runtime for the children and servers that outlive a single test.
pub(crate) fn runtime() -> &'static tokio::runtime::Runtime {
    static RUNTIME: OnceLock<tokio::runtime::Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| tokio::runtime::Runtime::new().unwrap())
}
