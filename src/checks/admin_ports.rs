//! The ports over which servers are administered: those that CIS names.

use super::security_groups::{self, Objection};
use super::traffic::Traffic;
use super::words;
use crate::config::PortProtocol;

/// SSH and RDP. CIS counts both over TCP and over UDP.
pub(super) const ADMIN_PORTS: [(u16, &str); 2] = [(22, "SSH"), (3389, "RDP")];

/// The protocols that CIS counts.
pub(super) const PROTOCOLS: [PortProtocol; 2] = [PortProtocol::Tcp, PortProtocol::Udp];

/// What there is against letting everybody in to a port for administration.
pub(super) fn object(traffic: &Traffic) -> Option<Objection> {
    let reached = |port| {
        PROTOCOLS
            .iter()
            .any(|over| traffic.reaches_port(*over, port))
    };
    let reached = ADMIN_PORTS.iter().filter(|(port, _)| reached(*port));
    let reached: Vec<String> = reached.map(in_words).collect();
    (!reached.is_empty()).then(|| Objection {
        severity: security_groups::severity(traffic),
        detail: format!("; it reaches {}", words::first_few(&reached)),
    })
}

/// `SSH (22)`
pub(super) fn in_words((port, name): &(u16, &str)) -> String {
    format!("{name} ({port})")
}
