//! Shows the reports of a folder in a browser, on a port of this machine. Nothing is written.
//!
//! Reports are for their owner alone, and a port of this machine is for all of its users. So the address has a key that
//! nobody can guess, and only requests that name this machine are answered: a page of another site cannot read along by
//! pointing its own name here (DNS rebinding).

mod files;
mod policy;
mod reply;
mod runs;
mod site;

use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use ring::rand::{SecureRandom, SystemRandom};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::AbortHandle;

use site::Site;

/// The folder of all runs' reports, below the one that they were written into.
const DAILY: &str = "daily";

/// How many connections are served at the same time; others wait.
const CONNECTIONS: usize = 64;

/// How long a client may take to send a request.
const REQUEST_TIME: Duration = Duration::from_secs(10);

/// How long to wait when no connection can be taken: too many files are open, say.
const TRY_AGAIN: Duration = Duration::from_millis(50);

#[derive(Debug, thiserror::Error)]
pub(crate) enum ServeError {
    /// The folder has no reports.
    #[error(
        "{0} has no reports; give the folder that a scan wrote with --report, which contains a folder `{DAILY}`"
    )]
    NoReports(PathBuf),
    /// The port cannot be used.
    #[error(
        "port {port} on 127.0.0.1 cannot be used: {source}; use another one with --port, or a free one with --port 0"
    )]
    Listen { port: u16, source: io::Error },
    /// The system has no random numbers.
    #[error("the operating system returns no random numbers for the key in the address")]
    NoRandom,
}

/// A server of a folder's reports. It ends with this value.
#[derive(Debug)]
pub(crate) struct Server {
    /// The address of the list of runs.
    pub url: String,
    /// An address that leads there once, for a command line that other users can see.
    pub ticket_url: String,
    task: AbortHandle,
}

impl Server {
    /// Serves the reports of a folder on a port of 127.0.0.1, a free one for 0.
    ///
    /// # Errors
    /// See [`ServeError`].
    pub(crate) async fn start(folder: &Path, port: u16) -> Result<Self, ServeError> {
        let none = || ServeError::NoReports(folder.to_owned());
        // Without symbolic links, so that one below it can be told.
        let root = folder.canonicalize().map_err(|_| none())?;
        if !root.join(DAILY).is_dir() {
            return Err(none());
        }
        let failed = |source| ServeError::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let listener = listener.map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let (key, ticket) = (random()?, random()?);
        let address = format!("http://127.0.0.1:{port}");
        let server = Self {
            url: format!("{address}/{key}/"),
            ticket_url: format!("{address}/{ticket}"),
            task: tokio::spawn(serve(
                listener,
                Arc::new(Site::new(root, port, key, ticket)),
            ))
            .abort_handle(),
        };
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// 128 bits, fit for an address.
fn random() -> Result<String, ServeError> {
    let mut bytes = [0; 16];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| ServeError::NoRandom)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

async fn serve(listener: TcpListener, site: Arc<Site>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    while let Ok(permit) = room.clone().acquire_owned().await {
        match listener.accept().await {
            Ok((stream, _)) => {
                let site = site.clone();
                tokio::spawn(async move {
                    converse(stream, site).await;
                    drop(permit);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(TRY_AGAIN).await;
            }
        }
    }
}

async fn converse(stream: TcpStream, site: Arc<Site>) {
    let answer = service_fn(move |request: http::Request<hyper::body::Incoming>| {
        let site = site.clone();
        async move { Ok::<_, std::convert::Infallible>(site.answer(&request.into_parts().0).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(REQUEST_TIME)
        .serve_connection(TokioIo::new(stream), answer);
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection ended");
    }
}

#[cfg(test)]
mod tests;
