//! An emulated organization for a test, and orgscan as a process that scans it.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

use super::emulator::Emulator;
use crate::bucket::Bucket;
use crate::lambda::Function;
use crate::run::{Run, point_at, runtime};

/// An emulated organization. Tests that change its rules have one of their own.
pub(crate) struct World {
    pub(crate) emulator: Emulator,
    folder: TempDir,
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
        let work = folder.path().join("emulator");
        let emulator = runtime().block_on(Emulator::start(&work, options)).unwrap();
        Self { emulator, folder }
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
        command.arg("--report").arg(&folder).args(args);
        command.envs(variables.iter().copied());
        Run::of(command, folder)
    }

    /// Replaces the emulator's rules by those that belong to the organization and these.
    pub(crate) fn rules(&self, more: &[Value]) {
        let inventory: Value = serde_json::from_str(&self.inventory()).unwrap();
        let own = inventory["rules"].as_array().unwrap().iter();
        let rules = own.chain(more).cloned().collect();
        self.post("/_emulator/rules", &rules);
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

    /// What was created, as it was written down: see [`crate::inventory::Inventory`].
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

impl Function {
    /// A function for an emulated organization.
    pub(crate) fn start(world: &World, variables: &[(&str, &str)]) -> Self {
        Self::start_at(&world.emulator.url, world.folder(), variables)
    }
}

impl Bucket {
    /// A bucket that is made in an emulated organization's management account.
    pub(crate) fn make(world: &World, name: &'static str) -> Self {
        let bucket = Self::at(&world.emulator.url, name);
        let create = bucket.s3.create_bucket().bucket(name);
        runtime().block_on(create.send()).unwrap();
        bucket
    }
}
