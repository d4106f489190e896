//! The ports over which servers are administered: those that CIS names.

use super::security_groups::{self, TrafficIssue};
use super::traffic::Traffic;
use crate::checks::{Counterparts, format, on_ports};
use crate::model::PortProtocol;

/// SSH and RDP. CIS counts both over TCP and over UDP.
pub(in crate::services::ec2) const ADMIN_PORTS: [(u16, &str); 2] = [(22, "SSH"), (3389, "RDP")];

/// The protocols that CIS counts.
pub(in crate::services::ec2) const PROTOCOLS: [PortProtocol; 2] =
    [PortProtocol::Tcp, PortProtocol::Udp];

/// How to close such a port in a security group.
pub(in crate::services::ec2) const FIX: &[&str] = &[
    "Prepare other access, such as Session Manager (`aws ssm start-session`). It needs no open port.",
    "Run the command. It revokes the rule, or lists the group's rules if several rules only together cover \
     the internet.",
    "If the command lists rules, delete those that the finding names in the EC2 console under Security \
     Groups, Inbound rules.",
];

/// The checks of Prowler for such a port in a security group.
pub(in crate::services::ec2) const COUNTERPARTS: Counterparts = Counterparts::per_resource(&[
    on_ports(
        "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22",
        &[22],
    )
    .not_compared(WITHOUT_FAMILY),
    on_ports(
        "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_3389",
        &[3389],
    )
    .not_compared(WITHOUT_FAMILY),
]);

const WITHOUT_FAMILY: &str = "Prowler's checks of ports 22 and 3389 do not distinguish IPv4 from IPv6; \
    security-group-sensitive-port-open is compared with them";

/// What there is against letting everybody in to a port for administration.
pub(in crate::services::ec2) fn object(traffic: &Traffic) -> Option<TrafficIssue> {
    let reached = |port| {
        PROTOCOLS
            .iter()
            .any(|over| traffic.reaches_port(*over, port))
    };
    let reached = ADMIN_PORTS.iter().filter(|(port, _)| reached(*port));
    let reached: Vec<String> = reached.map(describe).collect();
    let reached = format::first_few(&reached);
    (!reached.is_empty()).then(|| security_groups::traffic_issue(traffic, &reached))
}

/// `SSH (22)`
pub(crate) fn describe((port, name): &(u16, &str)) -> String {
    format!("{name} ({port})")
}

/// The ports as a text.
pub(in crate::services::ec2) fn parameters() -> String {
    let ports = ADMIN_PORTS.map(|(port, _)| port.to_string());
    format!("ports {}", ports.join(", "))
}

#[cfg(test)]
pub(in crate::services::ec2) mod samples {
    use crate::checks::Check;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::{Reading, Severity};
    use crate::services::ec2::samples::{RuleLine, group};
    use crate::services::ec2::{PrefixList, SecurityGroups};

    /// An address range of everybody in a family of addresses, two that are so together, and what never is.
    pub(in crate::services) struct Ranges<'a> {
        pub(in crate::services) family: &'a str,
        pub(in crate::services) all: &'a str,
        pub(in crate::services) halves: [&'a str; 2],
        pub(in crate::services) others: [&'a str; 3],
    }

    /// Holds what every check of a security group's ports for administration does with these ranges.
    pub(in crate::services) fn is_of_admin_ports(check: &Check, ranges: &Ranges<'_>) {
        ports_that_just_include_one_count(check, ranges);
        only_all_of_the_family_counts(check, ranges);
        a_prefix_list_counts_by_its_ranges(check, ranges);
        assert_reached_ports(check, ranges);
        groups_that_could_not_be_read_are_a_gap(check);
    }

    fn facts(rules: &[RuleLine<'_>]) -> FactStore {
        FactStore::default()
            .with::<SecurityGroups>(Reading::known(vec![group("sg-1", rules)].into()))
    }

    fn parts(check: &Check, facts: &FactStore) -> Vec<String> {
        let result = evaluate_region(check, facts).unwrap();
        result.violations.into_iter().map(|v| v.part).collect()
    }

    fn ssh(source: &str) -> RuleLine<'_> {
        ("tcp", Some((22, 22)), source)
    }

    fn ports_that_just_include_one_count(check: &Check, ranges: &Ranges<'_>) {
        for (protocol, ports, open) in [
            ("tcp", Some((22, 22)), true),
            ("tcp", Some((3389, 3389)), true),
            ("udp", Some((3389, 3389)), true),
            ("tcp", Some((0, 22)), true),
            ("tcp", Some((22, 23)), true),
            ("tcp", Some((3000, 3389)), true),
            ("tcp", Some((0, 21)), false),
            ("tcp", Some((23, 3388)), false),
            ("tcp", Some((3390, 65_535)), false),
            ("icmp", None, false),
            ("tcp", None, true),
            ("-1", None, true),
        ] {
            let found = parts(check, &facts(&[(protocol, ports, ranges.all)]));
            assert_eq!(!found.is_empty(), open, "{protocol} {ports:?}");
        }
    }

    fn only_all_of_the_family_counts(check: &Check, ranges: &Ranges<'_>) {
        let found = parts(check, &facts(&[ssh(ranges.all)]));
        assert_eq!(found, [format!("tcp 22 from {}", ranges.all)]);
        for source in ranges
            .others
            .into_iter()
            .chain(ranges.halves)
            .chain(["sg-2"])
        {
            let found = parts(check, &facts(&[ssh(source)]));
            assert!(found.is_empty(), "{source}");
        }
        let found = parts(check, &facts(&ranges.halves.map(ssh)));
        let family = ranges.family;
        let identity = format!("tcp 22 from ranges that together cover {family}");
        assert_eq!(found, [identity]);
    }

    fn a_prefix_list_counts_by_its_ranges(check: &Check, ranges: &Ranges<'_>) {
        let unread = facts(&[ssh("pl-1")]);
        let open = [(ranges.all, true)].into_iter();
        for (range, open) in open.chain(ranges.others.map(|other| (other, false))) {
            let mut facts = unread.clone();
            let ranges = vec![range.parse().unwrap()].into();
            let list = Reading::known(PrefixList { ranges });
            facts.put_of::<PrefixList>("pl-1", list);
            assert_eq!(!parts(check, &facts).is_empty(), open, "{range}");
        }
        let result = evaluate_region(check, &unread).unwrap();
        assert_eq!((result.resources_evaluated, result.gaps.len()), (0, 1));
    }

    fn assert_reached_ports(check: &Check, ranges: &Ranges<'_>) {
        let result = evaluate_region(check, &facts(&[("-1", None, ranges.all)])).unwrap();
        let violation = &result.violations[0];
        assert_eq!(violation.severity, Severity::Critical);
        let source = ranges.all;
        let message = format!(
            "Security group sg-1-name allows inbound all from {source}; this opens SSH (22), RDP (3389)"
        );
        assert_eq!(violation.message, message);
    }

    fn groups_that_could_not_be_read_are_a_gap(check: &Check) {
        let facts =
            FactStore::default().with::<SecurityGroups>(missing("ec2:DescribeSecurityGroups"));
        let gap = evaluate_region(check, &facts).unwrap_err();
        assert_eq!(gap, denied("ec2:DescribeSecurityGroups"));
    }
}
