use super::*;
use crate::services::ec2::Source;

fn traffic(protocol: &str, ports: Option<(u16, u16)>) -> Traffic {
    Traffic::of(&Ingress {
        protocol: protocol.into(),
        ports,
        source: Source::Group("sg-1".into()),
    })
}

#[test]
fn rules_have_a_description() {
    let all = Ingress::ALL_CODES;
    for (protocol, ports, text) in [
        ("-1", None, "all"),
        ("tcp", Some((22, 22)), "tcp 22"),
        ("tcp", Some((20, 30)), "tcp 20-30"),
        ("tcp", None, "tcp 0-65535"),
        ("6", Some((0, 65535)), "tcp 0-65535"),
        ("udp", Some((53, 53)), "udp 53"),
        ("17", None, "udp 0-65535"),
        ("icmp", None, "icmp"),
        ("1", Some((8, all)), "icmp type 8"),
        ("icmp", Some((3, 4)), "icmp type 3 code 4"),
        ("icmp", Some((0, 0)), "icmp type 0 code 0"),
        ("icmp", Some((255, all)), "icmp type 255"),
        ("icmpv6", Some((128, 0)), "icmpv6 type 128 code 0"),
        ("58", None, "icmpv6"),
        ("50", None, "protocol 50"),
        ("50", Some((1, 2)), "protocol 50"),
    ] {
        assert_eq!(traffic(protocol, ports).to_string(), text);
    }
}

#[test]
fn a_rule_reaches_ports_of_its_own_protocol() {
    let port = |port, protocol| SensitivePort {
        port,
        protocol,
        name: String::new(),
    };
    let ssh = port(22, PortProtocol::Tcp);
    let rdp = port(3389, PortProtocol::Udp);
    assert!(traffic("-1", None).reaches(&ssh) && traffic("-1", None).reaches(&rdp));
    for (first, last, reached) in [
        (22, 22, true),
        (20, 22, true),
        (22, 23, true),
        (23, 30, false),
        (0, 21, false),
    ] {
        assert_eq!(traffic("tcp", Some((first, last))).reaches(&ssh), reached);
        assert!(!traffic("udp", Some((first, last))).reaches(&ssh));
    }
    assert!(traffic("udp", None).reaches(&rdp));
    assert!(!traffic("tcp", None).reaches(&rdp));
    assert!(!traffic("icmp", None).reaches(&ssh));
    assert!(!traffic("50", None).reaches(&ssh));
}

#[test]
fn only_all_protocols_and_all_of_tcp_are_sweeping() {
    assert!(traffic("-1", None).is_sweeping());
    assert!(traffic("tcp", None).is_sweeping());
    assert!(!traffic("tcp", Some((1, 65535))).is_sweeping());
    assert!(!traffic("udp", None).is_sweeping());
    assert!(!traffic("icmp", None).is_sweeping());
}

#[test]
fn icmp_falls_into_types_and_codes() {
    let parts = |first, last| {
        let parts = traffic("icmp", None).within(first, last).in_parts();
        parts.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let code = |kind: u16, code: u16| kind * 256 + code;
    assert_eq!(parts(0, u16::MAX), ["icmp"]);
    assert_eq!(parts(code(8, 0), code(8, 255)), ["icmp type 8"]);
    assert_eq!(parts(code(3, 4), code(3, 4)), ["icmp type 3 code 4"]);
    assert_eq!(parts(code(3, 4), code(3, 6)), ["icmp type 3 codes 4-6"]);
    assert_eq!(parts(code(3, 0), code(5, 255)), ["icmp types 3-5"]);
    assert_eq!(
        parts(code(3, 7), code(6, 1)),
        [
            "icmp type 3 codes 7-255",
            "icmp types 4-5",
            "icmp type 6 codes 0-1"
        ]
    );
    assert_eq!(
        parts(code(3, 7), code(4, 1)),
        ["icmp type 3 codes 7-255", "icmp type 4 codes 0-1"]
    );
    assert_eq!(
        parts(code(0, 0), code(1, 0)),
        ["icmp type 0", "icmp type 1 code 0"]
    );
    assert_eq!(
        parts(code(254, 255), code(255, 255)),
        ["icmp type 254 code 255", "icmp type 255"]
    );
    assert_eq!(traffic("tcp", None).within(7, 700).in_parts().len(), 1);
}
