//! What a security group's rule lets in from any source: a protocol, and a range of its ports.

use std::fmt;

use crate::model::{PortProtocol, SensitivePort};
use crate::services::ec2::Ingress;

/// A protocol in a security group's rule.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::services::ec2) enum Protocol {
    All,
    Tcp,
    Udp,
    Icmp,
    Icmpv6,
    /// Any other, by its number.
    Other(String),
}

impl From<&str> for Protocol {
    fn from(text: &str) -> Self {
        match text {
            "-1" => Self::All,
            "tcp" | "6" => Self::Tcp,
            "udp" | "17" => Self::Udp,
            "icmp" | "1" => Self::Icmp,
            "icmpv6" | "58" => Self::Icmpv6,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// A protocol, and the numbers within it from the first to the last.
///
/// The numbers are ports for TCP and UDP, `256 * type + code` for ICMP, and always all of them for
/// protocols that have nothing of the kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::services::ec2) struct Traffic {
    pub(in crate::services::ec2) protocol: Protocol,
    pub(in crate::services::ec2) first: u16,
    pub(in crate::services::ec2) last: u16,
}

impl Traffic {
    /// What a rule lets in.
    pub(in crate::services::ec2) fn of(rule: &Ingress) -> Self {
        Self::new(&rule.protocol, rule.ports)
    }

    /// A protocol as EC2 writes it, with its ports as in [`Ingress::ports`].
    pub(in crate::services::ec2) fn new(protocol: &str, ports: Option<(u16, u16)>) -> Self {
        let protocol = Protocol::from(protocol);
        let all = (0, u16::MAX);
        let (first, last) = match (&protocol, ports) {
            (Protocol::Tcp | Protocol::Udp, Some(ports)) => ports,
            (Protocol::Icmp | Protocol::Icmpv6, Some((kind @ 0..=255, code))) => match code {
                0..=255 => (kind << 8 | code, kind << 8 | code),
                // `Ingress::ALL_CODES`: a code has eight bits.
                _ => (kind << 8, kind << 8 | 255),
            },
            _ => all,
        };
        Self {
            protocol,
            first,
            last,
        }
    }

    /// The same protocol, with other numbers.
    pub(in crate::services::ec2) fn within(&self, first: u16, last: u16) -> Self {
        Self {
            protocol: self.protocol.clone(),
            first,
            last,
        }
    }

    /// Whether these are all numbers of the protocol.
    pub(in crate::services::ec2) fn is_whole(&self) -> bool {
        (self.first, self.last) == (0, u16::MAX)
    }

    /// Whether it lets in every protocol, or every TCP port.
    pub(in crate::services::ec2) fn is_sweeping(&self) -> bool {
        match self.protocol {
            Protocol::All => true,
            Protocol::Tcp => self.is_whole(),
            _ => false,
        }
    }

    /// Whether it lets traffic to a sensitive port in.
    pub(in crate::services::ec2) fn reaches(&self, port: &SensitivePort) -> bool {
        self.reaches_port(port.protocol, port.port)
    }

    /// Whether it lets traffic to a port in.
    pub(in crate::services::ec2) fn reaches_port(&self, over: PortProtocol, port: u16) -> bool {
        let protocol = match self.protocol {
            Protocol::All => return true,
            Protocol::Tcp => PortProtocol::Tcp,
            Protocol::Udp => PortProtocol::Udp,
            _ => return false,
        };
        protocol == over && (self.first..=self.last).contains(&port)
    }

    /// The same traffic in parts that can each be said in words: ICMP's numbers run over from one type
    /// into the next, so codes of a type that is not complete stand alone.
    pub(in crate::services::ec2) fn in_parts(self) -> Vec<Self> {
        let icmp = matches!(self.protocol, Protocol::Icmp | Protocol::Icmpv6);
        if !icmp || self.is_whole() || self.first >> 8 == self.last >> 8 {
            return vec![self];
        }
        let head = (self.first & 255 != 0).then(|| self.within(self.first, self.first | 255));
        let tail = (self.last & 255 != 255).then(|| self.within(self.last & !255, self.last));
        let first = head.as_ref().map_or(self.first, |head| head.last + 1);
        let last = tail.as_ref().map_or(self.last, |tail| tail.first - 1);
        let body = (first < last).then(|| self.within(first, last));
        [head, body, tail].into_iter().flatten().collect()
    }
}

impl fmt::Display for Traffic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, last, .. } = self;
        match &self.protocol {
            Protocol::All => f.write_str("all"),
            Protocol::Tcp => ports(f, "tcp", *first, *last),
            Protocol::Udp => ports(f, "udp", *first, *last),
            Protocol::Icmp => self.types(f, "icmp"),
            Protocol::Icmpv6 => self.types(f, "icmpv6"),
            Protocol::Other(number) => write!(f, "protocol {number}"),
        }
    }
}

impl Traffic {
    fn types(&self, f: &mut fmt::Formatter<'_>, protocol: &str) -> fmt::Result {
        if self.is_whole() {
            return f.write_str(protocol);
        }
        let ([kind, code], [last_kind, last_code]) =
            (self.first.to_be_bytes(), self.last.to_be_bytes());
        match (kind == last_kind, code, last_code) {
            (true, 0, 255) => write!(f, "{protocol} type {kind}"),
            (true, _, _) if code == last_code => write!(f, "{protocol} type {kind} code {code}"),
            (true, _, _) => write!(f, "{protocol} type {kind} codes {code}-{last_code}"),
            (false, _, _) => write!(f, "{protocol} types {kind}-{last_kind}"),
        }
    }
}

fn ports(f: &mut fmt::Formatter<'_>, protocol: &str, first: u16, last: u16) -> fmt::Result {
    if first == last {
        write!(f, "{protocol} {first}")
    } else {
        write!(f, "{protocol} {first}-{last}")
    }
}

#[cfg(test)]
mod tests;
