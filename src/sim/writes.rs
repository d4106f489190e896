//! What is written: metrics, messages and invocations. All of it is kept and shown.

use bytes::Bytes;
use http::HeaderMap;
use http::header::HeaderValue;
use serde::Serialize;
use serde_json::{Value, json};

use super::call::Call;
use super::cbor::Document;
use super::reply::{ErrorFormat, REQUEST_ID, Refusal, Reply};

/// Metrics in one request, at most.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html>
const METRICS: usize = 1_000;

/// Bytes in one message, at most.
///
/// Source: <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>
const MESSAGE: usize = 256 * 1_024;

/// What was written so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Writes {
    /// PutMetricData's documents, each with `account` and `region` beside CloudWatch's own fields.
    pub metrics: Vec<Value>,
    /// Publish's parameters, each with `account` and `region`.
    pub messages: Vec<Value>,
    /// Invoke's parameters, each with `account`, `region` and its `Payload`.
    pub invocations: Vec<Value>,
    /// Objects that there are: `bucket/key`.
    pub objects: Vec<String>,
}

/// What was written so far, as small as it came.
#[derive(Debug, Default)]
pub(super) struct WriteLog {
    metrics: Vec<Document>,
    messages: Vec<Value>,
    invocations: Vec<Value>,
}

impl WriteLog {
    /// The answer to a request that writes; none to an operation that is not here.
    pub(super) fn reply(
        &mut self,
        call: &Call,
        account: &str,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Option<Reply> {
        let sender = json!({ "account": account, "region": call.region });
        let reply = match (call.service.as_str(), call.operation.as_str()) {
            ("cloudwatch", "PutMetricData") => self.metrics(sender, headers, body),
            ("sns", "Publish") => self.message(sender, call),
            ("lambda", "Invoke") => Ok(self.invocation(sender, call, body)),
            _ => return None,
        };
        Some(reply.unwrap_or_else(|refusal| refusal.reply(ErrorFormat::of(call))))
    }

    /// All of it, without the objects.
    pub(super) fn show(&self) -> Writes {
        let metrics = self.metrics.iter();
        Writes {
            metrics: metrics
                .filter_map(|document| document.show().ok())
                .collect(),
            messages: self.messages.clone(),
            invocations: self.invocations.clone(),
            objects: Vec::new(),
        }
    }

    fn metrics(
        &mut self,
        sender: Value,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<Reply, Refusal> {
        let packed = headers.get("content-encoding");
        let document = Document {
            sender,
            bytes: body.clone(),
            is_packed: packed.is_some_and(|coding| coding == "gzip"),
        };
        let invalid = |message: String| Refusal::new(400, "InvalidParameterValue", message);
        let shown = document.show().map_err(invalid)?;
        let metrics = shown["MetricData"].as_array().map_or(0, Vec::len);
        if metrics == 0 || metrics > METRICS || !shown["Namespace"].is_string() {
            let message = format!("a Namespace and 1 to {METRICS} MetricData are needed");
            return Err(invalid(message));
        }
        self.metrics.push(document);
        // An empty map.
        let body = Bytes::from_static(&[0xa0]);
        let reply = Reply::new(200, &HeaderValue::from_static("application/cbor"), body);
        Ok(reply.with("smithy-protocol", "rpc-v2-cbor"))
    }

    fn message(&mut self, sender: Value, call: &Call) -> Result<Reply, Refusal> {
        let message = call.parameter("Message").unwrap_or_default();
        if message.is_empty() || message.len() > MESSAGE {
            let message = "Invalid parameter: Message too long or empty";
            return Err(Refusal::new(400, "InvalidParameter", message));
        }
        self.messages.push(with_parameters(sender, call));
        Ok(Reply::xml(
            200,
            format!(
                "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\">\
                 <PublishResult><MessageId>{:08}-0000-4000-8000-000000000000</MessageId>\
                 </PublishResult><ResponseMetadata><RequestId>{REQUEST_ID}</RequestId>\
                 </ResponseMetadata></PublishResponse>",
                self.messages.len()
            ),
        ))
    }

    /// 202 for an event, 200 for a request that waits for the function.
    ///
    /// Source: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>
    fn invocation(&mut self, sender: Value, call: &Call, body: &Bytes) -> Reply {
        let mut invocation = with_parameters(sender, call);
        let payload = serde_json::from_slice(body);
        invocation["Payload"] =
            payload.unwrap_or_else(|_| Value::from(String::from_utf8_lossy(body)));
        self.invocations.push(invocation);
        match call.parameter("InvocationType") {
            Some("Event") => Reply::new(202, &HeaderValue::from_static("application/json"), ""),
            _ => Reply::json(200, &Value::Null),
        }
    }
}

fn with_parameters(mut sender: Value, call: &Call) -> Value {
    for (name, value) in &call.parameters {
        sender[name] = Value::from(value.as_str());
    }
    sender
}

#[cfg(test)]
mod tests;
