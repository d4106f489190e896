//! Network ACLs keep no state: TCP needs a way out for its replies.

use super::*;
use crate::services::ec2::samples::acl_rules;

fn with_egress(rules: &[AclLine<'_>]) -> FactStore {
    let mut own = acl("acl-1", &ALLOW);
    own.egress = acl_rules(rules);
    exposed().with::<NetworkAcls>(Reading::known(vec![own].into()))
}

fn severity(rules: &[AclLine<'_>]) -> Option<Severity> {
    let result = evaluated(&with_egress(rules));
    assert_eq!((result.resources_evaluated, result.gaps.len()), (1, 0));
    result.violations.first().map(|one| one.severity)
}

const fn tcp(number: i32, allows: bool, ports: (u16, u16), to: &str) -> AclLine<'_> {
    (number, allows, "6", Some(ports), to)
}

const ALL: &str = "0.0.0.0/0";

#[test]
fn without_a_way_out_for_a_reply_nobody_gets_in() {
    for rules in [
        &[][..],
        &[(100, false, "-1", None, ALL)],
        &[(100, true, "-1", None, "::/0")],
        &[(100, true, "17", Some((0, 65_535)), ALL)],
        &[(100, true, "-1", None, "10.0.0.0/8")],
        &[
            tcp(10, false, (0, 65_535), ALL),
            (100, true, "-1", None, ALL),
        ],
        &[
            tcp(10, false, (0, 30_000), ALL),
            tcp(11, false, (30_001, 65_535), "0.0.0.0/1"),
            tcp(12, false, (30_001, 65_535), "128.0.0.0/1"),
            (100, true, "-1", None, ALL),
        ],
    ] {
        assert_eq!(severity(rules), None, "{rules:?}");
    }
}

#[test]
fn one_port_that_clients_use_is_enough() {
    for rules in [
        &[(100, true, "-1", None, ALL)][..],
        &[tcp(100, true, (1_024, 65_535), ALL)],
        &[tcp(100, true, (32_768, 61_000), ALL)],
        &[tcp(100, true, (1_024, 1_024), ALL)],
        &[tcp(100, true, (0, 1_024), ALL)],
        &[tcp(100, true, (50_000, 50_000), "128.0.0.0/1")],
        &[
            tcp(10, false, (1_024, 65_534), ALL),
            (100, true, "-1", None, ALL),
        ],
        &[
            tcp(10, false, (0, 65_535), "0.0.0.0/1"),
            (100, true, "-1", None, ALL),
        ],
    ] {
        assert_eq!(severity(rules), Some(Severity::Critical), "{rules:?}");
    }
}

#[test]
fn replies_to_low_ports_alone_are_one_severity_lower_and_noted() {
    for rules in [
        &[tcp(100, true, (80, 80), ALL)][..],
        &[tcp(100, true, (0, 1_023), ALL)],
        &[
            tcp(10, false, (1_024, 65_535), ALL),
            (100, true, "-1", None, ALL),
        ],
    ] {
        assert_eq!(severity(rules), Some(Severity::High), "{rules:?}");
    }
    let mut facts = with_egress(&[tcp(100, true, (80, 80), ALL)]);
    let violation = evaluated(&facts).violations.remove(0);
    assert!(
        violation.message.contains("below 1024"),
        "{}",
        violation.message
    );
    let stopped = Instance {
        state: "stopped".into(),
        ..instance("i-1", vec![interface(&["sg-1"])])
    };
    facts.put::<Instances>(Reading::known(vec![stopped].into()));
    assert_eq!(evaluated(&facts).violations[0].severity, Severity::Medium);
    // One port that everybody reaches outweighs another.
    let open = [SSH, ("udp", Some((161, 161)), ALL)];
    facts.put::<SecurityGroups>(Reading::known(vec![group("sg-1", &open)].into()));
    let violation = evaluated(&facts).violations.remove(0);
    assert_eq!(violation.severity, Severity::High);
    assert!(
        violation.message.contains("on udp 161 (SNMP) at"),
        "{}",
        violation.message
    );
}

#[test]
fn the_clients_that_are_answered_have_to_be_those_that_are_let_in() {
    let evaluated = |ingress: &[AclLine<'_>], egress: &[AclLine<'_>]| {
        let mut own = acl("acl-1", ingress);
        own.egress = acl_rules(egress);
        let facts = exposed().with::<NetworkAcls>(Reading::known(vec![own].into()));
        evaluated(&facts).violations.len()
    };
    let low_denied = [tcp(10, false, (22, 22), "0.0.0.0/1"), ALLOW[0]];
    let to = |range| [tcp(100, true, (1_024, 65_535), range)];
    assert_eq!(evaluated(&low_denied, &to("0.0.0.0/1")), 0);
    assert_eq!(evaluated(&low_denied, &to("128.0.0.0/1")), 1);
    assert_eq!(evaluated(&low_denied, &to("64.0.0.0/2")), 0);
    // From 224.0.0.0 on nobody sends.
    assert_eq!(evaluated(&low_denied, &to("224.0.0.0/3")), 0);
}

#[test]
fn udp_needs_no_reply_and_ipv6_is_like_ipv4() {
    let mut facts = with_egress(&[]);
    let open = ("udp", Some((161, 161)), ALL);
    facts.put::<SecurityGroups>(Reading::known(vec![group("sg-1", &[open])].into()));
    assert_eq!(evaluated(&facts).violations.len(), 1);
    let over_ipv6 = |rules: &[AclLine<'_>]| {
        let mut facts = with_egress(rules);
        facts.put::<Instances>(with_interface(|one| {
            one.public_ipv4 = Items::default();
            one.ipv6 = texts(&["2600:1f18::1"]);
        }));
        let open = ("tcp", Some((22, 22)), "::/0");
        facts.put::<SecurityGroups>(Reading::known(vec![group("sg-1", &[open])].into()));
        evaluated(&facts).violations.first().map(|one| one.severity)
    };
    assert_eq!(over_ipv6(&[(100, true, "-1", None, ALL)]), None);
    assert_eq!(
        over_ipv6(&[tcp(100, true, (0, 1_023), "::/0")]),
        Some(Severity::High)
    );
    assert_eq!(
        over_ipv6(&[tcp(100, true, (0, 65_535), "::/0")]),
        Some(Severity::Critical)
    );
    assert_eq!(over_ipv6(&[tcp(100, true, (0, 65_535), "fd00::/8")]), None);
}
