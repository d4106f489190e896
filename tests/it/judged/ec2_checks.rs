//! The opt-in checks of EC2, against a list that was written by hand.

use std::collections::BTreeSet;

use crate::judged::World;
use crate::judged::findings::findings;

/// Those that a fresh account breaks in every Region, or that cost a request in each.
pub(crate) const NAMED: &[&str] = &[
    "ami-block-public-access-off",
    "default-security-group-open",
    "ebs-encryption-by-default-off",
    "ebs-snapshot-block-public-access-off",
    "ec2-imdsv2-account-default-off",
    "network-acl-admin-port-open",
    "security-group-admin-port-open-ipv4",
    "security-group-admin-port-open-ipv6",
    "security-group-cifs-open",
    "security-group-unused",
    "vpc-endpoint-missing",
    "vpc-flow-logs-off",
    "vpc-peering-route-wide",
];

/// What the checks find in some accounts, each in one Region, of what has a name of its own: check,
/// resource and severity.
fn found(account: &str, region: &str, checks: &[&str]) -> BTreeSet<[String; 3]> {
    let world = World::shared();
    let id = world.id(account);
    let mut args = vec!["--account", &id];
    args.extend(checks.iter().flat_map(|check| ["--check", check]));
    let run = world.scan(&args);
    assert_eq!(run.code(), 0, "{}", run.stderr);
    let found = findings(world, &run).into_iter();
    let found = found.filter(|[_, _, scope, resource, ..]| {
        let is_named = !resource.starts_with("arn:") || resource.ends_with(":account");
        scope == region && is_named
    });
    found
        .map(|[check, _, _, resource, _, severity]| {
            let resource = match resource.rsplit_once(':') {
                Some((_, "account")) => "settings".to_owned(),
                _ => resource,
            };
            [check, resource, severity]
        })
        .collect()
}

fn rows(rows: &[[&str; 3]]) -> BTreeSet<[String; 3]> {
    rows.iter().map(|row| row.map(str::to_owned)).collect()
}

#[test]
fn networks_that_know_each_other() {
    assert_eq!(
        found("sandbox-networking", "eu-west-1", NAMED),
        rows(&[
            ["ebs-encryption-by-default-off", "settings", "medium"],
            ["ebs-snapshot-block-public-access-off", "settings", "medium"],
            ["ec2-imdsv2-account-default-off", "settings", "low"],
            ["network-acl-admin-port-open", "lab-front-acl", "low"],
            ["security-group-admin-port-open-ipv4", "lab-ssh", "high"],
            ["vpc-flow-logs-off", "lab-back", "low"],
            ["vpc-flow-logs-off", "lab-store", "low"],
            ["vpc-peering-route-wide", "lab-front-routes", "low"],
        ])
    );
}

#[test]
fn a_region_that_is_set_up_as_it_should_be() {
    assert_eq!(found("security-audit", "us-east-1", NAMED), rows(&[]));
}

#[test]
fn unused_groups_and_open_ports() {
    let checks = [
        "ami-block-public-access-off",
        "default-security-group-open",
        "security-group-admin-port-open-ipv4",
        "security-group-admin-port-open-ipv6",
        "security-group-cifs-open",
        "security-group-unused",
        "vpc-endpoint-missing",
    ];
    assert_eq!(
        found("sandbox-alex", "us-east-1", &checks),
        rows(&[
            ["ami-block-public-access-off", "settings", "medium"],
            ["default-security-group-open", "alex-default-group", "low"],
            ["security-group-admin-port-open-ipv4", "alex-rdp", "high"],
            ["security-group-unused", "alex-dns", "low"],
            ["vpc-endpoint-missing", "alex-network", "low"],
        ])
    );
    let admin = |family, group, severity| [family, group, severity];
    let (v4, v6) = (
        "security-group-admin-port-open-ipv4",
        "security-group-admin-port-open-ipv6",
    );
    assert_eq!(
        found("staging-storefront", "us-east-1", &checks[2..5]),
        rows(&[
            admin(v4, "ssh-from-anywhere", "high"),
            admin(v6, "rdp-from-anywhere", "high"),
            admin(v4, "everything-open", "critical"),
            admin(v6, "all-tcp-open", "critical"),
            admin(v4, "range-with-ssh", "high"),
            ["security-group-cifs-open", "everything-open", "critical"],
            ["security-group-cifs-open", "all-tcp-open", "critical"],
        ])
    );
}
