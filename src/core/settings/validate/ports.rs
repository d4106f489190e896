//! The list of sensitive ports.

use std::collections::BTreeSet;

use super::FieldProblems;
use crate::model::{SensitivePort, default_ports};
use crate::settings::{Config, SensitivePorts};

impl FieldProblems {
    pub(super) fn ports(&mut self, config: &Config) {
        let ports = &config.sensitive_ports;
        self.listed("sensitive_ports.add", &ports.add);
        self.listed(
            "sensitive_ports.replace",
            ports.replace.as_deref().unwrap_or_default(),
        );
        self.removed(ports);
        if ports.replace.is_some() && !(ports.add.is_empty() && ports.remove.is_empty()) {
            let fix =
                "replaces the whole list, so `add` and `remove` have no effect; keep one of them";
            self.add("sensitive_ports.replace", fix);
        }
        if ports.effective().is_empty() {
            let fix = "leaves no port, so the checks would find nothing; exclude the checks with checks.exclude \
                        instead";
            self.add("sensitive_ports", fix);
        }
    }

    fn listed(&mut self, field: &str, ports: &[SensitivePort]) {
        let mut seen = BTreeSet::new();
        for (index, port) in ports.iter().enumerate() {
            let field = format!("{field}[{index}]");
            if port.port == 0 {
                self.add(format!("{field}.port"), "0 is not a port; use 1 to 65535");
            }
            if port.name.trim().is_empty() {
                self.add(
                    format!("{field}.name"),
                    "empty; give the name of the service, such as `SSH`",
                );
            }
            if !seen.insert(port.key()) {
                self.add(
                    field,
                    format!("port {} is listed twice; keep one", port.port),
                );
            }
        }
    }

    /// Removing a port that is not there is a slip of the pen: the one that was meant would stay.
    fn removed(&mut self, ports: &SensitivePorts) {
        let default = default_ports();
        for (index, removed) in ports.remove.iter().enumerate() {
            let (port, protocol) = (removed.port, removed.protocol.as_str());
            let mut same = default.iter().filter(|one| one.port == port);
            if same.clone().any(|one| one.protocol == removed.protocol) {
                continue;
            }
            let remediation = match same.next() {
                Some(other) => format!(
                    "the default list has {other}; add `protocol: {}`",
                    other.protocol.as_str()
                ),
                None => "`orgscan explain security-group-sensitive-port-open` lists the ports"
                    .to_owned(),
            };
            self.add(
                format!("sensitive_ports.remove[{index}]"),
                format!("{protocol} {port} is not in the default list; {remediation}"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{about, refused};
    use super::*;
    use crate::model::PortProtocol;
    use crate::settings::RemovedPort;

    fn port(port: u16, name: &str) -> SensitivePort {
        SensitivePort {
            port,
            protocol: PortProtocol::Tcp,
            name: name.into(),
        }
    }

    fn removed(port: u16) -> RemovedPort {
        RemovedPort {
            port,
            protocol: PortProtocol::Tcp,
        }
    }

    #[test]
    fn ports_are_ports_and_listed_once() {
        refused("sensitive_ports.add[0].port", |c| {
            c.sensitive_ports.add = vec![port(0, "x")]
        });
        refused("sensitive_ports.replace[0].name", |c| {
            c.sensitive_ports.replace = Some(vec![port(1, " ")])
        });
        refused("sensitive_ports.add[1]", |c| {
            c.sensitive_ports.add = vec![port(1, "x"), port(1, "y")];
        });
        let default = |c: &mut Config| c.sensitive_ports.add = vec![port(22, "SSH")];
        assert_eq!(about(default), [""; 0]);
    }

    #[test]
    fn what_is_removed_was_there_and_something_is_left() {
        refused("sensitive_ports.remove[0]", |c| {
            c.sensitive_ports.remove = vec![removed(8_443)]
        });
        let other = about(|c| c.sensitive_ports.remove = vec![removed(161)]);
        assert!(
            other[0].contains("udp 161 (SNMP); add `protocol: udp`"),
            "{other:?}"
        );
        let known = |c: &mut Config| c.sensitive_ports.remove = vec![removed(22)];
        assert_eq!(about(known), [""; 0]);
        refused("sensitive_ports", |c| {
            c.sensitive_ports.replace = Some(Vec::new())
        });
        refused("sensitive_ports", |c| {
            c.sensitive_ports.remove = default_ports()
                .into_iter()
                .map(|SensitivePort { port, protocol, .. }| RemovedPort { port, protocol })
                .collect();
        });
        refused("sensitive_ports.replace", |c| {
            c.sensitive_ports.replace = Some(vec![port(1, "x")]);
            c.sensitive_ports.remove = vec![removed(22)];
        });
    }
}
