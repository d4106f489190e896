//! Answers, and errors in the wire format of each service.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};

use crate::call::Call;

/// The id of every request: recorded answers have it too.
pub(super) const REQUEST_ID: &str = "00000000-0000-4000-8000-000000000000";

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reply {
    /// The HTTP status.
    pub(super) status: u16,
    /// Headers, the content type among them.
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub(super) body: Bytes,
}

impl Reply {
    /// An answer with a body.
    pub(super) fn new(status: u16, content_type: &HeaderValue, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: vec![(CONTENT_TYPE, content_type.clone())],
            body: body.into(),
        }
    }

    /// An XML document.
    pub(super) fn xml(status: u16, body: impl Into<Bytes>) -> Self {
        Self::new(status, &HeaderValue::from_static("text/xml"), body)
    }

    /// A JSON document.
    pub(super) fn json(status: u16, body: &serde_json::Value) -> Self {
        let content_type = HeaderValue::from_static("application/x-amz-json-1.1");
        Self::new(status, &content_type, body.to_string())
    }

    /// The same with another header; a value that no header can have is left out.
    #[must_use]
    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((HeaderName::from_static(name), value));
        }
        self
    }
}

/// How a service words and writes its errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ErrorFormat {
    /// EC2's query protocol.
    Ec2,
    /// The query protocol of IAM, STS, SNS and CloudFormation.
    Query,
    /// JSON 1.1: Organizations, CloudTrail.
    Json,
    /// S3.
    S3,
    /// S3 Control: XML with another root.
    S3Control,
    /// RPC v2 CBOR: metrics of CloudWatch.
    Cbor,
    /// JSON over paths: Lambda, Account Management, EFS.
    Rest,
}

impl ErrorFormat {
    /// The form that answers to a request have.
    pub(super) fn of(call: &Call) -> Self {
        match call.service.as_str() {
            "ec2" => Self::Ec2,
            "s3" => Self::S3,
            "s3control" => Self::S3Control,
            "cloudtrail" | "config" | "ecr" | "events" | "kms" | "logs" | "organizations"
            | "secretsmanager" | "sqs" | "sso" => Self::Json,
            "cloudwatch" if call.operation == "PutMetricData" => Self::Cbor,
            "cloudwatch" => Self::Json,
            "access-analyzer" | "account" | "apigateway" | "backup" | "elasticfilesystem"
            | "es" | "glacier" | "guardduty" | "inspector2" | "lambda" | "macie2"
            | "securityhub" => Self::Rest,
            _ => Self::Query,
        }
    }
}

/// An error as AWS says it: HTTP status, code and text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            status,
            code,
            message,
        }
    }

    /// The answer that says it.
    ///
    /// EC2: <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-error-codes.html>,
    /// S3: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>,
    /// CBOR: <https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html>
    pub(super) fn reply(&self, format: ErrorFormat) -> Reply {
        let Self { status, code, .. } = self;
        let message = escape(&self.message);
        let inner = format!("<Code>{code}</Code><Message>{message}</Message>");
        let xml = match format {
            ErrorFormat::Ec2 => format!(
                "<Response><Errors><Error>{inner}</Error></Errors>\
                 <RequestID>{REQUEST_ID}</RequestID></Response>"
            ),
            ErrorFormat::Query => format!(
                "<ErrorResponse><Error><Type>{}</Type>{inner}</Error>\
                 <RequestId>{REQUEST_ID}</RequestId></ErrorResponse>",
                self.side()
            ),
            ErrorFormat::S3 => format!("<Error>{inner}<RequestId>{REQUEST_ID}</RequestId></Error>"),
            ErrorFormat::S3Control => format!(
                "<ErrorResponse><Error>{inner}</Error><RequestId>{REQUEST_ID}</RequestId>\
                 </ErrorResponse>"
            ),
            ErrorFormat::Json | ErrorFormat::Rest | ErrorFormat::Cbor => {
                return self.reply_without_xml(format);
            }
        };
        Reply::xml(
            *status,
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{xml}"),
        )
    }

    fn reply_without_xml(&self, format: ErrorFormat) -> Reply {
        let document = serde_json::json!({"__type": self.code, "message": self.message});
        match format {
            ErrorFormat::Cbor => {
                let mut body = Vec::new();
                // Writing to memory cannot fail.
                let _ = ciborium::into_writer(&document, &mut body);
                let side = format!("{};{}", self.code, self.side());
                Reply::new(
                    self.status,
                    &HeaderValue::from_static("application/cbor"),
                    body,
                )
                .with("smithy-protocol", "rpc-v2-cbor")
                .with("x-amzn-query-error", &side)
            }
            _ => Reply::json(self.status, &document).with("x-amzn-errortype", self.code),
        }
    }

    fn side(&self) -> &'static str {
        match self.status {
            500.. => "Receiver",
            _ => "Sender",
        }
    }
}

/// A text as XML has it.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(format: ErrorFormat) -> Bytes {
        Refusal::new(403, "AccessDenied", "a < b")
            .reply(format)
            .body
    }

    #[test]
    fn xml_errors_have_code_and_message_where_each_service_has_them() {
        let cases = [
            (ErrorFormat::Ec2, "Response/Errors/Error"),
            (ErrorFormat::Query, "ErrorResponse/Error"),
            (ErrorFormat::S3, "Error"),
            (ErrorFormat::S3Control, "ErrorResponse/Error"),
        ];
        for (format, path) in cases {
            let body = body(format);
            let document = roxmltree::Document::parse(std::str::from_utf8(&body).unwrap()).unwrap();
            let mut node = document.root();
            for name in path.split('/') {
                node = node.children().find(|n| n.has_tag_name(name)).unwrap();
            }
            let text = |name| {
                let child = node.children().find(|n| n.has_tag_name(name));
                child.unwrap().text().unwrap()
            };
            assert_eq!((text("Code"), text("Message")), ("AccessDenied", "a < b"));
        }
    }

    #[test]
    fn other_errors_have_their_type() {
        let json: serde_json::Value = serde_json::from_slice(&body(ErrorFormat::Json)).unwrap();
        assert_eq!(json["__type"], "AccessDenied");
        let cbor: serde_json::Value = ciborium::from_reader(&*body(ErrorFormat::Cbor)).unwrap();
        assert_eq!(cbor["message"], "a < b");
    }
}
