//! The arithmetic against its definition, on random ACLs over a model small enough to try every case:
//! ranges are unions of eighths of IPv4, and ports begin and end at few numbers.

use super::*;

/// Eighths that hold globally routable addresses; the last one is multicast and reserved space.
const ROUTED: [u32; 7] = [0, 1, 2, 3, 4, 5, 6];

/// Where ranges of ports begin and end.
const ENDS: [u16; 7] = [0, 1, 22, 1_023, 1_024, 2_000, 65_535];

/// A port of each run that no range of the model parts.
const PORTS: [u16; 11] = [0, 1, 2, 22, 23, 1_023, 1_024, 1_025, 2_000, 2_001, 65_535];

fn rule(random: &mut fastrand::Rng, number: i32) -> AclRule {
    let protocol = ["-1", "6", "6", "6", "17", "1"][random.usize(..6)];
    let (a, b) = (ENDS[random.usize(..7)], ENDS[random.usize(..7)]);
    let address = random.u32(..8) << 29;
    let net = ipnet::Ipv4Net::new(address.into(), random.u8(..4)).unwrap();
    let v6 = random.u8(..8) == 0;
    AclRule {
        number,
        allows: random.bool(),
        protocol: protocol.into(),
        ports: matches!(protocol, "6" | "17").then_some((a.min(b), a.max(b))),
        peer: match v6 {
            true => "::/0".parse().unwrap(),
            false => ipnet::IpNet::V4(net.trunc()),
        },
    }
}

fn rules(random: &mut fastrand::Rng) -> Vec<AclRule> {
    (0..random.i32(0..7))
        .map(|number| rule(random, number))
        .collect()
}

/// The first rule that matches.
fn first<'a>(rules: &'a [AclRule], over: &str, eighth: u32, port: u16) -> Option<&'a AclRule> {
    let address = std::net::IpAddr::from((eighth << 29).to_be_bytes());
    rules.iter().find(|rule| {
        let protocol = rule.protocol == "-1" || rule.protocol == over;
        let ports = rule
            .ports
            .is_none_or(|(first, last)| (first..=last).contains(&port));
        protocol && ports && rule.peer.contains(&address)
    })
}

fn by_definition(
    ingress: &[AclRule],
    egress: &[AclRule],
    over: &str,
    port: u16,
) -> PortReachability {
    let lets_in = |eighth| first(ingress, over, eighth, port).filter(|rule| rule.allows);
    let opening: Vec<&AclRule> = ROUTED.into_iter().filter_map(lets_in).collect();
    let is_for = |eighth: u32| {
        let address = std::net::IpAddr::from((eighth << 29).to_be_bytes());
        opening.iter().any(|rule| rule.peer.contains(&address))
    };
    if !ROUTED.into_iter().all(is_for) {
        return PortReachability::No;
    }
    if over == "17" {
        return PortReachability::Yes;
    }
    let replied = |to: u16| {
        let mut clients = ROUTED
            .into_iter()
            .filter(|eighth| lets_in(*eighth).is_some());
        clients.any(|eighth| first(egress, "6", eighth, to).is_some_and(|rule| rule.allows))
    };
    let replied: Vec<u16> = PORTS
        .into_iter()
        .filter(|to| *to > 0 && replied(*to))
        .collect();
    match replied.iter().max() {
        Some(1_024..) => PortReachability::Yes,
        Some(_) => PortReachability::FromLowPorts,
        None => PortReachability::No,
    }
}

fn acl_of(ingress: AclRules, egress: AclRules) -> NetworkAcl {
    NetworkAcl {
        ingress,
        egress,
        ..acl("acl-1", &[])
    }
}

fn known(rules: &[AclRule]) -> AclRules {
    AclRules {
        known: rules.to_vec(),
        unread: Vec::new(),
    }
}

#[test]
fn a_port_is_reachable_exactly_where_the_definition_allows_it() {
    let mut random = fastrand::Rng::with_seed(11);
    let mut found = [0; 3];
    for _ in 0..6_000 {
        let mut ingress = rules(&mut random);
        if random.u8(..4) > 0 {
            ingress.push(AclRule {
                allows: true,
                ports: None,
                protocol: "-1".into(),
                peer: ALL.parse().unwrap(),
                number: 9,
            });
        }
        let egress = rules(&mut random);
        let acl = acl_of(known(&ingress), known(&egress));
        for (over, protocol) in [(PortProtocol::Tcp, "6"), (PortProtocol::Udp, "17")] {
            let (reachability, gap) = reachability(&acl, Family::V4, over, 22);
            let expected = by_definition(&ingress, &egress, protocol, 22);
            assert_eq!((reachability, gap), (expected, None), "{over:?} {acl:#?}");
            found[reachability as usize] += 1;
        }
    }
    assert!(found.iter().all(|count| *count > 100), "{found:?}");
}

/// Whatever an unread rule is in truth: what is taken for certain holds, and what may change is a gap.
#[test]
fn an_unread_rule_leaves_certain_only_what_it_cannot_change() {
    let mut random = fastrand::Rng::with_seed(12);
    let (mut certain, mut open) = (0, 0);
    for _ in 0..3_000 {
        let (ingress, egress) = (rules(&mut random), rules(&mut random));
        let truth = acl_of(known(&ingress), known(&egress));
        let (expected, _) = reachability(&truth, Family::V4, PortProtocol::Tcp, 22);
        let mut read = truth.clone();
        let hidden = match random.bool() {
            true => &mut read.ingress,
            false => &mut read.egress,
        };
        if hidden.known.is_empty() {
            continue;
        }
        let rule = hidden.known.remove(random.usize(..hidden.known.len()));
        hidden.unread.push(crate::services::ec2::UnreadAclRule {
            number: random.bool().then_some(rule.number),
            gap: crate::checks::samples::denied("ec2:DescribeNetworkAcls"),
        });
        let (least, gap) = reachability(&read, Family::V4, PortProtocol::Tcp, 22);
        assert!(least <= expected);
        match gap {
            None => assert_eq!(least, expected),
            Some(_) => open += 1,
        }
        certain += 1;
    }
    assert!(certain > 1_000 && open > 100, "{certain} {open}");
}
