//! The tree of OUs with the accounts in it.

use std::collections::BTreeSet;

use aws_sdk_organizations::types;
use orgscan_core::model::{Cause, Items};
use orgscan_core::services::organizations::{
    LIST_ACCOUNTS, LIST_OUS_FOR_PARENT, LIST_ROOTS, OrganizationTree, TreeNode,
};

use super::{Collect, FactError, OrganizationScope};
use crate::organization::ListedOu;
use crate::{Failure, require, require_of};

/// OUs at most: well above AWS's quota of 2,000, so that a tree that would not end is noticed.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>
const MOST: usize = 20_000;

impl Collect<OrganizationScope<'_>> for OrganizationTree {
    async fn collect(scope: &OrganizationScope<'_>) -> Result<Self, FactError> {
        scope.has_all_features().await?;
        let (answers, (client, api_caller)) = (scope.answers(), scope.organizations());
        let root = answers.root(&client, &api_caller).await?;
        let ous = answers.ous(&client, &api_caller).await?;
        let accounts = answers.accounts(&client, &api_caller, &|_| {}).await?;
        let accounts = accounts.iter().filter(|one| is_working(one));
        Ok(Self {
            enabled_policy_types: enabled_policy_types(root),
            ous: tree(&root_node(root)?.id, ous)?,
            root: root_node(root)?,
            accounts: accounts.map(account).collect(),
        })
    }
}

/// The types of policies that are enabled in the root. One whose status is in between binds nothing for certain.
fn enabled_policy_types(root: &types::Root) -> BTreeSet<String> {
    let types = root.policy_types().iter();
    let enabled = types.filter(|one| one.status == Some(types::PolicyTypeStatus::Enabled));
    let enabled = enabled.filter_map(|one| Some(one.r#type.as_ref()?.as_str().to_owned()));
    enabled.collect()
}

fn root_node(root: &types::Root) -> Result<TreeNode, Failure> {
    let action = LIST_ROOTS.action;
    let id = require(action, "Id", root.id.clone())?;
    Ok(TreeNode {
        arn: require_of(action, &id, "Arn", root.arn.clone())?.into(),
        name: root.name.clone().unwrap_or_else(|| id.clone()),
        parent: String::new(),
        id,
    })
}

/// All OUs, each after the one that it is in.
fn tree(root: &str, listed: &[ListedOu]) -> Result<Items<TreeNode>, Failure> {
    let mut ous = Items::default();
    let mut seen = BTreeSet::from([root.to_owned()]);
    for listed in listed {
        match ou(listed) {
            Ok(ou) if seen.insert(ou.id.clone()) && seen.len() <= MOST => ous.known.push(ou),
            Ok(ou) => return Err(no_tree(&ou.id)),
            Err(failure) => ous.gaps.push(failure.into()),
        }
    }
    Ok(ous)
}

fn no_tree(ou: &str) -> Failure {
    let detail =
        format!("the OU {ou} contains itself, is below two parents, or is one of too many");
    Failure::new(LIST_OUS_FOR_PARENT.action, Cause::Malformed, detail)
}

fn ou(listed: &ListedOu) -> Result<TreeNode, Failure> {
    let (action, ou) = (LIST_OUS_FOR_PARENT.action, &listed.ou);
    let id = require(action, "Id", ou.id.clone())?;
    Ok(TreeNode {
        arn: require_of(action, &id, "Arn", ou.arn.clone())?.into(),
        name: ou.name.clone().unwrap_or_else(|| id.clone()),
        parent: listed.parent.clone(),
        id,
    })
}

/// Whether anything can happen in an account. One whose state is missing or new counts as such.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html>
fn is_working(account: &types::Account) -> bool {
    use types::AccountState::{Closed, PendingActivation, Suspended};
    !matches!(account.state, Some(Closed | PendingActivation | Suspended))
}

/// An account, in the OU or root that ends its path: `o-a1b2c3d4e5/r-a1b2/ou-a1b2-c3d4e5f6/111122223333/`.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html>
fn account(listed: &types::Account) -> Result<TreeNode, Failure> {
    let action = LIST_ACCOUNTS.action;
    let id = require(action, "Id", listed.id.clone())?;
    let path = listed.paths().first();
    let is_parent = |part: &&str| part.starts_with("r-") || part.starts_with("ou-");
    let parent = path.and_then(|path| path.split('/').rfind(is_parent));
    let parent = require_of(action, &id, "Paths", parent)?.to_owned();
    Ok(TreeNode {
        arn: require_of(action, &id, "Arn", listed.arn.clone())?.into(),
        name: listed.name.clone().unwrap_or_else(|| id.clone()),
        parent,
        id,
    })
}
