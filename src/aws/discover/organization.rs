//! What Organizations says: its accounts, its OUs and their tags.

use std::collections::{BTreeMap, VecDeque};

use aws_sdk_organizations::Client;
use aws_sdk_organizations::types;
use futures::stream::{self, StreamExt, TryStreamExt};
use orgscan_core::model::{Account, Cause, Organization};
use orgscan_core::services::organizations::{
    DESCRIBE_ORGANIZATION, LIST_ACCOUNTS, LIST_ACCOUNTS_FOR_PARENT, LIST_OUS_FOR_PARENT,
    LIST_ROOTS, LIST_TAGS_FOR_RESOURCE,
};

use super::listing::{Listing, shape};
use super::select::works;
use super::tree::Tree;
use crate::rate_limit::ApiCaller;
use crate::{AwsContext, Failure, pages, require};

/// Requests for tags in flight at the same time; the limiter limits their rate anyway.
const SIDE_BY_SIDE: usize = 16;

/// Organizations' code for an account that is not there.
const GONE: &[&str] = &["TargetNotFoundException", "AccountNotFoundException"];

/// Organizations, as the central account sees it.
pub(super) struct Organizations {
    client: Client,
    api_caller: ApiCaller,
}

impl Organizations {
    pub(super) fn new(aws: &AwsContext, api_caller: ApiCaller) -> Self {
        Self {
            client: Client::new(&aws.config),
            api_caller,
        }
    }

    /// The organization itself.
    pub(super) async fn describe(&self) -> Result<Organization, Failure> {
        let api = &DESCRIBE_ORGANIZATION;
        let request = || self.client.describe_organization().send();
        let answer = self.api_caller.call(api, request).await?;
        let organization = require(api.action, "Organization", answer.organization)?;
        let id = organization.master_account_id;
        let id = require(api.action, "MasterAccountId", id)?;
        Ok(Organization {
            id: require(api.action, "Id", organization.id)?,
            management_account: account_id(api.action, &id)?,
        })
    }

    /// All accounts; `listed` is told of each as soon as its page is there.
    pub(super) async fn accounts(
        &self,
        listed: &(dyn Fn(&Account) + Sync),
    ) -> Result<Listing, Failure> {
        let items = pages(LIST_ACCOUNTS.action, |token| async move {
            let page = self
                .api_caller
                .call(&LIST_ACCOUNTS, || {
                    self.client
                        .list_accounts()
                        .set_max_results(LIST_ACCOUNTS.page)
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            let items = page.accounts.unwrap_or_default().into_iter();
            let items: Vec<_> = items.map(shape).collect();
            items.iter().flatten().for_each(listed);
            Ok((items, page.next_token))
        });
        items.await.map(Listing::of)
    }

    /// The tree of OUs, read level by level.
    pub(super) async fn tree(&self) -> Result<Tree, Failure> {
        let roots = pages(LIST_ROOTS.action, |token| async move {
            let request = || {
                let request = self.client.list_roots();
                request.set_next_token(token.clone()).send()
            };
            let page = self.api_caller.call(&LIST_ROOTS, request).await?;
            Ok((page.roots.unwrap_or_default(), page.next_token))
        });
        // An organization has exactly one root.
        let root = roots.await?.pop().and_then(|root| root.id);
        let mut tree = Tree::new(require(LIST_ROOTS.action, "a root", root)?);
        let mut open = VecDeque::from([tree.root.clone()]);
        while let Some(parent) = open.pop_front() {
            for ou in self.ous_below(&parent).await? {
                let Some(id) = ou_id(&ou) else {
                    tree.nameless += 1;
                    continue;
                };
                let added = tree.add(&id, ou.name, &parent).map_err(|detail| {
                    Failure::new(LIST_OUS_FOR_PARENT.action, Cause::Malformed, detail)
                })?;
                if added {
                    open.push_back(id);
                }
            }
        }
        Ok(tree)
    }

    async fn ous_below(&self, parent: &str) -> Result<Vec<types::OrganizationalUnit>, Failure> {
        let api = &LIST_OUS_FOR_PARENT;
        pages(api.action, |token| async move {
            let page = self
                .api_caller
                .call(api, || {
                    self.client
                        .list_organizational_units_for_parent()
                        .parent_id(parent)
                        .set_max_results(LIST_OUS_FOR_PARENT.page)
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            Ok((
                page.organizational_units.unwrap_or_default(),
                page.next_token,
            ))
        })
        .await
    }

    /// Gives every account its OUs. Where Organizations does not give the accounts' paths, every OU
    /// is asked for its accounts.
    pub(super) async fn assign_ous(
        &self,
        listing: &mut Listing,
        tree: &Tree,
    ) -> Result<(), Failure> {
        let accounts = &listing.accounts;
        let parents = if accounts.iter().all(|account| !account.ou_ids.is_empty()) {
            BTreeMap::new()
        } else {
            self.parents(tree).await?
        };
        let failed = listing.failed.iter_mut().map(|(account, _)| account);
        for account in listing.accounts.iter_mut().chain(failed) {
            if let Some(parent) = parents
                .get(account.id.as_str())
                .filter(|_| account.ou_ids.is_empty())
            {
                account.ou_ids = vec![parent.clone()];
            }
            (account.ou_ids, account.ou_path) = tree.path_of_ids(&account.ou_ids);
        }
        Ok(())
    }

    /// The OU or root that holds each account.
    async fn parents(&self, tree: &Tree) -> Result<BTreeMap<String, String>, Failure> {
        let mut parents = BTreeMap::new();
        for parent in tree.ids() {
            for account in self.accounts_in(&parent).await? {
                parents.insert(account, parent.clone());
            }
        }
        Ok(parents)
    }

    async fn accounts_in(&self, parent: &str) -> Result<Vec<String>, Failure> {
        let api = &LIST_ACCOUNTS_FOR_PARENT;
        pages(api.action, |token| async move {
            let page = self
                .api_caller
                .call(api, || {
                    self.client
                        .list_accounts_for_parent()
                        .parent_id(parent)
                        .set_max_results(LIST_ACCOUNTS_FOR_PARENT.page)
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            let accounts = page.accounts.unwrap_or_default();
            let ids = accounts.into_iter().filter_map(|account| account.id);
            Ok((ids.collect(), page.next_token))
        })
        .await
    }

    /// Reads the tags of every account that may be scanned. One that has left the organization
    /// meanwhile has none.
    pub(super) async fn tag(&self, accounts: &mut [Account]) -> Result<(), Failure> {
        stream::iter(accounts.iter_mut().filter(|account| works(account.state)))
            .map(|account| async move {
                match self.tags(account.id.as_str()).await {
                    Err(failure) if failure.has_code(GONE) => {}
                    tags => account.tags = tags?,
                }
                Ok(())
            })
            .buffer_unordered(SIDE_BY_SIDE)
            .try_collect()
            .await
    }

    async fn tags(&self, account: &str) -> Result<BTreeMap<String, String>, Failure> {
        let api = &LIST_TAGS_FOR_RESOURCE;
        let tags = pages(api.action, |token| async move {
            let page = self
                .api_caller
                .call(api, || {
                    self.client
                        .list_tags_for_resource()
                        .resource_id(account)
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            let tags = page.tags.unwrap_or_default().into_iter();
            Ok((tags.map(|t| (t.key, t.value)).collect(), page.next_token))
        })
        .await?;
        Ok(tags.into_iter().collect())
    }
}

fn account_id(action: &'static str, text: &str) -> Result<orgscan_core::model::AccountId, Failure> {
    text.parse()
        .map_err(|error| Failure::new(action, Cause::Malformed, format!("{error}")))
}

/// The id of an OU, from its ARN where it has none of its own:
/// `arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-a1b2-c3d4e5f6`.
fn ou_id(ou: &types::OrganizationalUnit) -> Option<String> {
    let of_arn = || Some(ou.arn.as_deref()?.split_once(":ou/")?.1.split_once('/')?.1);
    let id = ou.id.as_deref().or_else(of_arn)?;
    Some(id.to_owned()).filter(|id| id.starts_with("ou-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ou_has_its_id_or_that_of_its_arn() {
        let ou = types::OrganizationalUnit::builder;
        let arn = "arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-a1b2-c3d4e5f6";
        let own = ou().id("ou-a1b2-1").arn(arn).build();
        assert_eq!(ou_id(&own).as_deref(), Some("ou-a1b2-1"));
        assert_eq!(
            ou_id(&ou().arn(arn).build()).as_deref(),
            Some("ou-a1b2-c3d4e5f6")
        );
        assert_eq!(ou_id(&ou().name("x").build()), None);
        assert_eq!(ou_id(&ou().id("").build()), None);
    }
}
