//! Items that could not be read: each makes unknown what it may change, and nothing else.

use super::*;
use crate::services::ec2::{UnreadAclRule, UnreadRoute, UnreadTarget};

/// The exposed instance beside another one in another subnet, with things of its own.
fn two() -> FactStore {
    let other = Interface {
        subnet: Some("subnet-2".into()),
        ..interface(&["sg-2"])
    };
    let mut second = acl("acl-2", &ALLOW);
    second.subnets = texts(&["subnet-2"]);
    exposed()
        .with::<Instances>(Reading::known(
            vec![
                instance("i-1", vec![interface(&["sg-1"])]),
                instance("i-2", vec![other]),
            ]
            .into(),
        ))
        .with::<SecurityGroups>(Reading::known(
            vec![group("sg-1", &[SSH]), group("sg-2", &[SSH])].into(),
        ))
        .with::<RouteTables>(Reading::known(
            vec![
                table("rtb-1", &["subnet-1"], &["0.0.0.0/0"]),
                table("rtb-2", &["subnet-2"], &["0.0.0.0/0"]),
            ]
            .into(),
        ))
        .with::<NetworkAcls>(Reading::known(vec![acl("acl-1", &ALLOW), second].into()))
}

fn gap(field: &str) -> Gap {
    Gap::lacks("ec2:Describe", "some-1", field)
}

fn change<F: Fact<Value: Clone>>(facts: &mut FactStore, change: impl FnOnce(&mut F::Value)) {
    let mut value = facts.get::<F>().unwrap().clone();
    change(&mut value);
    facts.put::<F>(Reading::known(value));
}

/// The findings beside a gap, and the gap.
fn beside(facts: &FactStore) -> (Vec<String>, Vec<Gap>) {
    let result = evaluated(facts);
    let found = result.violations.iter();
    let found = found.map(|one| one.resource.rsplit('/').next().unwrap().to_owned());
    (found.collect(), result.gaps)
}

#[test]
fn an_instance_that_could_not_be_read_is_a_gap_beside_the_others() {
    let mut facts = two();
    change::<Instances>(&mut facts, |all| all.gaps.push(gap("instanceId")));
    let (found, gaps) = beside(&facts);
    assert_eq!(found, ["i-1", "i-2"]);
    assert_eq!(gaps, [gap("instanceId")]);
}

#[test]
fn each_unread_item_leaves_the_other_instance_evaluated() {
    type FactChange = fn(&mut FactStore);
    let changes: [FactChange; 6] = [
        // The group's only rule.
        |f| {
            change::<SecurityGroups>(f, |all| {
                all.known[0].ingress = [Err::<_, Gap>(gap("item"))].into_iter().collect();
            })
        },
        // A group without its id.
        |f| {
            change::<SecurityGroups>(f, |all| {
                all.known.remove(0);
                all.gaps.push(Gap {
                    resource: String::new(),
                    ..gap("item")
                });
            })
        },
        // A group that the interface does not name.
        |f| {
            change::<Instances>(f, |all| {
                all.known[0].interfaces[0].groups =
                    [Err::<_, Gap>(gap("item"))].into_iter().collect();
            })
        },
        // A route that may lead to the internet.
        |f| {
            change::<RouteTables>(f, |all| {
                all.known[0].to_internet_gateway.clear();
                all.known[0].unread.push(UnreadRoute {
                    destination: None,
                    target: UnreadTarget::InternetGateway,
                    gap: gap("item"),
                });
            })
        },
        // A rule for what comes in.
        |f| {
            change::<NetworkAcls>(f, |all| {
                all.known[0].ingress.add(Err(UnreadAclRule {
                    number: None,
                    gap: gap("item"),
                }));
            })
        },
        // A rule for what goes out.
        |f| {
            change::<NetworkAcls>(f, |all| {
                all.known[0].egress.add(Err(UnreadAclRule {
                    number: Some(1),
                    gap: gap("item"),
                }));
            })
        },
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut facts = two();
        change(&mut facts);
        let (found, gaps) = beside(&facts);
        assert_eq!(found, ["i-2"], "{number}");
        assert_eq!(gaps.len(), 1, "{number}");
        assert_eq!(gaps[0].detail, "the answer lacks item", "{number}");
    }
}

#[test]
fn an_unread_item_that_changes_nothing_is_no_gap() {
    type FactChange = fn(&mut FactStore);
    let changes: [FactChange; 4] = [
        |f| change::<SecurityGroups>(f, |all| all.known[0].ingress.gaps.push(gap("item"))),
        |f| change::<SecurityGroups>(f, |all| all.gaps.push(gap("groupId"))),
        |f| {
            change::<NetworkAcls>(f, |all| {
                all.known[0].ingress.add(Err(UnreadAclRule {
                    number: Some(900),
                    gap: gap("item"),
                }));
            })
        },
        |f| {
            change::<RouteTables>(f, |all| {
                all.known[0].unread.push(UnreadRoute {
                    destination: None,
                    target: UnreadTarget::Any,
                    gap: gap("item"),
                });
            })
        },
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut facts = two();
        change(&mut facts);
        assert_eq!(
            beside(&facts),
            (vec!["i-1".into(), "i-2".into()], vec![]),
            "{number}"
        );
    }
}

#[test]
fn an_exclusion_that_could_not_be_read_may_be_of_the_instance() {
    let blocked = |exclusions: Items<String>| {
        let block = VpcBlockPublicAccess {
            mode: VpcBlockMode::BlockIngress,
            exclusions,
        };
        let facts = exposed().with::<VpcBlockPublicAccess>(Reading::known(block));
        let result = evaluated(&facts);
        (result.violations.len(), result.gaps.len())
    };
    let unread = || Items {
        known: Vec::new(),
        gaps: vec![gap("resourceArn")],
    };
    assert_eq!(blocked(Items::default()), (0, 0));
    assert_eq!(blocked(unread()), (0, 1));
    let excluded = Items {
        known: vec!["vpc-1".to_owned()],
        ..unread()
    };
    assert_eq!(blocked(excluded), (1, 0));
}

#[test]
fn a_group_or_table_without_its_name_is_described_otherwise() {
    let mut facts = exposed();
    change::<SecurityGroups>(&mut facts, |all| all.known[0].name = None);
    change::<RouteTables>(&mut facts, |all| all.known[0].id = Err(gap("routeTableId")));
    let message = evaluated(&facts).violations.remove(0).message;
    let expected = "through security group sg-1 (sg-1) and route table without an id";
    assert!(message.ends_with(expected), "{message}");
}

#[test]
fn a_message_names_a_few_ways_of_many() {
    let many = (0..30).map(|_| interface(&["sg-1"])).collect();
    let facts = exposed().with::<Instances>(Reading::known(vec![instance("i-1", many)].into()));
    let message = evaluated(&facts).violations.remove(0).message;
    assert!(
        message.ends_with(" and 25 more") && message.len() < 1_000,
        "{message}"
    );
}
