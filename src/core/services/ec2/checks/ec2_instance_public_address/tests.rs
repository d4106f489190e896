use super::*;
use crate::checks::samples::{denied, evaluate_region, missing};
use crate::facts::FactStore;
use crate::model::{Cause, Items, Owner, Reading};
use crate::services::ec2::{
    Interface, PrefixList, RouteTable, RouteTables, UnreadRoute, UnreadTarget, samples,
};

fn instance(id: &str, public_ipv4: &[&str], ipv6: &[(&str, &str)]) -> Instance {
    let first = Interface {
        subnet: Some("subnet-1".into()),
        public_ipv4: samples::texts(public_ipv4),
        ..Interface::default()
    };
    let more = ipv6.iter().map(|(address, subnet)| Interface {
        subnet: Some(subnet.to_string()),
        ipv6: samples::texts(&[address]),
        ..Interface::default()
    });
    samples::instance(id, [first].into_iter().chain(more).collect())
}

fn table(vpc: &str, main: bool, subnets: &[&str], to_gateway: bool) -> RouteTable {
    let routes: &[&str] = if to_gateway { &["::/0"] } else { &[] };
    RouteTable {
        vpc: Ok(vpc.into()),
        main,
        ..samples::table("rtb-1", subnets, routes)
    }
}

fn facts(instances: Vec<Instance>, tables: Reading<Items<RouteTable>>) -> FactStore {
    FactStore::default()
        .with::<Instances>(Reading::known(instances.into()))
        .with::<RouteTables>(tables)
        .with::<VpcBlockPublicAccess>(Reading::known(VpcBlockPublicAccess::default()))
}

fn evaluated(facts: &FactStore) -> RuleResult {
    evaluate_region(&CHECK, facts).unwrap()
}

/// How an instance with one IPv6 address in `subnet-1` of `vpc-1` fares with these route tables.
fn ipv6_only(tables: Vec<RouteTable>) -> RuleResult {
    let instance = instance("i-6", &[], &[("2600:1f18::1", "subnet-1")]);
    evaluated(&facts(vec![instance], Reading::known(tables.into())))
}

#[test]
fn an_instance_without_a_public_address_passes_without_route_tables() {
    let result = evaluated(&facts(vec![instance("i-1", &[], &[])], Reading::default()));
    assert_eq!(result.resources_evaluated, 1);
    assert_eq!((result.violations, result.gaps), (vec![], vec![]));
}

#[test]
fn a_public_ipv4_address_is_enough() {
    let both = instance("i-1", &["203.0.113.5"], &[("2600:1f18::1", "subnet-1")]);
    let result = evaluated(&facts(vec![both], missing("ec2:DescribeRouteTables")));
    assert!(result.gaps.is_empty());
    let violation = &result.violations[0];
    assert_eq!(violation.severity, Severity::Medium);
    assert_eq!(
        violation.resource,
        "arn:aws:ec2:eu-west-1:111122223333:instance/i-1"
    );
    assert_eq!(
        violation.message,
        "Instance i-1 (running) has public IPv4 203.0.113.5"
    );
}

#[test]
fn an_ipv6_address_is_public_where_the_subnets_table_leads_to_a_gateway() {
    let served = |tables| ipv6_only(tables).violations.len() == 1;
    let own = |to_gateway| table("vpc-1", false, &["subnet-1"], to_gateway);
    let main = |to_gateway| table("vpc-1", true, &[], to_gateway);
    assert!(served(vec![main(false), own(true)]));
    assert!(!served(vec![main(true), own(false)]));
    assert!(served(vec![
        main(true),
        table("vpc-1", false, &["subnet-2"], false)
    ]));
    assert!(!served(vec![main(false), table("vpc-2", true, &[], true)]));
    // The main table may have explicit associations as well.
    assert!(served(vec![table("vpc-1", true, &["subnet-1"], true)]));
}

#[test]
fn a_route_to_a_gateway_may_name_its_destination_by_a_prefix_list() {
    let instance = instance("i-6", &[], &[("2600:1f18::1", "subnet-1")]);
    let tables = vec![samples::table("rtb-1", &["subnet-1"], &["pl-1"])];
    let mut facts = facts(vec![instance], Reading::known(tables.into()));
    let ranges = vec!["::/0".parse().unwrap()].into();
    let list = Reading::known(PrefixList { ranges });
    facts.put_of::<PrefixList>("pl-1", list);
    assert_eq!(evaluated(&facts).violations.len(), 1);
    let unread = missing("ec2:GetManagedPrefixListEntries");
    facts.put_of::<PrefixList>("pl-1", unread);
    let result = evaluated(&facts);
    assert!(result.violations.is_empty());
    assert_eq!(result.gaps, [denied("ec2:GetManagedPrefixListEntries")]);
}

#[test]
fn a_unique_local_address_is_not_public() {
    let local = instance("i-1", &[], &[("fd80::1", "subnet-1")]);
    let result = evaluated(&facts(vec![local], missing("ec2:DescribeRouteTables")));
    assert_eq!(result.resources_evaluated, 1);
    assert_eq!((result.violations, result.gaps), (vec![], vec![]));
}

#[test]
fn a_subnet_without_a_route_table_is_a_gap() {
    let result = ipv6_only(vec![table("vpc-2", true, &[], true)]);
    assert_eq!(result.resources_evaluated, 0);
    assert_eq!(result.gaps[0].cause, Cause::OwnedByOtherAccount);
    assert_eq!(result.gaps[0].resource, "i-6");
    let detail = &result.gaps[0].detail;
    assert!(
        detail.starts_with("a route table of subnet-1 is not listed"),
        "{detail}"
    );
    // One address that is public for certain outweighs another that could not be decided on.
    let two = instance(
        "i-6",
        &[],
        &[("2600::1", "subnet-1"), ("2600::2", "subnet-2")],
    );
    let tables = vec![table("vpc-9", false, &["subnet-2"], true)];
    let result = evaluated(&facts(vec![two], Reading::known(tables.into())));
    assert!(result.gaps.is_empty());
    assert!(result.violations[0].message.contains("2600::2 in"));
}

#[test]
fn unread_route_tables_are_a_gap_for_those_that_need_them_only() {
    let facts = facts(
        vec![
            instance("i-4", &["203.0.113.5"], &[]),
            instance("i-6", &[], &[("2600:1f18::1", "subnet-1")]),
            instance("i-0", &[], &[]),
        ],
        missing("ec2:DescribeRouteTables"),
    );
    let result = evaluated(&facts);
    assert_eq!(result.resources_evaluated, 2);
    assert_eq!(result.violations.len(), 1);
    assert_eq!(result.gaps, [denied("ec2:DescribeRouteTables")]);
}

#[test]
fn the_message_names_a_block_that_stands_in_the_way() {
    let message = |mode, exclusions: &[&str]| {
        let mut facts = facts(
            vec![instance("i-1", &["203.0.113.5"], &[])],
            Reading::default(),
        );
        facts.put::<VpcBlockPublicAccess>(Reading::known(VpcBlockPublicAccess {
            mode,
            exclusions: samples::texts(exclusions),
        }));
        evaluated(&facts).violations.remove(0).message
    };
    let plain = message(VpcBlockMode::Off, &[]);
    let blocked = message(VpcBlockMode::BlockBidirectional, &["vpc-2", "subnet-2"]);
    assert_eq!(
        blocked,
        plain.clone()
            + "; VPC Block Public Access (block-bidirectional) is on in this Region, so internet gateways \
               block all its traffic"
    );
    assert!(message(VpcBlockMode::BlockIngress, &[]).contains("(block-ingress)"));
    for excluded in ["vpc-1", "subnet-1"] {
        assert_eq!(
            message(VpcBlockMode::BlockBidirectional, &[excluded]),
            plain
        );
    }
}

#[test]
fn an_unread_block_keeps_the_verdict_and_is_noted() {
    let mut facts = facts(
        vec![instance("i-1", &["203.0.113.5"], &[])],
        Reading::default(),
    );
    facts.put::<VpcBlockPublicAccess>(missing("ec2:DescribeVpcBlockPublicAccessOptions"));
    let result = evaluated(&facts);
    assert!(result.gaps.is_empty());
    assert!(result.violations[0].message.ends_with(
        "; whether VPC Block Public Access is on could not be read \
         (ec2:DescribeVpcBlockPublicAccessOptions: denied by a service control policy)"
    ));
}

#[test]
fn in_a_shared_vpc_the_owners_block_counts_and_not_the_accounts_own() {
    let mut shared = table("vpc-1", true, &[], true);
    shared.owner = Owner::Other("444455556666".into());
    let instance = instance("i-1", &["203.0.113.5"], &[]);
    let mut facts = facts(vec![instance], Reading::known(vec![shared].into()));
    facts.put::<VpcBlockPublicAccess>(Reading::known(VpcBlockPublicAccess {
        mode: VpcBlockMode::BlockIngress,
        exclusions: Items::default(),
    }));
    let message = evaluated(&facts).violations.remove(0).message;
    assert!(
        message.contains("account 444455556666 owns the VPC"),
        "{message}"
    );
    assert!(!message.contains("block-ingress"), "{message}");
}

#[test]
fn a_table_or_route_that_could_not_be_read_matters_to_those_that_it_may_serve_alone() {
    let gap = |field| Gap::lacks("ec2:DescribeRouteTables", "rtb-9", field);
    let main = || table("vpc-1", true, &[], true);
    // An association without its subnet may be of any of the VPC's.
    let mut other = table("vpc-1", false, &["subnet-9"], false);
    other.subnets.gaps.push(gap("subnetId"));
    assert_eq!(
        ipv6_only(vec![main(), other.clone()]).gaps,
        [gap("subnetId")]
    );
    let own = table("vpc-1", false, &["subnet-1"], true);
    assert_eq!(ipv6_only(vec![own, other.clone()]).violations.len(), 1);
    other.vpc = Ok("vpc-2".into());
    assert_eq!(ipv6_only(vec![main(), other]).violations.len(), 1);
    // A table without its id serves as well as another; a main one without its VPC may be of any.
    let mut nameless = main();
    nameless.id = Err(gap("routeTableId"));
    assert_eq!(ipv6_only(vec![nameless.clone()]).violations.len(), 1);
    nameless.vpc = Err(gap("vpcId"));
    assert_eq!(ipv6_only(vec![nameless.clone()]).gaps, [gap("vpcId")]);
    assert_eq!(ipv6_only(vec![nameless, main()]).violations.len(), 1);
    // A route that may lead to the internet matters if it completes what leads there.
    let unread = |destination: Option<&str>| {
        let mut main = table("vpc-1", true, &[], false);
        main.to_internet_gateway = vec![samples::destination("2000::/4")];
        main.unread = vec![UnreadRoute {
            destination: destination.map(samples::destination),
            target: UnreadTarget::Any,
            gap: gap("gatewayId"),
        }];
        ipv6_only(vec![main])
    };
    assert_eq!(unread(None).gaps, [gap("gatewayId")]);
    assert_eq!(unread(Some("3000::/4")).gaps, [gap("gatewayId")]);
    assert_eq!(unread(Some("10.0.0.0/8")).resources_evaluated, 1);
    assert_eq!(unread(Some("10.0.0.0/8")).gaps, []);
}

#[test]
fn an_address_or_a_subnet_that_is_not_named_is_a_gap_of_its_instance_alone() {
    let lacks = |field| Gap::lacks("ec2:DescribeInstances", "i-1", field);
    let mut unread = instance("i-1", &[], &[]);
    unread.interfaces[0]
        .public_ipv4
        .gaps
        .push(lacks("publicIp"));
    let sound = instance("i-2", &["203.0.113.5"], &[]);
    let result = evaluated(&facts(
        vec![unread.clone(), sound.clone()],
        Reading::default(),
    ));
    assert_eq!(
        (result.resources_evaluated, result.violations.len()),
        (1, 1)
    );
    assert_eq!(result.gaps, [lacks("publicIp")]);
    unread.interfaces[0]
        .public_ipv4
        .known
        .push("203.0.113.6".into());
    let result = evaluated(&facts(vec![unread], Reading::default()));
    assert_eq!((result.violations.len(), result.gaps.len()), (1, 0));
    let mut nowhere = instance("i-1", &[], &[("2600::1", "subnet-1")]);
    nowhere.interfaces[1].subnet = None;
    let tables = Reading::known(vec![table("vpc-1", true, &[], true)].into());
    let result = evaluated(&facts(vec![nowhere, sound], tables));
    assert_eq!(result.gaps, [lacks("subnetId")]);
}

#[test]
fn instances_that_could_not_be_read_are_a_gap() {
    let facts = FactStore::default().with::<Instances>(missing("ec2:DescribeInstances"));
    let gap = evaluate_region(&CHECK, &facts).unwrap_err();
    assert_eq!(gap, denied("ec2:DescribeInstances"));
}
