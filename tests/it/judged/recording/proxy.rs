//! A proxy between orgscan and the emulator that takes down every exchange.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use orgscan_sim::call::Call;

use super::tape::Tape;
use crate::forward::forward;
use crate::serving::{Answers, Serving};

/// What a proxy answers from.
struct Proxy {
    /// The emulator's address and port.
    emulator: String,
    /// Requests that the proxy denies by itself, and does not take down: `iam:ListUsers`.
    refused: &'static [&'static str],
    tape: Arc<Mutex<Tape>>,
}

/// Starts a proxy of the emulator at `url`.
pub(super) async fn start(
    url: &str,
    refused: &'static [&'static str],
    tape: &Arc<Mutex<Tape>>,
) -> Serving {
    let proxy = Proxy {
        emulator: url.strip_prefix("http://").unwrap().to_owned(),
        refused,
        tape: tape.clone(),
    };
    Serving::start(Arc::new(proxy)).await
}

impl Answers for Proxy {
    async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
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
}

impl Proxy {
    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, String> {
        let (method, uri) = (request.method(), request.uri());
        let call = Call::read(method, uri, request.headers(), request.body());
        let call = call.map_err(|error| error.to_string())?;
        if self.refused.contains(&call.name().as_str()) {
            return Ok(refusal(&call));
        }
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
