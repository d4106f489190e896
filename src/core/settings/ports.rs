//! What a configuration changes in the ports that should not be open to the world.

use std::fmt;

use schemars::JsonSchema;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::model::{PortProtocol, SensitivePort, default_ports};

/// A port to remove from the default list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemovedPort {
    /// Its number.
    #[schemars(range(min = 1))]
    pub port: u16,
    /// Its protocol.
    #[serde(default)]
    pub protocol: PortProtocol,
}

/// Changes to the default list of sensitive ports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SensitivePorts {
    /// Ports to add. Adding a default port renames it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<SensitivePort>,
    /// Default ports to remove.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<RemovedPort>,
    /// These ports instead of the default ones. Cannot be used with `add` or `remove`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replace: Option<Vec<SensitivePort>>,
}

impl SensitivePorts {
    /// The ports that a run with this configuration looks for, by number and protocol.
    pub fn effective(&self) -> Vec<SensitivePort> {
        let mut ports = match &self.replace {
            Some(ports) => ports.clone(),
            None => {
                let mut ports = default_ports();
                ports.retain(|port| {
                    let mut removed = self.remove.iter();
                    !removed.any(|one| (one.port, one.protocol) == port.key())
                });
                ports.retain(|port| !self.add.iter().any(|one| one.key() == port.key()));
                ports.extend_from_slice(&self.add);
                ports
            }
        };
        ports.sort_by_key(SensitivePort::key);
        ports
    }
}

/// Says which forms there are: a plain list would replace the default ports without a word.
const NO_PLAIN_LIST: &str = "a plain list does not define whether the default ports stay; write \
    `{ add: [{ port: 8443, name: admin page }] }` for more ports, `{ remove: [{ port: 2049 }] }` for fewer, or \
    `{ replace: [...] }` for these ports instead of all default ones";

impl<'de> Deserialize<'de> for SensitivePorts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PortsVisitor)
    }
}

/// The fields, for serde to read.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Fields {
    add: Vec<SensitivePort>,
    remove: Vec<RemovedPort>,
    replace: Option<Vec<SensitivePort>>,
}

struct PortsVisitor;

impl<'de> Visitor<'de> for PortsVisitor {
    type Value = SensitivePorts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("struct SensitivePorts")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let fields = Fields::deserialize(MapAccessDeserializer::new(map))?;
        let Fields {
            add,
            remove,
            replace,
        } = fields;
        Ok(SensitivePorts {
            add,
            remove,
            replace,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        // Read to its end, as some formats require.
        IgnoredAny::deserialize(SeqAccessDeserializer::new(seq))?;
        Err(A::Error::custom(NO_PLAIN_LIST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ports(json: &str) -> Result<SensitivePorts, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    fn keys(ports: &SensitivePorts) -> Vec<(u16, PortProtocol)> {
        ports.effective().iter().map(SensitivePort::key).collect()
    }

    #[test]
    fn ports_are_added_removed_or_replaced() {
        let default = keys(&SensitivePorts::default());
        assert_eq!(default.len(), 50);
        let added = ports(r#"{"add": [{"port": 8443, "name": "admin"}]}"#).unwrap();
        let added = keys(&added);
        assert_eq!(added.len(), 51);
        assert!(added.contains(&(8_443, PortProtocol::Tcp)) && added.is_sorted());
        let removed = ports(r#"{"remove": [{"port": 3389, "protocol": "udp"}]}"#).unwrap();
        let removed = keys(&removed);
        assert_eq!(removed.len(), 49);
        assert!(removed.contains(&(3_389, PortProtocol::Tcp)));
        assert!(!removed.contains(&(3_389, PortProtocol::Udp)));
        let replaced = ports(r#"{"replace": [{"port": 1, "name": "x"}]}"#).unwrap();
        assert_eq!(keys(&replaced), [(1, PortProtocol::Tcp)]);
        let renamed = ports(r#"{"add": [{"port": 22, "name": "shell"}]}"#).unwrap();
        assert_eq!(keys(&renamed), default);
        let renamed = renamed.effective();
        let shell = renamed.iter().find(|port| port.port == 22).unwrap();
        assert_eq!(shell.name, "shell");
    }

    #[test]
    fn a_plain_list_is_refused_with_the_three_formats() {
        for list in ["[]", r#"[{"port": 22, "name": "SSH"}]"#, "[1, [2]]"] {
            let refused = ports(list).unwrap_err();
            for format in ["{ add:", "{ remove:", "{ replace:"] {
                assert!(refused.contains(format), "{refused}");
            }
        }
        assert!(ports(r#"{"added": []}"#).unwrap_err().contains("added"));
    }

    #[test]
    fn the_default_list_has_each_port_once() {
        let keys = keys(&SensitivePorts::default());
        let once: std::collections::BTreeSet<_> = keys.iter().collect();
        assert_eq!(once.len(), keys.len());
    }
}
