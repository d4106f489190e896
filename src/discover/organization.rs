//! What Organizations says: its accounts, its OUs and their tags.

use std::collections::{BTreeMap, VecDeque};

use aws_sdk_organizations::Client;
use aws_sdk_organizations::types;
use futures::stream::{self, StreamExt, TryStreamExt};

use super::select::works;
use super::tree::{Tree, parent_in_path};
use crate::aws::{Aws, Failure, pages, require};
use crate::model::{Account, AccountState, Cause, Organization};
use crate::pace::Lane;
use crate::pace::api::{
    DESCRIBE_ORGANIZATION, LIST_ACCOUNTS, LIST_ACCOUNTS_FOR_PARENT, LIST_OUS_FOR_PARENT,
    LIST_ROOTS, LIST_TAGS_FOR_RESOURCE,
};

/// The largest page that Organizations gives.
const PAGE: i32 = 20;

/// Requests for tags in flight at the same time; the limiter paces them anyway.
const SIDE_BY_SIDE: usize = 16;

/// Organizations' code for an account that is not there.
const GONE: &[&str] = &["TargetNotFoundException", "AccountNotFoundException"];

/// Organizations, as the central account sees it.
pub(super) struct Organizations {
    client: Client,
    lane: Lane,
}

impl Organizations {
    pub(super) fn new(aws: &Aws, lane: Lane) -> Self {
        Self {
            client: Client::new(&aws.config),
            lane,
        }
    }

    /// The organization itself.
    pub(super) async fn describe(&self) -> Result<Organization, Failure> {
        let api = &DESCRIBE_ORGANIZATION;
        let request = || self.client.describe_organization().send();
        let answer = self.lane.call(api, request).await?;
        let organization = require(api.action, "Organization", answer.organization)?;
        let id = organization.master_account_id;
        let id = require(api.action, "MasterAccountId", id)?;
        Ok(Organization {
            id: require(api.action, "Id", organization.id)?,
            management_account: account_id(api.action, &id)?,
        })
    }

    /// All accounts; `listed` is told of each as soon as its page is there. Those whose path
    /// Organizations gives have the parent as their one OU id, until [`Organizations::place`]
    /// completes it.
    pub(super) async fn accounts(
        &self,
        listed: &(dyn Fn(&Account) + Sync),
    ) -> Result<Vec<Account>, Failure> {
        pages(LIST_ACCOUNTS.action, |token| async move {
            let page = self
                .lane
                .call(&LIST_ACCOUNTS, || {
                    self.client
                        .list_accounts()
                        .max_results(PAGE)
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            let accounts = page.accounts.unwrap_or_default();
            let accounts: Result<Vec<_>, _> = accounts.into_iter().map(shape).collect();
            let accounts = accounts?;
            accounts.iter().for_each(listed);
            Ok((accounts, page.next_token))
        })
        .await
    }

    /// The tree of OUs, read level by level.
    pub(super) async fn tree(&self) -> Result<Tree, Failure> {
        let roots = pages(LIST_ROOTS.action, |token| async move {
            let request = || {
                let request = self.client.list_roots();
                request.set_next_token(token.clone()).send()
            };
            let page = self.lane.call(&LIST_ROOTS, request).await?;
            Ok((page.roots.unwrap_or_default(), page.next_token))
        });
        // An organization has exactly one root.
        let root = roots.await?.pop().and_then(|root| root.id);
        let mut tree = Tree::new(require(LIST_ROOTS.action, "a root", root)?);
        let mut open = VecDeque::from([tree.root.clone()]);
        while let Some(parent) = open.pop_front() {
            for (id, name) in self.ous_below(&parent).await? {
                let added = tree.add(&id, name, &parent).map_err(|detail| {
                    Failure::new(LIST_OUS_FOR_PARENT.action, Cause::Malformed, detail)
                })?;
                if added {
                    open.push_back(id);
                }
            }
        }
        Ok(tree)
    }

    async fn ous_below(&self, parent: &str) -> Result<Vec<(String, String)>, Failure> {
        let api = &LIST_OUS_FOR_PARENT;
        pages(api.action, |token| async move {
            let page = self
                .lane
                .call(api, || {
                    self.client
                        .list_organizational_units_for_parent()
                        .parent_id(parent)
                        .max_results(PAGE)
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            let ous = page.organizational_units.unwrap_or_default().into_iter();
            let ous: Result<_, _> = ous
                .map(|ou| {
                    let id = require(api.action, "Id", ou.id)?;
                    Ok((id, require(api.action, "Name", ou.name)?))
                })
                .collect();
            Ok((ous?, page.next_token))
        })
        .await
    }

    /// Gives every account its OUs. Where Organizations does not give the accounts' paths, every OU
    /// is asked for its accounts.
    pub(super) async fn place(&self, accounts: &mut [Account], tree: &Tree) -> Result<(), Failure> {
        let parents = if accounts.iter().all(|account| !account.ou_ids.is_empty()) {
            BTreeMap::new()
        } else {
            self.parents(tree).await?
        };
        for account in accounts {
            let from_path = account.ou_ids.last().cloned();
            let parent = from_path.or_else(|| parents.get(account.id.as_str()).cloned());
            if let Some(parent) = parent {
                (account.ou_ids, account.ou_path) = tree.place(&parent);
            }
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
                .lane
                .call(api, || {
                    self.client
                        .list_accounts_for_parent()
                        .parent_id(parent)
                        .max_results(PAGE)
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
                .lane
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

fn account_id(action: &'static str, text: &str) -> Result<crate::model::AccountId, Failure> {
    text.parse()
        .map_err(|error| Failure::new(action, Cause::Malformed, format!("{error}")))
}

fn shape(account: types::Account) -> Result<Account, Failure> {
    let action = LIST_ACCOUNTS.action;
    let id = require(action, "Id", account.id.clone())?;
    let parent = account
        .paths()
        .first()
        .and_then(|path| parent_in_path(path));
    Ok(Account {
        id: account_id(action, &id)?,
        state: state(&account),
        ou_ids: parent.map(str::to_owned).into_iter().collect(),
        ou_path: String::new(),
        tags: BTreeMap::new(),
        name: account.name.unwrap_or(id),
    })
}

/// `State`; or `Status`, which AWS retired in September 2026, from an API that does not have it yet.
fn state(account: &types::Account) -> AccountState {
    let word = match (&account.state, &account.status) {
        (Some(state), _) => state.as_str(),
        (None, Some(status)) => status.as_str(),
        (None, None) => "",
    };
    match word {
        "ACTIVE" => AccountState::Active,
        "PENDING_ACTIVATION" => AccountState::PendingActivation,
        "SUSPENDED" => AccountState::Suspended,
        "PENDING_CLOSURE" => AccountState::PendingClosure,
        "CLOSED" => AccountState::Closed,
        _ => AccountState::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_serves_and_status_only_in_its_absence() {
        let account = types::Account::builder()
            .state(types::AccountState::PendingClosure)
            .status(types::AccountStatus::Active)
            .build();
        assert_eq!(state(&account), AccountState::PendingClosure);
        let account = types::Account::builder().status(types::AccountStatus::Suspended);
        assert_eq!(state(&account.build()), AccountState::Suspended);
        let account = types::Account::builder().state("NEWER".into());
        assert_eq!(state(&account.build()), AccountState::Unknown);
    }

    #[test]
    fn the_parent_comes_from_the_path_where_there_is_one() {
        let account = types::Account::builder()
            .id("111122223333")
            .paths("o-abc/r-a1b2/ou-a1b2-1/111122223333/")
            .build();
        let account = shape(account).unwrap();
        assert_eq!(account.ou_ids, ["ou-a1b2-1"]);
        assert_eq!(account.name, "111122223333");
    }
}
