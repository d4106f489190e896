//! The tree of OUs with the accounts in it.

use std::collections::{BTreeSet, VecDeque};

use aws_sdk_organizations::types;
use orgscan_core::model::{Cause, Items};
use orgscan_core::services::organizations::{
    LIST_ACCOUNTS, LIST_OUS_FOR_PARENT, LIST_ROOTS, OrganizationTree, TreeNode,
};

use super::{Collect, FactError, OrganizationScope};
use crate::{Failure, pages, require, require_of};

/// OUs at most: well above AWS's quota of 2,000, so that a tree that would not end is noticed.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>
const MOST: usize = 20_000;

impl Collect<OrganizationScope<'_>> for OrganizationTree {
    async fn collect(scope: &OrganizationScope<'_>) -> Result<Self, FactError> {
        scope.has_all_features().await?;
        let (root, enabled_policy_types) = root(scope).await?;
        let ous = ous(scope, &root.id).await?;
        let accounts = accounts(scope).await?.into_iter();
        let accounts = accounts.filter(is_working).map(account).collect();
        Ok(Self {
            root,
            enabled_policy_types,
            ous,
            accounts,
        })
    }
}

/// The root, and the types of policies that are enabled in it. An organization has one root.
async fn root(scope: &OrganizationScope<'_>) -> Result<(TreeNode, BTreeSet<String>), Failure> {
    let (api, (client, api_caller)) = (&LIST_ROOTS, scope.organizations());
    let (client, api_caller) = (&client, &api_caller);
    let roots = pages(api.action, |token| async move {
        let send = || client.list_roots().set_next_token(token.clone()).send();
        let page = api_caller.call(api, send).await?;
        Ok((page.roots.unwrap_or_default(), page.next_token))
    });
    let root = require(api.action, "a root", roots.await?.pop())?;
    let id = require(api.action, "Id", root.id)?;
    // A type whose status is in between binds nothing for certain.
    let enabled = root.policy_types.into_iter().flatten();
    let enabled = enabled.filter(|one| one.status == Some(types::PolicyTypeStatus::Enabled));
    let enabled = enabled.filter_map(|one| Some(one.r#type?.as_str().to_owned()));
    let node = TreeNode {
        arn: require_of(api.action, &id, "Arn", root.arn)?.into(),
        name: root.name.unwrap_or_else(|| id.clone()),
        parent: String::new(),
        id,
    };
    Ok((node, enabled.collect()))
}

/// All OUs, level by level.
async fn ous(scope: &OrganizationScope<'_>, root: &str) -> Result<Items<TreeNode>, Failure> {
    let mut ous = Items::default();
    let mut seen = BTreeSet::from([root.to_owned()]);
    let mut open = VecDeque::from([root.to_owned()]);
    while let Some(parent) = open.pop_front() {
        for listed in ous_below(scope, &parent).await? {
            match ou(listed, &parent) {
                Ok(ou) if seen.insert(ou.id.clone()) && seen.len() <= MOST => {
                    open.push_back(ou.id.clone());
                    ous.known.push(ou);
                }
                Ok(ou) => return Err(no_tree(&ou.id)),
                Err(failure) => ous.gaps.push(failure.into()),
            }
        }
    }
    Ok(ous)
}

fn no_tree(ou: &str) -> Failure {
    let detail =
        format!("the OU {ou} contains itself, is below two parents, or is one of too many");
    Failure::new(LIST_OUS_FOR_PARENT.action, Cause::Malformed, detail)
}

async fn ous_below(
    scope: &OrganizationScope<'_>,
    parent: &str,
) -> Result<Vec<types::OrganizationalUnit>, Failure> {
    let (api, (client, api_caller)) = (&LIST_OUS_FOR_PARENT, scope.organizations());
    let (client, api_caller) = (&client, &api_caller);
    let listed = pages(api.action, |token| async move {
        let send = || {
            let request = client.list_organizational_units_for_parent();
            let request = request.parent_id(parent);
            let request = request.set_max_results(LIST_OUS_FOR_PARENT.page);
            request.set_next_token(token.clone()).send()
        };
        let page = api_caller.call(api, send).await?;
        Ok((
            page.organizational_units.unwrap_or_default(),
            page.next_token,
        ))
    });
    listed.await
}

fn ou(listed: types::OrganizationalUnit, parent: &str) -> Result<TreeNode, Failure> {
    let action = LIST_OUS_FOR_PARENT.action;
    let id = require(action, "Id", listed.id)?;
    Ok(TreeNode {
        arn: require_of(action, &id, "Arn", listed.arn)?.into(),
        name: listed.name.unwrap_or_else(|| id.clone()),
        parent: parent.to_owned(),
        id,
    })
}

async fn accounts(scope: &OrganizationScope<'_>) -> Result<Vec<types::Account>, Failure> {
    let (api, (client, api_caller)) = (&LIST_ACCOUNTS, scope.organizations());
    let (client, api_caller) = (&client, &api_caller);
    let listed = pages(api.action, |token| async move {
        let send = || {
            let request = client.list_accounts();
            let request = request.set_max_results(LIST_ACCOUNTS.page);
            request.set_next_token(token.clone()).send()
        };
        let page = api_caller.call(api, send).await?;
        Ok((page.accounts.unwrap_or_default(), page.next_token))
    });
    listed.await
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
fn account(listed: types::Account) -> Result<TreeNode, Failure> {
    let action = LIST_ACCOUNTS.action;
    let id = require(action, "Id", listed.id.clone())?;
    let path = listed.paths().first();
    let is_parent = |part: &&str| part.starts_with("r-") || part.starts_with("ou-");
    let parent = path.and_then(|path| path.split('/').rfind(is_parent));
    let parent = require_of(action, &id, "Paths", parent)?.to_owned();
    Ok(TreeNode {
        arn: require_of(action, &id, "Arn", listed.arn)?.into(),
        name: listed.name.unwrap_or_else(|| id.clone()),
        parent,
        id,
    })
}
