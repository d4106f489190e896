//! The numbers and lists that a rule is made with beside the facts: from the configuration, or fixed in this
//! version of orgscan.
//!
//! A finding that another rule has found is not resolved because this rule does not find it. So what is known
//! of a finding includes a fingerprint of its rule's parameters.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Check;
use crate::model::SensitivePort;

/// What a rule is made with beside the facts.
#[derive(Clone, Copy, Debug)]
pub enum Parameters {
    /// Nothing.
    None,
    /// The sensitive ports of the configuration.
    SensitivePorts,
    /// What is fixed in this version of orgscan, as a text.
    Fixed(fn() -> String),
}

impl Parameters {
    fn text(self, sensitive_ports: &[SensitivePort]) -> Option<String> {
        match self {
            Self::None => None,
            Self::SensitivePorts => Some(ports(sensitive_ports)),
            Self::Fixed(text) => Some(text()),
        }
    }
}

/// The ports, by protocol and number, whatever they are called.
fn ports(ports: &[SensitivePort]) -> String {
    let mut ports: Vec<_> = ports.iter().map(SensitivePort::key).collect();
    ports.sort();
    let ports = ports.into_iter();
    let ports = ports.map(|(port, protocol)| format!("{} {port}", protocol.as_str()));
    ports.collect::<Vec<_>>().join(", ")
}

/// The parameters of the rules of a run, by check; of those checks that have any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleParameters(BTreeMap<String, String>);

impl RuleParameters {
    /// Those of these checks in a run that looks for these sensitive ports.
    pub fn of(checks: &[&Check], ports: &[SensitivePort]) -> Self {
        let of_check = |check: &&Check| Some((check.id.to_owned(), check.parameters.text(ports)?));
        Self(checks.iter().filter_map(of_check).collect())
    }

    /// A short text for each check, which is another one where its parameters are others.
    pub fn fingerprints(&self) -> BTreeMap<String, String> {
        let short = |(check, text): (&String, &String)| {
            let digest = Sha256::digest(text);
            let hex: String = digest
                .iter()
                .take(6)
                .map(|byte| format!("{byte:02x}"))
                .collect();
            (check.clone(), hex)
        };
        self.0.iter().map(short).collect()
    }
}
