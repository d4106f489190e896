//! Things of other accounts: they count for the account's own machines as much as its own things do.

use super::*;
use crate::model::Owner;
use crate::services::ec2::Vpcs;

const OTHER: &str = "444455556666";

fn other() -> Owner {
    Owner::Other(OTHER.into())
}

/// Everything that decides about the instance, with another owner where `shared` says so.
fn with_owners(group: bool, table: bool, acl: bool) -> FactStore {
    let mut facts = exposed();
    let own = |shared| if shared { other() } else { Owner::Own };
    let mut groups = facts.get::<SecurityGroups>().unwrap().clone();
    groups.known[0].owner = own(group);
    facts.put::<SecurityGroups>(Reading::known(groups));
    let mut tables = facts.get::<RouteTables>().unwrap().clone();
    tables.known[0].owner = own(table);
    facts.put::<RouteTables>(Reading::known(tables));
    let mut acls = facts.get::<NetworkAcls>().unwrap().clone();
    acls.known[0].owner = own(acl);
    facts.put::<NetworkAcls>(Reading::known(acls));
    facts
}

#[test]
fn a_shared_group_opens_an_own_machine() {
    let result = evaluated(&with_owners(true, false, false));
    assert_eq!(
        (result.resources_evaluated, result.violations.len()),
        (1, 1)
    );
    assert!(result.gaps.is_empty());
    // And closes it.
    let mut facts = with_owners(true, false, false);
    let mut groups = facts.get::<SecurityGroups>().unwrap().clone();
    groups.known[0].ingress = Items::default();
    facts.put::<SecurityGroups>(Reading::known(groups));
    let result = evaluated(&facts);
    assert_eq!((result.violations.len(), result.gaps.len()), (0, 0));
}

/// In a shared VPC everything but its owner's VPC Block Public Access can be seen.
#[test]
fn a_machine_in_a_shared_vpc_is_found_and_what_its_owner_alone_sees_is_a_gap() {
    for (group, table, acl) in [
        (true, true, true),
        (false, true, false),
        (false, false, true),
    ] {
        let mut facts = with_owners(group, table, acl);
        // The account's own block says nothing about a VPC that it does not own.
        for mode in [VpcBlockMode::Off, VpcBlockMode::BlockBidirectional] {
            facts.put::<VpcBlockPublicAccess>(Reading::known(VpcBlockPublicAccess {
                mode,
                exclusions: Items::default(),
            }));
            let result = evaluated(&facts);
            let message = &result.violations[0].message;
            assert!(
                message.contains(&format!("of account {OTHER}")),
                "{message}"
            );
            let gap = &result.gaps[0];
            assert_eq!(
                (gap.cause, &*gap.resource),
                (Cause::OwnedByOtherAccount, "i-1")
            );
            assert!(gap.detail.contains(OTHER), "{}", gap.detail);
        }
        // What closes it closes it.
        facts.put::<NetworkAcls>(Reading::known(vec![super::acl("acl-1", &[])].into()));
        let result = evaluated(&facts);
        assert_eq!((result.violations.len(), result.gaps.len()), (0, 0));
    }
}

#[test]
fn data_hidden_by_another_account_is_a_gap_with_the_reason() {
    type Hidden = fn(&mut FactStore);
    let hidden: [(Hidden, &str); 3] = [
        (
            |f| f.put::<SecurityGroups>(Reading::known(Items::default())),
            "security group sg-1",
        ),
        (
            |f| f.put::<RouteTables>(Reading::known(Items::default())),
            "a route table of subnet-1",
        ),
        (
            |f| f.put::<NetworkAcls>(Reading::known(Items::default())),
            "the network ACL of subnet-1",
        ),
    ];
    for (hide, what) in hidden {
        let mut facts = with_owners(true, true, true);
        facts.put::<Vpcs>(Reading::known(
            vec![crate::services::ec2::Vpc {
                id: "vpc-1".into(),
                owner: other(),
                is_default: false,
            }]
            .into(),
        ));
        hide(&mut facts);
        let result = evaluated(&facts);
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (0, 0)
        );
        let gap = &result.gaps[0];
        assert_eq!(gap.cause, Cause::OwnedByOtherAccount);
        let expected =
            format!("{what} is not listed: vpc-1 belongs to account {OTHER}, which shares it");
        assert_eq!(gap.detail, expected);
    }
}

/// The account's own block may not be the one that counts.
#[test]
fn a_block_does_not_protect_a_vpc_of_unknown_owner() {
    let unknown = || Owner::Unknown(Gap::lacks("ec2:Describe", "some-1", "ownerId"));
    let evaluated = |table: Owner, acl: Owner| {
        let mut facts = exposed();
        let mut tables = facts.get::<RouteTables>().unwrap().clone();
        tables.known[0].owner = table;
        facts.put::<RouteTables>(Reading::known(tables));
        let mut acls = facts.get::<NetworkAcls>().unwrap().clone();
        acls.known[0].owner = acl;
        facts.put::<NetworkAcls>(Reading::known(acls));
        facts.put::<VpcBlockPublicAccess>(Reading::known(VpcBlockPublicAccess {
            mode: VpcBlockMode::BlockIngress,
            exclusions: Items::default(),
        }));
        let result = evaluated(&facts);
        (result.violations.len(), result.gaps.len())
    };
    assert_eq!(evaluated(unknown(), unknown()), (0, 1));
    assert_eq!(evaluated(unknown(), Owner::Own), (0, 0));
    assert_eq!(evaluated(Owner::Own, unknown()), (0, 0));
}
