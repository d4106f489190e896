use super::*;
use crate::services::ec2::samples::{AclLine, acl};

fn by_rules(lines: &[AclLine<'_>], family: Family, port: u16) -> Vec<i32> {
    let acl = acl("acl-1", lines);
    let rules = in_order(&acl.ingress, false);
    let rules = opening(&rules, family, PortProtocol::Tcp, port);
    rules.iter().map(|rule| rule.number).collect()
}

fn ssh(lines: &[AclLine<'_>]) -> Vec<i32> {
    by_rules(lines, Family::V4, 22)
}

const ALL: &str = "0.0.0.0/0";

#[test]
fn the_first_rule_that_matches_decides() {
    let allow = (100, true, "-1", None, ALL);
    assert_eq!(ssh(&[allow]), [100]);
    assert_eq!(ssh(&[(90, false, "6", Some((22, 22)), ALL), allow]), [0; 0]);
    assert_eq!(ssh(&[allow, (110, false, "6", Some((22, 22)), ALL)]), [100]);
    assert_eq!(ssh(&[(90, false, "-1", None, ALL), allow]), [0; 0]);
    // What another port, protocol or family is denied is of no matter.
    for deny in [
        (90, false, "6", Some((0, 21)), ALL),
        (90, false, "6", Some((23, 65_535)), ALL),
        (90, false, "17", Some((22, 22)), ALL),
        (90, false, "6", Some((22, 22)), "::/0"),
    ] {
        assert_eq!(ssh(&[deny, allow]), [100], "{deny:?}");
    }
}

#[test]
fn ports_and_protocols_that_just_include_it_count() {
    for (protocol, ports, open) in [
        ("6", Some((22, 22)), true),
        ("6", Some((0, 22)), true),
        ("6", Some((22, 1_000)), true),
        ("6", Some((23, 65_535)), false),
        ("6", Some((0, 21)), false),
        ("17", Some((22, 22)), false),
        ("1", None, false),
        ("-1", None, true),
        ("-1", Some((80, 80)), true),
    ] {
        let rules = ssh(&[(100, true, protocol, ports, ALL)]);
        assert_eq!(!rules.is_empty(), open, "{protocol} {ports:?}");
    }
}

#[test]
fn all_that_the_internet_routes_has_to_be_denied_first() {
    let allow = (100, true, "-1", None, ALL);
    let deny = |range| (10, false, "-1", None, range);
    let low = deny("0.0.0.0/1");
    assert_eq!(ssh(&[deny("198.51.100.0/24"), allow]), [100]);
    assert_eq!(ssh(&[low, allow]), [100]);
    assert_eq!(ssh(&[low, deny("128.0.0.0/2"), allow]), [100]);
    assert_eq!(ssh(&[low, deny("128.0.0.0/1"), allow]), [0; 0]);
    // From 224.0.0.0 on nobody sends.
    let rest = [deny("128.0.0.0/2"), deny("192.0.0.0/3")];
    assert_eq!(ssh(&[low, rest[0], rest[1], allow]), [0; 0]);
}

#[test]
fn a_network_that_is_let_in_before_all_others_are_denied_does_not_open_it() {
    let office = (50, true, "6", Some((22, 22)), "8.8.8.0/24");
    let deny = |range| (60, false, "6", Some((22, 22)), range);
    let allow = (100, true, "-1", None, ALL);
    assert_eq!(ssh(&[office, deny(ALL), allow]), [0; 0]);
    assert_eq!(ssh(&[office, deny("0.0.0.0/1"), allow]), [50, 100]);
}

#[test]
fn the_smallest_part_that_is_left_of_ipv6_is_open() {
    let allow = (100, true, "-1", None, "::/0");
    let halves: Vec<String> = (4..=64)
        .map(|prefix| {
            let first = 0x2000_u128 << 112 | 1 << (128 - prefix);
            format!("{}/{prefix}", std::net::Ipv6Addr::from(first))
        })
        .collect();
    let mut lines: Vec<AclLine<'_>> = Vec::new();
    lines.extend(
        halves
            .iter()
            .map(|half| (10, false, "-1", None, half.as_str())),
    );
    lines.push(allow);
    assert_eq!(by_rules(&lines, Family::V6, 22), [100]);
    lines.insert(0, (9, false, "-1", None, "2000::/64"));
    assert_eq!(by_rules(&lines, Family::V6, 22), [0; 0]);
}

#[test]
fn halves_of_the_internet_are_open_combined_and_not_alone() {
    let low = (100, true, "-1", None, "0.0.0.0/1");
    let high = (200, true, "6", Some((22, 22)), "128.0.0.0/1");
    assert_eq!(ssh(&[low, high]), [100, 200]);
    assert_eq!(ssh(&[low]), [0; 0]);
    assert_eq!(ssh(&[high]), [0; 0]);
    assert_eq!(ssh(&[(100, true, "-1", None, "10.0.0.0/8")]), [0; 0]);
    // A rule that adds nothing is not named.
    assert_eq!(ssh(&[(50, true, "-1", None, ALL), low, high]), [50]);
}

#[test]
fn families_are_distinguished() {
    let lines = [(101, true, "-1", None, "::/0")];
    assert_eq!(by_rules(&lines, Family::V6, 3389), [101]);
    assert_eq!(by_rules(&lines, Family::V4, 3389), [0; 0]);
    let lines = [(90, false, "6", Some((3389, 3389)), "2000::/3"), lines[0]];
    assert_eq!(by_rules(&lines, Family::V6, 3389), [0; 0]);
}

mod model;
