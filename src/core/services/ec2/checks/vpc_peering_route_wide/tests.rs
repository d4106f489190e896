use super::*;
use crate::checks::samples::{denied, evaluate_region, missing};
use crate::facts::FactStore;
use crate::model::{Cause, Owner, Reading};
use crate::services::ec2::samples::{self, table};
use crate::services::ec2::{PeerRoute, PrefixList, UnreadRoute, UnreadTarget};

fn side(vpc: &str, ranges: &[&str]) -> PeeringSide {
    PeeringSide {
        vpc: vpc.into(),
        ranges: ranges.iter().map(|range| range.parse().unwrap()).collect(),
    }
}

/// `vpc-1` of 10.1.0.0/16 with routes to `vpc-2` of 10.2.0.0/16 and 2600:1f18:2::/56.
fn facts(destinations: &[&str]) -> FactStore {
    let peer = side("vpc-2", &["10.2.0.0/16", "2600:1f18:2::/56"]);
    let routes = destinations.iter().map(|destination| PeerRoute {
        connection: "pcx-1".into(),
        destination: samples::destination(destination),
    });
    FactStore::default()
        .with::<Peerings>(Reading::known(
            vec![Peering {
                id: "pcx-1".into(),
                sides: [side("vpc-1", &["10.1.0.0/16"]), peer],
            }]
            .into(),
        ))
        .with::<RouteTables>(Reading::known(
            vec![RouteTable {
                to_peers: routes.collect(),
                ..table("rtb-1", &[], &[])
            }]
            .into(),
        ))
}

fn is_wide(destinations: &[&str]) -> bool {
    let result = evaluate_region(&CHECK, &facts(destinations)).unwrap();
    assert_eq!(result.resources_evaluated, 1);
    !result.violations.is_empty()
}

#[test]
fn a_route_as_wide_as_the_other_vpc_or_wider_is_a_violation() {
    for (destinations, wide) in [
        (&["10.2.0.0/16"][..], true),
        (&["10.2.0.0/15"], true),
        (&["10.0.0.0/8"], true),
        (&["0.0.0.0/0"], true),
        (&["2600:1f18:2::/56"], true),
        (&["10.2.0.0/17"], false),
        (&["10.2.7.0/24"], false),
        (&["2600:1f18:2::/64"], false),
        // Of this VPC's own range nothing is asked.
        (&["10.1.0.0/16"], false),
        (&["10.2.0.0/17", "10.2.128.0/17"], true),
        (&["10.2.0.0/17", "10.2.128.0/18"], false),
    ] {
        assert_eq!(is_wide(destinations), wide, "{destinations:?}");
    }
}

#[test]
fn a_violation_names_both_vpcs_and_the_connection() {
    let result = evaluate_region(&CHECK, &facts(&["10.0.0.0/8"])).unwrap();
    let violation = &result.violations[0];
    assert_eq!(
        violation.resource,
        "arn:aws:ec2:eu-west-1:111122223333:route-table/rtb-1"
    );
    assert_eq!(violation.part, "pcx-1");
    assert_eq!(
        violation.message,
        "Route table rtb-1 of vpc-1 routes to all of 10.2.0.0/16, 1 of the 2 CIDR blocks of vpc-2 \
         through pcx-1"
    );
}

#[test]
fn a_violation_claims_no_more_than_what_is_routed() {
    let message = |destinations: &[&str]| {
        let result = evaluate_region(&CHECK, &facts(destinations)).unwrap();
        result.violations[0].message.clone()
    };
    assert_eq!(
        message(&["10.0.0.0/8", "2600:1f18:2::/56"]),
        "Route table rtb-1 of vpc-1 routes to all of vpc-2 (10.2.0.0/16, 2600:1f18:2::/56) through pcx-1"
    );
    assert!(message(&["2600::/16", "10.2.0.0/17"]).contains("all of 2600:1f18:2::/56, 1 of the 2"));
}

#[test]
fn a_table_of_another_account_is_counted_and_not_evaluated() {
    let mut facts = facts(&["10.0.0.0/8"]);
    let mut tables = facts.get::<RouteTables>().unwrap().clone();
    tables.known[0].owner = Owner::Other("444455556666".into());
    facts.put::<RouteTables>(Reading::known(tables));
    let result = evaluate_region(&CHECK, &facts).unwrap();
    assert_eq!((result.violations.len(), result.other_accounts), (0, 1));
}

#[test]
fn what_could_not_be_read_is_a_gap_where_it_may_lead_to_the_other_vpc() {
    let gap = Gap::lacks("ec2:DescribeRouteTables", "rtb-1", "gatewayId");
    let evaluated = |destinations: &[&str], unread: Option<&str>, target| {
        let mut facts = facts(destinations);
        let mut tables = facts.get::<RouteTables>().unwrap().clone();
        tables.known[0].unread.push(UnreadRoute {
            destination: unread.map(samples::destination),
            target,
            gap: gap.clone(),
        });
        facts.put::<RouteTables>(Reading::known(tables));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        (result.violations.len(), result.gaps.len())
    };
    use UnreadTarget::{Any, InternetGateway, Peering};
    assert_eq!(evaluated(&["10.2.0.0/17"], None, Any), (0, 1));
    assert_eq!(
        evaluated(&["10.2.0.0/17"], Some("10.2.128.0/17"), Any),
        (0, 1)
    );
    assert_eq!(
        evaluated(&["10.2.0.0/17"], Some("10.3.0.0/16"), Any),
        (0, 0)
    );
    assert_eq!(evaluated(&["10.2.0.0/17"], None, InternetGateway), (0, 0));
    assert_eq!(evaluated(&[], None, Peering("pcx-1".into())), (0, 1));
    assert_eq!(evaluated(&[], None, Peering("pcx-9".into())), (0, 0));
    assert_eq!(evaluated(&["10.2.0.0/16"], None, Any), (1, 0));
}

#[test]
fn a_connection_that_could_not_be_read_is_a_gap_of_the_tables_that_lead_to_it() {
    let mut facts = facts(&["10.0.0.0/8"]);
    let gap = Gap::lacks("ec2:DescribeVpcPeeringConnections", "pcx-2", "status");
    let mut peerings = facts.get::<Peerings>().unwrap().clone();
    peerings.gaps.push(gap.clone());
    facts.put::<Peerings>(Reading::known(peerings));
    assert!(evaluate_region(&CHECK, &facts).unwrap().gaps.is_empty());
    let mut tables = facts.get::<RouteTables>().unwrap().clone();
    tables.known[0].to_peers.push(PeerRoute {
        connection: "pcx-2".into(),
        destination: samples::destination("10.9.0.0/16"),
    });
    facts.put::<RouteTables>(Reading::known(tables));
    let result = evaluate_region(&CHECK, &facts).unwrap();
    assert_eq!((result.violations.len(), result.gaps), (1, vec![gap]));
}

#[test]
fn a_prefix_list_counts_as_its_combined_ranges() {
    let mut facts = facts(&["pl-1"]);
    let result = evaluate_region(&CHECK, &facts).unwrap();
    assert_eq!((result.resources_evaluated, result.gaps.len()), (0, 1));
    assert_eq!(result.gaps[0].cause, Cause::NotCollected);
    let ranges = ["10.2.0.0/17", "10.2.128.0/17"];
    let ranges: Vec<IpNet> = ranges.iter().map(|range| range.parse().unwrap()).collect();
    let ranges = ranges.into();
    let list = Reading::known(PrefixList { ranges });
    facts.put_of::<PrefixList>("pl-1", list);
    let result = evaluate_region(&CHECK, &facts).unwrap();
    assert_eq!(result.violations.len(), 1);
    let unread = missing("ec2:GetManagedPrefixListEntries");
    facts.put_of::<PrefixList>("pl-1", unread);
    let result = evaluate_region(&CHECK, &facts).unwrap();
    assert_eq!(result.gaps, [denied("ec2:GetManagedPrefixListEntries")]);
}

#[test]
fn without_a_peering_connection_nothing_else_is_asked() {
    let facts = FactStore::default().with::<Peerings>(Reading::known(vec![].into()));
    let result = evaluate_region(&CHECK, &facts).unwrap();
    assert_eq!(
        (result.resources_evaluated, result.violations.len()),
        (0, 0)
    );
}

#[test]
fn what_could_not_be_read_is_a_gap() {
    let unread = facts(&[]).with::<RouteTables>(missing("ec2:DescribeRouteTables"));
    let gap = evaluate_region(&CHECK, &unread).unwrap_err();
    assert_eq!(gap, denied("ec2:DescribeRouteTables"));
    let unread = facts(&[]).with::<Peerings>(missing("ec2:DescribeVpcPeeringConnections"));
    let gap = evaluate_region(&CHECK, &unread).unwrap_err();
    assert_eq!(gap, denied("ec2:DescribeVpcPeeringConnections"));
}
