//! S3 for a function that scans one emulator and reports to another: requests for the report bucket go
//! to the one, all others to the other. It can refuse to write objects.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

use crate::recording::forward::forward;
use crate::world::runtime;

/// The router. It takes no more connections when it is dropped.
pub(super) struct Router {
    pub(super) url: String,
    routes: Arc<Routes>,
    listening: AbortHandle,
}

struct Routes {
    /// How the paths of the report bucket begin.
    bucket: String,
    /// The hosts of the bucket and of all else.
    reports: String,
    scanned: String,
    /// Ends of keys that cannot be written.
    refused: Mutex<Vec<String>>,
}

impl Router {
    pub(super) fn start(bucket: &str, reports: &str, scanned: &str) -> Self {
        let host = |url: &str| url.strip_prefix("http://").unwrap().to_owned();
        let routes = Arc::new(Routes {
            bucket: format!("/{bucket}"),
            reports: host(reports),
            scanned: host(scanned),
            refused: Mutex::default(),
        });
        runtime().block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            Self {
                url: format!("http://{address}"),
                routes: routes.clone(),
                listening: tokio::spawn(listen(listener, routes)).abort_handle(),
            }
        })
    }

    /// Refuses to write objects whose keys end like this.
    pub(super) fn refuse(&self, end: &str) {
        self.routes.refused.lock().unwrap().push(end.to_owned());
    }
}

impl Drop for Router {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listen(listener: TcpListener, routes: Arc<Routes>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(converse(stream, routes.clone()));
    }
}

async fn converse(stream: TcpStream, routes: Arc<Routes>) {
    let service = service_fn(|request| async {
        let answer = routes.answer(request).await;
        Ok::<_, Infallible>(answer.map(Full::new))
    });
    let served = stream.set_nodelay(true).map(|()| TokioIo::new(stream));
    let Ok(stream) = served else { return };
    let _ = http1::Builder::new()
        .serve_connection(stream, service)
        .await;
}

impl Routes {
    async fn answer(&self, request: Request<Incoming>) -> Response<Bytes> {
        let (head, body) = request.into_parts();
        let Ok(body) = body.collect().await else {
            return failed("the request is cut short", StatusCode::BAD_REQUEST);
        };
        let path = head.uri.path();
        let refused = self.refused.lock().unwrap().clone();
        if head.method == Method::PUT && refused.iter().any(|end| path.ends_with(end)) {
            return failed(
                "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>",
                StatusCode::FORBIDDEN,
            );
        }
        let rest = path.strip_prefix(&self.bucket);
        let is_report = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let host = if is_report {
            &self.reports
        } else {
            &self.scanned
        };
        let request = Request::from_parts(head, body.to_bytes());
        match forward(host, &request).await {
            Ok(answer) => answer,
            Err(error) => failed(&error.to_string(), StatusCode::BAD_GATEWAY),
        }
    }
}

fn failed(text: &str, status: StatusCode) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::copy_from_slice(text.as_bytes()));
    *answer.status_mut() = status;
    answer
}
