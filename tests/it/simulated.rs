//! A replayed organization for a test, and orgscan as a process that scans it.

use std::path::PathBuf;
use std::process::Command;

use orgscan::replay::{Logged, Physics, Replay, Settings};
use tempfile::TempDir;

use crate::world::{Run, point_at, runtime};

/// A replayed organization, in this process.
pub(crate) struct Simulated {
    pub(crate) replay: Replay,
    folder: TempDir,
}

/// So many accounts, without limits, that answer at once; every request is written down.
pub(crate) fn plain(accounts: usize) -> Settings {
    Settings {
        accounts: Some(accounts),
        physics: Physics::none(),
        log: true,
        ..Settings::default()
    }
}

impl Simulated {
    pub(crate) fn start(settings: Settings) -> Self {
        Self {
            replay: runtime().block_on(Replay::start(settings)).unwrap(),
            folder: TempDir::with_prefix("orgscan-it-").unwrap(),
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

    /// A scan with its report in a folder of its own.
    pub(crate) fn scan(&self, args: &[&str]) -> Run {
        let folder = self.folder();
        let mut command = self.orgscan(&["scan", "--output"]);
        command.arg(&folder).args(args);
        Run::of(command, folder)
    }

    /// The requests that were sent since the last look, all of them answered from the recording.
    pub(crate) fn requests(&self) -> Vec<Logged> {
        assert_eq!(self.replay.missing(), Vec::<String>::new());
        self.replay.log()
    }
}
