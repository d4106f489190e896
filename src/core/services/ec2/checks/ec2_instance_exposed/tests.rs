use super::*;
use crate::checks::samples::{denied, evaluate_region, missing};
use crate::facts::FactStore;
use crate::model::{Cause, Items, Reading};
use crate::services::ec2::samples::{AclLine, RuleLine, acl, group, instance, table, texts};
use crate::services::ec2::{
    Interface, NetworkAcls, PrefixList, RouteTables, VpcBlockMode, VpcBlockPublicAccess,
};

const ALLOW: [AclLine<'_>; 2] = [
    (100, true, "-1", None, "0.0.0.0/0"),
    (101, true, "-1", None, "::/0"),
];

const SSH: RuleLine<'_> = ("tcp", Some((22, 22)), "0.0.0.0/0");

fn interface(groups: &[&str]) -> Interface {
    Interface {
        subnet: Some("subnet-1".into()),
        public_ipv4: texts(&["203.0.113.5"]),
        ipv6: Items::default(),
        groups: texts(groups),
    }
}

/// An instance with SSH open to the world, and nothing between.
fn exposed() -> FactStore {
    FactStore::default()
        .with::<Instances>(Reading::known(
            vec![instance("i-1", vec![interface(&["sg-1"])])].into(),
        ))
        .with::<SecurityGroups>(Reading::known(vec![group("sg-1", &[SSH])].into()))
        .with::<RouteTables>(Reading::known(
            vec![table("rtb-1", &["subnet-1"], &["0.0.0.0/0", "::/0"])].into(),
        ))
        .with::<NetworkAcls>(Reading::known(vec![acl("acl-1", &ALLOW)].into()))
        .with::<VpcBlockPublicAccess>(Reading::known(VpcBlockPublicAccess::default()))
}

fn evaluated(facts: &FactStore) -> RuleResult {
    evaluate_region(&CHECK, facts).unwrap()
}

/// Whether the instance is exposed after a change; anything else than yes or no is an error.
fn after(change: impl FnOnce(&mut FactStore)) -> bool {
    let mut facts = exposed();
    change(&mut facts);
    let result = evaluated(&facts);
    assert_eq!((result.resources_evaluated, result.gaps.len()), (1, 0));
    !result.violations.is_empty()
}

fn with_interface(change: impl FnOnce(&mut Interface)) -> Reading<Items<Instance>> {
    let mut one = interface(&["sg-1"]);
    change(&mut one);
    Reading::known(vec![instance("i-1", vec![one])].into())
}

#[test]
fn the_finding_names_address_port_group_and_route_table() {
    let result = evaluated(&exposed());
    let violation = &result.violations[0];
    assert_eq!(violation.severity, Severity::Critical);
    assert_eq!(
        violation.resource,
        "arn:aws:ec2:eu-west-1:111122223333:instance/i-1"
    );
    assert_eq!(
        violation.message,
        "Instance i-1 (running) is reachable from the internet on tcp 22 (SSH) at 203.0.113.5, through \
         security group sg-1-name (sg-1) and route table rtb-1"
    );
}

#[test]
fn each_thing_that_stands_in_the_way_is_enough() {
    assert!(after(|_| {}));
    // No public address, or none of the family that is let in.
    assert!(!after(|f| f.put::<Instances>(with_interface(|one| one
        .public_ipv4 =
        Items::default()))));
    assert!(!after(|f| f.put::<Instances>(with_interface(|one| {
        one.public_ipv4 = Items::default();
        one.ipv6 = texts(&["2600:1f18::1"]);
    }))));
    // No sensitive port, or not for everybody, or the group on another interface.
    for rule in [
        ("tcp", Some((443, 443)), "0.0.0.0/0"),
        ("tcp", Some((24, 79)), "0.0.0.0/0"),
        ("tcp", Some((22, 22)), "0.0.0.0/1"),
        ("tcp", Some((22, 22)), "::/0"),
        ("tcp", Some((22, 22)), "sg-2"),
        ("udp", Some((22, 22)), "0.0.0.0/0"),
    ] {
        let groups = Reading::known(vec![group("sg-1", &[rule])].into());
        assert!(!after(|f| f.put::<SecurityGroups>(groups)), "{rule:?}");
    }
    assert!(!after(|f| {
        let (open, closed) = (interface(&["sg-1"]), interface(&["sg-2"]));
        let private = Interface {
            public_ipv4: Items::default(),
            ..open
        };
        f.put::<Instances>(Reading::known(
            vec![instance("i-1", vec![private, closed])].into(),
        ));
        f.put::<SecurityGroups>(Reading::known(
            vec![group("sg-1", &[SSH]), group("sg-2", &[])].into(),
        ));
    }));
    // No route to an internet gateway, or of the other family only.
    for routes in [&[][..], &["::/0"], &["198.51.100.0/24"]] {
        let tables = Reading::known(vec![table("rtb-1", &["subnet-1"], routes)].into());
        assert!(!after(|f| f.put::<RouteTables>(tables)), "{routes:?}");
    }
    // The network ACL denies the port before it allows the rest.
    let deny = (90, false, "6", Some((22, 22)), "0.0.0.0/0");
    let acls = Reading::known(vec![acl("acl-1", &[deny, ALLOW[0]])].into());
    assert!(!after(|f| f.put::<NetworkAcls>(acls)));
    // One that denies it to half of the internet lets in strangers from the other half.
    let deny = (90, false, "6", Some((22, 22)), "0.0.0.0/1");
    let acls = Reading::known(vec![acl("acl-1", &[deny, ALLOW[0]])].into());
    assert!(after(|f| f.put::<NetworkAcls>(acls)));
}

#[test]
fn vpc_block_public_access_keeps_the_internet_out_unless_excluded() {
    for mode in [VpcBlockMode::BlockBidirectional, VpcBlockMode::BlockIngress] {
        for (excluded, open) in [("vpc-9", false), ("vpc-1", true), ("subnet-1", true)] {
            let exclusions = texts(&[excluded]);
            let block = Reading::known(VpcBlockPublicAccess { mode, exclusions });
            assert_eq!(
                after(|f| f.put::<VpcBlockPublicAccess>(block)),
                open,
                "{mode:?} {excluded}"
            );
        }
    }
}

#[test]
fn several_groups_and_prefix_lists_combined_open_a_port() {
    let half = |source| ("tcp", Some((22, 22)), source);
    let mut facts = exposed();
    facts.put::<Instances>(Reading::known(
        vec![instance("i-1", vec![interface(&["sg-1", "sg-2"])])].into(),
    ));
    facts.put::<SecurityGroups>(Reading::known(
        vec![
            group("sg-1", &[half("0.0.0.0/1")]),
            group("sg-2", &[half("pl-1")]),
        ]
        .into(),
    ));
    let ranges = vec!["128.0.0.0/1".parse().unwrap()].into();
    let list = Reading::known(PrefixList { ranges });
    facts.put_of::<PrefixList>("pl-1", list);
    let message = evaluated(&facts).violations.remove(0).message;
    let text = "through security groups sg-1-name (sg-1), sg-2-name (sg-2) and";
    assert!(message.contains(text), "{message}");
}

#[test]
fn ipv6_and_the_main_route_table_count_too() {
    let mut facts = exposed();
    facts.put::<Instances>(with_interface(|one| {
        one.public_ipv4 = Items::default();
        one.ipv6 = texts(&["2600:1f18::1", "fd80::1"]);
    }));
    facts.put::<SecurityGroups>(Reading::known(
        vec![group("sg-1", &[("-1", None, "::/0")])].into(),
    ));
    facts.put::<RouteTables>(Reading::known(
        vec![table("rtb-main", &[], &["::/0"])].into(),
    ));
    let message = evaluated(&facts).violations.remove(0).message;
    assert!(message.contains("at 2600:1f18::1, through"), "{message}");
    assert!(message.ends_with("route table rtb-main"), "{message}");
}

#[test]
fn a_route_may_name_its_destination_by_a_prefix_list() {
    let by_list = |routes: &[&str], list: Option<Reading<PrefixList>>| {
        let mut facts = exposed();
        facts.put::<RouteTables>(Reading::known(
            vec![table("rtb-1", &["subnet-1"], routes)].into(),
        ));
        if let Some(list) = list {
            facts.put_of::<PrefixList>("pl-1", list);
        }
        let result = evaluated(&facts);
        (result.violations.len(), result.gaps)
    };
    let list = |ranges: &[&str]| {
        let ranges: Vec<_> = ranges.iter().map(|range| range.parse().unwrap()).collect();
        let ranges = ranges.into();
        Some(Reading::known(PrefixList { ranges }))
    };
    let halves = list(&["0.0.0.0/1", "128.0.0.0/1"]);
    assert_eq!(by_list(&["pl-1"], halves), (1, vec![]));
    let low = || list(&["0.0.0.0/1"]);
    assert_eq!(by_list(&["pl-1"], low()), (0, vec![]));
    assert_eq!(by_list(&["pl-1", "128.0.0.0/1"], low()), (1, vec![]));
    // One that could not be read is a gap, but where another route leads there anyway.
    let action = "ec2:GetManagedPrefixListEntries";
    let unread = || Some(missing(action));
    assert_eq!(by_list(&["pl-1"], unread()), (0, vec![denied(action)]));
    assert_eq!(by_list(&["pl-1", "0.0.0.0/0"], unread()), (1, vec![]));
    let (violations, gaps) = by_list(&["pl-1"], None);
    assert_eq!((violations, gaps[0].cause), (0, Cause::NotCollected));
}

#[test]
fn a_stopped_instance_is_milder() {
    for (state, severity) in [
        ("running", Severity::Critical),
        ("pending", Severity::Critical),
        ("stopping", Severity::High),
        ("stopped", Severity::High),
    ] {
        let mut facts = exposed();
        facts.put::<Instances>(Reading::known(
            vec![Instance {
                state: state.into(),
                ..instance("i-1", vec![interface(&["sg-1"])])
            }]
            .into(),
        ));
        assert_eq!(
            evaluated(&facts).violations[0].severity,
            severity,
            "{state}"
        );
    }
}

#[test]
fn what_is_not_known_is_a_gap_only_where_it_would_decide() {
    type Unread = fn(&mut FactStore) -> &'static str;
    let unread: [Unread; 4] = [
        |f| {
            f.put::<RouteTables>(missing("ec2:DescribeRouteTables"));
            "ec2:DescribeRouteTables"
        },
        |f| {
            f.put::<NetworkAcls>(missing("ec2:DescribeNetworkAcls"));
            "ec2:DescribeNetworkAcls"
        },
        |f| {
            f.put::<VpcBlockPublicAccess>(missing("ec2:DescribeVpcBlockPublicAccessOptions"));
            "ec2:DescribeVpcBlockPublicAccessOptions"
        },
        |f| {
            f.put::<SecurityGroups>(missing("ec2:DescribeSecurityGroups"));
            "ec2:DescribeSecurityGroups"
        },
    ];
    for unread in unread {
        let mut facts = exposed();
        let action = unread(&mut facts);
        let result = evaluated(&facts);
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (0, 0)
        );
        assert_eq!(result.gaps, [denied(action)]);
        // An instance that nobody can reach needs none of it.
        facts.put::<Instances>(with_interface(|one| one.public_ipv4 = Items::default()));
        assert_eq!(evaluated(&facts).resources_evaluated, 1);
    }
    // A closed group settles what routes and ACLs would have said.
    let mut facts = exposed();
    facts.put::<SecurityGroups>(Reading::known(vec![group("sg-1", &[])].into()));
    facts.put::<RouteTables>(missing("ec2:DescribeRouteTables"));
    facts.put::<NetworkAcls>(missing("ec2:DescribeNetworkAcls"));
    let result = evaluated(&facts);
    assert_eq!((result.resources_evaluated, result.gaps.len()), (1, 0));
}

#[test]
fn groups_of_others_and_unread_prefix_lists_are_gaps_where_nothing_else_opens_a_port() {
    let with_other = |rules: &[RuleLine<'_>]| {
        let mut facts = exposed();
        facts.put::<Instances>(Reading::known(
            vec![instance("i-1", vec![interface(&["sg-1", "sg-x"])])].into(),
        ));
        facts.put::<SecurityGroups>(Reading::known(vec![group("sg-1", rules)].into()));
        evaluated(&facts)
    };
    assert_eq!(with_other(&[SSH]).violations.len(), 1);
    let result = with_other(&[]);
    assert_eq!(result.gaps[0].cause, Cause::OwnedByOtherAccount);
    assert_eq!(result.gaps[0].resource, "i-1");
    let detail = &result.gaps[0].detail;
    assert!(
        detail.starts_with("security group sg-x is not listed"),
        "{detail}"
    );
    let by_list = |ports| {
        let mut facts = exposed();
        facts.put::<SecurityGroups>(Reading::known(
            vec![group("sg-1", &[("tcp", Some(ports), "pl-1")])].into(),
        ));
        evaluated(&facts)
    };
    assert_eq!(by_list((22, 22)).gaps[0].cause, Cause::NotCollected);
    assert!(by_list((443, 443)).gaps.is_empty());
}

#[test]
fn instances_that_could_not_be_read_are_a_gap() {
    let facts = FactStore::default().with::<Instances>(missing("ec2:DescribeInstances"));
    let gap = evaluate_region(&CHECK, &facts).unwrap_err();
    assert_eq!(gap, denied("ec2:DescribeInstances"));
}

mod owners;
mod replies;
mod unread;
