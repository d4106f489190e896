//! What a network ACL lets in from the internet. Its rules count in order: the first that matches decides.
//!
//! Source: <https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html>

use ipnet::IpNet;

use super::internet::{Family, covers};
use super::traffic::Traffic;
use crate::config::PortProtocol;
use crate::model::{AclRule, NetworkAcl};

/// The part of the internet that may be denied before an ACL stops being open to it. Many ACLs deny a few
/// networks and then allow all the rest; that is open. One that denies half of the internet or more was
/// not meant to be.
const MOST_DENIED: f64 = 0.5;

/// The rules that together let the internet in to a port; none where they do not.
pub(super) fn opening(
    acl: &NetworkAcl,
    family: Family,
    over: PortProtocol,
    port: u16,
) -> Vec<&AclRule> {
    let matching = |rule: &&AclRule| {
        let traffic = Traffic::new(&rule.protocol, rule.ports);
        Family::of(&rule.source) == family && traffic.reaches_port(over, port)
    };
    let matching: Vec<&AclRule> = acl.ingress.iter().filter(matching).collect();
    let allowing = matching.iter().filter(|rule| rule.allows);
    if !covers(family, allowing.map(|rule| &rule.source)) {
        return Vec::new();
    }
    let mut decided: Vec<IpNet> = family.not_routed().to_vec();
    let routed = 1.0 - share(&decided);
    let (mut allowed, mut before, mut opening) = (0.0, 1.0 - routed, Vec::new());
    for rule in matching {
        decided.push(rule.source);
        decided = IpNet::aggregate(&decided);
        let after = share(&decided);
        if rule.allows && after > before {
            allowed += after - before;
            opening.push(rule);
        }
        before = after;
    }
    match allowed > routed * MOST_DENIED {
        true => opening,
        false => Vec::new(),
    }
}

/// The part of its family's space that ranges without overlaps take. A range's part is a power of two, so
/// that sums come out exact, but for the smallest ranges of IPv6, which do not matter.
fn share(ranges: &[IpNet]) -> f64 {
    let ranges = ranges.iter();
    ranges
        .map(|range| 0.5_f64.powi(i32::from(range.prefix_len())))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{AclLine, acl};

    fn by_rules(lines: &[AclLine<'_>], family: Family, port: u16) -> Vec<i32> {
        let acl = acl("acl-1", lines);
        let rules = opening(&acl, family, PortProtocol::Tcp, port);
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
    fn a_few_denied_networks_do_not_close_it_and_half_of_the_internet_does() {
        let allow = (100, true, "-1", None, ALL);
        let deny = |range| (10, false, "-1", None, range);
        assert_eq!(ssh(&[deny("198.51.100.0/24"), allow]), [100]);
        assert_eq!(ssh(&[deny("8.0.0.0/8"), deny("16.0.0.0/4"), allow]), [100]);
        assert_eq!(ssh(&[deny("0.0.0.0/1"), allow]), [0; 0]);
    }

    #[test]
    fn halves_of_the_internet_are_open_together_and_alone_they_are_not() {
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
    fn families_are_told_apart() {
        let lines = [(101, true, "-1", None, "::/0")];
        assert_eq!(by_rules(&lines, Family::V6, 3389), [101]);
        assert_eq!(by_rules(&lines, Family::V4, 3389), [0; 0]);
        let lines = [(90, false, "6", Some((3389, 3389)), "2000::/3"), lines[0]];
        assert_eq!(by_rules(&lines, Family::V6, 3389), [0; 0]);
    }
}
