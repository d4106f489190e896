//! An emulated organization for a test, and orgscan as a process that scans it.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use regex_lite::Regex;
use serde_json::Value;
use tempfile::TempDir;

use crate::emulator::{Emulator, Python, environment, scripts};
use crate::isolated::isolate;

/// An emulated organization. Tests that change its rules have one of their own.
pub(crate) struct World {
    pub(crate) emulator: Emulator,
    folder: TempDir,
}

/// What a run left behind.
pub(crate) struct Run {
    pub(crate) output: Output,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    folder: PathBuf,
}

impl World {
    /// The organization that tests share which only read it.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<World> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(&[]))
    }

    /// A fresh organization; `options` go to the emulator.
    pub(crate) fn start(options: &[&str]) -> Self {
        let folder = TempDir::with_prefix("orgscan-it-").unwrap();
        let emulator = runtime().block_on(async {
            let requirements = scripts().join("requirements.txt");
            let python = Python::ensure(&environment(), &requirements).await.unwrap();
            Emulator::start(
                &python,
                &scripts(),
                &folder.path().join("emulator"),
                options,
            )
            .await
            .unwrap()
        });
        Self { emulator, folder }
    }

    /// The interpreter that the emulator runs on.
    pub(crate) fn interpreter() -> PathBuf {
        environment().join("venv/bin/python")
    }

    /// orgscan, with credentials of the management account and nothing else of this machine's.
    pub(crate) fn orgscan(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_orgscan"));
        self.environment(&mut command);
        command.args(args);
        command
    }

    /// The environment that leads a program to this organization.
    pub(crate) fn environment(&self, command: &mut Command) {
        point_at(command, &self.emulator.url, self.folder.path());
    }

    /// A scan of the Regions that the organization uses, with its report in a folder of its own.
    pub(crate) fn scan(&self, args: &[&str]) -> Run {
        self.scan_with(args, &[])
    }

    /// The same with more environment variables.
    pub(crate) fn scan_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Run {
        let folder = TempDir::new_in(self.folder.path()).unwrap().keep();
        let mut command = self.orgscan(&["scan"]);
        for region in &self.emulator.inventory.regions {
            command.args(["--region", region.as_str()]);
        }
        command.arg("--output").arg(&folder).args(args);
        command.envs(variables.iter().copied());
        Run::of(command, folder)
    }

    /// Replaces the emulator's rules by those that belong to the organization and these.
    pub(crate) fn rules(&self, more: &[Value]) {
        let mut rules = self.emulator.inventory.rules.clone();
        rules.extend_from_slice(more);
        self.post("/_emulator/rules", &Value::from(rules));
    }

    /// Tells the emulator something. Gives the answer's body.
    pub(crate) fn post(&self, path: &str, body: &Value) -> String {
        self.control("POST", path, body)
    }

    /// Has the emulator empty its log.
    pub(crate) fn forget_requests(&self) {
        self.control("DELETE", "/_emulator/log", &Value::Null);
    }

    fn control(&self, method: &str, path: &str, body: &Value) -> String {
        let host = self.emulator.url.strip_prefix("http://").unwrap();
        let body = body.to_string();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        body.to_owned()
    }

    /// All requests so far, as the emulator wrote them down.
    pub(crate) fn requests(&self) -> Vec<Value> {
        let path = self.folder.path().join("emulator/requests.jsonl");
        let log = std::fs::read_to_string(path).unwrap();
        log.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The id of an account by its name.
    pub(crate) fn id(&self, account: &str) -> String {
        self.emulator.inventory.accounts[account].id.to_string()
    }

    /// A folder for the test's own files.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What was created, as it was written down: see [`crate::emulator::Inventory`].
    pub(crate) fn inventory(&self) -> String {
        let path = self.folder.path().join("emulator/inventory.json");
        std::fs::read_to_string(path).unwrap()
    }

    /// ARNs of the resources, to their logical names.
    pub(crate) fn names(&self) -> BTreeMap<&str, &str> {
        let resources = self.emulator.inventory.resources.iter();
        resources
            .map(|(name, resource)| (resource.arn.as_str(), name.as_str()))
            .collect()
    }
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

    /// Where the report was written to.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
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
pub(crate) fn undated(name: &str, text: &str) -> String {
    if !["findings.csv", "coverage.csv"].contains(&name) {
        return text.to_owned();
    }
    let rows = rows(text).into_iter().map(|mut row| {
        row.retain(|column, _| !column.ends_with("_seen") && column != "notes");
        undate_ages(&mut row);
        format!("{row:?}\n")
    });
    rows.collect()
}

/// Takes ages in days out of a finding's message.
fn undate_ages(row: &mut BTreeMap<String, String>) {
    let age = Regex::new("[0-9]+ days?").unwrap();
    if let Some(message) = row.get_mut("message") {
        *message = age.replace_all(message, "N days").into_owned();
    }
}

/// Takes the dates of findings out of a report.
pub(crate) fn undate(report: &mut Value) {
    for finding in report["findings"].as_array_mut().unwrap() {
        for date in ["first_seen", "last_seen"] {
            finding[date] = Value::Null;
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
