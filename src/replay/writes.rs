//! What is written: metrics, messages and invocations. All of it is kept and shown.

use std::io::Read;

use bytes::Bytes;
use flate2::read::GzDecoder;
use http::HeaderMap;
use http::header::HeaderValue;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::call::Call;
use super::reply::{Form, REQUEST_ID, Refusal, Reply};

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
pub(super) struct Written {
    metrics: Vec<Document>,
    messages: Vec<Value>,
    invocations: Vec<Value>,
}

/// A CBOR document, and who sent it.
#[derive(Debug)]
struct Document {
    sender: Value,
    bytes: Bytes,
    is_packed: bool,
}

impl Written {
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
        Some(reply.unwrap_or_else(|refusal| refusal.reply(Form::of(&call.service))))
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

impl Document {
    /// The document as JSON, with its sender.
    fn show(&self) -> Result<Value, String> {
        let mut unpacked = Vec::new();
        if self.is_packed {
            let mut decoder = GzDecoder::new(&*self.bytes);
            let read = decoder.read_to_end(&mut unpacked);
            read.map_err(|error| format!("the body is not gzip: {error}"))?;
        }
        let bytes = if self.is_packed {
            &unpacked
        } else {
            &*self.bytes
        };
        let document: ciborium::Value = ciborium::from_reader(bytes)
            .map_err(|error| format!("the body is not CBOR: {error}"))?;
        let mut shown = json(document);
        for field in ["account", "region"] {
            if let Some(fields) = shown.as_object_mut() {
                fields.insert(field.to_owned(), self.sender[field].clone());
            }
        }
        Ok(shown)
    }
}

/// CBOR as JSON. Times, which are numbers with a tag, become the number of seconds since 1970.
fn json(value: ciborium::Value) -> Value {
    match value {
        ciborium::Value::Integer(number) => {
            i64::try_from(number).map_or_else(|_| Value::from(f64_of(number)), Value::from)
        }
        ciborium::Value::Float(number) => Value::from(number),
        ciborium::Value::Text(text) => Value::from(text),
        ciborium::Value::Bool(truth) => Value::from(truth),
        ciborium::Value::Bytes(bytes) => Value::from(aws_smithy_types::base64::encode(bytes)),
        ciborium::Value::Tag(_, tagged) => json(*tagged),
        ciborium::Value::Array(items) => items.into_iter().map(json).collect(),
        ciborium::Value::Map(entries) => {
            let entries = entries.into_iter().map(|(name, value)| {
                let name = name.into_text().unwrap_or_default();
                (name, json(value))
            });
            Value::from(entries.collect::<Map<_, _>>())
        }
        _ => Value::Null,
    }
}

fn f64_of(number: ciborium::value::Integer) -> f64 {
    i128::from(number) as f64
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn call(service: &str, operation: &str, parameters: &[(&str, &str)]) -> Call {
        let pairs = parameters.iter();
        Call {
            service: service.into(),
            operation: operation.into(),
            region: "eu-west-1".into(),
            parameters: pairs.map(|(k, v)| ((*k).into(), (*v).into())).collect(),
            ..Call::default()
        }
    }

    fn metrics(count: usize) -> Vec<u8> {
        let metric = json!({"MetricName": "PublicBuckets", "Value": 2.5});
        let document = json!({"Namespace": "OrgScan", "MetricData": vec![metric; count]});
        let mut bytes = Vec::new();
        ciborium::into_writer(&document, &mut bytes).unwrap();
        bytes
    }

    fn put(written: &mut Written, headers: &HeaderMap, body: Vec<u8>) -> u16 {
        let call = call("cloudwatch", "PutMetricData", &[]);
        let reply = written.reply(&call, "111122223333", headers, &body.into());
        reply.unwrap().status
    }

    #[test]
    fn metrics_are_shown_as_they_were_sent_packed_or_not() {
        let mut written = Written::default();
        assert_eq!(put(&mut written, &HeaderMap::new(), metrics(2)), 200);
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&metrics(3)).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("content-encoding", HeaderValue::from_static("gzip"));
        assert_eq!(put(&mut written, &headers, packed.finish().unwrap()), 200);
        let shown = written.show();
        assert_eq!(shown.metrics.len(), 2);
        assert_eq!(shown.metrics[1]["MetricData"].as_array().unwrap().len(), 3);
        assert_eq!(shown.metrics[0]["MetricData"][0]["Value"], 2.5);
        assert_eq!(shown.metrics[0]["account"], "111122223333");
    }

    #[test]
    fn what_is_no_metric_is_refused() {
        let mut written = Written::default();
        for body in [metrics(0), metrics(1_001), b"no cbor".to_vec()] {
            assert_eq!(put(&mut written, &HeaderMap::new(), body), 400);
        }
        assert_eq!(written.show(), Writes::default());
    }

    #[test]
    fn times_are_seconds() {
        let time = ciborium::Value::Tag(1, Box::new(ciborium::Value::Float(1.5)));
        assert_eq!(json(time), json!(1.5));
    }

    #[test]
    fn messages_and_invocations_are_kept() {
        let mut written = Written::default();
        let mut send = |call: &Call, body: &'static str| {
            let reply = written.reply(call, "111122223333", &HeaderMap::new(), &body.into());
            reply.map(|reply| reply.status)
        };
        let publish = call("sns", "Publish", &[("Message", "hello"), ("Subject", "s")]);
        assert_eq!(send(&publish, ""), Some(200));
        assert_eq!(send(&call("sns", "Publish", &[]), ""), Some(400));
        let event = [("FunctionName", "orgscan"), ("InvocationType", "Event")];
        let invoke = call("lambda", "Invoke", &event);
        assert_eq!(send(&invoke, "{\"run\":1}"), Some(202));
        assert_eq!(send(&call("sns", "Subscribe", &[]), ""), None);
        let shown = written.show();
        assert_eq!(shown.messages[0]["Subject"], "s");
        assert_eq!(shown.invocations[0]["Payload"]["run"], 1);
    }
}
