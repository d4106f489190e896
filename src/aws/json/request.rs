//! Requests of the protocols.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use form_urlencoded::Serializer;
use serde::Serialize;
use serde_json::Value;

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
    /// The type of the answer, where neither body nor target tells it.
    accept: Option<&'static str>,
    /// A header that the service requires.
    header: Option<(&'static str, &'static str)>,
}

impl JsonRequest {
    /// An operation with its input as a document, or as a form.
    ///
    /// Source: <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html> and
    /// <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>
    pub(super) fn of_operation(
        service: &JsonService,
        operation: &str,
        input: &impl Serialize,
    ) -> Self {
        // The inputs are maps of texts, numbers and lists, which always can be written.
        let document = || serde_json::to_vec(input).unwrap_or_default();
        let (content_type, target) = match service.protocol {
            Protocol::Json10(prefix) => (
                "application/x-amz-json-1.0",
                Some(format!("{prefix}.{operation}")),
            ),
            Protocol::Json11(prefix) => (
                "application/x-amz-json-1.1",
                Some(format!("{prefix}.{operation}")),
            ),
            Protocol::Rest | Protocol::RestXml => ("application/json", None),
            Protocol::Query(_) => ("application/x-www-form-urlencoded", None),
        };
        let body = match service.protocol {
            Protocol::Query(version) => form(version, operation, input),
            _ => document(),
        };
        Self {
            method: "POST",
            path: "/".to_owned(),
            body: Some((content_type, body)),
            target,
            accept: None,
            header: service.header,
        }
    }

    /// A path without a body.
    ///
    /// Source: <https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html>
    pub(super) fn of_path(service: &JsonService, path: &str, query: &[(&str, &str)]) -> Self {
        let mut pairs = Serializer::new(String::new());
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
            accept: Some(match service.protocol.has_xml() {
                true => "application/xml",
                false => "application/json",
            }),
            header: service.header,
        }
    }

    /// A path with a document.
    ///
    /// Source: <https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html>
    pub(super) fn of_document(service: &JsonService, path: &str, input: &impl Serialize) -> Self {
        // The inputs are maps of texts, numbers and lists, which always can be written.
        let body = serde_json::to_vec(input).unwrap_or_default();
        Self {
            method: "POST",
            path: path.to_owned(),
            body: Some(("application/json", body)),
            target: None,
            accept: Some("application/json"),
            header: service.header,
        }
    }

    /// As HTTP has it. The request for a path names the type of the answer, which is what the check of answers goes by.
    pub(super) fn into_http(self) -> Result<HttpRequest, BoxError> {
        let (content_type, body) = self.body.unzip();
        let body = body.map_or_else(SdkBody::empty, SdkBody::from);
        let mut request = HttpRequest::new(body);
        request.set_method(self.method)?;
        request.set_uri(self.path)?;
        let headers = request.headers_mut();
        if let Some(accept) = self.accept {
            headers.insert("accept", accept);
        }
        if let Some(content_type) = content_type {
            headers.insert("content-type", content_type);
        }
        if let Some(target) = self.target {
            headers.insert("x-amz-target", target);
        }
        if let Some((name, value)) = self.header {
            headers.insert(name, value);
        }
        Ok(request)
    }
}

/// The parameters of an operation. A member of a list has its number in its name.
///
/// Source: <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#query-key-resolution>
fn form(version: &str, operation: &str, input: &impl Serialize) -> Vec<u8> {
    let mut pairs = Serializer::new(String::new());
    pairs.append_pair("Action", operation);
    pairs.append_pair("Version", version);
    let input = serde_json::to_value(input).unwrap_or_default();
    append(&mut pairs, "", &input);
    pairs.finish().into_bytes()
}

fn append(pairs: &mut Serializer<'_, String>, name: &str, value: &Value) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                let prefix = if name.is_empty() { "" } else { "." };
                append(pairs, &format!("{name}{prefix}{member}"), value);
            }
        }
        Value::Array(items) => {
            for (item, number) in items.iter().zip(1..) {
                append(pairs, &format!("{name}.member.{number}"), item);
            }
        }
        Value::String(text) => {
            pairs.append_pair(name, text);
        }
        Value::Null => {}
        other => {
            pairs.append_pair(name, &other.to_string());
        }
    }
}
