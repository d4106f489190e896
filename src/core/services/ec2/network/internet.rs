//! What "the whole internet" means: every address that is globally routable, by family.
//!
//! A source that leaves out only addresses that nobody can send from is open to the world as much as
//! `0.0.0.0/0` is. For IPv4 those are the special-purpose blocks; for IPv6 all but the global unicast
//! space that IANA hands out.
//!
//! Sources: <https://www.iana.org/assignments/iana-ipv4-special-registry/>,
//! <https://www.iana.org/assignments/ipv4-address-space/>,
//! <https://www.iana.org/assignments/ipv6-address-space/>

use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::spans::{Span, without};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::services::ec2) enum Family {
    V4,
    V6,
}

/// IPv4 blocks that are not globally routable, the last one up to the end of the space.
const NOT_ROUTED_V4: &[IpNet] = &[
    v4([0, 0, 0, 0], 8),       // this network
    v4([10, 0, 0, 0], 8),      // private use
    v4([100, 64, 0, 0], 10),   // shared address space
    v4([127, 0, 0, 0], 8),     // loopback
    v4([169, 254, 0, 0], 16),  // link local
    v4([172, 16, 0, 0], 12),   // private use
    v4([192, 0, 0, 0], 24),    // protocol assignments
    v4([192, 0, 2, 0], 24),    // documentation
    v4([192, 88, 99, 0], 24),  // 6to4 relay anycast, deprecated
    v4([192, 168, 0, 0], 16),  // private use
    v4([198, 18, 0, 0], 15),   // benchmarking
    v4([198, 51, 100, 0], 24), // documentation
    v4([203, 0, 113, 0], 24),  // documentation
    v4([224, 0, 0, 0], 4),     // multicast
    v4([240, 0, 0, 0], 4),     // reserved, and limited broadcast
];

/// What is left of IPv6 without the global unicast space, the last one up to the end of the space.
const NOT_ROUTED_V6: &[IpNet] = &[v6(0, 3), v6(0x4000, 2), v6(0x8000, 1)];

/// The space from which IANA allocates globally routable IPv6 addresses: `2000::/3`.
const GLOBAL_UNICAST_V6: IpNet = v6(0x2000, 3);

const fn v4([a, b, c, d]: [u8; 4], prefix: u8) -> IpNet {
    IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix))
}

const fn v6(first: u16, prefix: u8) -> IpNet {
    let address = Ipv6Addr::new(first, 0, 0, 0, 0, 0, 0, 0);
    IpNet::V6(Ipv6Net::new_assert(address, prefix))
}

impl Family {
    /// Both of them.
    pub(in crate::services::ec2) const ALL: [Self; 2] = [Self::V4, Self::V6];

    pub(in crate::services::ec2) const fn as_str(self) -> &'static str {
        match self {
            Self::V4 => "IPv4",
            Self::V6 => "IPv6",
        }
    }

    pub(in crate::services::ec2) const fn of(net: &IpNet) -> Self {
        match net {
            IpNet::V4(_) => Self::V4,
            IpNet::V6(_) => Self::V6,
        }
    }

    /// The family's blocks that are not globally routable.
    pub(in crate::services::ec2) const fn not_routed(self) -> &'static [IpNet] {
        match self {
            Self::V4 => NOT_ROUTED_V4,
            Self::V6 => NOT_ROUTED_V6,
        }
    }

    /// The range of all its addresses.
    pub(in crate::services::ec2) fn everything(self) -> IpNet {
        match self {
            Self::V4 => IpNet::V4(Ipv4Net::default()),
            Self::V6 => IpNet::V6(Ipv6Net::default()),
        }
    }

    /// The addresses that are globally routable.
    pub(in crate::services::ec2) fn routed(self) -> Vec<Span> {
        let all = vec![(0, self.last())];
        let blocks = self.not_routed().iter().map(span);
        blocks.fold(all, |left, block| without(&left, block))
    }

    /// The last address of the family's space, as a number.
    pub(in crate::services::ec2) const fn last(self) -> u128 {
        match self {
            Self::V4 => u32::MAX as u128,
            Self::V6 => u128::MAX,
        }
    }
}

/// A range as numbers, whatever its family.
pub(in crate::services::ec2) fn span(net: &IpNet) -> Span {
    match net {
        IpNet::V4(net) => (
            net.network().to_bits().into(),
            net.broadcast().to_bits().into(),
        ),
        IpNet::V6(net) => (net.network().to_bits(), net.broadcast().to_bits()),
    }
}

/// Whether the ranges together hold every globally routable address of the family. Ranges of the other
/// family count for nothing.
pub(in crate::services::ec2) fn covers<'a>(
    family: Family,
    nets: impl IntoIterator<Item = &'a IpNet>,
) -> bool {
    let nets = nets.into_iter().filter(|net| Family::of(net) == family);
    let mut spans: Vec<Span> = nets.chain(family.not_routed()).map(span).collect();
    spans.sort_unstable();
    let mut next = 0;
    for (first, last) in spans {
        if first > next {
            return false;
        }
        next = next.max(last.saturating_add(1));
    }
    // What is not routed reaches to the end of the space, so there is no hole behind the last range.
    true
}

/// Whether an IPv6 address is one that the internet routes. AWS's private IPv6 addresses, unique local
/// ones from `fd00::/8`, are not. What is no address is taken for a routed one, to be on the safe side.
///
/// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html>
pub(in crate::services::ec2) fn is_routed_ipv6(address: &str) -> bool {
    address.parse::<Ipv6Addr>().map_or(true, |address| {
        GLOBAL_UNICAST_V6.contains(&IpNet::from(std::net::IpAddr::V6(address)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(nets: &[&str]) -> (bool, bool) {
        let nets: Vec<IpNet> = nets.iter().map(|net| net.parse().unwrap()).collect();
        (covers(Family::V4, &nets), covers(Family::V6, &nets))
    }

    #[test]
    fn one_range_covers_its_own_family_only() {
        assert_eq!(covered(&["0.0.0.0/0"]), (true, false));
        for net in ["::/0", "::/1", "2000::/3"] {
            assert_eq!(covered(&[net]), (false, true), "{net}");
        }
        for net in [
            "0.0.0.0/1",
            "128.0.0.0/1",
            "2000::/4",
            "8000::/1",
            "10.0.0.0/8",
        ] {
            assert_eq!(covered(&[net]), (false, false), "{net}");
        }
        assert_eq!(covered(&[]), (false, false));
    }

    #[test]
    fn what_is_routed_is_what_it_takes_to_cover() {
        for family in Family::ALL {
            assert!(covers(family, [&family.everything()]));
            let routed = family.routed();
            assert!(!routed.is_empty());
            for block in family.not_routed() {
                let (first, last) = span(block);
                assert!(routed.iter().all(|(from, to)| *to < first || last < *from));
            }
        }
    }

    #[test]
    fn combined_pieces_cover() {
        assert_eq!(covered(&["0.0.0.0/1", "128.0.0.0/1"]), (true, false));
        assert_eq!(
            covered(&["128.0.0.0/2", "192.0.0.0/3", "0.0.0.0/1"]),
            (true, false)
        );
        assert_eq!(covered(&["2000::/4", "3000::/4"]), (false, true));
        assert_eq!(
            covered(&["0.0.0.0/1", "3000::/4", "2000::/4", "128.0.0.0/1"]),
            (true, true)
        );
        assert_eq!(covered(&["0.0.0.0/1", "128.0.0.0/2"]), (false, false));
    }

    /// All of a space without some blocks, as the shortest list of ranges.
    fn without(all: &str, blocks: &[IpNet]) -> Vec<IpNet> {
        let mut left: Vec<IpNet> = vec![all.parse().unwrap()];
        for block in blocks {
            let mut cut = Vec::new();
            for mut net in left {
                while net.contains(block) && net != *block {
                    let mut halves = net.subnets(net.prefix_len() + 1).unwrap();
                    let (low, high) = (halves.next().unwrap(), halves.next().unwrap());
                    let (inside, outside) = if low.contains(block) {
                        (low, high)
                    } else {
                        (high, low)
                    };
                    cut.push(outside);
                    net = inside;
                }
                if net != *block {
                    cut.push(net);
                }
            }
            left = cut;
        }
        left
    }

    #[test]
    fn leaving_out_what_is_not_routed_changes_nothing_and_anything_else_does() {
        for (family, all) in [(Family::V4, "0.0.0.0/0"), (Family::V6, "::/0")] {
            let routed = without(all, family.not_routed());
            assert!(covers(family, &routed));
            for excluded in &routed {
                let rest = routed.iter().filter(|net| *net != excluded);
                assert!(!covers(family, rest), "{excluded}");
            }
        }
        let one: IpNet = "8.8.8.8/32".parse().unwrap();
        assert!(!covers(Family::V4, &without("0.0.0.0/0", &[one])));
    }

    #[test]
    fn unique_local_addresses_are_not_routed() {
        assert!(is_routed_ipv6("2600:1f18::1"));
        assert!(!is_routed_ipv6("fd80::1"));
        assert!(!is_routed_ipv6("fe80::1"));
        assert!(is_routed_ipv6("not an address"));
    }
}
