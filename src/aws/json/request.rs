//! Requests of the JSON protocols.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use serde::Serialize;

use super::services::{JsonService, Protocol};

/// What is sent to the host of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JsonRequest {
    method: &'static str,
    /// The path, with the query.
    path: String,
    /// Type and content of the body; none where it is empty.
    body: Option<(&'static str, Vec<u8>)>,
    /// The operation, where the path does not name it.
    target: Option<String>,
}

impl JsonRequest {
    /// An operation with its input as a document.
    ///
    /// Source: <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html>
    pub(super) fn of_operation(
        service: &JsonService,
        operation: &str,
        input: &impl Serialize,
    ) -> Self {
        let (content_type, target) = match service.protocol {
            Protocol::Json10(prefix) => (
                "application/x-amz-json-1.0",
                Some(format!("{prefix}.{operation}")),
            ),
            Protocol::Json11(prefix) => (
                "application/x-amz-json-1.1",
                Some(format!("{prefix}.{operation}")),
            ),
            Protocol::Rest => ("application/json", None),
        };
        // The inputs are maps of texts, numbers and lists, which always can be written.
        let body = serde_json::to_vec(input).unwrap_or_default();
        Self {
            method: "POST",
            path: "/".to_owned(),
            body: Some((content_type, body)),
            target,
        }
    }

    /// A path without a body.
    ///
    /// Source: <https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html>
    pub(super) fn of_path(path: &str, query: &[(&str, &str)]) -> Self {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        let query = pairs.extend_pairs(query).finish();
        Self {
            method: "GET",
            path: match query.is_empty() {
                true => path.to_owned(),
                // A space is `%20` in AWS's signatures.
                false => format!("{path}?{}", query.replace('+', "%20")),
            },
            body: None,
            target: None,
        }
    }

    /// A path with a document.
    ///
    /// Source: <https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html>
    pub(super) fn of_document(path: &str, input: &impl Serialize) -> Self {
        // The inputs are maps of texts, numbers and lists, which always can be written.
        let body = serde_json::to_vec(input).unwrap_or_default();
        Self {
            method: "POST",
            path: path.to_owned(),
            body: Some(("application/json", body)),
            target: None,
        }
    }

    /// As HTTP has it. Of a path an answer in JSON is asked for, which is what the check of answers goes by.
    pub(super) fn into_http(self) -> Result<HttpRequest, BoxError> {
        let (content_type, body) = self.body.unzip();
        let body = body.map_or_else(SdkBody::empty, SdkBody::from);
        let mut request = HttpRequest::new(body);
        request.set_method(self.method)?;
        request.set_uri(self.path)?;
        let headers = request.headers_mut();
        if let Some(content_type) = content_type {
            headers.insert("content-type", content_type);
        }
        match self.target {
            Some(target) => headers.insert("x-amz-target", target),
            None => headers.insert("accept", "application/json"),
        };
        Ok(request)
    }
}
