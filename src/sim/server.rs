//! The HTTP server: connections, and how answers are given on them.

use std::io;
use std::net::Ipv4Addr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use super::backend::{Backend, Delivery, Outcome};
use super::call::{Call, CallError};
use super::counts::{Counts, LoggedRequest};
use super::error::ReplayError;
use super::recording::{Header, Recording};
use super::reply::{ErrorFormat, Refusal, Reply};
use super::settings::Settings;
use super::tls::Certificate;
use super::writes::Writes;

/// How long to wait when no connection can be taken: too many files are open, say.
const TRY_AGAIN: Duration = Duration::from_millis(20);

/// Where the server shows what it has seen.
const SHOWN: &str = "/_replay/";

/// An organization that is replayed, on a port of this machine. It ends with this value.
#[derive(Debug)]
pub struct Replay {
    /// Where it listens: `http://127.0.0.1:…`, or `https://` with a certificate.
    pub url: String,
    backend: Arc<Backend>,
    server: AbortHandle,
}

impl Replay {
    /// Replays the recording that is part of the program, on the runtime that this is called from.
    ///
    /// # Errors
    /// See [`ReplayError`].
    pub async fn start(settings: Settings) -> Result<Self, ReplayError> {
        Self::of(&Recording::embedded()?, settings).await
    }

    /// Replays a recording, on the runtime that this is called from.
    ///
    /// # Errors
    /// See [`ReplayError`].
    pub async fn of(recording: &Recording, settings: Settings) -> Result<Self, ReplayError> {
        let backend = Arc::new(Backend::new(recording, &settings)?);
        let certificate = settings.certificate.as_ref();
        let tls = certificate.map(Certificate::acceptor).transpose()?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let port = settings.port;
        let failed = |source| ReplayError::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let listener = listener.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let server = tokio::spawn(serve(listener, tls, backend.clone()));
        Ok(Self {
            url: format!("{scheme}://{address}"),
            backend,
            server: server.abort_handle(),
        })
    }

    /// Where the recording comes from, and what was created in it.
    pub fn header(&self) -> &Header {
        &self.backend.header
    }

    /// Requests that the recording has no answer to. More than a few mean that it is out of date.
    pub fn missing(&self) -> Vec<String> {
        self.backend.missing()
    }

    /// What was written so far.
    pub fn writes(&self) -> Writes {
        self.backend.writes()
    }

    /// How many requests and connections there were so far.
    pub fn counts(&self) -> Counts {
        self.backend.counts()
    }

    /// Every request so far, in the order of their answers, if [`Settings::log`] was set.
    pub fn log(&self) -> Vec<LoggedRequest> {
        self.backend.counter.log()
    }
}

impl Drop for Replay {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(listener: TcpListener, tls: Option<TlsAcceptor>, backend: Arc<Backend>) {
    // Ends all of them when it is dropped.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(accept(stream, tls.clone(), backend.clone()));
                }
                Err(_) => tokio::time::sleep(TRY_AGAIN).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Serves one connection.
async fn accept(stream: TcpStream, tls: Option<TlsAcceptor>, backend: Arc<Backend>) {
    let _open = backend.counter.opened();
    // Without it, small answers would wait for acknowledgements.
    let _ = stream.set_nodelay(true);
    match tls {
        None => converse(stream, &backend).await,
        // A client that does not trust the certificate is told so by TLS.
        Some(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                converse(stream, &backend).await;
            }
        }
    }
}

/// Answers the requests of one connection, one after the other.
async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin, backend: &Backend) {
    let is_first = AtomicBool::new(true);
    let service = service_fn(|request| {
        let connect = match is_first.swap(false, Ordering::Relaxed) {
            true => backend.connect(),
            false => Duration::ZERO,
        };
        respond(backend, request, connect)
    });
    // The client's mistakes, and the faults that end a connection, are no errors of the server.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn respond(
    backend: &Backend,
    request: Request<Incoming>,
    connect: Duration,
) -> Result<Response<ReplyBody>, io::Error> {
    let (head, body) = request.into_parts();
    if let Some(what) = head.uri.path().strip_prefix(SHOWN) {
        return Ok(response(show(backend, what), Delivery::Whole));
    }
    let _answering = backend.counter.count_request();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let outcome = match Call::read(&head.method, &head.uri, &head.headers, &body) {
        Ok(call) => backend.answer(&call, &head.headers, &body),
        Err(error) => unreadable(backend, &error),
    };
    let delay = outcome.delay + connect;
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    match outcome.delivery {
        Delivery::Never => std::future::pending().await,
        Delivery::Closed => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
        delivery => Ok(response(outcome.reply, delivery)),
    }
}

fn unreadable(backend: &Backend, error: &CallError) -> Outcome {
    let message = error.to_string();
    let refusal = match error {
        CallError::Unsigned => Refusal::new(403, "MissingAuthenticationToken", message),
        CallError::Body { .. } => Refusal::new(400, "SerializationException", message),
        CallError::Unknown { method, path } => {
            backend.note_missing(format!("{method} {path}"));
            Refusal::new(501, "NotRecorded", message)
        }
    };
    Outcome {
        reply: refusal.reply(ErrorFormat::S3),
        delivery: Delivery::Whole,
        delay: Duration::ZERO,
    }
}

fn show(backend: &Backend, what: &str) -> Reply {
    let shown = match what {
        "writes" => serde_json::to_value(backend.writes()),
        "counts" => serde_json::to_value(backend.counts()),
        _ => {
            let message = format!("{SHOWN}{what} is nothing; try {SHOWN}writes or {SHOWN}counts");
            return Refusal::new(404, "NotFound", message).reply(ErrorFormat::Rest);
        }
    };
    Reply::json(200, &shown.unwrap_or_default())
}

fn response(reply: Reply, delivery: Delivery) -> Response<ReplyBody> {
    let mut response = Response::new(ReplyBody::new(reply.body, delivery));
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().extend(reply.headers);
    response
}

/// The body of an answer: all of it, or half of it and then a failure that closes the connection.
#[derive(Debug)]
struct ReplyBody {
    remaining: Bytes,
    announced: u64,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// What is left comes.
    Coming,
    /// What was given is on its way; giving up now would lose it.
    Sending,
    /// There is no more.
    Over,
}

impl ReplyBody {
    fn new(body: Bytes, delivery: Delivery) -> Self {
        let announced = body.len() as u64;
        let remaining = match delivery {
            Delivery::Half => body.slice(..body.len() / 2),
            _ => body,
        };
        Self {
            remaining,
            announced,
            state: State::Coming,
        }
    }

    fn is_cut(&self) -> bool {
        (self.remaining.len() as u64) < self.announced
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match self.state {
            State::Coming => {
                self.state = if self.is_cut() {
                    State::Sending
                } else {
                    State::Over
                };
                Poll::Ready(Some(Ok(Frame::data(self.remaining.clone()))))
            }
            State::Sending => {
                self.state = State::Over;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            State::Over if self.is_cut() => {
                Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::ConnectionReset))))
            }
            State::Over => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.announced == 0 || (self.state == State::Over && !self.is_cut())
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(if self.state == State::Coming {
            self.announced
        } else {
            0
        })
    }
}

#[cfg(test)]
mod tests;
