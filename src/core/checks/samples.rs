//! What the tests of the checks share.

use jiff::{SignedDuration, Timestamp};

use super::{Check, Context, Rule};
use crate::facts::{
    AccessKey, AclRule, AclRules, Bucket, BucketList, Destination, Fact, FactStore, Facts, Ingress,
    Instance, Interface, NetworkAcl, Password, PublicAccessBlock, Root, RouteTable, SecurityGroup,
    Source, Used, User, UserSource, Users,
};
use crate::model::{Cause, Gap, Items, Judgement, Owner, Reading, Region, default_ports};

/// A gap that a denied action leaves.
pub(super) fn denied(action: &str) -> Gap {
    Gap::new(action, Cause::DeniedByScp)
}

/// A fact that an organization's policy denies.
pub(super) fn missing<T>(action: &str) -> Reading<T> {
    Reading::missing(denied(action))
}

/// Runs a check over an account as a whole. A fact that it reads and does not declare fails the test.
pub(super) fn judge_account(check: &Check, facts: &FactStore) -> Result<Judgement, Gap> {
    let (Rule::Account(rule) | Rule::Organization(rule)) = check.rule else {
        panic!("{} runs per Region", check.id)
    };
    with_context(|context| declared(check, facts, |facts| rule(facts, context)))
}

fn declared<T>(check: &Check, facts: &FactStore, judge: impl FnOnce(&Facts<'_>) -> T) -> T {
    let facts = Facts::new(facts, check.needs);
    let judged = judge(&facts);
    assert_eq!(facts.undeclared(), None, "{}", check.id);
    judged
}

/// Runs a check over `eu-west-1`.
pub(super) fn judge_region(check: &Check, facts: &FactStore) -> Result<Judgement, Gap> {
    let Rule::Region(rule) = check.rule else {
        panic!("{} runs per account", check.id)
    };
    let region = Region::new("eu-west-1");
    with_context(|context| declared(check, facts, |facts| rule(facts, &region, context)))
}

/// When the samples are judged.
pub(super) const NOW: &str = "2026-11-15T03:00:00Z";

/// Runs something in the context of an account.
pub(super) fn with_context<T>(run: impl FnOnce(&Context<'_>) -> T) -> T {
    run(&Context {
        account: &"111122223333".parse().unwrap(),
        partition: "aws",
        now: NOW.parse().unwrap(),
        sensitive_ports: &default_ports(),
    })
}

/// All four settings of Block Public Access.
pub(super) const FULL_BLOCK: PublicAccessBlock = PublicAccessBlock {
    block_public_acls: true,
    ignore_public_acls: true,
    block_public_policy: true,
    restrict_public_buckets: true,
};

/// Block Public Access in every combination of its settings.
pub(super) fn every_block() -> impl Iterator<Item = PublicAccessBlock> + Clone {
    (0..16_u8).map(|bits| PublicAccessBlock {
        block_public_acls: bits & 1 != 0,
        ignore_public_acls: bits & 2 != 0,
        block_public_policy: bits & 4 != 0,
        restrict_public_buckets: bits & 8 != 0,
    })
}

/// An account with buckets of these names in `eu-west-1`. More about them is put beside it.
pub(super) fn buckets(names: &[&str]) -> FactStore {
    let buckets = names.iter().map(|name| Bucket {
        name: (*name).into(),
        region: Reading::known(Region::new("eu-west-1")),
    });
    FactStore::default().with::<BucketList>(Reading::known(BucketList {
        buckets: buckets.collect::<Vec<_>>().into(),
        outside_regions: 0,
    }))
}

/// An account with the bucket `logs` and one fact about it.
pub(super) fn bucket_with<F: Fact>(read: Reading<F::Value>) -> FactStore {
    let mut facts = buckets(&["logs"]);
    facts.put_of::<F>("logs", read);
    facts
}

/// So many days before [`NOW`], to the second.
pub(super) fn ago(days: i64) -> Timestamp {
    let now: Timestamp = NOW.parse().unwrap();
    now - SignedDuration::from_hours(24 * days)
}

/// A user without credentials, made two years ago.
pub(super) fn user(name: &str) -> User {
    User {
        name: name.into(),
        arn: format!("arn:aws:iam::111122223333:user/{name}"),
        created: ago(730),
        password: None,
        has_mfa: true,
        keys: Vec::new(),
    }
}

/// A console password.
pub(super) fn password(changed: Timestamp, used: Used) -> Password {
    Password {
        changed: Some(changed),
        used,
    }
}

/// An access key.
pub(super) fn key(place: u8, active: bool, rotated: Timestamp, used: Used) -> AccessKey {
    AccessKey {
        place,
        active,
        rotated: Some(rotated),
        used,
    }
}

/// An account with these users and a root user that was never used, by its credential report.
pub(super) fn users(list: Vec<User>) -> FactStore {
    FactStore::default().with::<Users>(Reading::known(Users {
        list: list.into(),
        root: Reading::known(Root {
            password: Used::Never,
            keys: Vec::new(),
        }),
        source: UserSource::CredentialReport {
            generated: NOW.parse().unwrap(),
            age_minutes: 0,
            added: 0,
        },
    }))
}

/// A security group's rule: protocol, ports and source.
pub(super) type Line<'a> = (&'a str, Option<(u16, u16)>, &'a str);

/// A security group with rules of protocol, ports and source: a range, `pl-…` or `sg-…`.
pub(super) fn group(id: &str, rules: &[Line<'_>]) -> SecurityGroup {
    let ingress = rules.iter().map(|&(protocol, ports, source)| Ingress {
        protocol: protocol.into(),
        ports,
        source: match source.split_once('-') {
            Some(("pl", _)) => Source::PrefixList(source.into()),
            Some(("sg", _)) => Source::Group(source.into()),
            _ => Source::Range(source.parse().unwrap()),
        },
    });
    SecurityGroup {
        id: id.into(),
        name: Some(format!("{id}-name")),
        vpc: Some("vpc-1".into()),
        owner: Owner::Own,
        ingress: ingress.collect::<Vec<_>>().into(),
        egress_rules: 0,
        egress_groups: Items::default(),
    }
}

/// A running instance of `vpc-1` as it should be, with these interfaces.
pub(super) fn instance(id: &str, interfaces: Vec<Interface>) -> Instance {
    Instance {
        id: id.into(),
        vpc: Some("vpc-1".into()),
        state: "running".into(),
        interfaces,
        has_profile: true,
        answers_imdsv1: Some(false),
    }
}

/// The route table of some subnets, or with none the main one of `vpc-1`, with routes to an internet
/// gateway.
pub(super) fn table(id: &str, subnets: &[&str], to_internet_gateway: &[&str]) -> RouteTable {
    let destinations = to_internet_gateway.iter();
    RouteTable {
        id: Ok(id.into()),
        vpc: Ok("vpc-1".into()),
        owner: Owner::Own,
        main: subnets.is_empty(),
        subnets: texts(subnets),
        to_internet_gateway: destinations.map(|one| destination(one)).collect(),
        to_peers: Vec::new(),
        unread: Vec::new(),
    }
}

/// A list of texts, all of which could be read.
pub(super) fn texts(list: &[&str]) -> Items<String> {
    let texts: Vec<String> = list.iter().map(ToString::to_string).collect();
    texts.into()
}

/// The destination of a route: a range, or `pl-…`.
pub(super) fn destination(text: &str) -> Destination {
    match text.starts_with("pl-") {
        true => Destination::PrefixList(text.into()),
        false => Destination::Range(text.parse().unwrap()),
    }
}

/// A network ACL's rule: number, whether it allows, protocol, ports and source.
pub(super) type AclLine<'a> = (i32, bool, &'a str, Option<(u16, u16)>, &'a str);

/// A network ACL of `subnet-1`, with rules for what comes in. Everything gets out.
pub(super) fn acl(id: &str, rules: &[AclLine<'_>]) -> NetworkAcl {
    NetworkAcl {
        id: Ok(id.into()),
        vpc: Some("vpc-1".into()),
        owner: Owner::Own,
        subnets: texts(&["subnet-1"]),
        ingress: acl_rules(rules),
        egress: acl_rules(&[
            (100, true, "-1", None, "0.0.0.0/0"),
            (101, true, "-1", None, "::/0"),
        ]),
    }
}

/// The rules of a network ACL in one direction.
pub(super) fn acl_rules(rules: &[AclLine<'_>]) -> AclRules {
    let mut read = AclRules::default();
    for &(number, allows, protocol, ports, peer) in rules {
        read.add(Ok(AclRule {
            number,
            allows,
            protocol: protocol.into(),
            ports,
            peer: peer.parse().unwrap(),
        }));
    }
    read
}
