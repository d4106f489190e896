//! What networks let through: ranges, ports, rules, routes.

pub(super) mod acl_rules;
pub(super) mod admin_ports;
pub(super) mod combined_ranges;
pub(in crate::services) mod exposure;
pub(super) mod internet;
pub(super) mod minimal_cover;
pub(super) mod open_rules;
pub(super) mod prefix_lists;
pub(super) mod routing;
pub(super) mod security_groups;
pub(super) mod spans;
pub(super) mod traffic;
