//! Which parts of the organization no policy of a type binds.
//!
//! A policy binds the root, OU or account that it is attached to, and all that is below. No policy binds the management
//! account.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_auth.html>

use std::collections::{BTreeMap, BTreeSet};

use super::central::{BILLING_ONLY, noted};
use crate::checks::{Check, format};
use crate::facts::{Fact, Facts};
use crate::model::{Cause, Gap, Items, RuleResult, Violation};
use crate::services::organizations::{
    AttachedPolicy, LIST_OUS_FOR_PARENT, OrganizationProfile, OrganizationTree, TreeNode,
};

/// A type of policy.
pub(super) struct PolicyKind {
    /// As the API has it: `SERVICE_CONTROL_POLICY`.
    pub(super) id: &'static str,
    /// In words: `service control policy`.
    pub(super) name: &'static str,
    /// The one that AWS attaches everywhere, which forbids nothing; empty where there is no such policy.
    pub(super) default_policy: &'static str,
}

/// The highest parts of the organization that no policy of this type binds, each as a violation.
pub(super) fn evaluate<P: Fact<Value = Items<AttachedPolicy>>>(
    check: &Check,
    kind: &PolicyKind,
    facts: &Facts<'_>,
    organization: &OrganizationProfile,
) -> Result<RuleResult, Gap> {
    if !organization.has_all_features {
        let violation = check.violation(
            organization.arn.clone(),
            format!("No {} can be attached: {BILLING_ONLY}", kind.name),
        );
        return Ok(RuleResult::of_one(Some(violation)));
    }
    let tree = facts.get::<OrganizationTree>()?;
    let mut gaps = tree.ous.gaps.clone();
    gaps.extend(tree.accounts.gaps.iter().cloned());
    gaps.extend(strays(tree));
    let mut bound = BTreeSet::new();
    if tree.enabled_policy_types.contains(kind.id) {
        let policies = facts.get::<P>()?;
        gaps.extend(policies.gaps.iter().cloned());
        for policy in policies {
            match policy.targets.get() {
                Ok(targets) => bound.extend(targets.iter().map(String::as_str)),
                Err(gap) => gaps.push(gap.clone()),
            }
        }
    }
    // Any of what could not be read may bind any part, or be a part.
    if !gaps.is_empty() {
        return Ok(RuleResult {
            gaps,
            ..RuleResult::default()
        });
    }
    let found = Members::new(tree, organization.management_account.as_str(), &bound).parts();
    if found.uncovered.is_empty() && found.covered == 0 {
        return Ok(noted("the organization has no member account"));
    }
    let is_enabled = tree.enabled_policy_types.contains(kind.id);
    let violation = |part: &Part<'_>| violation(check, kind, part, is_enabled);
    Ok(RuleResult {
        resources_evaluated: found.covered + found.uncovered.len() as u64,
        violations: found.uncovered.iter().map(violation).collect(),
        ..RuleResult::default()
    })
}

/// Accounts in an OU that was not listed, as one that was made meanwhile.
fn strays(tree: &OrganizationTree) -> impl Iterator<Item = Gap> {
    let ous = tree.ous.iter().map(|ou| ou.id.as_str());
    let known: BTreeSet<&str> = ous.chain([tree.root.id.as_str()]).collect();
    let accounts = tree.accounts.iter();
    let strays = accounts.filter(move |account| !known.contains(account.parent.as_str()));
    strays.map(|account| Gap {
        detail: format!("its OU {} was not listed", account.parent),
        ..Gap::new(LIST_OUS_FOR_PARENT.action, Cause::Malformed).of(&account.id)
    })
}

fn violation(check: &Check, kind: &PolicyKind, part: &Part<'_>, is_enabled: bool) -> Violation {
    let PolicyKind {
        name,
        default_policy,
        ..
    } = kind;
    let accounts = format::count(part.accounts, "member account");
    let (node, id) = (&part.node.name, &part.node.id);
    let subject = match id.split_once('-') {
        Some(("r", _)) => format!("the organization's {accounts}"),
        Some(_) => format!("OU {node} ({id}) with {accounts}"),
        None => format!("account {node} ({id})"),
    };
    let message = match (is_enabled, *default_policy) {
        (false, _) => format!("No {name} applies to {subject}: the type is not enabled"),
        (true, "") => format!("No {name} applies to {subject}"),
        (true, default) => format!("No {name} except {default} applies to {subject}"),
    };
    check.violation(part.node.arn.clone(), message)
}

/// A root, an OU or an account below which no account is bound.
struct Part<'a> {
    node: &'a TreeNode,
    accounts: u64,
}

/// The parts of an organization, of which each member account is in exactly one.
#[derive(Default)]
struct Parts<'a> {
    uncovered: Vec<Part<'a>>,
    /// The highest parts that a policy binds.
    covered: u64,
}

/// The tree with its member accounts.
struct Members<'a> {
    tree: &'a OrganizationTree,
    bound: &'a BTreeSet<&'a str>,
    /// OUs and accounts by what they are in.
    below: BTreeMap<&'a str, Vec<&'a TreeNode>>,
}

impl<'a> Members<'a> {
    fn new(tree: &'a OrganizationTree, management: &str, bound: &'a BTreeSet<&'a str>) -> Self {
        let members = tree.accounts.iter().filter(|one| one.id != management);
        let mut below: BTreeMap<&str, Vec<&TreeNode>> = BTreeMap::new();
        for node in tree.ous.iter().chain(members) {
            below.entry(&node.parent).or_default().push(node);
        }
        Self { tree, bound, below }
    }

    fn parts(&self) -> Parts<'a> {
        self.below(&self.tree.root)
    }

    /// The parts at a node and below. One without a member account has none.
    fn below(&self, node: &'a TreeNode) -> Parts<'a> {
        let is_account = !node.id.contains('-');
        let nodes = self.below.get(node.id.as_str()).into_iter().flatten();
        let mut parts = Parts::default();
        if is_account {
            parts.uncovered.push(Part { node, accounts: 1 });
        }
        for child in nodes {
            let Parts { uncovered, covered } = self.below(child);
            parts.uncovered.extend(uncovered);
            parts.covered += covered;
        }
        let accounts = parts.uncovered.iter().map(|part| part.accounts).sum();
        let has_accounts = accounts > 0 || parts.covered > 0;
        if self.bound.contains(node.id.as_str()) {
            return Parts {
                uncovered: Vec::new(),
                covered: u64::from(has_accounts),
            };
        }
        if parts.covered == 0 && accounts > 0 {
            parts.uncovered = vec![Part { node, accounts }];
        }
        parts
    }
}

#[cfg(test)]
pub(super) mod tests;
