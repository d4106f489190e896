//! Error answers of the protocols.

use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, OrchestratorError};
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde::Deserialize;
use serde_json::Value;

use super::xml;

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
pub(super) fn body(
    response: &HttpResponse,
    is_xml: bool,
) -> Result<Vec<u8>, OrchestratorError<JsonError>> {
    let bytes = response.body().bytes().unwrap_or_default();
    match response.status().is_success() {
        true => Ok(bytes.to_vec()),
        false if is_xml => Err(OrchestratorError::operation(xml_error(bytes))),
        false => Err(OrchestratorError::operation(error(response, bytes))),
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorResponse {
    error: ErrorElement,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorElement {
    code: Option<String>,
    message: Option<String>,
}

/// Code and message are elements of the document.
///
/// Source: <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#operation-error-serialization> and
/// <https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html#operation-error-serialization>
fn xml_error(bytes: &[u8]) -> JsonError {
    let ErrorResponse { error } = xml::document(bytes).unwrap_or_default();
    let mut meta = ErrorMetadata::builder();
    if let Some(code) = error.code {
        meta = meta.code(code);
    }
    if let Some(message) = error.message {
        meta = meta.message(message);
    }
    JsonError { meta: meta.build() }
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
