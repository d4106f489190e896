//! The numbers and lists that a rule is made with beside the facts: from the configuration, or fixed in this
//! version of orgscan.
//!
//! A finding that another rule has found is not resolved because this rule does not find it. So what is known
//! of a finding includes a fingerprint of its rule's parameters.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::admin_ports::ADMIN_PORTS;
use super::{
    ec2_instance_exposed, iam_access_key_not_rotated, iam_credentials_unused,
    iam_password_policy_reuse, iam_password_policy_short, iam_password_policy_weak,
    network_acl_admin_port_open, root_used_recently, security_group_admin_port_open_ipv4,
    security_group_admin_port_open_ipv6, security_group_cifs_open,
    security_group_sensitive_port_open,
};
use crate::model::SensitivePort;

/// A check, and its parameters as a text.
type Entry = (&'static str, fn(&[SensitivePort]) -> String);

/// All checks that have parameters.
static ENTRIES: &[Entry] = &[
    (security_group_sensitive_port_open::CHECK.id, ports),
    (ec2_instance_exposed::CHECK.id, ports),
    (security_group_admin_port_open_ipv4::CHECK.id, admin_ports),
    (security_group_admin_port_open_ipv6::CHECK.id, admin_ports),
    (network_acl_admin_port_open::CHECK.id, admin_ports),
    (security_group_cifs_open::CHECK.id, |_| {
        format!("port {}", security_group_cifs_open::CIFS)
    }),
    (iam_access_key_not_rotated::CHECK.id, |_| {
        format!("{} days", iam_access_key_not_rotated::DAYS)
    }),
    (iam_credentials_unused::CHECK.id, |_| {
        format!("{} days", iam_credentials_unused::DAYS)
    }),
    (root_used_recently::CHECK.id, |_| {
        format!("{} days", root_used_recently::DAYS)
    }),
    (iam_password_policy_short::CHECK.id, |_| {
        format!("{} characters", iam_password_policy_short::CHARACTERS)
    }),
    (iam_password_policy_weak::CHECK.id, |_| {
        format!("{} characters", iam_password_policy_weak::CHARACTERS)
    }),
    (iam_password_policy_reuse::CHECK.id, |_| {
        format!("{} passwords", iam_password_policy_reuse::REMEMBERED)
    }),
];

/// Whether a check looks for the sensitive ports of the configuration.
pub fn uses_sensitive_ports(check: &str) -> bool {
    let uses = |(id, parameters): &Entry| {
        *id == check && std::ptr::fn_addr_eq(*parameters, ports as fn(&[SensitivePort]) -> String)
    };
    ENTRIES.iter().any(uses)
}

/// The ports, by protocol and number, whatever they are called.
fn ports(ports: &[SensitivePort]) -> String {
    let mut ports: Vec<_> = ports.iter().map(SensitivePort::key).collect();
    ports.sort();
    let ports = ports.into_iter();
    let ports = ports.map(|(port, protocol)| format!("{} {port}", protocol.as_str()));
    ports.collect::<Vec<_>>().join(", ")
}

fn admin_ports(_: &[SensitivePort]) -> String {
    let ports = ADMIN_PORTS.map(|(port, _)| port.to_string());
    format!("ports {}", ports.join(", "))
}

/// The parameters of the rules of a run, by check; of those checks that have any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleParameters(BTreeMap<String, String>);

impl RuleParameters {
    /// Those of a run that looks for these sensitive ports.
    pub fn of(ports: &[SensitivePort]) -> Self {
        let entries = ENTRIES.iter();
        let entries = entries.map(|(check, parameters)| ((*check).to_owned(), parameters(ports)));
        Self(entries.collect())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{PortProtocol, default_ports};

    const PORTS: &str = "security-group-sensitive-port-open";

    fn fingerprint(ports: &[SensitivePort], check: &str) -> String {
        RuleParameters::of(ports).fingerprints()[check].clone()
    }

    #[test]
    fn another_list_of_ports_is_another_rule_and_another_name_or_order_is_not() {
        let default = default_ports();
        let own = fingerprint(&default, PORTS);
        let mut same = default.clone();
        same.reverse();
        same[0].name = "other words".to_owned();
        assert_eq!(fingerprint(&same, PORTS), own);
        let fewer = &default[1..];
        assert_ne!(fingerprint(fewer, PORTS), own);
        assert_ne!(fingerprint(fewer, "ec2-instance-exposed"), own);
        let mut more = default.clone();
        more.push(SensitivePort {
            port: 22,
            protocol: PortProtocol::Udp,
            name: "x".to_owned(),
        });
        assert_ne!(fingerprint(&more, PORTS), own);
        let keys = "iam-access-key-not-rotated";
        assert_eq!(fingerprint(fewer, keys), fingerprint(&default, keys));
    }

    #[test]
    fn the_parameters_are_those_of_the_rules() {
        let RuleParameters(all) = RuleParameters::of(&default_ports()[..2]);
        assert_eq!(all[PORTS], "tcp 20, tcp 21");
        assert_eq!(all["iam-access-key-not-rotated"], "90 days");
        assert_eq!(all["network-acl-admin-port-open"], "ports 22, 3389");
        assert!(uses_sensitive_ports(PORTS) && uses_sensitive_ports("ec2-instance-exposed"));
        assert!(!uses_sensitive_ports("security-group-cifs-open"));
    }

    /// A rule that reads the configuration's ports, or has a number of its own, has an entry above.
    #[test]
    fn every_check_with_a_parameter_is_listed() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("checks");
        for check in crate::checks::CHECKS {
            let name = format!("{}.rs", check.id.replace('-', "_"));
            let source = std::fs::read_to_string(folder.join(name)).unwrap();
            let rule = source.split("#[cfg(test)]").next().unwrap();
            let numbers = [
                "DAYS: u64",
                "CHARACTERS: u32",
                "REMEMBERED: u32",
                "CIFS: u16",
            ];
            let has_number = rule.lines().any(|line| {
                line.contains("const ")
                    && (numbers.iter().any(|one| line.contains(one)) || line.contains(": u"))
            });
            let has_ports = [
                "sensitive_ports",
                " super::exposure::",
                "ADMIN_PORTS",
                "admin_ports",
            ];
            let has_ports = has_ports.iter().any(|word| rule.contains(word));
            let is_listed = ENTRIES.iter().any(|(id, _)| *id == check.id);
            assert_eq!(has_number || has_ports, is_listed, "{}", check.id);
        }
    }
}
