use serde_json::Value;

mod behavior;
mod copies;
mod faults;

use orgscan_aws::classify;
use orgscan_core::model::Cause;

use super::*;
use crate::faults::Fault;
use crate::latency::Latency;
use crate::sample::{DENIED, LOCKED, MANAGEMENT, SOUND, recording, role};

fn backend(settings: Settings) -> Backend {
    Backend::new(&recording(), &settings).unwrap()
}

fn plain(accounts: usize, resources: usize) -> Settings {
    Settings {
        accounts: Some(accounts),
        resources,
        behavior: ServiceBehavior::none(),
        log: true,
        ..Settings::default()
    }
}

fn call(key: &str, name: &str, parameters: &[(&str, &str)]) -> Call {
    let (service, operation) = name.split_once(':').unwrap();
    let pairs = parameters.iter();
    Call {
        access_key: key.into(),
        service: service.into(),
        region: "us-east-1".into(),
        operation: operation.into(),
        parameters: pairs.map(|(k, v)| ((*k).into(), (*v).into())).collect(),
        ..Call::default()
    }
}

fn outcome(backend: &Backend, call: &Call) -> Outcome {
    backend.answer(call, &HeaderMap::new(), &Bytes::new())
}

fn ask(backend: &Backend, call: &Call) -> (u16, String) {
    let reply = outcome(backend, call).reply;
    let body = String::from_utf8(reply.body.to_vec()).unwrap();
    (reply.status, body)
}

/// The id of an account by its position, and the key of a session in it.
fn session(backend: &Backend, index: u32) -> (String, String) {
    let id = backend.account_list.member(index).unwrap().id();
    let asked = call("demo", "sts:AssumeRole", &[("RoleArn", &role(&id))]);
    let (status, body) = ask(backend, &asked);
    assert_eq!(status, 200, "{body}");
    (id, texts(&body, "AccessKeyId").remove(0))
}

fn texts(xml: &str, name: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(xml).unwrap();
    let nodes = document.descendants();
    let named = nodes.filter(|node| node.tag_name().name() == name);
    named
        .map(|node| node.text().unwrap_or_default().to_owned())
        .collect()
}
