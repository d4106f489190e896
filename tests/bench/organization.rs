//! The replayed organization as a process of its own.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, ErrorKind, Lines, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde::Deserialize;

use crate::Outcome;
use crate::measure::{Used, used};

/// The certificate that the organization has over TLS, and its authority.
macro_rules! in_tls {
    ($file:literal) => {
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/signin/tls/", $file)
    };
}
pub(crate) const AUTHORITY: &str = in_tls!("ca.pem");
const CERTIFICATE: &str = in_tls!("server.pem");
const KEY: &str = in_tls!("server.key");

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
    pub(crate) fn start(
        accounts: usize,
        resources: usize,
        tls: bool,
        more: &[&str],
    ) -> Outcome<Self> {
        let certificate = ["--certificate", CERTIFICATE, "--key", KEY];
        let mut process = Command::new(env!("CARGO_BIN_EXE_orgscan"))
            .arg("replay")
            .args(["--accounts", &accounts.to_string()])
            .args(["--resources", &resources.to_string()])
            .args(certificate.iter().filter(|_| tls))
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
        let (scheme, host) = self.url.split_once("://").ok_or("not a URL")?;
        let stream = TcpStream::connect(host)?;
        let answer = match scheme {
            "https" => ask(encrypted(stream)?, host)?,
            _ => ask(stream, host)?,
        };
        let (_, body) = answer.split_once("\r\n\r\n").ok_or("no body")?;
        let counts: Counts = serde_json::from_str(body)?;
        Ok(Counts {
            used: used(&self.process.id().to_string())?,
            ..counts
        })
    }
}

/// Asks what the organization has seen.
fn ask(mut stream: impl Read + Write, host: &str) -> Outcome<String> {
    write!(
        stream,
        "GET /_replay/counts HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    match stream.read_to_string(&mut answer) {
        // The server closes the connection without taking leave.
        Err(error) if error.kind() != ErrorKind::UnexpectedEof => Err(error.into()),
        _ => Ok(answer),
    }
}

fn encrypted(stream: TcpStream) -> Outcome<StreamOwned<ClientConnection, TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(AUTHORITY)?)?;
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("127.0.0.1")?;
    let client = ClientConnection::new(Arc::new(config), name)?;
    Ok(StreamOwned::new(client, stream))
}

impl Drop for Organization {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
