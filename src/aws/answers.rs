//! What is checked of every answer before the SDK reads it.
//!
//! The SDK's interceptors run before an answer's body is read, so the check is part of the HTTP client.
//! Objects of S3 are streamed and have their own checks; every other body is read to its end here, as
//! the SDK would do anyway, and has to be complete: the SDK's parsers take an answer that ends early for
//! a shorter one.

use std::error::Error;
use std::sync::Arc;
use std::time::SystemTime;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::{
    RuntimeComponents, RuntimeComponentsBuilder,
};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::config_bag::ConfigBag;
use orgscan_core::jsonl::LARGEST;
use serde::de::IgnoredAny;

use super::clock::FirstAnswer;
use super::xml;

/// An answer that cannot be what AWS sent.
#[derive(Debug, thiserror::Error)]
#[error("{}{problem}", with_status(*status))]
pub(super) struct MalformedAnswer {
    status: u16,
    problem: String,
}

impl MalformedAnswer {
    pub(super) const fn new(status: u16, problem: String) -> Self {
        Self { status, problem }
    }
}

fn with_status(status: u16) -> String {
    match status {
        200 => String::new(),
        status => format!("HTTP status {status}: "),
    }
}

/// The client with a check of every answer.
pub fn checked(client: impl HttpClient + 'static) -> SharedHttpClient {
    SharedHttpClient::new(CheckedClient {
        inner: SharedHttpClient::new(client),
        first: Arc::default(),
    })
}

#[derive(Debug)]
struct CheckedClient {
    inner: SharedHttpClient,
    first: Arc<FirstAnswer>,
}

impl HttpClient for CheckedClient {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(CheckedConnector {
            inner: self.inner.http_connector(settings, components),
            first: self.first.clone(),
        })
    }

    fn validate_base_client_config(
        &self,
        components: &RuntimeComponentsBuilder,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        HttpClient::validate_base_client_config(&self.inner, components, config)
    }

    fn validate_final_config(
        &self,
        components: &RuntimeComponents,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        HttpClient::validate_final_config(&self.inner, components, config)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.inner.connector_metadata()
    }
}

#[derive(Debug)]
struct CheckedConnector {
    inner: SharedHttpConnector,
    first: Arc<FirstAnswer>,
}

impl HttpConnector for CheckedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let expected = ExpectedResponse::of(&request);
        let first = expected.is_signed.then(|| self.first.clone());
        let answer = self.inner.call(request);
        HttpConnectorFuture::new(async move {
            let answer = answer.await?;
            if let Some(first) = first {
                first
                    .check(answer.headers().get("date"), SystemTime::now())
                    .map_err(|wrong| ConnectorError::other(wrong.into(), None))?;
            }
            expected.check(answer).await
        })
    }
}

/// The form of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BodyFormat {
    Xml,
    Json,
    Cbor,
    /// Something that is not checked here.
    Any,
}

/// The body of a success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SuccessBody {
    /// The operation's model has one.
    Always(BodyFormat),
    /// The operation's model has none, or it is not known.
    Perhaps(BodyFormat),
    /// The content of an object.
    Object,
}

/// The answer that a request has, by its protocol and operation. What the answer itself says of its
/// content proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ExpectedResponse {
    success: SuccessBody,
    error: BodyFormat,
    /// Whether AWS is asked, and not a provider of credentials on this machine.
    is_signed: bool,
}

impl ExpectedResponse {
    /// The query protocols (EC2, IAM, STS, SNS, CloudFormation) send forms and answer in XML. The JSON
    /// protocols (Organizations, CloudTrail) answer at least `{}`; requests for a path say that they accept JSON or XML (CloudFront), or have JSON (Account Management).
    /// CloudWatch speaks CBOR. S3 and S3 Control
    /// have XML, except for objects and the policy of a bucket.
    ///
    /// Source: <https://smithy.io/2.0/aws/protocols/index.html>
    fn of(request: &HttpRequest) -> Self {
        let header = |name| request.headers().get(name).unwrap_or_default();
        let authorization = header("authorization");
        let content_type = header("content-type");
        let (success, error) = if content_type.starts_with("application/x-www-form-urlencoded") {
            (SuccessBody::Always(BodyFormat::Xml), BodyFormat::Xml)
        } else if content_type.starts_with("application/x-amz-json-") {
            (SuccessBody::Always(BodyFormat::Json), BodyFormat::Json)
        } else if header("smithy-protocol") == "rpc-v2-cbor" {
            (SuccessBody::Perhaps(BodyFormat::Cbor), BodyFormat::Cbor)
        } else if header("accept") == "application/json" {
            (SuccessBody::Always(BodyFormat::Json), BodyFormat::Json)
        } else if header("accept") == "application/xml" {
            (SuccessBody::Always(BodyFormat::Xml), BodyFormat::Xml)
        } else if authorization.contains("/s3/aws4_request") {
            (of_s3(request), BodyFormat::Xml)
        } else if content_type == "application/json" {
            (SuccessBody::Perhaps(BodyFormat::Json), BodyFormat::Json)
        } else {
            (SuccessBody::Perhaps(BodyFormat::Any), BodyFormat::Any)
        };
        Self {
            success,
            error,
            is_signed: authorization.starts_with("AWS4-"),
        }
    }

    async fn check(self, mut answer: HttpResponse) -> Result<HttpResponse, ConnectorError> {
        let status = answer.status();
        if status.is_success() && self.success == SuccessBody::Object {
            return Ok(answer);
        }
        let malformed = |problem| {
            let status = status.as_u16();
            ConnectorError::other(MalformedAnswer::new(status, problem).into(), None)
        };
        let body = read(ByteStream::new(answer.take_body()), LARGEST).await;
        let body = body.map_err(|error| malformed(error.to_string()))?;
        let problem = match (status.as_u16(), self.success) {
            // Nothing but the status is concluded from these.
            (429 | 500.., _) => Ok(()),
            (200..300, SuccessBody::Always(format)) => is_complete(format, &body),
            (200..300, SuccessBody::Perhaps(format)) if !body.is_empty() => {
                is_complete(format, &body)
            }
            (200..300, _) => Ok(()),
            _ if body.is_empty() => Ok(()),
            _ => is_complete(self.error, &body),
        };
        problem.map_err(malformed)?;
        *answer.body_mut() = SdkBody::from(body);
        Ok(answer)
    }
}

/// The SDK names GetObject in the query (`x-id`); the other operations of S3 have a name for what of a
/// bucket they are about.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html>
fn of_s3(request: &HttpRequest) -> SuccessBody {
    let query = request.uri().split_once('?').map_or("", |(_, query)| query);
    let mut asked = form_urlencoded::parse(query.as_bytes());
    match request.method() {
        "GET" if asked.any(|(name, value)| name == "x-id" && value == "GetObject") => {
            SuccessBody::Object
        }
        "GET" if form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "policy") => {
            SuccessBody::Always(BodyFormat::Json)
        }
        "GET" => SuccessBody::Always(BodyFormat::Xml),
        _ => SuccessBody::Perhaps(BodyFormat::Xml),
    }
}

fn is_complete(format: BodyFormat, body: &[u8]) -> Result<(), String> {
    if body.is_empty() && format != BodyFormat::Any {
        return Err("the answer is empty".to_owned());
    }
    match format {
        BodyFormat::Xml => xml::check(body),
        BodyFormat::Json => serde_json::from_slice::<IgnoredAny>(body)
            .map(drop)
            .map_err(|error| format!("the answer is not complete JSON: {error}")),
        BodyFormat::Cbor => ciborium::from_reader::<IgnoredAny, _>(body)
            .map(drop)
            .map_err(|error| format!("the answer is not complete CBOR: {error}")),
        BodyFormat::Any => Ok(()),
    }
}

/// Why a body cannot be read.
#[derive(Debug, thiserror::Error)]
enum BodyError {
    #[error("the answer breaks off: {}", innermost(.0))]
    Broken(#[from] aws_smithy_types::byte_stream::error::Error),
    #[error("the answer is larger than {} MiB", .0 >> 20)]
    TooLarge(usize),
}

/// Reads a body of at most `most` bytes to its end. AWS's own pages have a few megabytes at most.
async fn read(mut body: ByteStream, most: usize) -> Result<Vec<u8>, BodyError> {
    let mut bytes = Vec::new();
    while let Some(part) = body.try_next().await? {
        if bytes.len() + part.len() > most {
            return Err(BodyError::TooLarge(most));
        }
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

/// Reads an object that is held in memory, with the same bound.
///
/// # Errors
/// Where the connection breaks on the way, or the object is larger than 64 MiB.
pub async fn whole_object(body: ByteStream) -> Result<Vec<u8>, ConnectorError> {
    read(body, LARGEST).await.map_err(|error| match error {
        BodyError::Broken(error) => ConnectorError::io(error.into()),
        BodyError::TooLarge(_) => {
            let (status, problem) = (200, error.to_string());
            ConnectorError::other(MalformedAnswer::new(status, problem).into(), None)
        }
    })
}

fn innermost(error: &(dyn Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |&error| error.source());
    chain.last().map(ToString::to_string).unwrap_or_default()
}

#[cfg(test)]
mod tests;
