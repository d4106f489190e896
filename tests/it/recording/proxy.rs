//! A proxy between orgscan and the emulator that takes down every exchange.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use orgscan::replay::call::Call;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

use super::forward::forward;
use super::tape::Tape;

/// The proxy. It takes no more connections when it is dropped.
pub(super) struct Proxy {
    /// Where it listens: `http://127.0.0.1:…`.
    pub(super) url: String,
    listening: AbortHandle,
}

/// What the proxy's connections share.
struct Shared {
    /// The emulator's address and port.
    emulator: String,
    /// Requests that the proxy denies by itself, and does not take down: `iam:ListUsers`.
    refused: &'static [&'static str],
    tape: Arc<Mutex<Tape>>,
}

impl Proxy {
    /// Starts a proxy of the emulator at `url`.
    pub(super) async fn start(
        url: &str,
        refused: &'static [&'static str],
        tape: &Arc<Mutex<Tape>>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            emulator: url.strip_prefix("http://").unwrap().to_owned(),
            refused,
            tape: tape.clone(),
        });
        Self {
            url: format!("http://{address}"),
            listening: tokio::spawn(listen(listener, shared)).abort_handle(),
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(converse(stream, shared.clone()));
    }
}

/// Answers what comes on one connection, until the client closes it.
async fn converse(stream: TcpStream, shared: Arc<Shared>) {
    let service = service_fn(|request| async {
        let answer = shared.answer(request).await;
        Ok::<_, Infallible>(answer.map(Full::new))
    });
    let served = stream.set_nodelay(true).map(|()| TokioIo::new(stream));
    let Ok(stream) = served else { return };
    // A client that goes away in the middle leaves an exchange that was taken down all the same.
    let _ = http1::Builder::new()
        .serve_connection(stream, service)
        .await;
}

impl Shared {
    async fn answer(&self, request: Request<Incoming>) -> Response<Bytes> {
        match self.exchange(request).await {
            Ok(answer) => answer,
            Err(error) => {
                self.tape.lock().unwrap().failed(error.clone());
                let mut answer = Response::new(Bytes::from(error));
                *answer.status_mut() = StatusCode::NOT_IMPLEMENTED;
                answer
            }
        }
    }

    async fn exchange(&self, request: Request<Incoming>) -> Result<Response<Bytes>, String> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.map_err(|error| error.to_string())?;
        let body = body.to_bytes();
        let call = Call::read(&head.method, &head.uri, &head.headers, &body);
        let call = call.map_err(|error| error.to_string())?;
        if self.refused.contains(&call.name().as_str()) {
            return Ok(refusal(&call));
        }
        let request = Request::from_parts(head, body);
        let answer = forward(&self.emulator, &request).await;
        let answer = answer.map_err(|error| error.to_string())?;
        self.tape.lock().unwrap().take(call, &answer);
        Ok(answer)
    }
}

/// Denied, in the words of the service.
fn refusal(call: &Call) -> Response<Bytes> {
    let body = if call.service == "ec2" {
        "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized \
         to perform this operation.</Message></Error></Errors><RequestID>0</RequestID></Response>"
    } else {
        "<ErrorResponse><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>\
         <RequestId>0</RequestId></ErrorResponse>"
    };
    let mut answer = Response::new(Bytes::from_static(body.as_bytes()));
    *answer.status_mut() = StatusCode::FORBIDDEN;
    answer
}
