//! An emulated organization, the independent judge: moto behind a thin layer, as a process of its own on a free
//! loopback port, populated over the AWS API.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::installed;
use crate::inventory::Inventory;

/// Where the emulator's scripts are.
pub(crate) fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/emulator")
}

/// Why the emulated organization cannot be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EmulatorError {
    /// The server did not start.
    #[error(
        "the emulated organization does not start:\n{0}\n\
         It listens on a free port of 127.0.0.1; something on this machine may forbid that."
    )]
    Start(String),
    /// It could not be populated.
    #[error("the emulated organization cannot be populated:\n{0}")]
    Populate(String),
    /// A program cannot be started, or a file not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl EmulatorError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
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
    /// Starts and populates one. `work` is a folder for its log and inventory; `options` go to `serve.py`.
    pub(crate) async fn start(work: &Path, options: &[&str]) -> Result<Self, EmulatorError> {
        let python = installed::python("emulator");
        std::fs::create_dir_all(work).map_err(EmulatorError::io(work))?;
        // Kept in a file: a pipe that nobody reads would block the server when it is full.
        let log = work.join("server.log");
        let errors = std::fs::File::create(&log).map_err(EmulatorError::io(&log))?;
        let mut server = Command::new(&python)
            .arg(scripts().join("serve.py"))
            .args(["--port", "0", "--log"])
            .arg(work.join("requests.jsonl"))
            .args(options)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(errors)
            .kill_on_drop(true)
            .spawn()
            .map_err(EmulatorError::io(&python))?;
        let Some(url) = ready_line(&mut server).await else {
            let message = std::fs::read_to_string(&log).unwrap_or_default();
            return Err(EmulatorError::Start(message.trim().to_owned()));
        };
        let inventory = populate(&python, &url, &work.join("inventory.json")).await?;
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

async fn populate(python: &Path, url: &str, out: &Path) -> Result<Inventory, EmulatorError> {
    let output = Command::new(python)
        .arg(scripts().join("populate.py"))
        .args(["--endpoint", url, "--out"])
        .arg(out)
        .output()
        .await
        .map_err(EmulatorError::io(python))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        return Err(EmulatorError::Populate(message.trim().to_owned()));
    }
    let inventory = std::fs::read_to_string(out).map_err(EmulatorError::io(out))?;
    serde_json::from_str(&inventory).map_err(|error| EmulatorError::Populate(error.to_string()))
}
