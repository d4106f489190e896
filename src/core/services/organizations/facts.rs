//! The facts of an organization. All are read once, with the caller's own credentials.

use std::collections::BTreeSet;

use super::apis::{
    DESCRIBE_ORGANIZATION, DESCRIBE_RESOURCE_POLICY, LIST_ACCOUNTS, LIST_DELEGATED_ADMINISTRATORS,
    LIST_DELEGATED_SERVICES, LIST_OUS_FOR_PARENT, LIST_POLICIES, LIST_ROOTS, LIST_SERVICE_ACCESS,
    LIST_TARGETS_FOR_POLICY,
};
use crate::facts::{Fact, FactSpec};
use crate::model::{AccountId, Arn, Items, Reading};
use crate::services::ec2::Instances;
use crate::services::rds::{DbClusters, DbInstances};

/// The organization itself.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationProfile {
    /// Its ARN.
    pub arn: Arn,
    /// Its management account, which no policy of the organization binds.
    pub management_account: AccountId,
    /// Whether all features are enabled. An organization with consolidated billing alone has no policies, and no
    /// delegated administrators.
    pub has_all_features: bool,
}

impl Fact for OrganizationProfile {
    /// None where the account belongs to no organization.
    type Value = Option<Self>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "organizations.organization",
        calls: &[&DESCRIBE_ORGANIZATION],
        ..FactSpec::ORGANIZATION
    };
}

/// The service principals with trusted access to the organization.
#[derive(Debug)]
pub struct TrustedServices;

impl Fact for TrustedServices {
    type Value = Items<String>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "organizations.trusted_services",
        calls: &[&LIST_SERVICE_ACCESS],
        reads: &[OrganizationProfile::SPEC],
        ..FactSpec::ORGANIZATION
    };
}

/// A member account that administers services for the organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelegatedAdministrator {
    /// The account.
    pub account: AccountId,
    /// The service principals of what it administers.
    pub services: Reading<BTreeSet<String>>,
}

/// The delegated administrators.
#[derive(Debug)]
pub struct DelegatedAdministrators;

impl Fact for DelegatedAdministrators {
    type Value = Items<DelegatedAdministrator>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "organizations.delegated_administrators",
        calls: &[&LIST_DELEGATED_ADMINISTRATORS, &LIST_DELEGATED_SERVICES],
        reads: &[OrganizationProfile::SPEC],
        ..FactSpec::ORGANIZATION
    };
}

/// Whether the organization has a resource policy, which alone can delegate the management of policies.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html>
#[derive(Debug)]
pub struct PolicyDelegation;

impl Fact for PolicyDelegation {
    type Value = bool;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "organizations.policy_delegation",
        calls: &[&DESCRIBE_RESOURCE_POLICY],
        reads: &[OrganizationProfile::SPEC],
        ..FactSpec::ORGANIZATION
    };
}

/// The root, the OUs and the accounts that work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationTree {
    /// The root.
    pub root: TreeNode,
    /// The types of policies that are enabled, as `SERVICE_CONTROL_POLICY`.
    pub enabled_policy_types: BTreeSet<String>,
    /// Every OU, after the one that it is in.
    pub ous: Items<TreeNode>,
    /// Every account that is not closed or suspended, the management account included.
    pub accounts: Items<TreeNode>,
}

/// A root, an OU or an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeNode {
    /// Its id: `r-`, `ou-` or 12 digits.
    pub id: String,
    /// Its ARN.
    pub arn: Arn,
    /// Its name.
    pub name: String,
    /// The id of the OU or root that it is in; empty for the root.
    pub parent: String,
}

impl Fact for OrganizationTree {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "organizations.tree",
        calls: &[&LIST_ROOTS, &LIST_OUS_FOR_PARENT, &LIST_ACCOUNTS],
        reads: &[OrganizationProfile::SPEC],
        ..FactSpec::ORGANIZATION
    };
}

/// A policy of the organization's own, which AWS does not manage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachedPolicy {
    /// Its id: `p-`.
    pub id: String,
    /// The ids of the roots, OUs and accounts that it is attached to.
    pub targets: Reading<BTreeSet<String>>,
}

/// Service control policies of the organization's own. `FullAWSAccess` of AWS is not among them.
#[derive(Debug)]
pub struct ServiceControlPolicies;

impl Fact for ServiceControlPolicies {
    type Value = Items<AttachedPolicy>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "organizations.service_control_policies",
        calls: &[&LIST_POLICIES, &LIST_TARGETS_FOR_POLICY],
        reads: &[OrganizationTree::SPEC],
        ..FactSpec::ORGANIZATION
    };
}

/// Resource control policies of the organization's own. `RCPFullAWSAccess` of AWS is not among them.
#[derive(Debug)]
pub struct ResourceControlPolicies;

impl Fact for ResourceControlPolicies {
    type Value = Items<AttachedPolicy>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "organizations.resource_control_policies",
        calls: &[&LIST_POLICIES, &LIST_TARGETS_FOR_POLICY],
        reads: &[OrganizationTree::SPEC],
        ..FactSpec::ORGANIZATION
    };
}

/// Declarative policies for EC2, all of which are the organization's own.
#[derive(Debug)]
pub struct DeclarativePolicies;

impl Fact for DeclarativePolicies {
    type Value = Items<AttachedPolicy>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "organizations.declarative_policies",
        calls: &[&LIST_POLICIES, &LIST_TARGETS_FOR_POLICY],
        reads: &[OrganizationTree::SPEC],
        ..FactSpec::ORGANIZATION
    };
}

/// What runs in a Region, as numbers. They take no request of their own, and little memory while an account is scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Workloads {
    /// EC2 instances that are not terminated.
    pub instances: u64,
    /// Database instances, and clusters without one.
    pub databases: u64,
}

impl Fact for Workloads {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "organizations.workloads",
        least: 0,
        reads: &[Instances::SPEC, DbInstances::SPEC, DbClusters::SPEC],
        ..FactSpec::REGION
    };
}
