//! A replayed organization for a test, and orgscan as a process that scans it.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use orgscan_core::model::{AccountId, Region};
use orgscan_sim::{LoggedRequest, Replay, ServiceBehavior, Settings};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::inventory::Inventory;
use crate::lambda::Function;
use crate::run::{Run, point_at, runtime};

/// A replayed organization, in this process.
pub(crate) struct SimulatedOrganization {
    pub(crate) replay: Replay,
    /// What was created in what was recorded.
    pub(crate) inventory: Inventory,
    folder: TempDir,
}

impl SimulatedOrganization {
    /// The recorded organization as it is, which tests share that only read it.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<SimulatedOrganization> = OnceLock::new();
        SHARED.get_or_init(|| Self::with(json!([])))
    }

    /// The recorded organization, without AWS's quotas and delays, with requests that fail.
    pub(crate) fn with(faults: Value) -> Self {
        Self::start(Settings {
            behavior: ServiceBehavior::none(),
            faults: serde_json::from_value(faults).unwrap(),
            ..Settings::default()
        })
    }

    pub(crate) fn start(settings: Settings) -> Self {
        let replay = runtime().block_on(Replay::start(settings)).unwrap();
        Self {
            inventory: serde_json::from_value(replay.header().inventory.clone()).unwrap(),
            folder: TempDir::with_prefix("orgscan-it-").unwrap(),
            replay,
        }
    }

    /// A folder for the test's own files.
    pub(crate) fn folder(&self) -> PathBuf {
        TempDir::new_in(self.folder.path()).unwrap().keep()
    }

    /// orgscan, with credentials of the management account.
    pub(crate) fn orgscan(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_orgscan"));
        point_at(&mut command, &self.replay.url, self.folder.path());
        command.args(args);
        command
    }

    /// The Lambda in this organization.
    pub(crate) fn function(&self, variables: &[(&str, &str)]) -> Function {
        Function::start_at(&self.replay.url, self.folder.path(), variables)
    }

    /// A scan of the Regions that the organization uses, unless the arguments name some, with its
    /// report in a folder of its own, unless they name a location.
    pub(crate) fn scan(&self, args: &[&str]) -> Run {
        let folder = self.folder();
        let mut command = self.orgscan(&["scan"]);
        command.args(args);
        if !args.contains(&"--region") {
            let regions = self.inventory.regions.iter().map(Region::as_str);
            command.args(regions.flat_map(|region| ["--region", region]));
        }
        if !args.contains(&"--report") {
            command.arg("--report").arg(&folder);
        }
        Run::of(command, folder)
    }

    /// All requests so far, where the settings have them written down. Each was answered from the
    /// recording.
    pub(crate) fn requests(&self) -> Vec<LoggedRequest> {
        assert_eq!(self.replay.missing(), Vec::<String>::new());
        self.replay.log()
    }

    /// The id of a recorded account.
    pub(crate) fn id(&self, account: &str) -> &AccountId {
        &self.inventory.accounts[account].id
    }
}
