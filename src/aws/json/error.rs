//! Error answers of the JSON protocols.

use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, OrchestratorError};
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde_json::Value;

/// An error that a service answered with.
#[derive(Debug, thiserror::Error)]
#[error("{meta}")]
pub(super) struct JsonError {
    meta: ErrorMetadata,
}

impl ProvideErrorMetadata for JsonError {
    fn meta(&self) -> &ErrorMetadata {
        &self.meta
    }
}

/// The body of a success, or the error.
pub(super) fn body(response: &HttpResponse) -> Result<Vec<u8>, OrchestratorError<JsonError>> {
    let bytes = response.body().bytes().unwrap_or_default();
    match response.status().is_success() {
        true => Ok(bytes.to_vec()),
        false => Err(OrchestratorError::operation(error(response, bytes))),
    }
}

/// The code is in a header or in the document, and may have a namespace before it or a URL behind it.
///
/// Source: <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization>
fn error(response: &HttpResponse, bytes: &[u8]) -> JsonError {
    let document: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let text = |names: &[&str]| {
        let mut found = names.iter().filter_map(|name| document.get(name)?.as_str());
        found.next().map(str::to_owned)
    };
    let in_header = response.headers().get("x-amzn-errortype");
    let code = in_header
        .map(str::to_owned)
        .or_else(|| text(&["__type", "code"]));
    let mut meta = ErrorMetadata::builder();
    if let Some(code) = code {
        meta = meta.code(plain(&code));
    }
    if let Some(message) = text(&["message", "Message", "errorMessage"]) {
        meta = meta.message(message);
    }
    JsonError { meta: meta.build() }
}

/// A code without namespace and URL.
fn plain(code: &str) -> &str {
    let code = code.rsplit_once('#').map_or(code, |(_, code)| code);
    code.split(':').next().unwrap_or(code).trim()
}
