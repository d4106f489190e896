//! AWS as a client sees it while it signs in: STS, IAM Identity Center, the metadata services, and a proxy. One
//! listener is all of them, and remembers what was asked.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;

use super::answers::answer;
use crate::isolated;
use crate::run::{Run, runtime};

/// A request that came.
#[derive(Clone, Debug)]
pub(super) struct ReceivedRequest {
    /// What a proxy was asked to connect to, and the credentials that it was given.
    pub(super) tunnel: Option<(String, Option<String>)>,
    /// `POST /`, or in absolute form where it was sent to a proxy.
    pub(super) target: String,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) form: BTreeMap<String, String>,
}

impl ReceivedRequest {
    /// The operation of the query protocol, or the last part of the target of the JSON protocol.
    pub(super) fn operation(&self) -> &str {
        self.form.get("Action").map_or("", String::as_str)
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The access key id that signed it.
    pub(super) fn signer(&self) -> &str {
        let authorization = self.header("authorization");
        let credential = authorization
            .split_once("Credential=")
            .map_or("", |it| it.1);
        credential.split('/').next().unwrap()
    }
}

/// The listener, and a home folder for the programs that use it.
pub(super) struct FakeEndpoint {
    pub(super) url: String,
    pub(super) home: TempDir,
    seen: Arc<Mutex<Vec<ReceivedRequest>>>,
    listening: AbortHandle,
}

impl Drop for FakeEndpoint {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl FakeEndpoint {
    pub(super) fn start() -> Self {
        let seen: Arc<Mutex<Vec<ReceivedRequest>>> = Arc::default();
        let listener = runtime()
            .block_on(TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let listening = runtime()
            .spawn(listen(listener, seen.clone()))
            .abort_handle();
        Self {
            url,
            home: TempDir::new().unwrap(),
            seen,
            listening,
        }
    }

    /// Host and port.
    pub(super) fn address(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    pub(super) fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.home.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// A command without credentials, whose endpoints are AWS's own.
    pub(super) fn bare(&self, arguments: &[&str]) -> Command {
        let mut command = isolated::orgscan();
        command.env("HOME", self.home.path()).args(arguments);
        command
    }

    /// The plan of the own account alone, which needs STS, IAM and EC2.
    pub(super) fn plan(&self, variables: &[(&str, &str)]) -> Run {
        let mut command = self.planning(&[]);
        command.envs(variables.iter().copied());
        self.run(command)
    }

    pub(super) fn planning(&self, flags: &[&str]) -> Command {
        let mut command = self.bare(&["plan", "--account", "self"]);
        command
            .args(flags)
            .env("AWS_REGION", "us-east-1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ENDPOINT_URL", &self.url);
        command
    }

    pub(super) fn run(&self, command: Command) -> Run {
        self.seen.lock().unwrap().clear();
        Run::of(command, self.home.path().to_owned())
    }

    pub(super) fn seen(&self) -> Vec<ReceivedRequest> {
        self.seen.lock().unwrap().clone()
    }

    /// Who asked for the caller's identity: the access key ids, in order.
    pub(super) fn callers(&self) -> Vec<String> {
        let seen = self.seen();
        let identity = seen
            .iter()
            .filter(|it| it.operation() == "GetCallerIdentity");
        identity.map(|it| it.signer().to_owned()).collect()
    }

    /// A plan that succeeded, with requests that this key signed.
    pub(super) fn assert_signed_in(&self, run: &Run, key: &str) {
        assert_eq!(
            run.code(),
            0,
            "{}{}\n{:#?}",
            run.stdout,
            run.stderr,
            self.seen()
        );
        assert_eq!(self.callers(), [key]);
        let listed = self
            .seen()
            .iter()
            .any(|it| it.operation() == "DescribeRegions");
        assert!(listed, "{:#?}", self.seen());
        assert!(run.stdout.contains("111122223333"), "{}", run.stdout);
    }
}

/// A run that ended with an error of the command, in which all of these are said.
pub(super) fn assert_refused(run: &Run, expected: &[&str]) {
    assert_eq!(run.code(), 2, "{}{}", run.stdout, run.stderr);
    for expected in expected {
        assert!(run.stderr.contains(expected), "{expected}: {}", run.stderr);
    }
}

async fn listen(listener: TcpListener, seen: Arc<Mutex<Vec<ReceivedRequest>>>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(converse(stream, seen.clone()));
    }
}

/// Plain HTTP, or a tunnel with TLS in it.
async fn converse(mut stream: TcpStream, seen: Arc<Mutex<Vec<ReceivedRequest>>>) {
    let mut first = [0; 8];
    let received = stream.peek(&mut first).await.unwrap_or(0);
    if &first[..received] != b"CONNECT " {
        return serve(stream, None, seen).await;
    }
    let Some(tunnel) = accept_tunnel(&mut stream).await else {
        return;
    };
    if let Ok(stream) = acceptor().accept(stream).await {
        serve(stream, Some(tunnel), seen).await;
    }
}

async fn accept_tunnel(stream: &mut TcpStream) -> Option<(String, Option<String>)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
    let head = String::from_utf8(head).ok()?;
    let target = head.split_whitespace().nth(1)?.to_owned();
    let mut lines = head.lines();
    let given = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_given = name.eq_ignore_ascii_case("proxy-authorization");
        is_given.then(|| value.trim().to_owned())
    });
    Some((target, given))
}

/// The authority whose certificates the fake hosts have.
pub(super) fn authority() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/signin/tls/ca.pem")
}

fn acceptor() -> TlsAcceptor {
    let folder = authority().parent().unwrap().to_owned();
    let chain = CertificateDer::pem_file_iter(folder.join("server.pem")).unwrap();
    let chain = chain.collect::<Result<Vec<_>, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.join("server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    tunnel: Option<(String, Option<String>)>,
    seen: Arc<Mutex<Vec<ReceivedRequest>>>,
) {
    let service = service_fn(|request: Request<Incoming>| {
        let (tunnel, seen) = (tunnel.clone(), seen.clone());
        async move {
            let (head, body) = request.into_parts();
            let body = body
                .collect()
                .await
                .map_or(Bytes::new(), |body| body.to_bytes());
            let headers = head.headers.iter().map(|(name, value)| {
                (
                    name.to_string(),
                    value.to_str().unwrap_or_default().to_owned(),
                )
            });
            let one = ReceivedRequest {
                tunnel,
                target: format!("{} {}", head.method, head.uri),
                headers: headers.collect(),
                form: form_urlencoded::parse(&body).into_owned().collect(),
            };
            let (status, text) = answer(&one, &body);
            seen.lock().unwrap().push(one);
            let answer = Response::builder().status(status);
            let answer = answer.header("x-aws-ec2-metadata-token-ttl-seconds", "21600");
            Ok::<_, Infallible>(answer.body(Full::new(Bytes::from(text))).unwrap())
        }
    });
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}
