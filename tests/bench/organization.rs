//! The replayed organization as a process of its own.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde::Deserialize;

use crate::Outcome;
use crate::measure::{Used, used};

/// A replayed organization that ends with this value.
pub(crate) struct Organization {
    pub(crate) url: String,
    process: Child,
    /// Kept open: it ends when nobody reads what it prints.
    _output: Lines<BufReader<ChildStdout>>,
}

/// What the organization has seen.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Counts {
    /// All requests.
    pub(crate) requests: u64,
    /// How long the slowest credential report took, in milliseconds.
    pub(crate) slowest_report_ms: f64,
    /// By `service:Operation`.
    pub(crate) apis: BTreeMap<String, ApiCounts>,
    /// What its own process has used.
    #[serde(skip)]
    pub(crate) used: Used,
}

/// What the organization has seen of one API.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ApiCounts {
    pub(crate) requests: u64,
}

impl Organization {
    pub(crate) fn start(accounts: usize, resources: usize, more: &[&str]) -> Outcome<Self> {
        let mut process = Command::new(env!("CARGO_BIN_EXE_orgscan"))
            .arg("replay")
            .args(["--accounts", &accounts.to_string()])
            .args(["--resources", &resources.to_string()])
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(process.stdout.take().ok_or("no output")?).lines();
        let url = lines
            .by_ref()
            .find_map(|line| line.ok()?.strip_prefix("ready ").map(str::to_owned))
            .ok_or("the organization does not start")?;
        Ok(Self {
            url,
            process,
            _output: lines,
        })
    }

    pub(crate) fn counts(&self) -> Outcome<Counts> {
        let host = self.url.strip_prefix("http://").ok_or("not a plain URL")?;
        let mut stream = TcpStream::connect(host)?;
        write!(
            stream,
            "GET /_replay/counts HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (_, body) = answer.split_once("\r\n\r\n").ok_or("no body")?;
        let counts: Counts = serde_json::from_str(body)?;
        Ok(Counts {
            used: used(&self.process.id().to_string())?,
            ..counts
        })
    }
}

impl Drop for Organization {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
