//! The sweep against its definition, on random groups over a model small enough to try every case:
//! sources are unions of eighths of IPv4, ports are 0 to 9.

use super::*;

/// Eighths that hold globally routable addresses; the last one is multicast and reserved space.
const ROUTED: u8 = 0b0111_1111;

struct PacketSample {
    protocol: &'static str,
    ports: Option<(u16, u16)>,
    source: Source,
    ranges: Vec<IpNet>,
    eighths: u8,
}

fn sample(random: &mut fastrand::Rng, number: usize) -> PacketSample {
    let protocol = ["-1", "tcp", "tcp", "tcp"][random.usize(..4)];
    let (a, b) = (random.u16(..10), random.u16(..10));
    let mut ranges: Vec<IpNet> = (0..random.usize(1..3)).map(|_| range(random)).collect();
    let source = if random.u8(..4) == 0 {
        Source::PrefixList(format!("pl-{number}"))
    } else {
        ranges.truncate(1);
        Source::Range(ranges[0])
    };
    PacketSample {
        protocol,
        ports: (protocol != "-1").then_some((a.min(b), a.max(b))),
        eighths: ranges.iter().fold(0, |all, net| all | eighths(net)),
        source,
        ranges,
    }
}

fn range(random: &mut fastrand::Rng) -> IpNet {
    let address = random.u32(..8) << 29;
    let net = ipnet::Ipv4Net::new(address.into(), random.u8(1..4)).unwrap();
    IpNet::V4(net.trunc())
}

fn eighths(net: &IpNet) -> u8 {
    let contains =
        |eighth: &u32| net.contains(&std::net::IpAddr::from((eighth << 29).to_be_bytes()));
    (0..8)
        .filter(contains)
        .fold(0, |all, eighth| all | 1 << eighth)
}

fn covering(samples: &[&PacketSample]) -> bool {
    samples.iter().fold(0, |all, sample| all | sample.eighths) & ROUTED == ROUTED
}

impl PacketSample {
    fn lets_in(&self, port: u16) -> bool {
        self.ports
            .is_none_or(|(first, last)| (first..=last).contains(&port))
    }

    fn rule(&self) -> PartialRule<'_> {
        PartialRule {
            traffic: Traffic::of(&crate::services::ec2::Ingress {
                protocol: self.protocol.into(),
                ports: self.ports,
                source: self.source.clone(),
            }),
            source: &self.source,
            ranges: &self.ranges,
        }
    }
}

#[test]
fn every_port_is_open_exactly_where_the_definition_allows_it() {
    let mut random = fastrand::Rng::with_seed(42);
    let mut found = 0;
    for _ in 0..3_000 {
        let samples: Vec<PacketSample> = (0..random.usize(1..9))
            .map(|number| sample(&mut random, number))
            .filter(|sample| !covering(&[sample]))
            .collect();
        let partial: Vec<PartialRule<'_>> = samples.iter().map(PacketSample::rule).collect();
        let open = combined_ranges(&partial);
        found += open.len();
        for port in 0..12 {
            let active: Vec<&PacketSample> = samples.iter().filter(|s| s.lets_in(port)).collect();
            let described = open
                .iter()
                .filter(|rule| (rule.traffic.first..=rule.traffic.last).contains(&port));
            // Ports 10 and 11 stand for all that no TCP rule of the model names.
            assert_eq!(
                described.count(),
                usize::from(covering(&active)),
                "{partial:?}"
            );
        }
        open.iter().for_each(|rule| check(rule, &samples));
        for pair in open.windows(2) {
            assert!(!pair[0].continues_at(pair[1].traffic.first), "{open:?}");
        }
    }
    assert!(found > 500, "only {found} open rules in the samples");
}

/// An open rule's sources cover the internet on each of its ports, and each of them is in force on one.
fn check(rule: &OpenRule, samples: &[PacketSample]) {
    assert!(rule.sources.is_sorted(), "{rule:?}");
    let ports = rule.traffic.first..=rule.traffic.last.min(11);
    let is_named = |sample: &&PacketSample| rule.sources.contains(&sample.source);
    for port in ports.clone() {
        let active = samples.iter().filter(is_named).filter(|s| s.lets_in(port));
        let active: Vec<&PacketSample> = active.collect();
        assert!(covering(&active), "{rule:?}");
    }
    for source in &rule.sources {
        let mut own = samples.iter().filter(|sample| sample.source == *source);
        assert!(
            own.any(|s| ports.clone().any(|port| s.lets_in(port))),
            "{rule:?}"
        );
    }
}
