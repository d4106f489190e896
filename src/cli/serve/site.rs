//! What is answered to which request.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;

use http::header::HOST;
use http::request::Parts;
use http::{Method, StatusCode};
use orgscan_report::html::NAME;
use orgscan_store::Storage;

use super::files::ReportPath;
use super::policy;
use super::reply::{self, Reply};
use super::runs::{self, Neighbors};

/// In the first bytes of a page are its policy and the start of its body.
const BEGINNING: u64 = 256 * 1_024;

const HTML: &str = "text/html; charset=utf-8";

const NO_KEY: &str =
    "This address has no valid key. Open the one that `orgscan serve` has printed.\n";
const NO_PAGE: &str = "There is no such page.\n";
const NOT_HERE: &str = "Only requests to 127.0.0.1 or localhost are answered.\n";
const FAILED: &str = "The reports cannot be read; the log of `orgscan serve -v` has the reason.\n";

/// The reports of a folder.
#[derive(Debug)]
pub(super) struct Site {
    archive: Storage,
    root: PathBuf,
    /// How requests may name this server.
    hosts: [String; 3],
    key: String,
    /// A second key, which leads to the first one once.
    ticket: Mutex<Option<String>>,
}

impl Site {
    pub(super) fn new(root: PathBuf, port: u16, key: String, ticket: String) -> Self {
        Self {
            archive: Storage::in_folder(root.clone()),
            root,
            hosts: ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}")),
            key,
            ticket: Mutex::new(Some(ticket)),
        }
    }

    pub(super) async fn answer(&self, request: &Parts) -> Reply {
        if !self.is_addressed(request) {
            return reply::refusal(StatusCode::MISDIRECTED_REQUEST, NOT_HERE);
        }
        if request.method != Method::GET && request.method != Method::HEAD {
            return reply::not_allowed();
        }
        let path = request.uri.path().strip_prefix('/').unwrap_or_default();
        let (key, path) = match path.split_once('/') {
            Some((key, path)) => (key, Some(path)),
            None => (path, None),
        };
        match path {
            Some(path) if key == self.key => self.page(path).await,
            None if key == self.key || self.takes_ticket(key, &request.method) => {
                reply::redirect(&format!("/{}/", self.key))
            }
            _ => reply::refusal(StatusCode::FORBIDDEN, NO_KEY),
        }
    }

    /// Whether the request names this server, in its one Host header and in its target.
    fn is_addressed(&self, request: &Parts) -> bool {
        let is_own = |host: &str| self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
        let mut hosts = request.headers.get_all(HOST).iter();
        let host = hosts.next().and_then(|host| host.to_str().ok());
        let target = request.uri.authority();
        host.is_some_and(is_own)
            && hosts.next().is_none()
            && target.is_none_or(|target| is_own(target.as_str()))
    }

    /// Whether the key is the ticket, which is then used up.
    fn takes_ticket(&self, key: &str, method: &Method) -> bool {
        let mut ticket = self.ticket.lock().unwrap_or_else(PoisonError::into_inner);
        let is_taken = *method == Method::GET && ticket.as_deref() == Some(key);
        if is_taken {
            *ticket = None;
        }
        is_taken
    }

    async fn page(&self, path: &str) -> Reply {
        let answered = match path.strip_suffix('/') {
            _ if path.is_empty() => self.list().await,
            Some(run) => self.file(&format!("{run}/{NAME}")).await,
            None if ReportPath::of(&format!("{path}/{NAME}")).is_some() => {
                Ok(Some(reply::redirect(&format!("/{}/{path}/", self.key))))
            }
            None => self.file(path).await,
        };
        match answered {
            Ok(Some(reply)) => reply,
            Ok(None) => reply::refusal(StatusCode::NOT_FOUND, NO_PAGE),
            Err(error) => {
                tracing::warn!(%error, "reports cannot be read");
                reply::refusal(StatusCode::INTERNAL_SERVER_ERROR, FAILED)
            }
        }
    }

    async fn list(&self) -> io::Result<Option<Reply>> {
        let page = runs::page(&self.archive, &self.root).await?;
        Ok(Some(reply::page(
            HTML,
            &orgscan_report::html::runs::policy(),
            page,
        )))
    }

    async fn file(&self, path: &str) -> io::Result<Option<Reply>> {
        let Some(path) = ReportPath::of(path) else {
            return Ok(None);
        };
        let (root, wanted) = (self.root.clone(), path.clone());
        let read = move || -> io::Result<Option<(Vec<u8>, File, u64)>> {
            let Some(mut file) = wanted.open(&root) else {
                return Ok(None);
            };
            let mut beginning = Vec::new();
            if wanted.name() == NAME {
                (&mut file).take(BEGINNING).read_to_end(&mut beginning)?;
            }
            let rest = file
                .metadata()?
                .len()
                .saturating_sub(beginning.len() as u64);
            Ok(Some((beginning, file, rest)))
        };
        let read = tokio::task::spawn_blocking(read).await;
        let Some((beginning, file, rest)) = read.map_err(io::Error::other)?? else {
            return Ok(None);
        };
        let file = tokio::fs::File::from_std(file);
        if path.name() != NAME {
            let kind = path.content_type();
            return Ok(Some(reply::file(
                kind,
                policy::NOTHING,
                beginning,
                file,
                rest,
            )));
        }
        let policy = policy::of_page(&String::from_utf8_lossy(&beginning));
        let neighbors = Neighbors::of(&self.archive, &path.run()).await?;
        let beginning = neighbors.shown_in(beginning, &format!("/{}/", self.key));
        Ok(Some(reply::file(HTML, &policy, beginning, file, rest)))
    }
}
