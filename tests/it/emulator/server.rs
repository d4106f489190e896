//! An emulated organization: moto behind a thin layer, as a process of its own on a free loopback
//! port, populated over the AWS API.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use orgscan_core::model::{AccountId, Region};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::Python;

/// Why the emulated organization cannot be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EmulatorError {
    /// There is no python3.
    #[error(
        "python3 cannot be started: {0}\n\
         The emulated organization needs Python 3.10 or later: install it (on Debian and Ubuntu \
         `apt install python3 python3-venv`) and try again."
    )]
    NoPython(io::Error),
    /// It cannot make environments.
    #[error(
        "python3 cannot make a private environment:\n{0}\n\
         On Debian and Ubuntu, `apt install python3-venv` mends it."
    )]
    Venv(String),
    /// It cannot install the packages.
    #[error(
        "pip cannot install the emulated organization's packages:\n{0}\n\
         It needs PyPI or a mirror of it (PIP_INDEX_URL), once; a proxy is taken from HTTPS_PROXY."
    )]
    Pip(String),
    /// The server did not start.
    #[error(
        "the emulated organization does not start:\n{0}\n\
         It listens on a free port of 127.0.0.1; something on this machine may forbid that."
    )]
    Start(String),
    /// It could not be populated.
    #[error("the emulated organization cannot be populated:\n{0}")]
    Populate(String),
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl EmulatorError {
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}

/// What was created in the organization, under the names that its makers gave it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Inventory {
    /// The management account.
    pub(crate) management_account: AccountId,
    /// The Regions that have something in them, or are off in an interesting way.
    pub(crate) regions: Vec<Region>,
    /// Accounts by name.
    pub(crate) accounts: BTreeMap<String, InventoryAccount>,
    /// Resources by logical name.
    pub(crate) resources: BTreeMap<String, InventoryResource>,
    /// Rules of the server that belong to the organization: a service control policy.
    pub(crate) rules: Vec<serde_json::Value>,
}

/// An account that was created.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct InventoryAccount {
    /// Its id.
    pub(crate) id: AccountId,
}

/// A resource that was created.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct InventoryResource {
    /// Its ARN.
    pub(crate) arn: String,
}

/// An emulated organization. It ends with this value.
#[derive(Debug)]
pub(crate) struct Emulator {
    /// Where it listens: `http://127.0.0.1:…`.
    pub(crate) url: String,
    /// What is in it.
    pub(crate) inventory: Inventory,
    /// The server ends when its standard input does.
    _server: Child,
}

impl Emulator {
    /// Starts and populates one. `scripts` has `serve.py` and `populate.py`; `work` is a folder for
    /// its log and inventory; `options` go to `serve.py`.
    ///
    /// # Errors
    /// See [`EmulatorError`]; every text says the mend.
    pub(crate) async fn start(
        python: &Python,
        scripts: &Path,
        work: &Path,
        options: &[&str],
    ) -> Result<Self, EmulatorError> {
        std::fs::create_dir_all(work).map_err(EmulatorError::io(work))?;
        // Kept in a file: a pipe that nobody reads would block the server when it is full.
        let log = work.join("server.log");
        let errors = std::fs::File::create(&log).map_err(EmulatorError::io(&log))?;
        let mut server = Command::new(&python.interpreter)
            .arg(scripts.join("serve.py"))
            .args(["--port", "0", "--log"])
            .arg(work.join("requests.jsonl"))
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(errors)
            .kill_on_drop(true)
            .spawn()
            .map_err(EmulatorError::NoPython)?;
        let Some(url) = ready_line(&mut server).await else {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            return Err(EmulatorError::Start(said.trim().to_owned()));
        };
        let inventory = populate(python, scripts, &url, &work.join("inventory.json")).await?;
        Ok(Self {
            url,
            inventory,
            _server: server,
        })
    }
}

async fn ready_line(server: &mut Child) -> Option<String> {
    let mut lines = BufReader::new(server.stdout.take()?).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(url) = line.strip_prefix("ready ") {
            return Some(url.trim().to_owned());
        }
    }
    None
}

async fn populate(
    python: &Python,
    scripts: &Path,
    url: &str,
    out: &Path,
) -> Result<Inventory, EmulatorError> {
    let output = Command::new(&python.interpreter)
        .arg(scripts.join("populate.py"))
        .args(["--endpoint", url, "--out"])
        .arg(out)
        .output()
        .await
        .map_err(EmulatorError::NoPython)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(EmulatorError::Populate(said.trim().to_owned()));
    }
    let inventory = std::fs::read_to_string(out).map_err(EmulatorError::io(out))?;
    serde_json::from_str(&inventory).map_err(|error| EmulatorError::Populate(error.to_string()))
}
