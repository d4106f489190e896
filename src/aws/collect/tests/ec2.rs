use orgscan_core::services::CHECKS;
use orgscan_core::services::ec2::PrefixList;

use super::*;

const ADDRESSES: &str = "ec2-instance-public-address";
const EXPOSURE: &str = "ec2-instance-exposed";

/// An answer that lists nothing.
fn none(operation: &str) -> (String, String) {
    let body = format!("<{operation}Response></{operation}Response>");
    (operation.to_owned(), body)
}

/// A Region with one instance that has these addresses, and with nothing else.
fn region(public_ipv4: Option<&str>, ipv6: Option<&str>) -> FakeAccount {
    let ipv4 =
        public_ipv4.map(|one| format!("<association><publicIp>{one}</publicIp></association>"));
    let ipv6 = ipv6.map(|one| {
        format!(
            "<ipv6AddressesSet><item><ipv6Address>{one}</ipv6Address></item></ipv6AddressesSet>"
        )
    });
    let interface = [ipv4, ipv6].into_iter().flatten().collect::<String>();
    let instances = format!(
        "<DescribeInstancesResponse><reservationSet><item><instancesSet><item><instanceId>i-1</instanceId>\
         <instanceState><name>running</name></instanceState><networkInterfaceSet><item>{interface}</item>\
         </networkInterfaceSet></item></instancesSet></item></reservationSet></DescribeInstancesResponse>"
    );
    let mut account = FakeAccount::default().with("DescribeInstances", &instances);
    for operation in [
        "DescribeRouteTables",
        "DescribeNetworkAcls",
        "DescribeSecurityGroups",
        "DescribeVpcPeeringConnections",
    ] {
        let (operation, body) = none(operation);
        account = account.with(&operation, &body);
    }
    let block = "DescribeVpcBlockPublicAccessOptions";
    let off = format!(
        "<{block}Response><vpcBlockPublicAccessOptions><internetGatewayBlockMode>off</internetGatewayBlockMode>\
         </vpcBlockPublicAccessOptions></{block}Response>"
    );
    account.with(block, &off)
}

/// Whether route tables, network ACLs and VPC Block Public Access were asked for.
fn asked(account: &FakeAccount) -> [bool; 3] {
    let operations = [
        "DescribeRouteTables",
        "DescribeNetworkAcls",
        "DescribeVpcBlockPublicAccessOptions",
    ];
    operations.map(|operation| account.count(operation) > 0)
}

#[tokio::test]
async fn nothing_is_read_that_makes_no_difference() {
    let (v4, v6) = (Some("203.0.113.5"), Some("2600:1f18::1"));
    for (check, public_ipv4, ipv6, expected) in [
        (ADDRESSES, None, None, [false, false, false]),
        (ADDRESSES, v4, None, [false, false, true]),
        (ADDRESSES, v4, v6, [false, false, true]),
        (ADDRESSES, None, v6, [true, false, true]),
        (EXPOSURE, None, None, [false, false, false]),
        (EXPOSURE, v4, None, [true, true, true]),
        (EXPOSURE, None, v6, [true, true, true]),
        ("ec2-instance-imdsv1", v4, v6, [false, false, false]),
    ] {
        let account = region(public_ipv4, ipv6);
        account.region(check).await;
        assert_eq!(
            asked(&account),
            expected,
            "{check} {public_ipv4:?} {ipv6:?}"
        );
        assert_eq!(account.count("DescribeInstances"), 1);
    }
}

#[tokio::test]
async fn a_peering_connection_makes_routes_matter() {
    let check = "vpc-peering-route-wide";
    let account = region(None, None);
    account.region(check).await;
    assert_eq!(asked(&account), [false, false, false]);
    let side = |name: &str| {
        format!("<{name}><vpcId>vpc-1</vpcId><cidrBlock>10.0.0.0/16</cidrBlock></{name}>")
    };
    let peerings = format!(
        "<DescribeVpcPeeringConnectionsResponse><vpcPeeringConnectionSet><item>\
         <vpcPeeringConnectionId>pcx-1</vpcPeeringConnectionId><status><code>active</code></status>{}{}</item>\
         </vpcPeeringConnectionSet></DescribeVpcPeeringConnectionsResponse>",
        side("requesterVpcInfo"),
        side("accepterVpcInfo")
    );
    let account = region(None, None).with("DescribeVpcPeeringConnections", &peerings);
    account.region(check).await;
    assert_eq!(asked(&account), [true, false, false]);
}

/// Two rules and a route name lists; the one that both name is read once.
#[tokio::test]
async fn lists_that_rules_and_routes_name_are_read_once() {
    let rule = |list: &str| {
        format!(
            "<item><ipProtocol>-1</ipProtocol><prefixListIds><item><prefixListId>{list}</prefixListId></item>\
             </prefixListIds></item>"
        )
    };
    let groups = format!(
        "<DescribeSecurityGroupsResponse><securityGroupInfo><item><groupId>sg-1</groupId><ipPermissions>{}{}\
         </ipPermissions></item></securityGroupInfo></DescribeSecurityGroupsResponse>",
        rule("pl-1"),
        rule("pl-2")
    );
    let tables = "<DescribeRouteTablesResponse><routeTableSet><item><routeTableId>rtb-1</routeTableId><routeSet><item>\
                  <destinationPrefixListId>pl-2</destinationPrefixListId><gatewayId>igw-1</gatewayId>\
                  <state>active</state></item></routeSet></item></routeTableSet></DescribeRouteTablesResponse>";
    let entries = "<GetManagedPrefixListEntriesResponse></GetManagedPrefixListEntriesResponse>";
    let account = region(Some("203.0.113.5"), None)
        .with("DescribeSecurityGroups", &groups)
        .with("DescribeRouteTables", tables)
        .with("GetManagedPrefixListEntries", entries);
    let facts = account.region(EXPOSURE).await;
    assert_eq!(account.count("GetManagedPrefixListEntries"), 2);
    for list in ["pl-1", "pl-2"] {
        assert!(facts.of::<PrefixList>(list).is_ok(), "{list}");
    }
    assert!(facts.of::<PrefixList>("pl-3").is_err());
}

#[test]
fn every_fact_has_one_collector() {
    let declared = needs_of(CHECKS);
    let mut declared: Vec<&str> = declared.iter().map(|spec| spec.key).collect();
    let mut collected: Vec<&str> = collected().iter().map(|spec| spec.key).collect();
    declared.sort_unstable();
    collected.sort_unstable();
    assert_eq!(collected, declared);
}
