//! Facts of EC2: network ACLs.

use ipnet::IpNet;

use crate::facts::{Fact, FactSpec};
use crate::model::{Gap, Items, Owner};
use crate::services::ec2::apis;

/// A network ACL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkAcl {
    /// `acl-…`; or why it is not known. What the ACL does does not depend on it.
    pub id: Result<String, Gap>,
    /// Its VPC, where AWS says it.
    pub vpc: Option<String>,
    /// Whose it is. Those of a shared VPC are its owner's, and guard what others have in it.
    pub owner: Owner,
    /// Subnets that it guards; a gap for each association that may be of any of them.
    pub subnets: Items<String>,
    /// Its rules for what comes in.
    pub ingress: AclRules,
    /// Its rules for what goes out.
    pub egress: AclRules,
}

/// The rules of a network ACL in one direction, in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AclRules {
    /// Those that could be read.
    pub known: Vec<AclRule>,
    /// Those that could not.
    pub unread: Vec<UnreadAclRule>,
}

impl AclRules {
    /// Adds one.
    pub fn add(&mut self, rule: Result<AclRule, UnreadAclRule>) {
        match rule {
            Ok(rule) => self.known.push(rule),
            Err(unread) => self.unread.push(unread),
        }
    }
}

/// A rule of a network ACL that could not be read. It may allow anything, or deny it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadAclRule {
    /// Its number, where it is known.
    pub number: Option<i32>,
    /// What is missing.
    pub gap: Gap,
}

/// A rule of a network ACL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AclRule {
    /// Its number: the lowest that matches decides.
    pub number: i32,
    /// Whether it allows what it matches, or denies it.
    pub allows: bool,
    /// A protocol number, or `-1` for all.
    pub protocol: String,
    /// The first and the last port, or `None` for all.
    pub ports: Option<(u16, u16)>,
    /// Where the traffic comes from, or where it goes to.
    pub peer: IpNet,
}

/// Network ACLs that the account can see.
#[derive(Debug)]
pub struct NetworkAcls;

impl Fact for NetworkAcls {
    type Value = Items<NetworkAcl>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "ec2.network_acls",
        calls: &[&apis::DESCRIBE_NETWORK_ACLS],
        ..FactSpec::REGION
    };
}
