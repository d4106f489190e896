//! What a network ACL lets in from the internet, and whether it lets the replies out. Its rules count in
//! order: the first that matches decides. It keeps no state, so that replies need a rule of their own.
//!
//! Source: <https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html>

use super::internet::{Family, covers, span};
use super::spans::{Span, difference, intersection, without};
use super::traffic::{Protocol, Traffic};
use crate::model::{Gap, PortProtocol};
use crate::services::ec2::{AclRule, AclRules, NetworkAcl};

/// The ports that clients send from, as their systems choose them.
///
/// Source: <https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports>
const EPHEMERAL: Span = (1_024, 65_535);

/// The other ports. A client that binds one is answered there all the same.
const LOW: Span = (1, 1_023);

/// Whether the internet reaches a port through a network ACL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::services::ec2) enum PortReachability {
    No,
    /// Only by clients that send from a port below 1024.
    FromLowPorts,
    Yes,
}

/// Whether the internet reaches a port through an ACL. A TCP client has to be let in and its replies to be
/// let out to it; UDP needs no reply.
///
/// With it, if rules that could not be read may let more through than is known, the gap.
pub(in crate::services::ec2) fn reachability(
    acl: &NetworkAcl,
    family: Family,
    over: PortProtocol,
    port: u16,
) -> (PortReachability, Option<Gap>) {
    let read_as = |unread_allows| {
        let ingress = in_order(&acl.ingress, unread_allows);
        let egress = in_order(&acl.egress, unread_allows);
        let admitted = AllowedClients::by(&ingress, family, (over, port));
        let is_replied = |ports| replied(&egress, family, &admitted.clients, ports);
        match over {
            _ if !admitted.is_everybody(family) => PortReachability::No,
            PortProtocol::Udp => PortReachability::Yes,
            PortProtocol::Tcp if is_replied(EPHEMERAL) => PortReachability::Yes,
            PortProtocol::Tcp if is_replied(LOW) => PortReachability::FromLowPorts,
            PortProtocol::Tcp => PortReachability::No,
        }
    };
    let least = read_as(false);
    let mut unread = acl.ingress.unread.iter().chain(&acl.egress.unread);
    let gap = unread.next().filter(|_| least < read_as(true));
    (least, gap.map(|rule| rule.gap.clone()))
}

/// The rules in the order in which they count. One that could not be read is taken for one that allows
/// everything, or denies it: the truth lies between the two.
pub(in crate::services::ec2) fn in_order(rules: &AclRules, unread_allows: bool) -> Vec<AclRule> {
    let unread = rules.unread.iter().flat_map(|rule| {
        Family::ALL.map(|family| AclRule {
            number: rule.number.unwrap_or(i32::MIN),
            allows: unread_allows,
            protocol: "-1".to_owned(),
            ports: None,
            peer: family.everything(),
        })
    });
    let mut all: Vec<AclRule> = unread.chain(rules.known.iter().cloned()).collect();
    all.sort_by_key(|rule| rule.number);
    all
}

/// The rules that together let the internet in to a port; none where they do not.
///
/// A rule counts as long as it adds anybody to those whom the rules before it allow or deny: what it adds
/// of the internet may be half of it, and strangers come from there as well. Where all of it is denied
/// first, a rule for everybody adds nobody.
pub(in crate::services::ec2) fn opening(
    rules: &[AclRule],
    family: Family,
    over: PortProtocol,
    port: u16,
) -> Vec<&AclRule> {
    let admitted = AllowedClients::by(rules, family, (over, port));
    match admitted.is_everybody(family) {
        true => admitted.rules,
        false => Vec::new(),
    }
}

/// Whom rules let in to a port.
struct AllowedClients<'a> {
    /// The rules that let in anybody.
    rules: Vec<&'a AclRule>,
    /// The addresses of the internet that they let in.
    clients: Vec<Span>,
}

impl<'a> AllowedClients<'a> {
    fn by(rules: &'a [AclRule], family: Family, (over, port): (PortProtocol, u16)) -> Self {
        let mut undecided = family.routed();
        let (rules, mut by) = (of_family(rules, family), Vec::new());
        let mut clients = Vec::new();
        for (rule, _) in rules.filter(|(_, traffic)| traffic.reaches_port(over, port)) {
            let peer = span(&rule.peer);
            let decided = undecided.iter();
            let mut decided = decided
                .filter_map(|one| intersection(*one, peer))
                .peekable();
            if rule.allows && decided.peek().is_some() {
                by.push(rule);
                clients.extend(decided);
            }
            undecided = without(&undecided, peer);
        }
        Self { rules: by, clients }
    }

    /// Whether the rules are for all of the internet, whatever of it is denied before.
    fn is_everybody(&self, family: Family) -> bool {
        covers(family, self.rules.iter().map(|rule| &rule.peer))
    }
}

fn of_family(rules: &[AclRule], family: Family) -> impl Iterator<Item = (&AclRule, Traffic)> {
    let own = rules
        .iter()
        .filter(move |rule| Family::of(&rule.peer) == family);
    own.map(|rule| (rule, Traffic::new(&rule.protocol, rule.ports)))
}

/// Whether TCP gets out to one of the clients, to one of the ports.
fn replied(rules: &[AclRule], family: Family, clients: &[Span], ports: Span) -> bool {
    let mut undecided: Vec<Replies> = clients
        .iter()
        .map(|to| Replies { to: *to, ports })
        .collect();
    for (rule, traffic) in of_family(rules, family) {
        if !matches!(traffic.protocol, Protocol::All | Protocol::Tcp) {
            continue;
        }
        let matched = Replies {
            to: span(&rule.peer),
            ports: (traffic.first.into(), traffic.last.into()),
        };
        if rule.allows && undecided.iter().any(|one| one.overlaps(&matched)) {
            return true;
        }
        undecided = undecided
            .iter()
            .flat_map(|one| one.without(&matched))
            .collect();
    }
    false
}

/// Replies to a range of addresses, to a range of ports.
#[derive(Clone, Copy, Debug)]
struct Replies {
    to: Span,
    ports: Span,
}

impl Replies {
    fn overlaps(&self, other: &Self) -> bool {
        let ports = intersection(self.ports, other.ports);
        intersection(self.to, other.to).is_some() && ports.is_some()
    }

    /// What is left of these without others: to other addresses, and to the same ones at other ports.
    fn without(&self, other: &Self) -> Vec<Self> {
        let Some(both) = intersection(self.to, other.to) else {
            return vec![*self];
        };
        let elsewhere = difference(self.to, other.to).map(|to| Self { to, ..*self });
        let ports = difference(self.ports, other.ports).map(|ports| Self { to: both, ports });
        elsewhere.chain(ports).collect()
    }
}

#[cfg(test)]
mod tests;
