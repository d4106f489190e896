//! Facts of IAM policies: what users have of their own, what attached policies allow, and who has a
//! policy.

use crate::facts::{Fact, FactSpec};
use crate::model::{Arn, Items};
use crate::services::iam::apis;

/// The policies that users have of their own and not through a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserPolicies {
    /// How many users there are.
    pub users: u64,
    /// Those that have policies of their own.
    pub with_policies: Items<UserWithPolicies>,
}

/// A user with policies of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserWithPolicies {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: Arn,
    /// The names of the managed policies that are attached to it.
    pub attached: Vec<String>,
    /// The names of its inline policies.
    pub inline: Vec<String>,
}

/// A managed policy, of the account's own or of AWS, that users, groups or roles have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachedPolicy {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: Arn,
    /// How many users, groups and roles have it.
    pub attached_to: u64,
    /// The statements of its version in force that allow actions by a wildcard for all of them, or all
    /// but some; the others are not kept.
    pub broad: Items<Statement>,
}

/// A statement that allows all actions, or all but some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The actions that it leaves out; none for all actions.
    pub except_actions: Vec<String>,
    /// What it allows them on.
    pub resources: StatementResources,
    /// Whether it holds under conditions only.
    pub has_conditions: bool,
}

/// What a statement is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatementResources {
    /// These, wildcards included.
    Only(Vec<String>),
    /// All but these.
    AllBut(Vec<String>),
}

/// Who has a managed policy. IAM gives names here and no ARNs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holders {
    /// Names of users.
    pub users: Items<String>,
    /// Names of groups.
    pub groups: Items<String>,
    /// Names of roles.
    pub roles: Items<String>,
}

/// What users and policies that are needed have in common: one list, narrowed to them.
#[derive(Clone, Debug, Default)]
pub struct AuthorizationDetails {
    /// Policies that users have of their own; empty where they are not needed.
    pub users: UserPolicies,
    /// Managed policies that somebody has; empty where they are not needed.
    pub policies: Items<AttachedPolicy>,
}

impl Fact for AuthorizationDetails {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "iam.authorization_details",
        calls: &[&apis::GET_AUTHORIZATION_DETAILS],
        ..FactSpec::ACCOUNT
    };
}

impl Fact for UserPolicies {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "iam.user_policies",
        least: 0,
        reads: &[AuthorizationDetails::SPEC],
        ..FactSpec::ACCOUNT
    };
}

/// Managed policies that somebody has.
#[derive(Debug)]
pub struct AttachedPolicies;

impl Fact for AttachedPolicies {
    type Value = Items<AttachedPolicy>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "iam.attached_policies",
        least: 0,
        reads: &[AuthorizationDetails::SPEC],
        ..FactSpec::ACCOUNT
    };
}

/// Who has the policy for cases with AWS Support.
#[derive(Debug)]
pub struct SupportHolders;

impl Fact for SupportHolders {
    type Value = Holders;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "iam.support_holders",
        calls: &[&apis::LIST_ENTITIES_FOR_POLICY],
        spared_by: Some(AttachedPolicies::SPEC),
        ..FactSpec::ACCOUNT
    };
}

/// Who has the policy for all of CloudShell.
#[derive(Debug)]
pub struct CloudShellHolders;

impl Fact for CloudShellHolders {
    type Value = Holders;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "iam.cloud_shell_holders",
        calls: &[&apis::LIST_ENTITIES_FOR_POLICY],
        spared_by: Some(AttachedPolicies::SPEC),
        ..FactSpec::ACCOUNT
    };
}
