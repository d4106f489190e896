//! An HTTP server on this machine, for what stands between orgscan and an emulator.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// What answers whole requests.
pub(crate) trait Answers: Send + Sync + 'static {
    fn answer(&self, request: Request<Bytes>) -> impl Future<Output = Response<Bytes>> + Send;
}

/// The server. It takes no more connections when it is dropped.
pub(crate) struct Serving {
    /// Where it listens: `http://127.0.0.1:…`.
    pub(crate) url: String,
    listening: AbortHandle,
}

impl Serving {
    pub(crate) async fn start(answers: Arc<impl Answers>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        Self {
            url: format!("http://{address}"),
            listening: tokio::spawn(listen(listener, answers)).abort_handle(),
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listen(listener: TcpListener, answers: Arc<impl Answers>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(converse(stream, answers.clone()));
    }
}

/// Answers what comes on one connection, until the client closes it or cuts a request short.
async fn converse(stream: TcpStream, answers: Arc<impl Answers>) {
    let service = service_fn(|request: Request<Incoming>| async {
        let (head, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let answer = answers.answer(Request::from_parts(head, body)).await;
        Ok::<_, hyper::Error>(answer.map(Full::new))
    });
    let served = stream.set_nodelay(true).map(|()| TokioIo::new(stream));
    let Ok(stream) = served else { return };
    let _ = http1::Builder::new()
        .serve_connection(stream, service)
        .await;
}
