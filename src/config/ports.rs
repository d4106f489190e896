//! Ports that should not be open to the world.

use std::fmt;

use schemars::JsonSchema;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// The protocol of a sensitive port.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum PortProtocol {
    /// TCP.
    #[default]
    Tcp,
    /// UDP.
    Udp,
}

impl PortProtocol {
    /// As in a configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

/// A port that should not be open to the world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SensitivePort {
    /// Its number.
    #[schemars(range(min = 1))]
    pub port: u16,
    /// Its protocol.
    #[serde(default)]
    pub protocol: PortProtocol,
    /// What usually listens there, `SSH`.
    pub name: String,
}

impl SensitivePort {
    /// What makes it the same port as another one.
    pub(crate) fn key(&self) -> (u16, PortProtocol) {
        (self.port, self.protocol)
    }
}

/// `tcp 22 (SSH)`
impl fmt::Display for SensitivePort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} ({})",
            self.protocol.as_str(),
            self.port,
            self.name
        )
    }
}

/// A port of the default list that is taken out of it.
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

/// What the configuration changes in the default list of sensitive ports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SensitivePorts {
    /// Ports beside the default ones. One of a default port gives it another name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<SensitivePort>,
    /// Default ports to leave out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<RemovedPort>,
    /// These ports instead of the default ones. Goes with neither `add` nor `remove`.
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
const FORMS: &str = "a plain list does not say what becomes of the default ports; write \
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
        Err(A::Error::custom(FORMS))
    }
}

/// The default list.
pub fn default_ports() -> Vec<SensitivePort> {
    use PortProtocol::{Tcp, Udp};
    let ports = [
        (20, Tcp, "FTP data"),
        (21, Tcp, "FTP"),
        (22, Tcp, "SSH"),
        (23, Tcp, "Telnet"),
        (111, Tcp, "RPC portmapper"),
        (111, Udp, "RPC portmapper"),
        (135, Tcp, "Windows RPC"),
        (137, Udp, "NetBIOS name"),
        (138, Udp, "NetBIOS datagram"),
        (139, Tcp, "NetBIOS session"),
        (161, Udp, "SNMP"),
        (389, Tcp, "LDAP"),
        (389, Udp, "LDAP"),
        (445, Tcp, "SMB/CIFS"),
        (512, Tcp, "rexec"),
        (513, Tcp, "rlogin"),
        (514, Tcp, "rsh"),
        (873, Tcp, "rsync"),
        (1433, Tcp, "SQL Server"),
        (1434, Tcp, "SQL Server administration"),
        (1434, Udp, "SQL Server browser"),
        (1521, Tcp, "Oracle Database"),
        (2049, Tcp, "NFS"),
        (2375, Tcp, "Docker"),
        (2376, Tcp, "Docker over TLS"),
        (2379, Tcp, "etcd"),
        (2380, Tcp, "etcd peers"),
        (3306, Tcp, "MySQL"),
        (3389, Tcp, "RDP"),
        (3389, Udp, "RDP"),
        (5432, Tcp, "PostgreSQL"),
        (5439, Tcp, "Redshift"),
        (5601, Tcp, "Kibana"),
        (5900, Tcp, "VNC"),
        (5984, Tcp, "CouchDB"),
        (5985, Tcp, "WinRM"),
        (5986, Tcp, "WinRM over TLS"),
        (6379, Tcp, "Redis"),
        (7001, Tcp, "Cassandra or WebLogic"),
        (9042, Tcp, "Cassandra"),
        (9092, Tcp, "Kafka"),
        (9200, Tcp, "Elasticsearch"),
        (9300, Tcp, "Elasticsearch nodes"),
        (10250, Tcp, "kubelet"),
        (11211, Tcp, "memcached"),
        (11211, Udp, "memcached"),
        (27017, Tcp, "MongoDB"),
        (27018, Tcp, "MongoDB shards"),
        (27019, Tcp, "MongoDB configuration"),
        (50070, Tcp, "HDFS"),
    ];
    let ports = ports.into_iter();
    let ports = ports.map(|(port, protocol, name)| SensitivePort {
        port,
        protocol,
        name: name.to_owned(),
    });
    ports.collect()
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
    fn a_plain_list_is_refused_with_the_three_forms() {
        for list in ["[]", r#"[{"port": 22, "name": "SSH"}]"#, "[1, [2]]"] {
            let refused = ports(list).unwrap_err();
            for form in ["{ add:", "{ remove:", "{ replace:"] {
                assert!(refused.contains(form), "{refused}");
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
