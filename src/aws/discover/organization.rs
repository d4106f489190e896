//! What Organizations says: its accounts, its OUs and their tags.

use std::collections::BTreeMap;

use aws_sdk_organizations::Client;
use aws_sdk_organizations::types;
use futures::stream::{self, StreamExt, TryStreamExt};
use orgscan_core::model::{Account, Cause, Organization};
use orgscan_core::services::organizations::{
    DESCRIBE_ORGANIZATION, LIST_ACCOUNTS_FOR_PARENT, LIST_OUS_FOR_PARENT, LIST_ROOTS,
    LIST_TAGS_FOR_RESOURCE,
};

use super::listing::{Listing, shape};
use super::select::works;
use super::tree::Tree;
use crate::organization::{ListedOu, OrganizationAnswers, ou_id};
use crate::rate_limit::ApiCaller;
use crate::{AwsContext, Failure, pages, require};

/// Requests for tags in flight at the same time; the limiter limits their rate anyway.
const SIDE_BY_SIDE: usize = 16;

/// Organizations' code for an account that is not there.
const GONE: &[&str] = &["TargetNotFoundException", "AccountNotFoundException"];

/// Organizations, as the central account sees it.
pub(super) struct Organizations<'a> {
    client: Client,
    api_caller: ApiCaller,
    answers: &'a OrganizationAnswers,
}

impl<'a> Organizations<'a> {
    pub(super) fn new(
        aws: &AwsContext,
        api_caller: ApiCaller,
        answers: &'a OrganizationAnswers,
    ) -> Self {
        Self {
            client: aws.own.organizations(),
            api_caller,
            answers,
        }
    }

    /// The organization itself.
    pub(super) async fn describe(&self) -> Result<Organization, Failure> {
        let Self {
            client, api_caller, ..
        } = self;
        let organization = self.answers.organization(client, api_caller).await?;
        let action = DESCRIBE_ORGANIZATION.action;
        let id = organization.master_account_id.as_deref();
        let id = require(action, "MasterAccountId", id)?;
        Ok(Organization {
            id: require(action, "Id", organization.id.clone())?,
            management_account: account_id(action, id)?,
        })
    }

    /// All accounts; `listed` is told of each as soon as its page is there.
    pub(super) async fn accounts(
        &self,
        listed: &(dyn Fn(&Account) + Sync),
    ) -> Result<Listing, Failure> {
        let listed = |item: &types::Account| shape(item).iter().for_each(listed);
        let Self {
            client, api_caller, ..
        } = self;
        let items = self.answers.accounts(client, api_caller, &listed).await?;
        Ok(Listing::of(items.iter().map(shape).collect()))
    }

    /// The tree of OUs.
    pub(super) async fn tree(&self) -> Result<Tree, Failure> {
        let Self {
            client, api_caller, ..
        } = self;
        let root = self.answers.root(client, api_caller).await?;
        let root = require(LIST_ROOTS.action, "Id", root.id.clone())?;
        let mut tree = Tree::new(root);
        for ListedOu { parent, ou } in self.answers.ous(client, api_caller).await? {
            let Some(id) = ou_id(ou) else {
                tree.nameless += 1;
                continue;
            };
            tree.add(&id, ou.name.clone(), parent).map_err(|detail| {
                Failure::new(LIST_OUS_FOR_PARENT.action, Cause::Malformed, detail)
            })?;
        }
        Ok(tree)
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
