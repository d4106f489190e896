//! Ports that should not be open to the world.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

/// The ports of the default list.
const DEFAULT: [(u16, PortProtocol, &str); 50] = [
    (20, PortProtocol::Tcp, "FTP data"),
    (21, PortProtocol::Tcp, "FTP"),
    (22, PortProtocol::Tcp, "SSH"),
    (23, PortProtocol::Tcp, "Telnet"),
    (111, PortProtocol::Tcp, "RPC portmapper"),
    (111, PortProtocol::Udp, "RPC portmapper"),
    (135, PortProtocol::Tcp, "Windows RPC"),
    (137, PortProtocol::Udp, "NetBIOS name"),
    (138, PortProtocol::Udp, "NetBIOS datagram"),
    (139, PortProtocol::Tcp, "NetBIOS session"),
    (161, PortProtocol::Udp, "SNMP"),
    (389, PortProtocol::Tcp, "LDAP"),
    (389, PortProtocol::Udp, "LDAP"),
    (445, PortProtocol::Tcp, "SMB/CIFS"),
    (512, PortProtocol::Tcp, "rexec"),
    (513, PortProtocol::Tcp, "rlogin"),
    (514, PortProtocol::Tcp, "rsh"),
    (873, PortProtocol::Tcp, "rsync"),
    (1433, PortProtocol::Tcp, "SQL Server"),
    (1434, PortProtocol::Tcp, "SQL Server administration"),
    (1434, PortProtocol::Udp, "SQL Server browser"),
    (1521, PortProtocol::Tcp, "Oracle Database"),
    (2049, PortProtocol::Tcp, "NFS"),
    (2375, PortProtocol::Tcp, "Docker"),
    (2376, PortProtocol::Tcp, "Docker over TLS"),
    (2379, PortProtocol::Tcp, "etcd"),
    (2380, PortProtocol::Tcp, "etcd peers"),
    (3306, PortProtocol::Tcp, "MySQL"),
    (3389, PortProtocol::Tcp, "RDP"),
    (3389, PortProtocol::Udp, "RDP"),
    (5432, PortProtocol::Tcp, "PostgreSQL"),
    (5439, PortProtocol::Tcp, "Redshift"),
    (5601, PortProtocol::Tcp, "Kibana"),
    (5900, PortProtocol::Tcp, "VNC"),
    (5984, PortProtocol::Tcp, "CouchDB"),
    (5985, PortProtocol::Tcp, "WinRM"),
    (5986, PortProtocol::Tcp, "WinRM over TLS"),
    (6379, PortProtocol::Tcp, "Redis"),
    (7001, PortProtocol::Tcp, "Cassandra or WebLogic"),
    (9042, PortProtocol::Tcp, "Cassandra"),
    (9092, PortProtocol::Tcp, "Kafka"),
    (9200, PortProtocol::Tcp, "Elasticsearch"),
    (9300, PortProtocol::Tcp, "Elasticsearch nodes"),
    (10250, PortProtocol::Tcp, "kubelet"),
    (11211, PortProtocol::Tcp, "memcached"),
    (11211, PortProtocol::Udp, "memcached"),
    (27017, PortProtocol::Tcp, "MongoDB"),
    (27018, PortProtocol::Tcp, "MongoDB shards"),
    (27019, PortProtocol::Tcp, "MongoDB configuration"),
    (50070, PortProtocol::Tcp, "HDFS"),
];

/// The default list.
pub fn default_ports() -> Vec<SensitivePort> {
    let ports = DEFAULT.into_iter();
    let ports = ports.map(|(port, protocol, name)| SensitivePort {
        port,
        protocol,
        name: name.to_owned(),
    });
    ports.collect()
}
