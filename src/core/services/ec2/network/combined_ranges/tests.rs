use super::*;
use crate::services::ec2::samples::{RuleLine, group};

const LOW: &str = "0.0.0.0/1";
const HIGH: &str = "128.0.0.0/1";
const BOTH: &str = "0.0.0.0/1 + 128.0.0.0/1";

/// What the rules let in together; `pl-low` and `pl-high` are halves of the internet.
fn open(rules: &[RuleLine<'_>]) -> Vec<String> {
    let group = group("sg-1", rules);
    let [low, high]: [Vec<IpNet>; 2] = [LOW, HIGH].map(|net| vec![net.parse().unwrap()]);
    let partial: Vec<PartialRule<'_>> = group
        .ingress
        .iter()
        .map(|rule| PartialRule {
            traffic: Traffic::of(rule),
            source: &rule.source,
            ranges: match &rule.source {
                Source::Range(net) => std::slice::from_ref(net),
                Source::PrefixList(id) if id == "pl-low" => &low,
                Source::PrefixList(_) => &high,
                Source::Group(_) => &[],
            },
        })
        .collect();
    combined_ranges(&partial)
        .iter()
        .map(OpenRule::describe)
        .collect()
}

const fn tcp(first: u16, last: u16, source: &'static str) -> RuleLine<'static> {
    ("tcp", Some((first, last)), source)
}

#[test]
fn halves_are_open_on_the_ports_that_they_share() {
    assert_eq!(
        open(&[tcp(5432, 5432, LOW), tcp(5432, 5432, HIGH)]),
        [format!("tcp 5432 from {BOTH}")]
    );
    assert_eq!(
        open(&[tcp(20, 30, LOW), tcp(25, 40, HIGH)]),
        [format!("tcp 25-30 from {BOTH}")]
    );
    assert!(open(&[tcp(20, 30, LOW), tcp(31, 40, HIGH)]).is_empty());
    assert!(open(&[tcp(22, 22, LOW), ("udp", Some((22, 22)), HIGH)]).is_empty());
    assert!(open(&[tcp(22, 22, LOW), tcp(22, 22, "2000::/4")]).is_empty());
    assert!(open(&[]).is_empty());
}

#[test]
fn the_same_source_in_adjoining_rules_makes_one_run() {
    let rules = [tcp(20, 30, LOW), tcp(10, 25, HIGH), tcp(26, 40, HIGH)];
    assert_eq!(open(&rules), [format!("tcp 20-30 from {BOTH}")]);
    let rules = [tcp(0, 65535, LOW), tcp(0, 99, HIGH), tcp(200, 65535, HIGH)];
    assert_eq!(
        open(&rules),
        [
            format!("tcp 0-99 from {BOTH}"),
            format!("tcp 200-65535 from {BOTH}")
        ]
    );
}

#[test]
fn other_sources_on_some_of_the_ports_go_on_with_the_run() {
    let rules = [
        tcp(20, 30, LOW),
        tcp(20, 25, HIGH),
        tcp(26, 30, "128.0.0.0/2"),
        tcp(26, 30, "192.0.0.0/2"),
    ];
    assert_eq!(
        open(&rules),
        ["tcp 20-30 from 0.0.0.0/1 + 128.0.0.0/1 + 128.0.0.0/2 + 192.0.0.0/2"]
    );
}

#[test]
fn sources_that_add_nothing_are_not_named_and_do_not_cut() {
    let rules = [
        tcp(20, 30, HIGH),
        tcp(20, 30, LOW),
        tcp(25, 25, "10.0.0.0/8"),
        tcp(22, 22, "64.0.0.0/2"),
        tcp(20, 30, "pl-low"),
        tcp(20, 30, LOW),
    ];
    assert_eq!(open(&rules), [format!("tcp 20-30 from {BOTH}")]);
}

#[test]
fn prefix_lists_take_part() {
    let rules = [tcp(22, 22, "pl-low"), tcp(22, 22, HIGH)];
    assert_eq!(open(&rules), ["tcp 22 from 128.0.0.0/1 + pl-low"]);
    let rules = [tcp(22, 22, "pl-low"), tcp(22, 22, "pl-high")];
    assert_eq!(open(&rules), ["tcp 22 from pl-high + pl-low"]);
}

#[test]
fn rules_for_all_protocols_take_part_in_each() {
    let rules = [
        ("-1", None, LOW),
        tcp(22, 23, HIGH),
        ("udp", None, HIGH),
        ("50", None, HIGH),
    ];
    assert_eq!(
        open(&rules),
        [
            format!("tcp 22-23 from {BOTH}"),
            format!("udp 0-65535 from {BOTH}"),
            format!("protocol 50 from {BOTH}")
        ]
    );
    let rules = [("-1", None, LOW), ("-1", None, HIGH), tcp(22, 22, HIGH)];
    assert_eq!(open(&rules), [format!("all from {BOTH}")]);
}

#[test]
fn each_family_is_on_its_own() {
    let rules = [
        tcp(22, 22, "2000::/4"),
        tcp(22, 22, LOW),
        tcp(22, 22, "3000::/4"),
        tcp(22, 22, HIGH),
    ];
    assert_eq!(
        open(&rules),
        [
            format!("tcp 22 from {BOTH}"),
            "tcp 22 from 2000::/4 + 3000::/4".to_owned()
        ]
    );
}

#[test]
fn icmp_types_are_swept_like_ports() {
    let all = crate::services::ec2::Ingress::ALL_CODES;
    let icmp = |kind, code, source| ("icmp", Some((kind, code)), source);
    assert_eq!(
        open(&[("icmp", None, LOW), ("icmp", None, HIGH)]),
        [format!("icmp from {BOTH}")]
    );
    assert_eq!(
        open(&[("icmp", None, LOW), icmp(8, all, HIGH), icmp(3, 4, HIGH)]),
        [
            format!("icmp type 3 code 4 from {BOTH}"),
            format!("icmp type 8 from {BOTH}")
        ]
    );
    assert!(open(&[icmp(8, all, LOW), icmp(3, all, HIGH)]).is_empty());
    assert!(open(&[icmp(8, 0, LOW), icmp(8, 1, HIGH)]).is_empty());
}

mod model;
