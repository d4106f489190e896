//! Stands for AWS in unit tests.

pub mod s3;

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;

/// An HTTP client that answers 200 with an empty body and keeps what it was sent.
#[derive(Clone, Debug, Default)]
pub struct RecordingClient(Arc<Mutex<Vec<HttpRequest>>>);

impl RecordingClient {
    pub fn client(&self) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(self.clone());
        http_client_fn(move |_, _| connector.clone())
    }

    pub fn sent(&self) -> Vec<HttpRequest> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl HttpConnector for RecordingClient {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.0.lock().unwrap().push(request);
        let answer = HttpResponse::new(200.try_into().unwrap(), SdkBody::empty());
        HttpConnectorFuture::ready(Ok(answer))
    }
}
