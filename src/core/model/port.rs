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
