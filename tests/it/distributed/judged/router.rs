//! S3 for a function that scans one emulator and reports to another: requests for the report bucket go
//! to the one, all others to the other. It can refuse to write objects.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};

use crate::forward::forward;
use crate::run::runtime;
use crate::serving::{Answers, Serving};

/// The router. It takes no more connections when it is dropped.
pub(super) struct Router {
    pub(super) serving: Serving,
    routes: Arc<Routes>,
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
        Self {
            serving: runtime().block_on(Serving::start(routes.clone())),
            routes,
        }
    }

    /// Refuses to write objects whose keys end like this.
    pub(super) fn refuse(&self, end: &str) {
        self.routes.refused.lock().unwrap().push(end.to_owned());
    }
}

impl Answers for Routes {
    async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        let path = request.uri().path();
        let refused = self.refused.lock().unwrap().clone();
        if request.method() == Method::PUT && refused.iter().any(|end| path.ends_with(end)) {
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
