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

fn put(written: &mut WriteLog, headers: &HeaderMap, body: Vec<u8>) -> u16 {
    let call = call("cloudwatch", "PutMetricData", &[]);
    let reply = written.reply(&call, "111122223333", headers, &body.into());
    reply.unwrap().status
}

#[test]
fn metrics_are_shown_as_they_were_sent_packed_or_not() {
    let mut written = WriteLog::default();
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
    let mut written = WriteLog::default();
    for body in [metrics(0), metrics(1_001), b"no cbor".to_vec()] {
        assert_eq!(put(&mut written, &HeaderMap::new(), body), 400);
    }
    assert_eq!(written.show(), Writes::default());
}

#[test]
fn messages_and_invocations_are_kept() {
    let mut written = WriteLog::default();
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
